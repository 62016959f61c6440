/** What analysts ask: names of areas and cameras beside the rows, and views that need no FINAL and no units. */
import { DATABASE } from '#system/store-client.ts';
import type { Dialect } from '../dialect.ts';
import { columns, type Migration, NAME, UTC_S } from './migration.ts';

const VERSION = ['version', 'UInt64', 'Engine clock, ns, when it was written; the highest counts'] as const;
const IS_GONE = ['is_gone', 'Bool', 'No longer registered; its rows stay'] as const;
const MAYBE = 'Nullable(UInt32)';

const AREA_COLUMNS = [
  ['id', 'String', 'Id of the area'],
  ['name', 'String', 'Its name'],
  ['level', NAME, 'city, district, street, village or grid'],
  ['parent', 'String', 'Id of the area one level above; empty for a city'],
  ['area_path', 'String', 'city.district.street.village.grid; _ where unknown'],
  ['form', NAME, 'What the area follows: road-block, estate, building …; empty where unknown'],
  ['households', MAYBE, 'Total; NULL where unknown'],
  ['leaders', MAYBE, 'Total; NULL where unknown'],
  ['full_time_workers', MAYBE, 'Total; NULL where unknown'],
  ['part_time_workers', MAYBE, 'Total; NULL where unknown'],
] as const;

const CAMERA_COLUMNS = [
  ['id', 'String', 'Id of the camera'],
  ['name', 'String', 'Its name'],
  ['area', 'String', 'Id of the area it belongs to; empty where none'],
  ['area_path', 'String', 'city.district.street.village.grid of that area; _ where unknown'],
  ['lon', 'Nullable(Float64)', 'Where it stands, degrees WGS-84'],
  ['lat', 'Nullable(Float64)', 'Where it stands, degrees WGS-84'],
  ['is_enabled', 'Bool', 'Looked at, unless a person switched it off'],
  ['calibration_version', 'UInt32', 'Of its calibration now; 0 without one'],
] as const;

type Names = readonly (readonly [name: string, type: string, comment: string])[];

function dimension(table: string, own: Names, { onCluster, replacing }: Dialect, comment: string): string[] {
  const kept = `registered_${table}`;
  return [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.${kept}${onCluster} (
${columns([...own, IS_GONE, VERSION])}
) ENGINE = ${replacing(kept, 'version')}
ORDER BY id
COMMENT '${comment}, as registered; read the view ${table}'`,
    view(
      table,
      { onCluster, own },
      `SELECT ${own.map(([name]) => name).join(', ')} FROM ${DATABASE}.${kept} FINAL WHERE NOT is_gone`,
      `${comment} that are registered now`,
    ),
  ];
}

type Look = Pick<Dialect, 'onCluster'> & {
  /** Its columns, in the order of the SELECT; a view with parameters has none of its own. */
  own?: Names;
};

function view(name: string, { onCluster, own }: Look, select: string, comment: string): string {
  const told = own === undefined ? '' : ` (\n${columns(own)}\n)`;
  return `CREATE VIEW IF NOT EXISTS ${DATABASE}.${name}${onCluster}${told} AS ${select} COMMENT '${comment}'`;
}

const HOUR = ['hour', UTC_S, 'Begin of the hour'] as const;
const CAMERA = ['camera', NAME, 'Id of the camera'] as const;
const KIND = ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'] as const;
const AREA_PATH = ['area_path', NAME, 'city.district.street.village.grid; _ where unknown'] as const;
const LEVELS = ['city', 'district', 'street', 'village', 'grid'] as const;
const LEVEL_COLUMNS = LEVELS.map((level) => [level, 'String', `Id of the ${level}; _ where unknown`] as const);
const TRACKS = ['tracks', 'UInt64', 'Distinct tracks, within 2 %'] as const;

/** The five ids of an area path as columns. */
const AREAS = LEVELS.map((level, index) => `splitByChar('.', area_path)[${index + 1}] AS ${level}`).join(', ');

/** Of a time: `from` and `to` are parameters of the view, so that rows outside of it are not read. */
const IN_TIME = `captured_at >= toDateTime64({from:String}, 3, 'UTC') AND captured_at < toDateTime64({to:String}, 3, 'UTC')`;

const VISITS = `SELECT camera, track, anyHeavy(kind) AS kind, min(captured_at) AS seen_from,
  addMilliseconds(max(captured_at), argMax(presence_ms, captured_at)) AS seen_to, sum(presence_ms) / 1000 AS presence_s, count() AS sightings,
  argMin(lon, captured_at) AS first_lon, argMin(lat, captured_at) AS first_lat,
  argMax(lon, captured_at) AS last_lon, argMax(lat, captured_at) AS last_lat,
  argMin(x + width / 2, captured_at) AS first_x, argMin(y + height, captured_at) AS first_y,
  argMax(x + width / 2, captured_at) AS last_x, argMax(y + height, captured_at) AS last_y,
  argMin(area_path, captured_at) AS first_area_path, argMax(area_path, captured_at) AS last_area_path
FROM ${DATABASE}.sightings FINAL WHERE ${IN_TIME} GROUP BY camera, track`;

const MOVES = `SELECT camera, track, kind, from_at, at, dateDiff('millisecond', from_at, at) / 1000 AS seconds, from_lon, from_lat, lon, lat,
  geoDistance(from_lon, from_lat, lon, lat) AS metres, metres / seconds AS speed_mps, area_path
FROM (
  SELECT camera, track, kind, captured_at AS at, assumeNotNull(lon) AS lon, assumeNotNull(lat) AS lat, area_path,
    lagInFrame(captured_at, 1) OVER way AS from_at, lagInFrame(assumeNotNull(lon), 1) OVER way AS from_lon,
    lagInFrame(assumeNotNull(lat), 1) OVER way AS from_lat, row_number() OVER way AS step
  FROM ${DATABASE}.sightings FINAL WHERE ${IN_TIME} AND lon IS NOT NULL AND cells[1] != 0
  WINDOW way AS (PARTITION BY camera, track ORDER BY captured_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
) WHERE step > 1 AND at > from_at`;

const side = (a: string, b: string, p: string) =>
  `(({${b}_lon:Float64} - {${a}_lon:Float64}) * (${p}lat - {${a}_lat:Float64}) - ({${b}_lat:Float64} - {${a}_lat:Float64}) * (${p}lon - {${a}_lon:Float64}))`;
const turn = (end: string) =>
  `((lon - from_lon) * ({${end}_lat:Float64} - from_lat) - (lat - from_lat) * ({${end}_lon:Float64} - from_lon))`;

const CROSSINGS = `SELECT at, camera, track, kind, if(${side('a', 'b', '')} > 0, 'to-left', 'to-right') AS way, speed_mps, area_path
FROM ${DATABASE}.moves(from = {from:String}, to = {to:String})
WHERE (${side('a', 'b', 'from_')} > 0) != (${side('a', 'b', '')} > 0) AND (${turn('a')} > 0) != (${turn('b')} > 0)`;

export const sql: Migration = {
  number: 6,
  title: 'areas, cameras and views for analysts',
  statements: (dialect) => [
    ...dimension('areas', AREA_COLUMNS, dialect, 'Areas'),
    ...dimension('cameras', CAMERA_COLUMNS, dialect, 'Cameras'),
    view(
      'presence_by_hour',
      {
        ...dialect,
        own: [
          ...[HOUR, CAMERA, KIND, AREA_PATH, ...LEVEL_COLUMNS],
          ['presence_s', 'Float64', 'Seconds that things were there'],
          ['sightings', 'Float64', 'Sightings'],
          TRACKS,
        ],
      },
      `SELECT hour, camera, kind, area_path, ${AREAS}, sum(presence_us) / 1e6 AS presence_s, sum(sightings_milli) / 1000 AS sightings,
        uniqCombinedMerge(12)(tracks) AS tracks
      FROM ${DATABASE}.kinds_hour FINAL GROUP BY hour, camera, kind, area_path HAVING sightings > 0`,
      'Seconds that things were there, and distinct tracks, per hour, camera, kind and area',
    ),
    view(
      'tracks_by_hour',
      { ...dialect, own: [HOUR, CAMERA, KIND, TRACKS] },
      `SELECT hour, camera, kind, uniqCombinedMerge(12)(tracks) AS tracks FROM ${DATABASE}.kinds_hour FINAL
      GROUP BY hour, camera, kind HAVING sum(sightings_milli) > 0`,
      'Distinct tracks per hour, camera and kind; a track belongs to one camera, so cameras may be summed, hours not',
    ),
    view(
      'observed_by_hour',
      {
        ...dialect,
        own: [
          ...[HOUR, CAMERA, AREA_PATH, ...LEVEL_COLUMNS],
          ['observed_s', 'Float64', 'Seconds that the camera was watched'],
          ['observed_share', 'Float64', 'The same as a share of the hour, 0 to 1'],
        ],
      },
      `SELECT hour, camera, area_path, ${AREAS}, sum(observed_ms) / 1000 AS observed_s, observed_s / 3600 AS observed_share
      FROM ${DATABASE}.observed_hour FINAL GROUP BY hour, camera, area_path HAVING observed_s > 0`,
      'Seconds that each camera was watched per hour; an hour without a row was not watched',
    ),
    view('visits', dialect, VISITS, 'visits(from, to): each track, from when to when, where it came and went'),
    view(
      'moves',
      dialect,
      MOVES,
      'moves(from, to): each step of a track from one placed sighting to the next, with its speed',
    ),
    view(
      'crossings',
      dialect,
      CROSSINGS,
      'crossings(from, to, a_lon, a_lat, b_lon, b_lat): tracks that step over the line from a to b, and to which side of it',
    ),
  ],
};
