/** Takes stored looks to the rules that are tried: here, one after the other, or shared out among threads. */
import { setImmediate } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Rule } from '#models/schema/rule.ts';
import type { TryWatched } from '#models/schema/rule-try.ts';
import type { Normals } from '../normal-now.ts';
import { mergeSpan } from './merge-span.ts';
import type { LooksAsked, Span } from './read-looks.ts';
import type { Words } from './read-words.ts';
import type { TryRun } from './run.ts';
import { isWorthSharing, mayShare, openShares, readWeights, type Shares } from './shares.ts';
import { createWatched } from './watched.ts';
import type { TryWorld } from './world.ts';

export type Told = { looks: number; sightings: number; watched: TryWatched[] };
export type Feeder = AsyncDisposable & {
  take: (span: Span) => Promise<void>;
  /** After the last span. */
  told: () => Promise<Told>;
};

export type FeederParts = {
  run: TryRun;
  rules: readonly Rule[];
  world: TryWorld;
  zone: string;
  normals: Normals | undefined;
  words: Words;
  /** Those of which it is told how long they watched within the period. */
  watched: readonly string[];
  period: { fromMs: number; toMs: number };
  signal: AbortSignal;
};

/** By what the first span holds: threads where there is much to do and cameras are no affair of each other. */
export async function openFeeder(
  client: ClickHouseClient,
  { first, asked }: { first: Span; asked: LooksAsked },
  parts: FeederParts,
): Promise<Feeder> {
  const cameras = [...asked.cameras].sort();
  const all = (first.bytes * (asked.toMs - asked.fromMs)) / (first.toMs - first.fromMs);
  if (!mayShare(parts.rules, parts.world) || !isWorthSharing(all, cameras.length)) return feedHere(cameras, parts);
  const weights = await readWeights(client, { ...asked, fromMs: first.fromMs, toMs: first.toMs }, parts);
  return feedShares(openShares({ ...parts, cameras }, weights), parts);
}

function feedHere(cameras: readonly string[], { run, words, watched, period, signal }: FeederParts): Feeder {
  const ledger = createWatched(watched, period);
  let [looks, sightings] = [0, 0];
  return {
    async take(span) {
      for (const batch of mergeSpan(span, cameras)) {
        for (const look of batch) {
          if (words.nextAtMs() <= look.capturedAtMs) for (const word of words.until(look.capturedAtMs)) run.word(word);
          run.look(look);
          ledger.look(look);
          sightings += look.seen.length;
        }
        looks += batch.length;
        // What comes of the next span is taken off its sockets meanwhile, and idle ones are closed before the store does.
        await setImmediate();
        signal.throwIfAborted();
      }
    },
    async told() {
      for (const word of words.until(period.toMs)) run.word(word);
      return { looks, sightings, watched: ledger.told() };
    },
    async [Symbol.asyncDispose]() {},
  };
}

function feedShares(shares: Shares, { run, signal }: FeederParts): Feeder {
  let [looks, sightings] = [0, 0];
  return {
    async take(span) {
      const done = await shares.take(span, signal);
      for (const { firings, atMs } of done.fired) run.take(firings, atMs);
      looks += done.looks;
      sightings += done.sightings;
    },
    told: async () => ({ looks, sightings, watched: await shares.watched(signal) }),
    [Symbol.asyncDispose]: () => shares[Symbol.asyncDispose](),
  };
}
