import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  decodeVideoMessage,
  encodeFragment,
  encodeNotice,
  encodeStart,
  framed,
  readFramed,
  VIDEO_MESSAGE_MAX_BYTES,
} from '#models/wire/video.ts';

const START = { codec: 'hevc', mime: 'video/mp4; codecs="hvc1"', width: 4, height: 2, stream: 'watched' } as const;
const messages = [
  encodeStart(START, Buffer.from('init')),
  encodeFragment({ isKey: true, capturedAtMs: 1_795_000_000_123.5, shownAtS: 0.04, data: Buffer.from('moof') }),
  encodeNotice({ code: 'video-codec', detail: 'the stream is mjpeg' }),
];

describe('messages of a live video', () => {
  it('come out as they went in, however the bytes between worker and API are cut', async () => {
    const bytes = Buffer.concat(messages.map(framed));
    for (const size of [1, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const read = await Array.fromAsync(readFramed(Readable.from(chunks)));
      expect(read.map((message) => message.toString('hex'))).toEqual(messages.map((each) => each.toString('hex')));
    }
    expect(messages.map(decodeVideoMessage)).toEqual([
      { type: 'start', start: START, init: Buffer.from('init') },
      { type: 'fragment', isKey: true, capturedAtMs: 1_795_000_000_123.5, shownAtS: 0.04, data: Buffer.from('moof') },
      { type: 'notice', notice: { code: 'video-codec', detail: 'the stream is mjpeg' } },
    ]);
  });

  it('are refused where a length or a kind cannot be', async () => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(VIDEO_MESSAGE_MAX_BYTES + 1);
    await expect(Array.fromAsync(readFramed(Readable.from([length])))).rejects.toThrow(/says that it has/);
    expect(() => decodeVideoMessage(Buffer.from([9, 9]))).toThrow(/begins with 1, 2 or 3/);
  });
});
