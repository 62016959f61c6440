/**
 * Messages of a live video, from the worker over the API to the page: a WebSocket carries one per binary message, the
 * HTTP answer between worker and API puts its length before each (four bytes). Numbers are big-endian.
 *
 *     start     1 | length of the JSON (u32) | JSON: VideoStart | init segment
 *     fragment  2 | flags (bit 0: keyframe) | capturedAtMs (f64) | shownAtS (f64) | moof and mdat
 *     notice    3 | JSON: VideoNotice
 */
import { FaultError } from '../schema/fault.ts';
import type { VideoNotice, VideoStart } from '../schema/live-video.ts';

export const VIDEO_CONTENT_TYPE = 'application/x-sharp-eyes-video';

const KINDS = { start: 1, fragment: 2, notice: 3 } as const;
const IS_KEY = 1;
const FRAGMENT_HEAD_BYTES = 18;
/** A keyframe of 4K is below 4 MB; what is larger is no message of ours. */
export const VIDEO_MESSAGE_MAX_BYTES = 16 * 1024 ** 2;

export type VideoFragment = {
  isKey: boolean;
  capturedAtMs: number;
  /** When it is shown on the time line of the fragments. */
  shownAtS: number;
  data: Uint8Array;
};

export function encodeStart(start: VideoStart, init: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(start));
  const head = Buffer.alloc(5);
  head[0] = KINDS.start;
  head.writeUInt32BE(json.length, 1);
  return Buffer.concat([head, json, init]);
}

export function encodeFragment({ isKey, capturedAtMs, shownAtS, data }: VideoFragment): Buffer {
  const head = Buffer.alloc(FRAGMENT_HEAD_BYTES);
  head[0] = KINDS.fragment;
  head[1] = isKey ? IS_KEY : 0;
  head.writeDoubleBE(capturedAtMs, 2);
  head.writeDoubleBE(shownAtS, 10);
  return Buffer.concat([head, data]);
}

export function encodeNotice(notice: VideoNotice): Buffer {
  return Buffer.concat([Buffer.from([KINDS.notice]), Buffer.from(JSON.stringify(notice))]);
}

export type VideoMessage =
  | { type: 'start'; start: VideoStart; init: Buffer }
  | ({ type: 'fragment' } & VideoFragment)
  | { type: 'notice'; notice: VideoNotice };

/** Throws FaultError `invalid-value` for bytes that are no message. */
export function decodeVideoMessage(bytes: Buffer): VideoMessage {
  if (bytes[0] === KINDS.start && bytes.length >= 5) {
    const end = 5 + bytes.readUInt32BE(1);
    const start = JSON.parse(bytes.toString('utf8', 5, end)) as VideoStart;
    return { type: 'start', start, init: bytes.subarray(end) };
  }
  if (bytes[0] === KINDS.fragment && bytes.length > FRAGMENT_HEAD_BYTES) {
    const [capturedAtMs, shownAtS] = [bytes.readDoubleBE(2), bytes.readDoubleBE(10)];
    const data = bytes.subarray(FRAGMENT_HEAD_BYTES);
    return { type: 'fragment', isKey: isKeyframe(bytes), capturedAtMs, shownAtS, data };
  }
  if (isNotice(bytes)) return { type: 'notice', notice: readNotice(bytes) };
  throw new FaultError(
    'invalid-value',
    `a message of a live video begins with 1, 2 or 3, but this one with ${bytes[0]}`,
  );
}

export const isFragment = (message: Uint8Array): boolean => message[0] === KINDS.fragment;

export const isKeyframe = (message: Uint8Array): boolean => isFragment(message) && ((message[1] ?? 0) & IS_KEY) !== 0;

export const isNotice = (message: Uint8Array): boolean => message[0] === KINDS.notice;

export const readNotice = (message: Buffer): VideoNotice => JSON.parse(message.toString('utf8', 1)) as VideoNotice;

/** Puts the length before a message. */
export function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** Takes the messages out of an answer's bytes; throws FaultError `invalid-value` for a length that cannot be. */
export async function* readFramed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wanted = 4;
  for await (const chunk of chunks) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    heldBytes += chunk.length;
    if (heldBytes < wanted) continue;
    let bytes = held.length === 1 ? held[0]! : Buffer.concat(held, heldBytes);
    for (wanted = wantedBytes(bytes); bytes.length >= wanted && wanted > 4; wanted = wantedBytes(bytes)) {
      yield bytes.subarray(4, wanted);
      bytes = bytes.subarray(wanted);
    }
    held = [bytes];
    heldBytes = bytes.length;
  }
}

function wantedBytes(bytes: Buffer): number {
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  if (length > VIDEO_MESSAGE_MAX_BYTES) {
    throw new FaultError('invalid-value', `a message of a live video says that it has ${length} bytes`);
  }
  return 4 + length;
}
