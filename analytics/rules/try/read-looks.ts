/** Stored rows as the looks that the engine was or would have been fed, in order of time: span by span, two answers merged. */
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ClickHouseClient, DataFormat } from '@clickhouse/client';
import { KINDS } from '#models/schema/kind.ts';
import { DATABASE } from '#system/store-client.ts';
import { DEGREE_STEPS, type Look } from '../look.ts';
import { mergeSpan, type SpanBlocks } from './merge-span.ts';
import type { Wanted } from './wanted.ts';

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
  // A row that came twice lies in the partition of its time both times.
  do_not_merge_across_partitions_select_final: 1,
  low_cardinality_allow_in_native_format: 1,
  max_threads: 1,
} as const;

const at = (ms: string) => `fromUnixTimestamp64Milli({${ms}: Int64}, 'UTC')`;
/** What comes from the store costs by the byte: within a span four of them say when, and six which look of that moment. */
const AT = 'toUInt32(toUnixTimestamp64Milli(captured_at) - {fromMs: Int64})';
/** As `look.ts` rounds it; zeros where there is no place. */
const PLACE_COLUMNS = (() => {
  const cov = (name: string) => `toFloat64(ifNull(cov_${name}, 0))`;
  const [sum, half] = [`(${cov('ee')} + ${cov('nn')})`, `((${cov('ee')} - ${cov('nn')}) / 2)`];
  const degrees = (name: string) => `toInt32(floor(ifNull(${name}, 0) * ${DEGREE_STEPS} + 0.5)) AS at_${name}`;
  return `${degrees('lon')}, ${degrees('lat')}, toFloat32(${sum} / 2) AS variance_m2,
      toFloat32(sqrt(${sum} / 2 + sqrt(${half} * ${half} + ${cov('en')} * ${cov('en')}))) AS error_m`;
})();
const ORDER = 'captured_at, camera, revision, sequence';

/** Looks of one or some cameras from `fromMs` until before `toMs`, some thousand at a time. */
export async function* readLooks(
  client: ClickHouseClient,
  asked: LooksAsked,
  options: Options,
): AsyncGenerator<readonly Look[]> {
  const cameras = [...asked.cameras].sort();
  for await (const span of readSpans(client, asked, options)) {
    for (const batch of mergeSpan(span, cameras)) {
      yield batch;
      // What comes of the next span is taken off its sockets meanwhile, and idle ones are closed before the store does.
      await setImmediate();
      options.signal.throwIfAborted();
    }
  }
}

/** What of the time that is asked for is in hand, as the store told it. */
export type Span = SpanBlocks & { toMs: number; bytes: number };

/** The same as the store tells it, span by span; the next one comes while one is worked on. */
export async function* readSpans(client: ClickHouseClient, asked: LooksAsked, options: Options): AsyncGenerator<Span> {
  const fetch = (fromMs: number, lengthMs: number) => {
    const toMs = Math.min(asked.toMs, fromMs + lengthMs);
    const fetched = fetchSpan(client, { ...asked, fromMs, toMs }, options);
    // Waited for only where it is read: one that fails after its reader left is nobody's loss.
    fetched.catch(() => {});
    return { fetched, fromMs, toMs };
  };
  let lengthMs = FIRST_MS;
  let next = asked.fromMs < asked.toMs ? fetch(asked.fromMs, lengthMs) : undefined;
  while (next !== undefined) {
    const { fromMs, toMs } = next;
    const { sightings, looks, bytes } = await next.fetched;
    lengthMs = Math.min(
      DAY_MS,
      Math.max(SHORTEST_MS, bytes > SPAN_BYTES ? lengthMs / 2 : bytes < SPAN_BYTES / 3 ? lengthMs * 2 : lengthMs),
    );
    next = toMs < asked.toMs ? fetch(toMs, lengthMs) : undefined;
    yield { fromMs, toMs, looks, sightings, bytes };
  }
}

type Fetched = { sightings: readonly Uint8Array[]; looks: readonly Uint8Array[]; bytes: number };

/** Taken at once, while the engine works on the span before: the store's limit on time is not for how fast rules are. */
async function fetchSpan(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<Fetched> {
  // Of no kind at all: rules of cameras' troubles need no sightings.
  const hasSightings = span.wanted.length > 0;
  const [sightings, looks] = await Promise.all([
    hasSightings ? sightingsOf(client, span, options).then(collect) : [],
    looksOf(client, span, options).then(collect),
  ]);
  const bytes = [...sightings, ...looks].reduce((sum, { length }) => sum + length, 0);
  return { sightings, looks, bytes };
}

/** By events: an async loop over a stream joins its chunks first. */
function collect(stream: Readable): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  return new Promise((done, fail) => {
    stream.on('data', (chunk: Uint8Array) => void all.push(chunk));
    stream.once('end', () => done(all));
    stream.once('error', fail);
    stream.once('close', () => fail(new Error('the answer of the store broke off')));
  });
}

function looksOf(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<Readable> {
  return ask(
    client,
    `SELECT ${AT} AS at_ms, camera, revision, sequence, received_at, watched_from, watched_to, unwatched_reason,
      calibration_version, model, area_path
    FROM ${DATABASE}.looks FINAL
    WHERE captured_at >= ${at('fromMs')} AND captured_at < ${at('toMs')}
      AND watched_from >= ${at('beginMs')} AND watched_from < ${at('endMs')} AND camera IN ({cameras: Array(String)})
    ORDER BY ${ORDER}`,
    { ...span, beginMs: span.fromMs - SPAN_MS, endMs: span.toMs + SPAN_MS },
    options,
  );
}

function sightingsOf(client: ClickHouseClient, span: LooksAsked, options: Options): Promise<Readable> {
  const isAll = span.wanted.every(({ kinds }) => kinds.length === KINDS.length);
  const params = Object.fromEntries(span.wanted.map(({ cameras }, index) => [`cameras${index}`, cameras]));
  const groups = span.wanted.map(({ kinds }, index) => {
    const ofKind = kinds.map((kind) => `'${kind}'`).join(', ');
    return `camera IN ({cameras${index}: Array(String)}) AND kind IN (${ofKind})`;
  });
  const ofKind = isAll ? '' : `AND (${groups.join(' OR ')})`;
  return ask(
    client,
    `SELECT ${AT} AS at_ms, camera, toUInt16(revision) AS revision_end, toUInt32(sequence) AS sequence_end,
      toLowCardinality(track) AS of_track, kind, score, x, y, width, height, is_held, unplaced_reason, ${PLACE_COLUMNS}
    FROM ${DATABASE}.sightings FINAL
    WHERE captured_at >= ${at('fromMs')} AND captured_at < ${at('toMs')} AND camera IN ({cameras: Array(String)}) ${ofKind}
    ORDER BY ${ORDER}, ordinal`,
    { ...span, ...(isAll ? {} : { params }) },
    options,
  );
}

type Params = Pick<LooksAsked, 'cameras' | 'fromMs' | 'toMs'> & {
  beginMs?: number;
  endMs?: number;
  params?: Record<string, readonly string[]>;
};

async function ask(
  client: ClickHouseClient,
  query: string,
  { cameras, fromMs, toMs, beginMs = fromMs, endMs = toMs, params = {} }: Params,
  { signal }: Options,
): Promise<Readable> {
  const { stream } = await client.exec({
    query: `${query} FORMAT ${FORMAT}`,
    query_params: { cameras, fromMs, toMs, beginMs, endMs, ...params },
    clickhouse_settings: SETTINGS,
    abort_signal: signal,
  });
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream as Readable;
}
