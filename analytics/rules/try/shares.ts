/** Cameras shared out among threads, each with an engine of its own, where rules have nothing in common between cameras. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ClickHouseClient } from '@clickhouse/client';
import { simpleParts } from '#models/registry/rule-check.ts';
import { KINDS } from '#models/schema/kind.ts';
import type { Rule } from '#models/schema/rule.ts';
import type { TryWatched } from '#models/schema/rule-try.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Normals } from '../normal-now.ts';
import type { SpanBlocks } from './merge-span.ts';
import { type Fired, normalKey, type ShareAnswer, type ShareTask } from './share.ts';
import type { TryWorld } from './world.ts';

const SCRIPT = new URL('./share.ts', import.meta.url);
const THREADS_MAX = 4;
/** Below this a thread's start costs more than it saves. */
const BYTES_MIN = 32 * 1024 ** 2;
const YOUNG_MB = 128;
const WEEK_HOURS = 168;

export type Shares = AsyncDisposable & {
  /** What fired by the looks of a span, in the order of time and cameras. */
  take: (
    span: SpanBlocks,
    signal: AbortSignal,
  ) => Promise<{ fired: readonly Fired[]; looks: number; sightings: number }>;
  watched: (signal: AbortSignal) => Promise<TryWatched[]>;
};

type Options = Omit<ShareTask, 'own' | 'normals'> & { normals: Normals | undefined };
type Answers = readonly ShareAnswer[];

/** Totals and pairs look at several cameras; quiet spans are over by the looks of any; troubles come by another way. */
export function mayShare(rules: readonly Rule[], { quiets }: Pick<TryWorld, 'quiets'>): boolean {
  const isAlone = ({ when }: Rule) =>
    when.type !== 'sequence' &&
    simpleParts(when).every((part) => part.when.type !== 'area-total' && part.when.type !== 'camera');
  return quiets.length === 0 && rules.every(isAlone);
}

/** Whose sightings are how many. */
export async function readWeights(
  client: ClickHouseClient,
  { cameras, fromMs, toMs }: { cameras: readonly string[]; fromMs: number; toMs: number },
  { signal }: { signal: AbortSignal },
): Promise<Map<string, number>> {
  const result = await client.query({
    query: `SELECT camera, count() AS sightings FROM ${DATABASE}.sightings
      WHERE captured_at >= fromUnixTimestamp64Milli({fromMs: Int64}, 'UTC')
        AND captured_at < fromUnixTimestamp64Milli({toMs: Int64}, 'UTC') AND camera IN ({cameras: Array(String)})
      GROUP BY camera`,
    query_params: { cameras, fromMs, toMs },
    format: 'JSONEachRow',
    abort_signal: signal,
  });
  const rows = await result.json<{ camera: string; sightings: string }>();
  return new Map(rows.map(({ camera, sightings }) => [camera, Number(sightings)]));
}

export const isWorthSharing = (bytes: number, cameras: number) =>
  bytes >= BYTES_MIN && cameras > 1 && availableParallelism() > 1;

/** `weights`: how much there is to do, by camera. */
export function openShares(options: Options, weights: ReadonlyMap<string, number>): Shares {
  const { rules, world, zone, cameras, watched, period, normals } = options;
  const table = normals && { version: normals.version, table: tableOf(normals, cameras) };
  const shares = shareOut(cameras, weights);
  const threads = shares.map((own) =>
    openThread({ rules, world, zone, cameras, own, watched, period, normals: table }),
  );
  const askAll = (span: SpanBlocks | 'end', signal: AbortSignal): Promise<Answers> =>
    untilAborted(Promise.all(threads.map((thread) => thread.ask(span))), signal);
  const ranks = new Map(cameras.map((camera, index) => [camera, index]));
  return {
    async take({ fromMs, looks, sightings }, signal) {
      const shared = { fromMs, looks: [joined(looks)], sightings: [joined(sightings)] };
      const answers = await askAll(shared, signal);
      const done = answers.filter((answer) => 'fired' in answer);
      return {
        fired: done.flatMap(({ fired }) => fired).sort((a, b) => a.atMs - b.atMs || rankOf(a) - rankOf(b)),
        looks: done.reduce((sum, one) => sum + one.looks, 0),
        sightings: done.reduce((sum, one) => sum + one.sightings, 0),
      };
    },
    async watched(signal) {
      const answers = await askAll('end', signal);
      const told = answers.flatMap((answer) => ('watched' in answer ? answer.watched : []));
      return watched.flatMap((id) => told.filter(({ camera }) => camera === id));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
  function rankOf({ camera }: Fired): number {
    return ranks.get(camera) ?? -1;
  }
}

/** The heaviest first, each to whom has least. */
function shareOut(cameras: readonly string[], weights: ReadonlyMap<string, number>): string[][] {
  const weightOf = (camera: string) => weights.get(camera) ?? 0;
  const count = Math.min(availableParallelism(), THREADS_MAX, cameras.length);
  const shares = Array.from({ length: count }, () => ({ own: [] as string[], weight: 0 }));
  for (const camera of [...cameras].sort((a, b) => weightOf(b) - weightOf(a))) {
    const lightest = shares.reduce((best, share) => (share.weight < best.weight ? share : best));
    lightest.own.push(camera);
    lightest.weight += 1 + weightOf(camera);
  }
  return shares.map(({ own }) => own);
}

function openThread(task: ShareTask) {
  const worker = new Worker(SCRIPT, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  let settle: { done: (answer: ShareAnswer) => void; fail: (error: Error) => void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    settle?.fail(error);
  };
  worker.on('message', (answer: ShareAnswer) => settle?.done(answer));
  worker.on('error', (error) => fail(error as Error));
  worker.on('exit', (code) => fail(new Error(`a thread that tries the rule ended with ${code}`)));
  return {
    /** One question at a time. */
    ask: (span: SpanBlocks | 'end'): Promise<ShareAnswer> =>
      new Promise((done, refuse) => {
        if (failure !== undefined) return refuse(failure);
        settle = { done, fail: refuse };
        worker.postMessage(span);
      }),
    close: () => worker.terminate(),
  };
}

/** Whoever goes does not wait for threads, which are ended in the middle of a span. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(signal.reason);
    const leave = () => fail(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** In memory that all threads see. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(new SharedArrayBuffer(chunks.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function tableOf({ of }: Normals, cameras: readonly string[]) {
  const table = new Map<string, ReturnType<Normals['of']>>();
  for (const camera of cameras)
    for (const kind of KINDS)
      for (let hour = 0; hour < WEEK_HOURS; hour++) {
        const normal = of(camera, kind, hour);
        if (normal !== undefined) table.set(normalKey(camera, kind, hour), normal);
      }
  return table;
}
