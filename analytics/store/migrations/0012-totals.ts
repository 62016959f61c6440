/**
 * What was in each area with all below it, per hour: what a dashboard of an area and of those below it reads. Rows of an
 * area lie together, in small granules: a week of one is 1,200 rows, and a granule of 8192 holds 20 MB of sketches. The
 * index finds the areas below one without reading those of others.
 */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, NAME, UTC_S } from './migration.ts';

export const totals: Migration = {
  number: 12,
  title: 'totals of areas per hour',
  statements: ({ onCluster, replacing }) => [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.totals_hour${onCluster} (
${columns([
  ['area', NAME, 'Id of the area'],
  ['hour', UTC_S, 'Begin of the hour'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck; empty: how long it was watched'],
  ['area_path', NAME, 'The way from the city to the area, the area included, as it was then'],
  ['level', NAME, 'city, district, street, village or grid'],
  ['presence_us', 'UInt64', 'Microseconds that things were there: presence_ms times weight'],
  ['sightings_milli', 'UInt64', 'Thousandths of sightings: sum of weights'],
  ['moved_mm', 'UInt64', 'Millimetres that tracks moved'],
  ['timed_ms', 'UInt64', 'Milliseconds in which that was moved'],
  ['error_mm_us', 'UInt64', 'Sum of 1-sigma of position (mm) times presence (us)'],
  ['placed_us', 'UInt64', 'Presence whose position has an error: error_mm_us divided by it is millimetres'],
  ['observed_ms', 'UInt64', 'Milliseconds that its cameras watched; in the rows without a kind'],
  ['tracks', 'AggregateFunction(uniqCombined(12), String)', 'Distinct tracks; uniqCombinedMerge(12)(tracks)'],
  ['version', 'UInt64', 'Engine clock, ns, when the rebuilding began; the highest counts'],
])},
  INDEX ways area_path TYPE set(64) GRANULARITY 1
) ENGINE = ${replacing('totals_hour', 'version')}
PARTITION BY toYYYYMM(hour)
ORDER BY (area, hour, kind, area_path)
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024
COMMENT 'How much was in each area with all below it per hour, placed or not, and how long it was watched; read the view whole_totals_by_hour'`,
  ],
};
