/** The camera that watched least, of those that are switched on. */
import { type ClaimGroup, numberOf, textOf } from './claim.ts';
import { figure, percent, percentZh } from './format.ts';

const SQL = `
SELECT count() AS cameras, argMin(camera, (watched_h, camera)) AS least_camera, min(watched_h) AS least_h,
  dateDiff('second', {{from}}, {{to}}) / 3600 AS all_h
FROM (
  SELECT all_of_them.camera AS camera, ifNull(seen.watched_s, 0) / 3600 AS watched_h
  FROM (
    SELECT camera FROM (SELECT id AS camera, area_path FROM cameras WHERE is_enabled) WHERE {{place}}
  ) AS all_of_them
  LEFT JOIN (
    SELECT camera, sum(observed_ms) / 1000 AS watched_s FROM watched_by_hour WHERE {{place}} AND hour >= {{from}} AND hour < {{to}} GROUP BY camera
  ) AS seen ON seen.camera = all_of_them.camera
)
HAVING cameras > 0`;

const LITTLE = 0.9;

export const cameras: ClaimGroup = {
  subjects: ['area'],
  needsBelow: false,
  sql: SQL,
  say: (facts, { nameOf }) => {
    const camera = textOf(facts, 'least_camera');
    const [count, least, all] = ['cameras', 'least_h', 'all_h'].map((name) => numberOf(facts, name) ?? 0) as [
      number,
      number,
      number,
    ];
    if (camera === null || count < 2 || all <= 0 || least / all >= LITTLE) return [];
    const name = nameOf('camera', camera);
    const share = least / all;
    const what =
      least === 0
        ? { en: `${name} did not watch at all.`, zh: `${name}完全没有观测。` }
        : {
            en: `${name} watched least: ${figure(least)} of ${figure(all)} hours (${percent(share)}).`,
            zh: `${name}观测最少：${figure(all)} 小时中的 ${figure(least)} 小时（${percentZh(share)}）。`,
          };
    return [{ id: 'camera-watched-least', text: what, panel: 'cameras-watched', weight: 0.6 + (1 - share) }];
  },
};
