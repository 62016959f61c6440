/** Of the areas below: which had most, and which departs most from its normal. */
import { type ClaimGroup, type Facts, numberOf, type Said, textOf, type Words } from './claim.ts';
import { figure, percent, percentZh } from './format.ts';

const SQL = `
SELECT count() AS places, argMax(area, (there_h, area)) AS most_area, max(there_h) AS most_h, sum(there_h) AS all_h,
  argMaxIf(area, (abs(sigmas), area), weeks >= 3) AS departs_area, argMaxIf(there_h, (abs(sigmas), area), weeks >= 3) AS departs_h,
  argMaxIf(normal_h, (abs(sigmas), area), weeks >= 3) AS departs_normal_h, argMaxIf(sigmas, (abs(sigmas), area), weeks >= 3) AS departs_sigmas,
  argMaxIf(weeks, (abs(sigmas), area), weeks >= 3) AS departs_weeks
FROM (
  SELECT area, now.2 / 3600 AS there_h, if(now.3 > 0, length(rates), 0) AS weeks,
    if(weeks >= 3, arrayReduce('median', rates) * now.3 / 3600, 0) AS normal_h,
    if(weeks >= 3, (there_h - normal_h) / greatest(
      1.4826 * arrayReduce('median', arrayMap(rate -> abs(rate * now.3 / 3600 - normal_h), rates)),
      0.1 * normal_h, sqrt(greatest(normal_h * 3600, 10) * 10) / 3600), 0) AS sigmas
  FROM (
    SELECT area, groupArray((part, there_s, watched_s, elapsed_s)) AS all_parts, arrayFirst(one -> one.1 = 0, all_parts) AS now,
      arrayMax(one -> one.3 / one.4, all_parts) AS cameras,
      arrayMap(one -> one.2 / one.3, arrayFilter(one -> one.1 > 0 AND one.3 > 0 AND one.3 >= 0.5 * cameras * one.4, all_parts)) AS rates
    FROM (
      SELECT area, part, sum(hour_there_us) / 1e6 AS there_s, sum(hour_watched_ms) / 1000 AS watched_s, {{elapsed}} AS elapsed_s
      FROM (
        SELECT area, arrayJoin({{parts}}) AS part, hour_there_us, hour_watched_ms
        FROM (
          SELECT area, hour, sumIf(presence_us, {{kind}}) AS hour_there_us, sum(observed_ms) AS hour_watched_ms
          FROM {{presence_below}} WHERE {{in_parts}} GROUP BY area, hour
        )
      ) GROUP BY area, part
    ) GROUP BY area
  )
  WHERE now.3 > 0 OR now.2 > 0
)
HAVING places > 0`;

const SIGMAS_MIN = 2;

export const places: ClaimGroup = {
  subjects: ['area'],
  needsBelow: true,
  sql: SQL,
  say: (facts, words) => [...most(facts, words), ...departs(facts, words)],
};

function most(facts: Facts, { nameOf }: Words): Said[] {
  const area = textOf(facts, 'most_area');
  const [count, own, all] = ['places', 'most_h', 'all_h'].map((name) => numberOf(facts, name) ?? 0) as [
    number,
    number,
    number,
  ];
  if (area === null || count < 2 || own <= 0) return [];
  const name = nameOf('area', area);
  return [
    {
      id: 'most-in-place',
      text: {
        en: `Most was in ${name}: ${percent(own / all)} of the time that things were there.`,
        zh: `${name}最多：占停留时长的 ${percentZh(own / all)}。`,
      },
      panel: 'places-below',
      weight: 0.7,
    },
  ];
}

function departs(facts: Facts, { nameOf }: Words): Said[] {
  const area = textOf(facts, 'departs_area');
  const names = ['departs_weeks', 'departs_h', 'departs_normal_h', 'departs_sigmas'];
  const [weeks, own, normal, sigmas] = names.map((name) => numberOf(facts, name) ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  if (area === null || weeks < 3 || Math.abs(sigmas) < SIGMAS_MIN) return [];
  const name = nameOf('area', area);
  const isMore = sigmas > 0;
  return [
    {
      id: 'place-departs-most',
      text: {
        en: `${name} departs most from its normal: ${figure(own)} h of presence, where ${figure(normal)} h is normal (${figure(Math.abs(sigmas))} sigmas ${isMore ? 'above' : 'below'}).`,
        zh: `${name}偏离常态最多：停留时长 ${figure(own)} 小时，常态为 ${figure(normal)} 小时（${isMore ? '高' : '低'} ${figure(Math.abs(sigmas))}σ）。`,
      },
      panel: 'places-below',
      weight: 2 + Math.min(2, Math.abs(sigmas) / 6),
    },
  ];
}
