/** Roll-ups: sums per minute and hour, rebuilt from what is below; and what each camera can see. */
import { DATABASE } from '#system/store-client.ts';
import type { Dialect } from '../dialect.ts';
import { columns, type Migration, NAME, UTC_S } from './migration.ts';

const VERSION = ['version', 'UInt64', 'Engine clock, ns, when the roll-up began; the highest counts'] as const;
const AREA_PATH = ['area_path', NAME, 'city.district.street.village.grid; _ where unknown'] as const;
const FIGURES = [
  ['presence_us', 'UInt64', 'Microseconds that things were there: sum of presence_ms times weight'],
  ['sightings_milli', 'UInt64', 'Thousandths of sightings: sum of weights'],
  ['tracks', 'AggregateFunction(uniq, String)', 'Distinct tracks; read with uniqMerge(tracks)'],
] as const;
const OBSERVED = [
  ['observed_ms', 'UInt64', 'Milliseconds that the camera was watched'],
  ['looks', 'UInt64', 'Frames that went through the detector'],
  ['messages', 'UInt64', 'Messages'],
  ['sightings', 'UInt64', 'Sightings'],
] as const;

const bucket = (level: 'minute' | 'hour') => [level, UTC_S, `Begin of the ${level}`] as const;

function cells(level: 'minute' | 'hour', { onCluster, replacing }: Dialect): string {
  const table = `cells_${level}`;
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.${table}${onCluster} (
${columns([
  bucket(level),
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'],
  ['cell', 'UInt64', 'H3 cell, resolution 13 (h3ToString); 0: could not be placed'],
  ['camera', NAME, 'Id of the camera'],
  AREA_PATH,
  ...FIGURES,
  VERSION,
])}
) ENGINE = ${replacing(table, 'version')}
PARTITION BY ${level === 'minute' ? 'toYYYYMMDD(minute)' : 'toYYYYMM(hour)'}
ORDER BY (${level}, kind, cell, camera, area_path)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'How much was where per ${level}; read it with FINAL'`;
}

function observed(level: 'minute' | 'hour', { onCluster, replacing }: Dialect): string {
  const table = `observed_${level}`;
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.${table}${onCluster} (
${columns([
  bucket(level),
  ['camera', NAME, 'Id of the camera'],
  ['calibration_version', 'UInt32', 'Of the camera’s calibration then; 0 without one'],
  AREA_PATH,
  ...OBSERVED,
  VERSION,
])}
) ENGINE = ${replacing(table, 'version')}
PARTITION BY ${level === 'minute' ? 'toYYYYMMDD(minute)' : 'toYYYYMM(hour)'}
ORDER BY (${level}, camera, calibration_version, area_path)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'How long each camera was watched per ${level}; with coverage: how long a cell was. Read it with FINAL'`;
}

export const rollUps: Migration = {
  number: 2,
  title: 'roll-ups per minute and hour, coverage',
  statements: (dialect) => [
    cells('minute', dialect),
    cells('hour', dialect),
    observed('minute', dialect),
    observed('hour', dialect),
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.kinds_hour${dialect.onCluster} (
${columns([
  bucket('hour'),
  ['camera', NAME, 'Id of the camera'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'],
  AREA_PATH,
  ...FIGURES,
  VERSION,
])}
) ENGINE = ${dialect.replacing('kinds_hour', 'version')}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, camera, kind, area_path)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'How much each camera saw per hour, placed or not; read it with FINAL'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.hours${dialect.onCluster} (
${columns([
  ['hour', UTC_S, 'Begin of the hour'],
  ['version', 'UInt64', 'Engine clock, ns; the highest counts, rows of *_hour with the last closed one are whole'],
  ['is_closed', 'Bool', 'false: minutes of this hour changed after what *_hour holds'],
])}
) ENGINE = ${dialect.replacing('hours')}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, version)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Which hours are closed; late data opens one again'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.coverage${dialect.onCluster} (
${columns([
  ['camera', NAME, 'Id of the camera'],
  ['calibration_version', 'UInt32', 'Version of its calibration'],
  ['cell', 'UInt64', 'H3 cell, resolution 13, that the camera sees'],
  AREA_PATH,
  VERSION,
])}
) ENGINE = ${dialect.replacing('coverage', 'version')}
ORDER BY (camera, calibration_version, cell)
COMMENT 'The ground that each calibrated camera sees; read it with FINAL'`,
  ],
};
