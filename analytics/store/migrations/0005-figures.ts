/** What the heat map's further measures are read from: motion and certainty, areas and peaks per hour, cells of divisions. */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, NAME, UTC_S } from './migration.ts';

const MOVED = [
  'moved_mm',
  'UInt64',
  'Millimetres moved: per track and ten seconds from the first to the last place, shared among cells by presence; 0 before it was counted',
] as const;
const TIMED = ['timed_ms', 'UInt64', 'Milliseconds in which that was moved; moved_mm / timed_ms is m/s'] as const;
const ERROR = [
  'error_mm_us',
  'UInt64',
  'Sum of 1-sigma of position (mm) times presence (us); divided by presence_us: millimetres; 0 before it was counted',
] as const;
const PRESENCE = ['presence_us', 'UInt64', 'Microseconds that things were there: presence_ms times weight'] as const;
const VERSION = ['version', 'UInt64', 'Engine clock, ns, when the rebuilding began; the highest counts'] as const;

const ROLL_UPS = ['cells_slice', 'cells_minute', 'cells_hour', 'cell_totals_hour', 'kinds_hour'];

export const figures: Migration = {
  number: 5,
  title: 'motion and certainty, areas and peaks per hour, cells of divisions',
  statements: ({ onCluster, replacing }) => [
    ...ROLL_UPS.flatMap((table) =>
      [MOVED, TIMED, ERROR].map(
        ([name, type, comment]) =>
          `ALTER TABLE ${DATABASE}.${table}${onCluster} ADD COLUMN IF NOT EXISTS ${name} ${type} COMMENT '${comment}'`,
      ),
    ),

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.areas_hour${onCluster} (
${columns([
  ['hour', UTC_S, 'Begin of the hour'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'],
  ['area_path', NAME, 'city.district.street.village.grid of where things stood; _ where unknown'],
  PRESENCE,
  ['sightings_milli', 'UInt64', 'Thousandths of sightings: sum of weights'],
  ['tracks', 'AggregateFunction(uniqCombined(12), String)', 'Distinct tracks; uniqCombinedMerge(12)(tracks)'],
  MOVED,
  TIMED,
  ERROR,
  VERSION,
])}
) ENGINE = ${replacing('areas_hour', 'version')}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, kind, area_path)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'How much was in each area per hour, of what could be placed on the ground; read it with FINAL'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.peaks_hour${onCluster} (
${columns([
  ['hour', UTC_S, 'Begin of the hour'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck; empty: all together'],
  ['scale', NAME, 'H3 resolution 9 to 13, or level of areas: city, district, street, village, grid'],
  ['place', 'String', 'H3 cell (h3ToString), or id of the area'],
  ['peak_us', 'UInt64', 'Presence (us) in its busiest minute; / 6e7: most things at once, mean of that minute'],
  VERSION,
])}
) ENGINE = ${replacing('peaks_hour', 'version')}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, kind, scale, place)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'The busiest minute of each cell and area per hour; where two cameras see a cell, the one that saw more counts. Read it with FINAL'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.cell_areas${onCluster} (
${columns([
  ['division', 'UInt32', 'Number of the published division; 0: the areas of today'],
  ['cell', 'UInt64', 'H3 cell, resolution 13 (h3ToString)'],
  ['area_path', NAME, 'city.district.street.village.grid of its middle; _ where unknown'],
  ['version', 'UInt64', 'Clock of analytics, ns, when it was written; the highest counts'],
])}
) ENGINE = ${replacing('cell_areas', 'version')}
ORDER BY (division, cell)
COMMENT 'In which area of each division every covered cell lies; read it with FINAL'`,
  ],
};
