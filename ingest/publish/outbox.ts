/** The way out of a worker: messages go to JetStream in order, and through the spool while the broker cannot take them. */
import type { SpoolRecord } from '#ingest/spool/segment.ts';
import type { Spool } from '#ingest/spool/spool.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';

export type OutboxOptions = {
  /** Resolves when the stream has stored the message; rejects within a bounded time otherwise. */
  publish: (record: SpoolRecord) => Promise<void>;
  isConnected: () => boolean;
  spool: Spool;
  logger: Logger;
  /** Messages that may wait for their acknowledgement at once. */
  windowSize?: number;
  /** The broker will never take this message (it is too large, say): it is given up, counted and logged. */
  isRefusal?: (error: unknown) => boolean;
  onEvent?: (event: OutboxEvent) => void;
};

export type OutboxEvent =
  | { type: 'published'; seconds: number }
  | { type: 'spooled' }
  | { type: 'replayed' }
  | { type: 'refused'; id: string };

/**
 * Two states. **Direct**: a message is published at once; up to `windowSize` wait for their acknowledgement, then
 * `send` waits. **Spooling**: from the first publication that fails, or when the connection is known to be gone, all
 * that was not acknowledged and all that comes goes to the spool, in order; the spool is replayed when the broker takes
 * messages again, and only when it is empty does the outbox turn direct. So the order of a camera's messages stays;
 * a message whose acknowledgement was lost comes twice, with the same id.
 */
export type Outbox = AsyncDisposable & {
  /** Resolves when the message is on its way or in the spool. */
  send: (record: SpoolRecord) => Promise<void>;
  state: () => 'direct' | 'spooling';
  inFlight: () => number;
  /** Looks at once whether the spool has something to replay: after segments were adopted, say. */
  wake: () => void;
};

type Entry = { record: SpoolRecord; isAcknowledged: boolean };

const REPLAY_INTERVAL_MS = 500;
const STOP_TIMEOUT_MS = 3000;

export function openOutbox(options: OutboxOptions): Outbox {
  const { spool, logger, isConnected, windowSize = 256, onEvent = () => {} } = options;
  const stopping = new AbortController();
  let flight: Entry[] = [];
  let state: 'direct' | 'spooling' = spool.isEmpty() ? 'direct' : 'spooling';
  let landed = Promise.withResolvers<void>();
  let replaying: Promise<void> | undefined;

  /** Wakes those who wait for room in the window. */
  function land(): void {
    landed.resolve();
    landed = Promise.withResolvers();
  }
  function keep(record: SpoolRecord): void {
    if (spool.append(record)) onEvent({ type: 'spooled' });
  }
  function turnToSpool(reason: string): void {
    if (state === 'spooling') return;
    state = 'spooling';
    const left = flight.filter((entry) => !entry.isAcknowledged);
    flight = [];
    for (const entry of left) keep(entry.record);
    logger.warn({ reason, unacknowledged: left.length }, 'spooling began');
    land();
    startReplay();
  }
  async function publish(record: SpoolRecord): Promise<void> {
    const startedAt = performance.now();
    try {
      await options.publish(record);
      onEvent({ type: 'published', seconds: (performance.now() - startedAt) / 1000 });
    } catch (error) {
      if (options.isRefusal?.(error) !== true) throw error;
      logger.error({ id: record.id, bytes: record.data.length, error: String(error) }, 'message refused by the broker');
      onEvent({ type: 'refused', id: record.id });
    }
  }
  function launch(record: SpoolRecord): void {
    const entry: Entry = { record, isAcknowledged: false };
    flight.push(entry);
    publish(record).then(
      () => {
        entry.isAcknowledged = true;
        while (flight[0]?.isAcknowledged === true) flight.shift();
        land();
      },
      (error: unknown) => {
        if (flight.includes(entry)) turnToSpool((error as Error).message);
      },
    );
  }
  function startReplay(): void {
    replaying ??= replay().finally(() => {
      replaying = undefined;
    });
  }
  async function replay(): Promise<void> {
    while (state === 'spooling' && !stopping.signal.aborted) {
      if (!isConnected()) {
        await pause(REPLAY_INTERVAL_MS, stopping.signal);
        continue;
      }
      const segment = spool.oldest();
      if (segment === undefined) {
        state = 'direct';
        logger.info('spooling ended');
        return;
      }
      const failure = await publishAll(segment.records, publish, { windowSize, signal: stopping.signal });
      if (failure === undefined) {
        spool.remove(segment.name);
        for (const _ of segment.records) onEvent({ type: 'replayed' });
      } else {
        logger.warn({ reason: failure, segment: segment.name }, 'replay interrupted');
        await pause(REPLAY_INTERVAL_MS, stopping.signal);
      }
    }
  }
  function wake(): void {
    if (state === 'direct' && !spool.isEmpty()) turnToSpool('messages of another worker wait');
    if (state === 'spooling') startReplay();
  }
  wake();

  return {
    async send(record) {
      while (state === 'direct' && flight.length >= windowSize) await landed.promise;
      if (state === 'direct' && !isConnected()) turnToSpool('the broker is away');
      if (state === 'direct') launch(record);
      else keep(record);
    },
    state: () => state,
    inFlight: () => flight.length,
    wake,
    async [Symbol.asyncDispose]() {
      const deadline = AbortSignal.timeout(STOP_TIMEOUT_MS);
      while (flight.length > 0 && state === 'direct' && isConnected() && !deadline.aborted) await pause(10, deadline);
      stopping.abort();
      // What is being replayed stands in the spool until all of it is acknowledged: no need to wait for a broker that hangs.
      await Promise.race([replaying, pause(REPLAY_INTERVAL_MS)]);
      if (flight.length > 0) turnToSpool('the worker ends');
    },
  };
}

/** Publishes in order, a window at a time; returns what went wrong first, or undefined when all are stored. */
async function publishAll(
  records: readonly SpoolRecord[],
  publish: (record: SpoolRecord) => Promise<void>,
  options: { windowSize: number; signal: AbortSignal },
): Promise<string | undefined> {
  for (let start = 0; start < records.length; start += options.windowSize) {
    if (options.signal.aborted) return 'the worker ends';
    const window = records.slice(start, start + options.windowSize);
    const results = await Promise.allSettled(window.map(publish));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) return (failed.reason as Error).message;
  }
  return undefined;
}
