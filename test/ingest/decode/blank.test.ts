import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV444P,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlanker } from '#ingest/decode/blank.ts';
import { createInspector } from '#ingest/diagnose/inspector.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { testLogger } from '#test/site/site.ts';

/** The left half, and a corner on the right. */
const MASKS: PictureRings = [
  [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
  [
    [1, 1],
    [0.9, 1],
    [1, 0.8],
  ],
];
const [WIDTH, HEIGHT] = [64, 32];

function picture(format: AVPixelFormat, fill: number): Frame {
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { width: WIDTH, height: HEIGHT, format });
  frame.getBuffer();
  for (const plane of frame.data ?? []) plane.fill(fill);
  frame.pts = 4711n;
  return frame;
}

const rowOf = (frame: Frame, plane: number, row: number, bytes: number) => {
  const start = row * frame.linesize[plane]!;
  return [...frame.data![plane]!.subarray(start, start + bytes)];
};
const half = (black: number[], seen: number, pixels: number) =>
  Array.from({ length: pixels }, (_, x) => (x < pixels / 2 ? black : black.map(() => seen))).flat();

let clips: ReturnType<typeof makeClips>;
let clip: string;
beforeAll(async () => {
  clips = makeClips();
  clip = await clips.write('clip.mp4', { seconds: 2 });
});
afterAll(() => clips[Symbol.dispose]());

describe('a privacy mask on a decoded picture', () => {
  const formats: [string, AVPixelFormat, number[][], number[]][] = [
    ['yuv420p', AV_PIX_FMT_YUV420P, [[16], [128], [128]], [WIDTH, WIDTH / 2, WIDTH / 2]],
    ['yuv444p', AV_PIX_FMT_YUV444P, [[16], [128], [128]], [WIDTH, WIDTH, WIDTH]],
    ['nv12', AV_PIX_FMT_NV12, [[16], [128, 128]], [WIDTH, WIDTH / 2]],
    [
      'yuv420p10',
      AV_PIX_FMT_YUV420P10LE,
      [
        [64, 0],
        [0, 2],
        [0, 2],
      ],
      [WIDTH, WIDTH / 2, WIDTH / 2],
    ],
  ];
  for (const [name, format, blacks, widths] of formats) {
    it(`blanks every plane of ${name}, and leaves the rest and the decoder’s own picture as they were`, () => {
      using blanker = createBlanker(MASKS);
      using source = picture(format, 77);
      using blanked = blanker.blank(source);
      for (const [plane, black] of blacks.entries()) {
        expect(rowOf(blanked, plane, 2, widths[plane]! * black.length)).toEqual(half(black, 77, widths[plane]!));
        expect(rowOf(source, plane, 2, widths[plane]!).every((value) => value === 77)).toBe(true);
      }
      expect(rowOf(blanked, 0, HEIGHT - 1, WIDTH * blacks[0]!.length).slice(-blacks[0]!.length)).toEqual(blacks[0]);
      expect(blanked.pts).toBe(4711n);
    });
  }

  it('blanks the whole picture where its format is not known', () => {
    using blanker = createBlanker(MASKS);
    using source = picture(AV_PIX_FMT_RGB24, 77);
    using blanked = blanker.blank(source);
    expect(blanked.data![0]!.every((value) => value === 0)).toBe(true);
  });

  it('never writes into a picture that somebody still holds', () => {
    using blanker = createBlanker(MASKS);
    const held = Array.from({ length: 12 }, (_, index) => {
      using source = picture(AV_PIX_FMT_YUV420P, 30 + index);
      return blanker.blank(source);
    });
    expect(held.map((frame) => rowOf(frame, 0, 0, WIDTH).at(-1))).toEqual(held.map((_, index) => 30 + index));
    for (const frame of held) frame.free();
  });

  it('is on every picture that comes out of a camera, seen or looked at, and on none without one', async () => {
    const brightest = async (privacyMasks: PictureRings) => {
      let [seen, looked, pictures] = [0, 0, 0];
      const lightOf = (frame: Frame) =>
        Math.max(
          ...Array.from({ length: frame.height }, (_, row) => Math.max(...rowOf(frame, 0, row, frame.width / 2))),
        );
      using inspector = createInspector({ camera: 'gate', logger: testLogger, onSeen() {}, everyS: 0 });
      const spy = {
        ...inspector,
        see(frame: Frame) {
          seen = Math.max(seen, lightOf(frame));
        },
      };
      const source = { kind: 'file' as const, path: clip, isLooped: false };
      for await (const sight of readSource(source, {
        ...{ signal: new AbortController().signal, isGated: true, fullLookIntervalS: 1 },
        ...{ inspector: spy, privacyMasks },
      })) {
        if (sight.type !== 'frame') continue;
        using frame = sight.frame;
        looked = Math.max(looked, lightOf(frame.av));
        pictures++;
      }
      expect(pictures).toBeGreaterThan(5);
      return { seen, looked };
    };
    expect(await brightest(MASKS)).toEqual({ seen: 16, looked: 16 });
    const plain = await brightest([]);
    expect(plain.seen).toBeGreaterThan(60);
    expect(plain.looked).toBeGreaterThan(60);
  });
});
