/** Peaks once more, minute by minute and by names: slower than how they are made, and written apart, to be compared. */
import { AREA_LEVELS } from '#models/schema/area.ts';
import { DATABASE } from '#system/store-client.ts';

const RESOLUTIONS = [9, 10, 11, 12, 13];

/** `hour, kind, scale, place, peak` of the rows of cells_minute that fulfil the condition. */
export function peaksByName(condition: string): string {
  const cells = RESOLUTIONS.map((resolution) => `('${resolution}', h3ToString(h3ToParent(cell, ${resolution})))`);
  const areas = AREA_LEVELS.map((level, index) => `('${level}', splitByChar('.', toString(area_path))[${index + 1}])`);
  return `SELECT toStartOfHour(minute) AS hour, kind, scale, place, max(us) AS peak FROM (
      SELECT minute, kind, one.1 AS scale, one.2 AS place, sum(most) AS us FROM (
        SELECT minute, kind, cell, area_path, max(us) AS most FROM (
          SELECT minute, one AS kind, cell, camera, area_path, sum(presence_us) AS us
          FROM ${DATABASE}.cells_minute ARRAY JOIN ['', toString(kind)] AS one
          WHERE ${condition} AND cell != 0 GROUP BY minute, one, cell, camera, area_path
        ) GROUP BY minute, kind, cell, area_path
      ) ARRAY JOIN [${[...cells, ...areas].join(', ')}] AS one
      WHERE place NOT IN ('_', '') GROUP BY minute, kind, scale, place
    ) GROUP BY hour, kind, scale, place`;
}
