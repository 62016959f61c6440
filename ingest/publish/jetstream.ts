/** One message to the detections stream: the id makes a repeat harmless, the stream's answer says that it is stored. */
import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';
import type { SpoolRecord } from '#ingest/spool/segment.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';

const TIMEOUT_MS = 5000;
/** JetStream's "message size exceeds maximum allowed". */
const TOO_LARGE = 10054;

export function jetStreamPublisher(
  stream: JetStreamClient,
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): (record: SpoolRecord) => Promise<void> {
  return async ({ subject, id, data }) => {
    const stored = await stream.publish(subject, data, { msgID: id, timeout: timeoutMs });
    if (stored.stream !== DETECTIONS_STREAM.name) {
      throw new Error(`${subject} was stored in the stream ${stored.stream}, not in ${DETECTIONS_STREAM.name}`);
    }
  };
}

/** True where no repeat will help: the message itself is what the broker will not have. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.code === TOO_LARGE;
  return /max_payload|payload max/i.test((error as Error).message);
}
