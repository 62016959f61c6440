/** Reads a multipart stream of JPEG pictures (RFC 2046, section 5.1), each with the time at which the camera saw it. */

export type StreamedPicture = {
  jpeg: Blob;
  /** From the part's X-Captured-At-Ms; null where the part does not say. */
  capturedAtMs: number | null;
};

const PICTURE_BYTES_MAX = 16 * 1024 * 1024;
const HEAD_END = [13, 10, 13, 10];

/** Ends when the stream ends; throws for a stream whose parts grow beyond 16 MiB. */
export async function* readPictures(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedPicture> {
  const reader = body.getReader();
  let held: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      held = joined(held, value);
      for (let part = nextPart(held); part !== null; part = nextPart(held)) {
        held = held.slice(part.end);
        yield part.picture;
      }
      if (held.length > PICTURE_BYTES_MAX) throw new Error('a picture of the stream is larger than 16 MiB');
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function indexOf(bytes: Uint8Array, sought: readonly number[], from: number): number {
  for (let index = bytes.indexOf(sought[0]!, from); index !== -1; index = bytes.indexOf(sought[0]!, index + 1)) {
    if (sought.every((byte, offset) => bytes[index + offset] === byte)) return index;
  }
  return -1;
}

/** A whole part at the start of `bytes`, or null while it is still arriving. */
function nextPart(bytes: Uint8Array<ArrayBuffer>): { picture: StreamedPicture; end: number } | null {
  const headEnd = indexOf(bytes, HEAD_END, 0);
  if (headEnd === -1) return null;
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, headEnd));
  const number = (name: string) => {
    const text = new RegExp(`^${name}:\\s*(\\d+)`, 'im').exec(head)?.[1];
    return text === undefined ? null : Number(text);
  };
  const length = number('content-length');
  if (length === null) throw new Error('a part of the picture stream has no Content-Length');
  const start = headEnd + HEAD_END.length;
  if (bytes.length < start + length) return null;
  const jpeg = new Blob([bytes.subarray(start, start + length)], { type: 'image/jpeg' });
  return { picture: { jpeg, capturedAtMs: number('x-captured-at-ms') }, end: start + length };
}
