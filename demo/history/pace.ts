/** How the writing of a past in a running demo lets live cameras go first: it rests, and it waits while they lag. */
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';

/** Does a piece of work when its turn has come. */
export type Pace = <T>(work: () => Promise<T>) => Promise<T>;

export const atOnce: Pace = (work) => work();

/** Live rows are to be stored within a second; a batch alone takes a quarter of it. */
const LAG_MAX_MS = 500;
const LOOK_EVERY_MS = 250;
/** Beyond this it goes on all the same: a site that is always behind would never get its past. */
const WAIT_MAX_MS = 5000;
/** It rests this many times as long as it worked. */
const REST = 1;
const REST_MAX_MS = 10_000;

type Options = { signal: AbortSignal; waitMaxMs?: number };

export function createPace(lagMs: () => Promise<number>, { signal, waitMaxMs = WAIT_MAX_MS }: Options): Pace {
  return async (work) => {
    const deadline = performance.now() + waitMaxMs;
    while (!signal.aborted && performance.now() < deadline && (await lagMs()) > LAG_MAX_MS)
      await pause(LOOK_EVERY_MS, signal);
    const began = performance.now();
    const done = await work();
    await pause(Math.min(REST_MAX_MS, REST * (performance.now() - began)), signal);
    return done;
  };
}

/** How long the oldest detection that is not stored yet has waited (ms); 0 where all are. */
export async function readLag({ manager }: Pick<Broker, 'manager'>): Promise<number> {
  const info = await manager.consumers.info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER);
  if (info.num_pending + info.num_ack_pending === 0) return 0;
  const seq = info.ack_floor.stream_seq + 1;
  // Stored, or expired, since we asked: then it waits no longer.
  const oldest = await manager.streams.getMessage(DETECTIONS_STREAM.name, { seq }).catch(() => null);
  return oldest === null ? 0 : Math.max(0, Date.now() - oldest.time.getTime());
}
