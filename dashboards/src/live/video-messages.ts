/** Reads the messages of a live video; models/wire/video.ts says how they are written. */
import type { VideoNotice, VideoStart } from '#models/schema/live-video.ts';

export type VideoPicture = {
  isKey: boolean;
  capturedAtMs: number;
  /** On the time line of the `<video>`. */
  shownAtS: number;
  data: Uint8Array<ArrayBuffer>;
};

export type VideoMessage =
  | { type: 'start'; start: VideoStart; init: Uint8Array<ArrayBuffer> }
  | { type: 'picture'; picture: VideoPicture }
  | { type: 'notice'; notice: VideoNotice };

const PICTURE_HEAD_BYTES = 18;

/** null for a message of a kind that is not known here. */
export function readVideoMessage(bytes: ArrayBuffer): VideoMessage | null {
  const view = new DataView(bytes);
  const json = (from: number, to: number): unknown => JSON.parse(new TextDecoder().decode(bytes.slice(from, to)));
  switch (view.getUint8(0)) {
    case 1: {
      const end = 5 + view.getUint32(1);
      return { type: 'start', start: json(5, end) as VideoStart, init: new Uint8Array(bytes, end) };
    }
    case 2: {
      const isKey = (view.getUint8(1) & 1) === 1;
      const times = { capturedAtMs: view.getFloat64(2), shownAtS: view.getFloat64(10) };
      return { type: 'picture', picture: { isKey, ...times, data: new Uint8Array(bytes, PICTURE_HEAD_BYTES) } };
    }
    case 3:
      return { type: 'notice', notice: json(1, bytes.byteLength) as VideoNotice };
    default:
      return null;
  }
}
