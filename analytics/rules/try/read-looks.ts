/** Stored rows as the looks that the engine was or would have been fed, in order of time: span by span, two answers merged. */
import type { Readable } from 'node:stream';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import type { Look } from '../look.ts';
import { mergeSpan } from './merge-span.ts';
import { conditionOf, type Wanted } from './wanted.ts';

export type LooksAsked = { cameras: readonly string[]; fromMs: number; toMs: number; wanted: Wanted };
type Options = { signal: AbortSignal };

const DAY_MS = 86_400_000;
/** A look speaks for some seconds; it lies in the partition of where they begin. */
const SPAN_MS = 3_600_000;
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
    yield* mergeSpan({ looks, sightings }, cameras);
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
