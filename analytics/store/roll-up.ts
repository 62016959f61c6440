/**
 * Roll-ups, always rebuilt from what is below and never added to. A rebuild's version is the engine's clock read *before*
 * it begins: one with a higher version saw every row that was there before a lower one began, whoever wrote it.
 *
 * Slices of ten seconds are rebuilt from the base at every batch that touches them. A minute is closed (`close.ts`) from
 * the base some time after its end, an hour from its minutes. Until then a reader takes the next finer level, so slices
 * are always right and minutes and hours save reading. Whoever changes a slice says so with a mark on its minute and
 * hour, *after* the slice is written: a closing with a lower version than the mark does not count, one with a higher
 * version saw the base as it was when the slice was rebuilt. While a minute cannot have been closed yet, one mark is
 * enough. Marks are rows, so that all this survives a crash.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { floorTo, HOUR_MS, inRanges, MINUTE_MS, rangesOf, SLICE_MS } from './time-ranges.ts';

/** A minute, and an hour, closes this long after its end. Longer than a write may take (a request ends after 60 s). */
export const CLOSING_GRACE_MS = 120_000;
const WRITE_MAX_MS = 60_000;

export type Settings = Record<string, string | number>;

/** Begins of slices, ms. */
export type Touched = {
  slices: readonly number[];
  /** Slices in which a stored row may have been replaced by another: cells that are no longer in the base get zeros. */
  mayVanish: readonly number[];
};

/** The engine's clock, nanoseconds, as text: it does not fit a double. */
export async function readVersion(client: ClickHouseClient): Promise<string> {
  const result = await client.query({
    query: 'SELECT toString(toUnixTimestamp64Nano(now64(9))) AS version',
    format: 'JSONEachRow',
  });
  return (await result.json<{ version: string }>())[0]!.version;
}

/** Most buckets that one statement rebuilds, so that a replayed spool does not become one huge query. */
const CHUNK = 360;

/** Rebuilds slices of cells and observed time from the base. Returns the version of the new rows. */
export async function rebuildSlices(client: ClickHouseClient, touched: Touched, settings: Settings): Promise<string> {
  const version = await readVersion(client);
  for (let start = 0; start < touched.slices.length; start += CHUNK) {
    const slices = touched.slices.slice(start, start + CHUNK);
    const options = {
      level: 'slice',
      source: rangesOf(slices, SLICE_MS),
      former: rangesOf(
        touched.mayVanish.filter((slice) => slices.includes(slice)),
        SLICE_MS,
      ),
      version,
    } as const;
    await Promise.all([
      client.command({ query: cellsFromBase(options), clickhouse_settings: { ...settings, ...KEYS_ARE_APART } }),
      client.command({ query: observedFromBase(options), clickhouse_settings: settings }),
    ]);
  }
  return version;
}

type FromBase = {
  level: 'slice' | 'minute';
  /** Whole buckets to rebuild. */
  source: readonly (readonly [number, number])[];
  /** Buckets whose former keys get zeros where they are gone. */
  former: readonly (readonly [number, number])[];
  version: string;
};

const bucketOf = { slice: 'toStartOfInterval(at, INTERVAL 10 SECOND)', minute: 'toStartOfMinute(at)' } as const;

/** Of what writes every key once: the engine need not look for keys to replace in what it is given. */
export const KEYS_ARE_APART: Settings = { optimize_on_insert: 0 };

/**
 * What a track moved is shared among its parts by presence. Parts and motion are two readings of the same rows that are
 * joined: kept together in one, as lists per track, they cost twice as much. Grouped and joined is by numbers and hashes of
 * names, which took 1.1 s of CPU instead of 1.8 for six hours of a simulated city; `named` says what they stand for.
 */
export function cellsFromBase({ level, source, former, version }: FromBase): string {
  const placed = placedFromBase(level, source);
  const gone = `SELECT DISTINCT ${level}, ${WHO} AS who, cell, toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), toUInt64(0), '', 0
    FROM ${DATABASE}.cells_${level} WHERE ${inRanges(level, former)}`;
  const [rows, tracks] =
    former.length === 0
      ? [placed, 'uniqCombinedState(12)(track)']
      : [`${placed} UNION ALL ${gone}`, 'uniqCombinedStateIf(12)(track, is_row)'];
  const figures = 'presence_us, sightings_milli, error_mm_us, moved_mm, timed_ms, tracks';
  return `INSERT INTO ${DATABASE}.cells_${level} (${level}, kind, cell, camera, area_path, ${figures}, version)
    SELECT ${level}, kind, cell, camera, area_path, ${figures}, ${version} FROM (
      SELECT ${level}, who, cell, sum(us) AS presence_us, sum(milli) AS sightings_milli, sum(error) AS error_mm_us, sum(mm) AS moved_mm,
        sum(ms) AS timed_ms, ${tracks} AS tracks
      FROM (${rows}) GROUP BY ${level}, who, cell
    ) AS rolled INNER JOIN (${namesInBase({ level, source, former })}) AS named USING (who)`;
}

/** A camera's things of a kind in an area, and a camera's track, as numbers of 64 bits. */
const WHO = 'cityHash64(kind, camera, area_path)';
const THING = 'cityHash64(camera, track)';
/** A track's name, of at most 24 letters, as a number that has them all: fixed in size while it is grouped and joined. */
const TRACK_NUMBER = 'reinterpretAsUInt256(track)';

/** `who, kind, camera, area_path` of all that is placed, and of what was. */
export function namesInBase({ level, source, former }: Omit<FromBase, 'version'>): string {
  const names = (rows: string) =>
    `SELECT kind, camera, area_path FROM ${DATABASE}.${rows} GROUP BY kind, camera, area_path`;
  const base = names(`sightings WHERE ${inRanges('captured_at', source)}`);
  if (former.length === 0) return `SELECT ${WHO} AS who, kind, camera, area_path FROM (${base})`;
  const gone = names(`cells_${level} WHERE ${inRanges(level, former)}`);
  return `SELECT DISTINCT ${WHO} AS who, kind, camera, area_path FROM (${base} UNION ALL ${gone})`;
}

/** `slice` or `minute`, who, cell, us, milli, error, mm, ms, track, is_row: a track's part of a cell. */
export function placedFromBase(level: FromBase['level'], source: FromBase['source']): string {
  const share = (of: string) => `if(cell = 0, 0, intDiv(ifNull(${of}, 0) * us, greatest(ifNull(placed_us, 0), 1)))`;
  return `SELECT ${level === 'slice' ? 'slice' : 'toStartOfMinute(slice) AS minute'}, who, cell, us, milli, error,
      ${share('moved')} AS mm, ${share('timed')} AS ms, reinterpretAsString(name) AS track, 1 AS is_row
    FROM (${partsOfTracks(source)}) AS part LEFT JOIN (${motionOfTracks(source)}) AS motion USING (slice, thing)`;
}

/** 1-sigma of a position, whole millimetres, the mean over directions. At most 65 m, so that sums cannot overflow. */
const SIGMA_MM = 'toUInt64(least(65535, greatest(1, round(1000 * sqrt((cov_ee + cov_nn) / 2)))))';

/** Per track and slice: presence, sightings and error of each kind, cell and area path; `name` is the track's. */
function partsOfTracks(source: FromBase['source']): string {
  return `SELECT slice, thing, who, cell, any(track_number) AS name, sum(presence * weight) AS us, sum(weight) AS milli,
      sum(presence * weight * sigma) AS error
    FROM (
      SELECT ${bucketOf.slice} AS slice, toDateTime(captured_at, 'UTC') AS at, ${THING} AS thing, ${WHO} AS who, ${TRACK_NUMBER} AS track_number,
        toUInt64(presence_ms) AS presence, ifNull(${SIGMA_MM}, 0) AS sigma, cells, weights
      FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', source)}
    ) ARRAY JOIN cells AS cell, weights AS weight
    GROUP BY slice, thing, who, cell`;
}

/**
 * How far a track moved (mm) in a slice, in which time (ms): from its first to its last place, so that jitter averages
 * out. A track that was placed once has no row. What could not be placed has the one cell 0.
 */
function motionOfTracks(source: FromBase['source']): string {
  const ends = [
    'argMin(place_lon, at_ms)',
    'argMin(place_lat, at_ms)',
    'argMax(place_lon, at_ms)',
    'argMax(place_lat, at_ms)',
  ];
  return `SELECT slice, thing, sum(presence * weight) AS placed_us,
      toUInt64(round(1000 * geoDistance(${ends.join(', ')}))) AS moved, toUInt64(max(at_ms) - min(at_ms)) AS timed
    FROM (
      SELECT ${bucketOf.slice} AS slice, toDateTime(captured_at, 'UTC') AS at, toUnixTimestamp64Milli(captured_at) AS at_ms, ${THING} AS thing,
        toUInt64(presence_ms) AS presence, toUInt64(arraySum(weights)) AS weight, ifNull(lon, 0) AS place_lon, ifNull(lat, 0) AS place_lat
      FROM ${DATABASE}.sightings FINAL WHERE ${inRanges('captured_at', source)} AND NOT has(cells, 0)
    ) GROUP BY slice, thing HAVING timed > 0 AND placed_us > 0`;
}

export function observedFromBase({ level, source, former, version }: FromBase): string {
  const key = `${level}, camera, calibration_version, area_path`;
  const gone = `SELECT DISTINCT ${key}, 0, 0, 0, 0 FROM ${DATABASE}.observed_${level} WHERE ${inRanges(level, former)}`;
  return `INSERT INTO ${DATABASE}.observed_${level}
    SELECT ${key}, sum(observed_ms), sum(looks), sum(messages), sum(sightings), ${version}
    FROM (
      SELECT ${bucketOf[level]} AS ${level}, camera, calibration_version, area_path, observed_ms, looks, 1 AS messages, sightings
      FROM (SELECT toDateTime(watched_from, 'UTC') AS at, * FROM ${DATABASE}.looks FINAL WHERE ${inRanges('watched_from', source)})
      ${former.length === 0 ? '' : `UNION ALL ${gone}`}
    ) GROUP BY ${key}`;
}

/** Remembers what this process has marked, so that a minute that is still running is marked once. */
export type Marker = (touched: Touched, version: string, settings: Settings) => Promise<void>;

export function createMarker(client: ClickHouseClient): Marker {
  const marked = new Set<number>();
  return async ({ slices }, version, settings) => {
    const beganMs = Number(BigInt(version) / 1_000_000n);
    const isSettled = (minute: number) => minute + MINUTE_MS + CLOSING_GRACE_MS - WRITE_MAX_MS <= beganMs;
    const minutes = [...new Set(slices.map((slice) => floorTo(slice, MINUTE_MS)))];
    const toMark = minutes.filter((minute) => !marked.has(minute) || isSettled(minute));
    if (toMark.length === 0) return;
    await markOpen(client, 'minute', { begins: toMark, settings });
    const hours = [...new Set(toMark.map((minute) => floorTo(minute, HOUR_MS)))];
    await markOpen(client, 'hour', { begins: hours, settings });
    for (const minute of toMark) marked.add(minute);
    for (const minute of marked) if (isSettled(minute)) marked.delete(minute);
  };
}

/** Says that buckets that begin at the given times (ms) are to be closed (again). */
export async function markOpen(
  client: ClickHouseClient,
  level: 'minute' | 'hour',
  { begins, settings }: { begins: readonly number[]; settings: Settings },
): Promise<void> {
  const list = begins.map((begin) => begin / 1000).join(', ');
  await client.command({
    query: `INSERT INTO ${DATABASE}.${level}s (${level}, is_closed, version)
      SELECT toDateTime(arrayJoin([${list}]), 'UTC'), false, toUnixTimestamp64Nano(now64(9))`,
    clickhouse_settings: settings,
  });
}
