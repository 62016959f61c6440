/** The period as a whole, with its alerts, against the same hours of earlier weeks and the compared period; and what was not watched of it. */

import { aboveNormal, counted } from './alerts.ts';
import { type ClaimGroup, type Facts, numberOf, type Said } from './claim.ts';
import { figure, percent, percentZh } from './format.ts';

const SQL = `
SELECT {{cameras}} * now.5 / 3600 AS camera_h, now.3 / 3600 AS watched_h, if(now.3 > 0, now.2 / now.3, NULL) AS at_once,
  {{cameras}} * before.5 / 3600 AS camera_before_h, before.3 / 3600 AS watched_before_h, if(before.3 > 0, before.2 / before.3, NULL) AS at_once_before,
  length(earlier) AS weeks, arrayMap(one -> one.2 / one.3, earlier) AS rates,
  arrayCount(rate -> rate < now.2 / now.3, rates) AS weeks_lower, arrayCount(rate -> rate > now.2 / now.3, rates) AS weeks_higher,
  now.4.1 AS alerts, now.4.2 AS critical, before.4.1 AS alerts_before,
  if(weeks > 0, arrayReduce('median', arrayMap(one -> one.4.1, earlier)), 0) AS alerts_normal
FROM (
  SELECT groupArray((part, there_s, watched_s, fired, elapsed_s)) AS all_parts,
    arrayFirst(one -> one.1 = 0, all_parts) AS now, arrayFirst(one -> one.1 = -1, all_parts) AS before,
    arrayFilter(one -> one.1 > 0 AND one.3 > 0 AND one.3 >= 0.5 * one.5 * {{cameras}}, all_parts) AS earlier
  FROM (
    SELECT part, sum(row_there_us) / 1e6 AS there_s, sum(row_watched_ms) / 1000 AS watched_s,
      (sum(row_fired), sum(row_critical)) AS fired, {{elapsed}} AS elapsed_s
    FROM (
      SELECT arrayJoin({{parts}}) AS part, row_there_us, row_watched_ms, row_fired, row_critical
      FROM (
        SELECT hour, if({{kind}}, presence_us, 0) AS row_there_us, observed_ms AS row_watched_ms, 0 AS row_fired, 0 AS row_critical
        FROM {{presence}} WHERE {{in_parts}}
        UNION ALL
        SELECT hour, 0 AS row_there_us, 0 AS row_watched_ms, 1 AS row_fired, severity = 'critical' AS row_critical
        FROM (SELECT toStartOfHour(at) AS hour, severity FROM alert_log WHERE {{place}} AND {{kind}}) WHERE {{in_parts}}
      )
      UNION ALL
      SELECT toInt64(arrayJoin([0, -1])) AS part, 0 AS row_there_us, 0 AS row_watched_ms, 0 AS row_fired, 0 AS row_critical
    ) GROUP BY part
  )
)`;

/** Half of the time and more must have been watched for a rate to speak for it. */
const WATCHED_MIN = 0.5;
const WEEKS_MIN = 3;
const STANDS_OUT_SHARE = 0.75;
const CHANGE_MIN = 0.1;
const NOT_WATCHED_MIN = 0.02;

export const parts: ClaimGroup = {
  subjects: ['area', 'camera'],
  needsBelow: false,
  sql: SQL,
  say: (facts) => [
    ...sameHours(facts),
    ...change(facts),
    ...notWatched(facts),
    ...aboveNormal(facts),
    ...counted(facts),
  ],
};

const isWatched = (facts: Facts, watched: string, all: string) =>
  (numberOf(facts, all) ?? 0) > 0 && (numberOf(facts, watched) ?? 0) >= WATCHED_MIN * (numberOf(facts, all) ?? 0);

function sameHours(facts: Facts): Said[] {
  const { weeks, weeks_lower: lower, weeks_higher: higher } = facts as Record<string, number>;
  if (!isWatched(facts, 'watched_h', 'camera_h') || weeks === undefined || weeks < WEEKS_MIN) return [];
  const isBusier = lower! / weeks >= STANDS_OUT_SHARE;
  if (!isBusier && higher! / weeks < STANDS_OUT_SHARE) return [];
  const count = isBusier ? lower! : higher!;
  const share = count / weeks;
  return [
    {
      id: isBusier ? 'busier-than-same-hours' : 'quieter-than-same-hours',
      text: {
        en: `${isBusier ? 'Busier' : 'Quieter'} than ${percent(share)} of the same hours of earlier weeks (${count} of ${weeks} times).`,
        zh: `比此前同一时段的 ${percentZh(share)} 更${isBusier ? '繁忙' : '清静'}（${weeks} 次中的 ${count} 次）。`,
      },
      panel: 'headline',
      weight: 2 + share,
    },
  ];
}

function change(facts: Facts): Said[] {
  const [now, before] = [numberOf(facts, 'at_once'), numberOf(facts, 'at_once_before')];
  const isKnown = isWatched(facts, 'watched_h', 'camera_h') && isWatched(facts, 'watched_before_h', 'camera_before_h');
  if (!isKnown || now === null || before === null || before === 0) return [];
  const grown = now / before - 1;
  if (Math.abs(grown) < CHANGE_MIN) return [];
  const isMore = grown > 0;
  const size = Math.abs(grown);
  return [
    {
      id: 'change-to-compared',
      text: {
        en: `${percent(size)} ${isMore ? 'more' : 'less'} in view at once than in the compared period (${figure(now)} after ${figure(before)} per camera).`,
        zh: `单个摄像机平均同时出现比对比时段${isMore ? '多' : '少'} ${percentZh(size)}（${figure(before)} → ${figure(now)}）。`,
      },
      panel: 'headline',
      weight: 1 + Math.min(1, size),
    },
  ];
}

function notWatched(facts: Facts): Said[] {
  const [all, watched] = [numberOf(facts, 'camera_h') ?? 0, numberOf(facts, 'watched_h') ?? 0];
  const missing = all - watched;
  if (all <= 0 || missing / all < NOT_WATCHED_MIN) return [];
  return [
    {
      id: 'not-watched',
      text: {
        en: `For ${figure(missing)} of ${figure(all)} camera hours (${percent(missing / all)}) nobody was looking.`,
        zh: `${figure(all)} 摄像机小时中有 ${figure(missing)} 小时（${percentZh(missing / all)}）无人观测。`,
      },
      panel: 'cameras-watched',
      weight: 0.5 + 2 * (missing / all),
    },
  ];
}
