/** Keeps alerts: from the stream into the store, acknowledged once the rows are there. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { JsMsg } from '@nats-io/jetstream';
import { decodeStreamEvent } from '#models/wire/events.ts';
import type { Config } from '#system/config.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { batches } from '../consume/batches.ts';
import { type Sequenced, writeEvents } from '../store/alerts/write.ts';
import type { AlertStages } from './metrics.ts';

type Parts = { client: ClickHouseClient; config: Config; stages: AlertStages; logger: Logger; signal: AbortSignal };

const BATCH_EVENTS = 10_000;
/** The store merges what it is given: an insert a second at the most. */
const EVERY_MS = 1000;
/** Well within the time after which the broker delivers again. */
const WORKING_EVERY_MS = 1500;

/** Ends when `messages` end. in = stored + undecodable; what cannot be read is logged and passed over. */
export async function keepEvents(messages: AsyncIterable<JsMsg>, parts: Parts): Promise<void> {
  for await (const batch of batches(messages, { weigh: () => 1, weightMax: BATCH_EVENTS, everyMs: EVERY_MS })) {
    const events = batch.flatMap((message) => read(message, parts));
    if (!(await storeUntilDone(events, batch, parts))) return;
    for (const message of batch) message.ack();
    parts.stages.stored({ stored: events.length, undecodable: batch.length - events.length });
  }
}

function read(message: JsMsg, { logger }: Parts): Sequenced[] {
  try {
    return [{ event: decodeStreamEvent(message.data), sequence: message.seq }];
  } catch (error) {
    logger.error({ sequence: message.seq, error: (error as Error).message }, 'event not readable');
    return [];
  }
}

/** Tries for as long as it takes, and tells the broker that the batch is being worked on; false when the process ends. */
async function storeUntilDone(events: readonly Sequenced[], batch: readonly JsMsg[], parts: Parts): Promise<boolean> {
  const { client, config, stages, logger, signal } = parts;
  const working = setInterval(() => {
    for (const message of batch) message.working();
  }, WORKING_EVERY_MS);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await writeEvents(client, config, events);
        stages.storeReached();
        return true;
      } catch (error) {
        logger.error({ error: (error as Error).message, attempt, events: events.length }, 'alerts not stored');
        stages.storeFailed(error as Error);
        if (signal.aborted) return false;
        await pause(backoffMs(attempt, { baseMs: 250, capMs: 10_000 }), signal);
      }
    }
  } finally {
    clearInterval(working);
  }
}
