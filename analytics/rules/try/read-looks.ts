/** Stored rows as the looks that the engine was or would have been fed, in order of time: span by span, two answers merged. */
import type { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { messageId } from '#models/wire/codec.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Look, Seen } from '../look.ts';
import { readNative } from './read-native.ts';
import { conditionOf, type Wanted } from './wanted.ts';

export type LooksAsked = { cameras: readonly string[]; fromMs: number; toMs: number; wanted: Wanted };
type Options = { signal: AbortSignal };

const DAY_MS = 86_400_000;
/** A look speaks for some seconds; it lies in the partition of where they begin. */
const SPAN_MS = 3_600_000;
const BATCH = 2000;
/** A span is a day, or shorter where more comes than this; two are in memory. */
const SPAN_BYTES = 48 * 1024 ** 2;
const FIRST_MS = 6 * 3_600_000;
const SHORTEST_MS = 600_000;
const FORMAT = 'Native' as DataFormat;

/** A message's rows are equal however often it came: filtering before they are merged changes nothing. */
const SETTINGS = {
  optimize_move_to_prewhere_if_final: 1,
  low_cardinality_allow_in_native_format: 1,
  max_threads: 1,
} as const;

const millis = (column: string) => `toUnixTimestamp64Milli(${column})`;
const at = (ms: string) => `fromUnixTimestamp64Milli({${ms}: Int64}, 'UTC')`;
const CAMERA = "CAST(indexOf({cameras: Array(String)}, toString(camera)), 'UInt16')";
const ORDER = 'captured_at, camera, revision, sequence';

/** Looks of one or some cameras from `fromMs` until before `toMs`, some thousand at a time. */
export async function* readLooks(
  client: ClickHouseClient,
  asked: LooksAsked,
  options: Options,
): AsyncGenerator<Look[]> {
  const cameras = [...asked.cameras].sort();
  const fetch = (fromMs: number, lengthMs: number) => {
    const toMs = Math.min(asked.toMs, fromMs + lengthMs);
    const fetched = fetchSpan(client, { ...asked, cameras, fromMs, toMs }, options);
    // Waited for only where it is read: one that fails after its reader left is nobody's loss.
    fetched.catch(() => {});
    return { fetched, toMs };
  };
  let lengthMs = FIRST_MS;
  let next = asked.fromMs < asked.toMs ? fetch(asked.fromMs, lengthMs) : undefined;
  while (next !== undefined) {
    const { sightings, looks, bytes } = await next.fetched;
    lengthMs = Math.min(
      DAY_MS,
      Math.max(SHORTEST_MS, bytes > SPAN_BYTES ? lengthMs / 2 : bytes < SPAN_BYTES / 3 ? lengthMs * 2 : lengthMs),
    );
    next = next.toMs < asked.toMs ? fetch(next.toMs, lengthMs) : undefined;
    yield* mergeSpan(
      openRows(looks, [...LOOK_NUMBERS, ...LOOK_TEXTS]),
      openRows(sightings, [...SIGHTING_NUMBERS, ...SIGHTING_TEXTS]),
      cameras,
    );
    options.signal.throwIfAborted();
  }
}

type Fetched = { sightings: readonly Uint8Array[]; looks: readonly Uint8Array[]; bytes: number };

/** Taken at once, while the engine works on the span before: the store's limit on time is not for how fast rules are. */
async function fetchSpan(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<Fetched> {
  // Of no kind at all: rules of cameras' troubles need no sightings.
  const hasSightings = span.wanted.kinds.length > 0;
  const [sightings, looks] = await Promise.all([
    hasSightings ? sightingsOf(client, span, options).then(collect) : [],
    looksOf(client, span, options).then(collect),
  ]);
  const bytes = [...sightings, ...looks].reduce((sum, { length }) => sum + length, 0);
  return { sightings, looks, bytes };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

function looksOf(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<AsyncIterable<Uint8Array>> {
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
    { ...span, beginMs: span.fromMs - SPAN_MS, endMs: span.toMs + SPAN_MS },
    options,
  );
}

function sightingsOf(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<AsyncIterable<Uint8Array>> {
  const condition = conditionOf(span.wanted);
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
    { ...span, beginMs: span.fromMs - SPAN_MS, endMs: span.toMs + SPAN_MS },
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

const LOOK_NUMBERS = [
  'at',
  'camera_index',
  'revision',
  'sequence',
  'received',
  'watched_from_ms',
  'watched_to_ms',
  'is_watched',
  'calibration_version',
] as const;
const LOOK_TEXTS = ['by_model', 'path'] as const;
const SIGHTING_NUMBERS = [
  'at',
  'camera_index',
  'revision',
  'sequence',
  'score',
  'x',
  'y',
  'width',
  'height',
  'is_held',
  'is_placed',
  'at_lon',
  'at_lat',
  'ee',
  'en',
  'nn',
] as const;
const SIGHTING_TEXTS = ['of_track', 'of_kind'] as const;

/** Columns of the block in hand by name, so that a value costs an index and no search. */
type Columns<Numbers extends string, Texts extends string> = Record<Numbers, (row: number) => number> &
  Record<Texts, (row: number) => string>;

/** Rows one after the other, over all blocks. */
type Rows<Numbers extends string = string, Texts extends string = string> = {
  columns: Columns<Numbers, Texts>;
  row: number;
  /** Goes on to the next row; false at the end. */
  next: () => Promise<boolean>;
  /** The same, while the block in hand has one: a promise per row would cost more than the row. */
  step: () => boolean;
};

type LookRows = Rows<(typeof LOOK_NUMBERS)[number], (typeof LOOK_TEXTS)[number]>;
type SightingRows = Rows<(typeof SIGHTING_NUMBERS)[number], (typeof SIGHTING_TEXTS)[number]>;
type KeyRows = Rows<'at' | 'camera_index' | 'revision' | 'sequence', never>;

function openRows<Numbers extends string, Texts extends string>(
  chunks: readonly Uint8Array[],
  names: readonly (Numbers | Texts)[],
): Rows<Numbers, Texts> {
  const blocks = readNative(chunks);
  let count = 0;
  const rows: Rows<Numbers, Texts> = {
    columns: {} as Columns<Numbers, Texts>,
    row: -1,
    async next() {
      if (rows.step()) return true;
      const block = await blocks.next();
      if (block.done === true) return false;
      const { columns } = block.value;
      rows.columns = Object.fromEntries(names.map((name) => [name, columns.get(name)!.at])) as Columns<Numbers, Texts>;
      count = block.value.rows;
      rows.row = 0;
      return true;
    },
    step: () => rows.row + 1 < count && ++rows.row > -1,
  };
  return rows;
}

type Key = { atMs: number; camera: number; revision: number; sequence: number };

const keyOf = ({ columns, row }: KeyRows): Key => ({
  atMs: columns.at(row),
  camera: columns.camera_index(row),
  revision: columns.revision(row),
  sequence: columns.sequence(row),
});

/** Where the row in hand stands to a look: before it, of it, or after it. */
function order({ columns, row }: KeyRows, key: Key): number {
  return (
    columns.at(row) - key.atMs ||
    columns.camera_index(row) - key.camera ||
    columns.revision(row) - key.revision ||
    columns.sequence(row) - key.sequence
  );
}

/** Sightings whose look is not stored (yet) are passed over: nobody knows what was watched. */
async function* mergeSpan(
  looks: LookRows,
  sightings: SightingRows,
  cameras: readonly string[],
): AsyncGenerator<Look[]> {
  let hasSighting = await sightings.next();
  let batch: Look[] = [];
  while (looks.step() || (await looks.next())) {
    const key = keyOf(looks);
    const seen: Seen[] = [];
    while (hasSighting) {
      const place = order(sightings, key);
      if (place > 0) break;
      if (place === 0) seen.push(seenOf(sightings));
      hasSighting = sightings.step() || (await sightings.next());
    }
    batch.push(lookOf(looks, key, { seen, camera: cameras[key.camera - 1] ?? '' }));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function lookOf({ columns, row }: LookRows, key: Key, { seen, camera }: { seen: Seen[]; camera: string }): Look {
  const { atMs, revision, sequence } = key;
  return {
    id: messageId(camera, revision, sequence),
    camera,
    areaPath: pathOf(columns.path(row)),
    revision,
    sequence,
    capturedAtMs: atMs,
    receivedAtMs: columns.received(row),
    watchedFromMs: columns.watched_from_ms(row),
    watchedToMs: columns.watched_to_ms(row),
    isWatched: columns.is_watched(row) === 1,
    model: columns.by_model(row),
    calibrationVersion: columns.calibration_version(row),
    seen,
  };
}

function seenOf({ columns, row }: SightingRows): Seen {
  const box: Box = [columns.x(row), columns.y(row), columns.width(row), columns.height(row)];
  const [track, kind] = [columns.of_track(row), columns.of_kind(row) as Kind];
  const isHeld = columns.is_held(row) === 1;
  if (columns.is_placed(row) === 0) return { track, kind, score: columns.score(row), box, isHeld };
  const place = {
    lon: columns.at_lon(row),
    lat: columns.at_lat(row),
    covEe: columns.ee(row),
    covEn: columns.en(row),
    covNn: columns.nn(row),
  };
  return { track, kind, score: columns.score(row), box, isHeld, place };
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
