/** The way of a batch: bytes → admitted messages → places → rows and roll-ups → acknowledgement. */
import type { JsMsg } from '@nats-io/jetstream';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { admit } from './consume/admit.ts';
import type { Fence } from './consume/fence.ts';
import { ACK_WAIT_MS } from './consume/messages.ts';
import type { Repeats } from './consume/repeats.ts';
import type { Stages } from './metrics.ts';
import type { Placer } from './place/placer.ts';
import type { PlacedMessage, Quarantined } from './store/rows.ts';
import type { Batch, Writer } from './store/writer.ts';

type Parts = {
  placer: Placer;
  fence: Fence;
  repeats: Repeats;
  writer: Writer;
  stages: Stages;
  logger: Logger;
  signal: AbortSignal;
  quarantineMs: number;
  floorMs: () => number;
};

/**
 * Takes batches until they end. While one is written the next is read and placed, no more. A batch whose rows could not
 * be stored stays unacknowledged and comes again.
 */
export async function storeBatches(source: AsyncIterable<JsMsg[]>, parts: Parts): Promise<void> {
  let writing: Promise<boolean> = Promise.resolve(true);
  for await (const messages of source) {
    const batch = prepare(messages, parts);
    if (!(await writing)) return;
    writing = storeOne(batch, messages, parts);
  }
  await writing;
}

async function storeOne(batch: Batch, messages: readonly JsMsg[], parts: Parts): Promise<boolean> {
  const isStored = await writeUntilStored(batch, messages, parts);
  if (!isStored) return false;
  for (const message of messages) message.ack();
  parts.stages.acknowledged(batch);
  return true;
}

function prepare(messages: readonly JsMsg[], parts: Parts): Batch {
  const { placer, fence, repeats, stages, logger, quarantineMs } = parts;
  const done = stages.time('prepare');
  const placed: PlacedMessage[] = [];
  const quarantined: Quarantined[] = [];
  const repeated = new Set<PlacedMessage>();
  const options = { fence, offMaxMs: quarantineMs, floorMs: parts.floorMs() };
  for (const message of messages) {
    const admission = admit(message.data, message.info.timestampNanos / 1e6, options);
    if ('quarantined' in admission) {
      quarantined.push(admission.quarantined);
      continue;
    }
    const place = placer.place(admission.message);
    placed.push(place);
    if (repeats.mayRepeat(admission.message, message.redelivered)) repeated.add(place);
  }
  if (quarantined.length > 0) {
    const last = quarantined.at(-1)!;
    logger.warn(
      { messages: quarantined.length, reason: last.reason, camera: last.camera, last: last.message },
      'messages quarantined',
    );
  }
  stages.received(messages.length, quarantined);
  done();
  return {
    messages: placed,
    quarantined,
    revisions: fence.takeChanges(),
    coverage: placer.takeCoverage(),
    repeated,
  };
}

/**
 * Tries for as long as it takes, with the batch in hand and the broker told that it is being worked on; nothing more is
 * read meanwhile. Gives up only when the process is to end: then the broker delivers the messages again.
 */
async function writeUntilStored(batch: Batch, messages: readonly JsMsg[], parts: Parts): Promise<boolean> {
  const { writer, stages, logger, signal } = parts;
  const working = setInterval(() => {
    for (const message of messages) message.working();
  }, ACK_WAIT_MS / 3);
  try {
    for (let attempt = 0; ; attempt++) {
      const done = stages.time('write');
      try {
        stages.written(await writer.write(batch));
        done();
        return true;
      } catch (error) {
        stages.writeFailed(error as Error);
        logger.error({ error: (error as Error).message, attempt, messages: messages.length }, 'batch not stored');
        if (signal.aborted) return false;
        await pause(backoffMs(attempt, { baseMs: 250, capMs: 10_000 }), signal);
      }
    }
  } finally {
    clearInterval(working);
  }
}
