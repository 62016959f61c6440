/** Alerts against the same hours of earlier weeks, and against the compared period; and the grave ones. */
import { type ClaimGroup, type Facts, numberOf, type Said } from './claim.ts';
import { figure } from './format.ts';

/** Weeks count in which half of the time was watched, so that no alert is not mistaken for nobody looking. */
const NORMAL_SQL = `
SELECT toUInt64(now.2) AS alerts, length(counts) AS weeks, if(weeks > 0, arrayReduce('median', counts), 0) AS normal
FROM (
  SELECT groupArray((part, fired, watched_s, elapsed_s)) AS all_parts, arrayFirst(one -> one.1 = 0, all_parts) AS now,
    arrayMap(one -> one.2, arrayFilter(one -> one.1 > 0 AND one.3 > 0 AND one.3 >= 0.5 * one.4 * {{cameras}}, all_parts)) AS counts
  FROM (
    SELECT part, sum(row_fired) AS fired, sum(row_watched_ms) / 1000 AS watched_s, {{elapsed}} AS elapsed_s
    FROM (
      SELECT arrayJoin({{parts}}) AS part, row_fired, row_watched_ms
      FROM (
        SELECT hour, 1 AS row_fired, 0 AS row_watched_ms
        FROM (SELECT toStartOfHour(at) AS hour FROM alert_log WHERE {{place}} AND {{kind}}) WHERE {{in_parts}}
        UNION ALL
        SELECT hour, 0 AS row_fired, observed_ms AS row_watched_ms FROM watched_by_hour WHERE {{place}} AND {{in_parts}}
      )
    ) GROUP BY part
  )
)`;

export const alertsToNormal: ClaimGroup = {
  subjects: ['area', 'camera'],
  needsBelow: false,
  sql: NORMAL_SQL,
  say: aboveNormal,
};

function aboveNormal(facts: Facts): Said[] {
  const [alerts, weeks, normal] = ['alerts', 'weeks', 'normal'].map((name) => numberOf(facts, name) ?? 0) as [
    number,
    number,
    number,
  ];
  // A count varies by its root at the least.
  if (weeks < 3 || alerts < normal + Math.max(3, 2 * Math.sqrt(normal))) return [];
  return [
    {
      id: 'alerts-above-normal',
      text: {
        en: `${figure(alerts)} alerts, where ${figure(normal)} are normal for these hours (median of ${weeks} earlier times).`,
        zh: `告警 ${figure(alerts)} 次，这些时段的常态为 ${figure(normal)} 次（此前 ${weeks} 次的中位数）。`,
      },
      panel: 'alerts-by-severity',
      weight: 2.5,
    },
  ];
}

const COUNT_SQL = `
SELECT countIf(at >= {{from}} AND at < {{to}}) AS alerts, countIf(at >= {{from}} AND at < {{to}} AND severity = 'critical') AS critical,
  countIf(at >= {{compare_from}} AND at < {{compare_to}}) AS alerts_before
FROM alert_log
WHERE {{place}} AND {{kind}} AND ((at >= {{from}} AND at < {{to}}) OR (at >= {{compare_from}} AND at < {{compare_to}}))
HAVING alerts > 0`;

export const alertCounts: ClaimGroup = {
  subjects: ['area', 'camera', 'rule'],
  needsBelow: false,
  sql: COUNT_SQL,
  say: (facts) => {
    const [alerts, critical, before] = ['alerts', 'critical', 'alerts_before'].map(
      (name) => numberOf(facts, name) ?? 0,
    ) as [number, number, number];
    if (alerts === 0) return [];
    const graveEn = critical === 0 ? 'none of them critical' : `${figure(critical)} of them critical`;
    const graveZh = critical === 0 ? '没有紧急告警' : `其中紧急 ${figure(critical)} 次`;
    return [
      {
        id: 'alerts-counted',
        text: {
          en: `${figure(alerts)} alerts, ${graveEn}; ${figure(before)} in the compared period.`,
          zh: `告警 ${figure(alerts)} 次，${graveZh}；对比时段 ${figure(before)} 次。`,
        },
        panel: 'alerts-by-severity',
        weight: critical > 0 ? 2 : 0.9,
      },
    ];
  },
};
