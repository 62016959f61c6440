/** A thread that runs the rules over the looks of some cameras: rows of the store come in, what fired goes out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Rule } from '#models/schema/rule.ts';
import type { TryWatched } from '#models/schema/rule-try.ts';
import type { Firing } from '../firing.ts';
import type { Normals } from '../normal-now.ts';
import { mergeSpan, type SpanBlocks } from './merge-span.ts';
import { engineOf } from './run.ts';
import { createWatched } from './watched.ts';
import type { TryWorld } from './world.ts';

/** `cameras`: all that rows are of, in order; `own` of them are this thread's. */
export type ShareTask = {
  rules: readonly Rule[];
  world: TryWorld;
  zone: string;
  cameras: readonly string[];
  own: readonly string[];
  /** Of which of them it is told how long they watched within the period. */
  watched: readonly string[];
  period: { fromMs: number; toMs: number };
  normals: { version: string; table: ReadonlyMap<string, ReturnType<Normals['of']>> } | undefined;
};

/** By a look of that camera and time. */
export type Fired = { atMs: number; camera: string; firings: readonly Firing[] };
export type ShareAnswer = { fired: Fired[]; looks: number; sightings: number } | { watched: TryWatched[] };

function work({ rules, world, zone, cameras, own, watched, period, normals }: ShareTask) {
  const engine = engineOf({ world, zone, normals: normals && { ...normals, of: lookUp(normals.table) } });
  for (const rule of rules) engine.setRule(rule);
  const mine = new Set(own);
  const ledger = createWatched(
    watched.filter((camera) => mine.has(camera)),
    period,
  );

  function take(span: SpanBlocks): ShareAnswer {
    const fired: Fired[] = [];
    let [looks, sightings] = [0, 0];
    for (const batch of mergeSpan(span, cameras, mine)) {
      looks += batch.length;
      for (const look of batch) {
        const firings = engine.look(look);
        if (firings.length > 0) fired.push({ atMs: look.capturedAtMs, camera: look.camera, firings });
        ledger.look(look);
        sightings += look.seen.length;
      }
    }
    return { fired, looks, sightings };
  }
  return (span: SpanBlocks | 'end'): ShareAnswer => (span === 'end' ? { watched: ledger.told() } : take(span));
}

export const normalKey = (camera: string, kind: string, hour: number) => `${camera} ${kind} ${hour}`;

const lookUp =
  (table: NonNullable<ShareTask['normals']>['table']): Normals['of'] =>
  (camera, kind, hour) =>
    table.get(normalKey(camera, kind, hour));

if (parentPort !== null) {
  const port = parentPort;
  const answer = work(workerData as ShareTask);
  port.on('message', (span: SpanBlocks | 'end') => port.postMessage(answer(span)));
}
