/**
 * The totals of areas as panels and people read them. Hours of before they were kept, and those that an older process
 * closes, have none: upkeep fills them in, and until then `whole_totals_by_hour` makes theirs of the rows of cameras. To look which
 * hours that are took 20 ms a question, so who knows that there are none reads `totals_by_hour`.
 */
import { DATABASE } from '#system/store-client.ts';
import type { Dialect } from '../dialect.ts';
import { ALL_TOTALS, KEPT_TOTALS } from '../totals.ts';
import { columns, type Migration, NAME, UTC_S } from './migration.ts';

const COLUMNS = columns([
  ['hour', UTC_S, 'Begin of the hour'],
  ['area', NAME, 'Id of the area: rows are of it and all below it, so areas of one level may be summed'],
  ['level', NAME, 'Its level: city, district, street, village or grid'],
  ['area_path', NAME, 'The way from the city to it, as it was then'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck; empty in the row that says how long it was watched'],
  ['presence_us', 'UInt64', 'Microseconds that things were there: whole, so that sums do not depend on their order'],
  ['presence_s', 'Float64', 'The same in seconds'],
  ['moved_m', 'Float64', 'Metres that tracks moved'],
  ['timed_s', 'Float64', 'Seconds in which they moved that: sum(moved_m) / sum(timed_s) is m/s'],
  ['error_m', 'Nullable(Float64)', '1 sigma of places, metres, the mean over placed_s; NULL where nothing was placed'],
  ['placed_s', 'Float64', 'Seconds of presence that error_m is the mean of'],
  [
    'tracks_state',
    'AggregateFunction(uniqCombined(12), String)',
    'Distinct tracks over any hours: uniqCombinedMerge(12)(tracks_state)',
  ],
  ['observed_ms', 'UInt64', 'Milliseconds that its cameras watched; 0 in rows with a kind'],
]);

const view = (
  name: string,
  { onCluster }: Pick<Dialect, 'onCluster'>,
  { rows, says }: { rows: string; says: string },
) =>
  `CREATE VIEW IF NOT EXISTS ${DATABASE}.${name}${onCluster} (
${COLUMNS}
) AS SELECT hour, area, level, area_path, kind, presence_us, presence_us / 1e6 AS presence_s, moved_mm / 1000 AS moved_m, timed_ms / 1000 AS timed_s,
  if(placed_us = 0, NULL, error_mm_us / placed_us / 1000) AS error_m, placed_us / 1e6 AS placed_s, tracks AS tracks_state, observed_ms
FROM (${rows}) WHERE sightings_milli > 0 OR observed_ms > 0
COMMENT '${says}'`;

const SAYS = 'What was seen per closed hour, kind and area with all below it, and how long that was watched';

export const totalsView: Migration = {
  number: 13,
  title: 'views of the totals of areas, and which hours lack them',
  statements: (dialect) => [
    `ALTER TABLE ${DATABASE}.hours${dialect.onCluster} ADD COLUMN IF NOT EXISTS has_totals Bool
  COMMENT 'Its rows of totals_hour are there; false where a process closed it that knows of none'`,
    view('totals_by_hour', dialect, {
      rows: KEPT_TOTALS,
      says: `${SAYS}: right where no hour of table hours lacks its totals; else read whole_totals_by_hour`,
    }),
    view('whole_totals_by_hour', dialect, { rows: ALL_TOTALS, says: SAYS }),
  ],
};
