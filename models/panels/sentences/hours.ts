/** The busiest hour of the period, and the one that was most unlike the same hour of earlier weeks. */
import { type ClaimGroup, type Facts, numberOf, type Said, type Words } from './claim.ts';
import { figure, hourText } from './format.ts';

const SQL = `
SELECT count() AS hours, toUnixTimestamp(argMax(at, (rate, -toUnixTimestamp(at)))) * 1000 AS busiest_ms, max(rate) AS busiest_at_once,
  toUnixTimestamp(argMaxIf(at, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3)) * 1000 AS unusual_ms,
  argMaxIf(rate, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_at_once,
  argMaxIf(middle, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_normal,
  argMaxIf(sigmas, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_sigmas,
  argMaxIf(weeks, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_weeks,
  argMaxIf(lower, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_weeks_lower,
  argMaxIf(higher, (abs(sigmas), -toUnixTimestamp(at)), weeks >= 3) AS unusual_weeks_higher
FROM (
  SELECT one.1 AS at, one.2 AS rate, length(earlier) AS weeks, middle,
    if(weeks >= 3, (rate - middle) / greatest(1.4826 * deviation, 0.1 * middle, sqrt(greatest(middle * one.3, 10) * 10) / one.3), 0) AS sigmas,
    arrayCount(each -> each < rate, earlier) AS lower, arrayCount(each -> each > rate, earlier) AS higher
  FROM (
    SELECT hour_of_week, groupArrayIf((hour, hour_rate, hour_watched_s), hour >= {{from}}) AS now,
      groupArrayIf(hour_rate, hour < {{from}} AND NOT has({{holidays}}, toString(toDate(toTimeZone(hour, {{zone}}))))) AS earlier,
      arrayReduce('median', earlier) AS middle, arrayReduce('median', arrayMap(each -> abs(each - middle), earlier)) AS deviation
    FROM (
      SELECT hour, {{hour_of_week}} AS hour_of_week, sumIf(presence_us, {{kind}}) / 1000 / sum(observed_ms) AS hour_rate, sum(observed_ms) / 1000 AS hour_watched_s
      FROM {{presence}} WHERE hour >= {{history}} AND hour < {{to}} GROUP BY hour HAVING hour_watched_s > 0 AND hour_watched_s >= 1800 * {{cameras}}
    ) GROUP BY hour_of_week
  ) ARRAY JOIN now AS one
)
HAVING hours > 0`;

/** Of fewer hours none is the busiest worth telling. */
const HOURS_MIN = 6;
const SIGMAS_MIN = 3;

export const hours: ClaimGroup = {
  subjects: ['area', 'camera'],
  needsBelow: false,
  sql: SQL,
  say: (facts, words) => [...busiest(facts, words), ...unusual(facts, words)],
};

function busiest(facts: Facts, { zone }: Words): Said[] {
  const [count, atMs, atOnce] = ['hours', 'busiest_ms', 'busiest_at_once'].map(
    (name) => numberOf(facts, name) ?? 0,
  ) as [number, number, number];
  if (count < HOURS_MIN || atOnce <= 0) return [];
  const at = hourText(atMs, zone);
  return [
    {
      id: 'busiest-hour',
      text: {
        en: `Of the hours watched, ${at.en} was the busiest: ${figure(atOnce)} in view of a camera at once.`,
        zh: `有观测的小时中，${at.zh} 最忙：单个摄像机平均同时出现 ${figure(atOnce)}。`,
      },
      panel: 'flow-by-kind',
      weight: 0.8,
    },
  ];
}

function unusual(facts: Facts, { zone }: Words): Said[] {
  const names = ['unusual_ms', 'unusual_at_once', 'unusual_normal', 'unusual_sigmas', 'unusual_weeks'];
  const [atMs, atOnce, normal, sigmas, weeks] = names.map((name) => numberOf(facts, name) ?? 0) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (weeks < 3 || Math.abs(sigmas) < SIGMAS_MIN) return [];
  const at = hourText(atMs, zone);
  const isBusier = sigmas > 0;
  const count = numberOf(facts, isBusier ? 'unusual_weeks_lower' : 'unusual_weeks_higher') ?? 0;
  return [
    {
      id: 'most-unusual-hour',
      text: {
        en: `Most unlike normal was ${at.en}: ${figure(atOnce)} in view of a camera at once, where ${figure(normal)} is normal; ${isBusier ? 'busier' : 'quieter'} than in ${count} of ${weeks} earlier weeks.`,
        zh: `与常态差别最大的是 ${at.zh}：单个摄像机平均同时出现 ${figure(atOnce)}，常态为 ${figure(normal)}；比此前 ${weeks} 周中的 ${count} 周更${isBusier ? '忙' : '清静'}。`,
      },
      panel: 'unusual-hours',
      weight: 2 + Math.min(2, Math.abs(sigmas) / 6),
    },
  ];
}
