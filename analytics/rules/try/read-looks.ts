/** Stored rows as the looks that the engine was or would have been fed, in order of time: day by day, two streams merged. */
import type { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { messageId } from '#models/wire/codec.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Look, Seen } from '../look.ts';
import { type NativeColumn, readNative } from './read-native.ts';
import { conditionOf, type Wanted } from './wanted.ts';

export type LooksAsked = { cameras: readonly string[]; fromMs: number; toMs: number; wanted: Wanted };
type Options = { signal: AbortSignal };

const DAY_MS = 86_400_000;
/** A look speaks for some seconds; it lies in the partition of where they begin. */
const SPAN_MS = 3_600_000;
const FORMAT = 'Native' as DataFormat;

/** A message's rows are equal however often it came: filtering before they are merged changes nothing. */
const SETTINGS = {
  do_not_merge_across_partitions_select_final: 1,
  optimize_move_to_prewhere_if_final: 1,
  low_cardinality_allow_in_native_format: 1,
  max_threads: 1,
} as const;

const millis = (column: string) => `toUnixTimestamp64Milli(${column})`;
const at = (ms: string) => `fromUnixTimestamp64Milli({${ms}: Int64}, 'UTC')`;
const CAMERA = "CAST(indexOf({cameras: Array(String)}, toString(camera)), 'UInt16')";
const ORDER = 'captured_at, camera, revision, sequence';

/** Looks of one or some cameras from `fromMs` until before `toMs`. */
export async function* readLooks(client: ClickHouseClient, asked: LooksAsked, options: Options): AsyncGenerator<Look> {
  const cameras = [...asked.cameras].sort();
  for (const [fromMs, toMs] of daysOf(asked)) {
    const day = { ...asked, cameras, fromMs, toMs };
    // Of no kind at all: rules of cameras' troubles need no sightings.
    const hasSightings = asked.wanted.kinds.length > 0;
    const sightings = hasSightings ? openRows(await sightingsOf(client, day, options)) : NO_ROWS;
    const looks = openRows(await looksOf(client, day, options));
    yield* mergeDay(looks, sightings, cameras);
    if (options.signal.aborted) return;
  }
}

function* daysOf({ fromMs, toMs }: Pick<LooksAsked, 'fromMs' | 'toMs'>): Generator<readonly [number, number]> {
  for (let beginMs = fromMs; beginMs < toMs; ) {
    const endMs = Math.min(toMs, (Math.floor(beginMs / DAY_MS) + 1) * DAY_MS);
    yield [beginMs, endMs];
    beginMs = endMs;
  }
}

function looksOf(client: ClickHouseClient, day: LooksAsked, options: Options): Promise<AsyncIterable<Uint8Array>> {
  return ask(
    client,
    `SELECT ${millis('captured_at')} AS at, ${CAMERA} AS camera_index, revision, sequence,
      ${millis('received_at')} AS received, ${millis('watched_from')} AS watched_from_ms, ${millis('watched_to')} AS watched_to_ms,
      CAST(unwatched_reason = '', 'UInt8') AS is_watched, calibration_version,
      toLowCardinality(toString(model)) AS by_model, toLowCardinality(toString(area_path)) AS path
    FROM ${DATABASE}.looks FINAL
    WHERE captured_at >= ${at('fromMs')} AND captured_at < ${at('toMs')}
      AND watched_from >= ${at('beginMs')} AND watched_from < ${at('endMs')} AND camera IN ({cameras: Array(String)})
    ORDER BY ${ORDER}`,
    { ...day, beginMs: day.fromMs - SPAN_MS, endMs: day.toMs + SPAN_MS },
    options,
  );
}

function sightingsOf(client: ClickHouseClient, day: LooksAsked, options: Options): Promise<AsyncIterable<Uint8Array>> {
  const condition = conditionOf(day.wanted);
  const within = (from: string, to: string) =>
    `captured_at >= ${at(from)} AND captured_at < ${at(to)} AND camera IN ({cameras: Array(String)})`;
  const ofTracks =
    condition === undefined
      ? ''
      : `AND track IN (SELECT track FROM ${DATABASE}.sightings WHERE ${within('beginMs', 'endMs')} AND ${condition})`;
  return ask(
    client,
    `SELECT ${millis('captured_at')} AS at, ${CAMERA} AS camera_index, revision, sequence,
      toLowCardinality(track) AS of_track, toLowCardinality(toString(kind)) AS of_kind, score, x, y, width, height, is_held,
      ifNull(lon, nan) AS at_lon, ifNull(lat, nan) AS at_lat,
      ifNull(cov_ee, toFloat32(0)) AS ee, ifNull(cov_en, toFloat32(0)) AS en, ifNull(cov_nn, toFloat32(0)) AS nn,
      CAST(unplaced_reason = '', 'UInt8') AS is_placed
    FROM ${DATABASE}.sightings FINAL
    WHERE ${within('fromMs', 'toMs')} ${ofTracks}
    ORDER BY ${ORDER}, ordinal`,
    { ...day, beginMs: day.fromMs - SPAN_MS, endMs: day.toMs + SPAN_MS },
    options,
  );
}

type Params = { cameras: readonly string[]; fromMs: number; toMs: number; beginMs: number; endMs: number };

async function ask(
  client: ClickHouseClient,
  query: string,
  { cameras, fromMs, toMs, beginMs, endMs }: Params,
  { signal }: Options,
): Promise<AsyncIterable<Uint8Array>> {
  const { stream } = await client.exec({
    query: `${query} FORMAT ${FORMAT}`,
    query_params: { cameras, fromMs, toMs, beginMs, endMs },
    clickhouse_settings: SETTINGS,
    abort_signal: signal,
  });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream as Readable;
}

/** Rows one after the other, over all blocks. */
type Rows = {
  /** Goes on to the next row; false at the end. */
  next: () => Promise<boolean>;
  /** The same, while the block in hand has one: a promise per row would cost more than the row. */
  step: () => boolean;
  number: (column: string) => number;
  text: (column: string) => string;
};

const NO_ROWS: Rows = { next: async () => false, step: () => false, number: () => 0, text: () => '' };

function openRows(chunks: AsyncIterable<Uint8Array>): Rows {
  const blocks = readNative(chunks);
  let columns: ReadonlyMap<string, NativeColumn> = new Map();
  let [row, rows] = [-1, 0];
  return {
    async next() {
      if (row + 1 < rows) return ++row > -1;
      const block = await blocks.next();
      if (block.done === true) return false;
      ({ columns, rows } = block.value);
      row = 0;
      return true;
    },
    step: () => row + 1 < rows && ++row > -1,
    number: (column) => columns.get(column)!.at(row) as number,
    text: (column) => columns.get(column)!.at(row) as string,
  };
}

type Key = { atMs: number; camera: number; revision: number; sequence: number };

const keyOf = ({ number }: Rows): Key => ({
  atMs: number('at'),
  camera: number('camera_index'),
  revision: number('revision'),
  sequence: number('sequence'),
});

const order = (a: Key, b: Key) =>
  a.atMs - b.atMs || a.camera - b.camera || a.revision - b.revision || a.sequence - b.sequence;

/** Sightings whose look is not stored (yet) are passed over: nobody knows what was watched. */
async function* mergeDay(looks: Rows, sightings: Rows, cameras: readonly string[]): AsyncGenerator<Look> {
  let hasSighting = await sightings.next();
  let key: Key | undefined = hasSighting ? keyOf(sightings) : undefined;
  while (looks.step() || (await looks.next())) {
    const of = keyOf(looks);
    const seen: Seen[] = [];
    while (key !== undefined && hasSighting) {
      const place = order(key, of);
      if (place > 0) break;
      if (place === 0) seen.push(seenOf(sightings));
      hasSighting = sightings.step() || (await sightings.next());
      key = hasSighting ? keyOf(sightings) : undefined;
    }
    yield lookOf(looks, of, { seen, camera: cameras[of.camera - 1] ?? '' });
  }
}

function lookOf({ number, text }: Rows, key: Key, { seen, camera }: { seen: Seen[]; camera: string }): Look {
  const { atMs, revision, sequence } = key;
  return {
    id: messageId(camera, revision, sequence),
    camera,
    areaPath: pathOf(text('path')),
    revision,
    sequence,
    capturedAtMs: atMs,
    receivedAtMs: number('received'),
    watchedFromMs: number('watched_from_ms'),
    watchedToMs: number('watched_to_ms'),
    isWatched: number('is_watched') === 1,
    model: text('by_model'),
    calibrationVersion: number('calibration_version'),
    seen,
  };
}

function seenOf({ number, text }: Rows): Seen {
  const box: Box = [number('x'), number('y'), number('width'), number('height')];
  const seen = {
    track: text('of_track'),
    kind: text('of_kind') as Kind,
    score: number('score'),
    box,
    isHeld: number('is_held') === 1,
  };
  if (number('is_placed') === 0) return seen;
  const place = {
    lon: number('at_lon'),
    lat: number('at_lat'),
    covEe: number('ee'),
    covEn: number('en'),
    covNn: number('nn'),
  };
  return { ...seen, place };
}

const paths = new Map<string, readonly string[]>();
const PATHS_MAX = 10_000;

function pathOf(text: string): readonly string[] {
  const known = paths.get(text);
  if (known !== undefined) return known;
  if (paths.size >= PATHS_MAX) paths.clear();
  const path = text.split('.');
  paths.set(text, path);
  return path;
}
