/** Reads one message and decides: to be counted, or put aside with the reason. Nothing is dropped in silence. */
import { createHash } from 'node:crypto';
import type { Quarantined, QuarantineReason } from '#analytics/store/rows.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { decodeDetectionMessage } from '#models/wire/codec.ts';
import type { Fence } from './fence.ts';

export type Admission = { message: DetectionMessage } | { quarantined: Quarantined };

type Options = {
  fence: Fence;
  /** Most that a capture may be off from when the broker got the message. */
  offMaxMs: number;
  /** Before this time figures are no longer whole; undefined while it is not known yet. */
  floorMs: number;
};

const PAYLOAD_MAX = 65_536;
/** The presence cap is ten minutes at the most; what stands for more than an hour is no look. */
const LOOK_MAX_MS = 3_600_000;
const LOOKS_MAX = 1_000_000;

/** `publishedAtMs` is the broker's clock: the same at every delivery, so that a repeated message is judged alike. */
export function admit(data: Uint8Array, publishedAtMs: number, options: Options): Admission {
  let message: DetectionMessage;
  try {
    message = decodeDetectionMessage(data);
  } catch (error) {
    const id = `sha256:${createHash('sha256').update(data).digest('hex')}`;
    return aside('undecodable', { id, camera: '', capturedAtMs: null, message: (error as Error).message, data });
  }
  const found = findFault(message, publishedAtMs, options);
  if (found === undefined) return { message };
  const { id, camera, capturedAtMs } = message;
  return aside(found.reason, { id, camera, capturedAtMs, message: found.why, data });
}

function findFault(
  message: DetectionMessage,
  publishedAtMs: number,
  { fence, offMaxMs, floorMs }: Options,
): { reason: QuarantineReason; why: string } | undefined {
  const { camera, revision, capturedAtMs, watchedFromMs, watchedToMs } = message;
  const longestMs = message.sightings.reduce(
    (top, { presenceMs }) => Math.max(top, presenceMs),
    watchedToMs - watchedFromMs,
  );
  if (longestMs > LOOK_MAX_MS || watchedToMs < watchedFromMs || message.looks > LOOKS_MAX) {
    const why = `speaks for ${longestMs} ms and ${message.looks} looks; up to ${LOOK_MAX_MS} ms and ${LOOKS_MAX} looks can be`;
    return { reason: 'implausible', why };
  }
  const farthestMs = [capturedAtMs, watchedFromMs, watchedToMs].reduce((worst, atMs) =>
    Math.abs(atMs - publishedAtMs) > Math.abs(worst - publishedAtMs) ? atMs : worst,
  );
  const offHours = (farthestMs - publishedAtMs) / 3_600_000;
  if (Math.abs(offHours) > offMaxMs / 3_600_000) {
    const why = `captured ${Math.abs(offHours).toFixed(1)} h ${offHours > 0 ? 'after' : 'before'} it was published; ${offMaxMs / 3_600_000} h is the most`;
    return { reason: 'clock', why };
  }
  const beganMs = Math.min(capturedAtMs, watchedFromMs);
  if (beganMs < floorMs) {
    const why = `begins at ${new Date(beganMs).toISOString()}, before ${new Date(floorMs).toISOString()} from which figures are whole`;
    return { reason: 'expired', why };
  }
  if (fence.isStale(camera, revision, capturedAtMs))
    return { reason: 'stale', why: `of revision ${revision}, captured after a later lease of the camera began` };
  return undefined;
}

type Aside = Omit<Quarantined, 'reason' | 'payload'> & { data: Uint8Array };

function aside(reason: QuarantineReason, { data, ...rest }: Aside): Admission {
  const payload = new TextDecoder().decode(data.subarray(0, PAYLOAD_MAX));
  return { quarantined: { reason, ...rest, payload } };
}
