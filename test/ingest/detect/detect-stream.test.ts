import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { Decoder, Demuxer } from 'node-av/api';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { type DetectLine, type DetectOptions, detectStream } from '#ingest/detect/detect-stream.ts';
import { sourceOf } from '#ingest/detect/source.ts';
import { writeFixedModel } from '#test/site/fixed-model.ts';
import { until } from '#test/site/site.ts';

const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-detect-'));
const at = (name: string) => resolve(folder, name);
const config = { model: '', modelsDir: at('models'), materialDir: at('none') };

const CLIP = {
  codec: 'h264',
  width: 320,
  height: 180,
  fps: 10,
  seconds: 3,
  gopS: 1,
  scene: 'moving-box',
  seed: 3,
} as const;

beforeAll(async () => {
  writeFixedModel(config.modelsDir, 'fixed', [
    { kind: 'car', score: 0.9, box: [0.25, 0.5, 0.25, 0.25] },
    { kind: 'person', score: 0.55, box: [0.75, 0.25, 0.125, 0.5] },
    { kind: 'bus', score: 0.3, box: [0, 0, 0.125, 0.125] },
  ]);
  await writeClip({ ...CLIP, path: at('clip.mp4') });
  await writeClip({ ...CLIP, path: at('clip.h265.mp4'), codec: 'h265' });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(liveFrames()).toBe(0);
});

type Values = Partial<DetectOptions> & { url: string };

async function detect(values: Values, limit = Number.POSITIVE_INFINITY): Promise<DetectLine[]> {
  const lines: DetectLine[] = [];
  const signal = AbortSignal.timeout(120_000);
  for await (const line of detectStream({ config, signal, ...values })) {
    lines.push(line);
    if (lines.length >= limit) break;
  }
  return lines;
}

describe('detect', () => {
  test('prints every frame of a file, with its time and number', async () => {
    const lines = await detect({ url: at('clip.mp4') });
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index));
    for (const [index, { t }] of lines.entries()) expect(t).toBeCloseTo(index / 10, 2);
  });

  test('prints what the detector says, in its first look too, and a track as soon as there is one', async () => {
    const lines = await detect({ url: at('clip.mp4') });
    const car = { kind: 'car', score: 0.9, box: [0.25, 0.5, 0.25, 0.25] };
    const person = { kind: 'person', score: 0.55, box: [0.75, 0.25, 0.125, 0.5] };
    expect(lines[0]?.detections).toEqual([
      { ...car, track: null },
      { ...person, track: null },
    ]);
    const track = lines[1]?.detections[0]?.track;
    expect(track).toMatch(/^[a-z0-9]{8,24}$/);
    // The person is too weak to begin a track, and is printed all the same.
    const later = [
      { ...car, track },
      { ...person, track: null },
    ];
    for (const { detections } of lines.slice(1)) expect(detections).toEqual(later);
  });

  test('looks as often as it is told to, and down to the score it is told', async () => {
    const lines = await detect({ url: at('clip.mp4'), fps: 2, scoreMin: 0.2 });
    expect(lines.map(({ t }) => t)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
    expect(lines.every(({ detections }) => detections.length === 3)).toBe(true);
  });

  test.each(['png', 'jpg'])('reads a picture (%s) as one frame', async (type) => {
    const path = at(`picture.${type}`);
    await sharp({ create: { width: 200, height: 100, channels: 3, background: '#808080' } }).toFile(path);
    expect((await detect({ url: path })).map(({ detections }) => detections.length)).toEqual([2]);
  });

  test.each(['clip.mp4', 'clip.h265.mp4'])('reads a camera that sends %s', async (file) => {
    const streams = [{ path: 'gate', file: at(file), user: 'eve', password: 'p@ss:w%rd/1' }];
    await using server = await startRtspServer({ host: '127.0.0.1', port: 0, streams });
    writeFileSync(at('password'), 'p@ss:w%rd/1\n');
    const lines = await detect({ url: server.url('gate'), user: 'eve', passwordFile: at('password'), fps: 5 }, 5);
    expect(lines).toHaveLength(5);
    expect(lines[0]?.detections[0]?.kind).toBe('car');
  });

  test('looks no more often than it is told to at a camera, however long whoever reads the lines takes', async () => {
    await using server = await startRtspServer({ port: 0, streams: [{ path: 'gate', file: at('clip.mp4') }] });
    const stopping = new AbortController();
    const times: number[] = [];
    for await (const { t } of detectStream({ config, url: server.url('gate'), fps: 2, signal: stopping.signal })) {
      times.push(t);
      const untilMs = Date.now() + 800;
      await until('some pictures to come meanwhile', () => Date.now() > untilMs);
      if (times.length === 4) stopping.abort();
    }
    const steps = times.slice(1).map((t, index) => t - times[index]!);
    expect(Math.min(...steps)).toBeGreaterThan(0.35);
  });

  test('ends, without an error, when it is aborted', async () => {
    await using server = await startRtspServer({ port: 0, streams: [{ path: 'gate', file: at('clip.mp4') }] });
    const stopping = new AbortController();
    let lines = 0;
    for await (const _line of detectStream({ config, url: server.url('gate'), signal: stopping.signal })) {
      lines += 1;
      if (lines === 3) stopping.abort();
    }
    expect(lines).toBeGreaterThanOrEqual(3);
  });
});

describe('an annotated video', () => {
  const annotate = at('drawn.mp4');
  beforeAll(async () => {
    await detect({ url: at('clip.mp4'), fps: 5, annotate });
  });

  async function shown() {
    const frames: { t: number; luma: (x: number, y: number) => number }[] = [];
    await using demuxer = await Demuxer.open(annotate);
    const stream = demuxer.video();
    if (stream === undefined) throw new Error('no video');
    using decoder = await Decoder.create(stream, { threadCount: 1 });
    for await (using frame of decoder.frames(demuxer.packets(stream.index))) {
      if (frame === null) continue;
      const [data, stride] = [Buffer.from(frame.data?.[0] ?? []), frame.linesize[0] as number];
      const t = (Number(frame.pts) * stream.timeBase.num) / stream.timeBase.den;
      frames.push({ t, luma: (x, y) => data[y * stride + x] as number });
    }
    const { width, height } = stream.codecpar;
    return { frames, duration: demuxer.duration, size: [width, height] };
  }

  test('shows every sampled frame at its time', async () => {
    const { frames, duration, size } = await shown();
    expect(frames).toHaveLength(15);
    for (const [index, { t }] of frames.entries()) expect(t).toBeCloseTo(index / 5, 2);
    expect(duration).toBeCloseTo(3, 1);
    expect(size).toEqual([320, 180]);
  });

  test('has a line around what was found', async () => {
    const { frames } = await shown();
    // The car's box: x 80 to 160, y 90 to 135.
    const middle = (index: number) => frames[index]?.luma(100, 91) as number;
    const inside = (index: number) => frames[index]?.luma(100, 110) as number;
    expect(Math.abs(middle(10) - inside(10))).toBeGreaterThan(10);
  });

  test('can be played while it is still being fetched: its index comes first', () => {
    const bytes = readFileSync(annotate);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });
});

describe('bad input gets its code', () => {
  test.each([
    ['file-missing', { url: at('none.mp4') }],
    ['file-unreadable', { url: resolve(config.modelsDir, 'fixed.yaml') }],
    ['model-missing', { url: at('clip.mp4'), model: 'yolox-nano' }],
    ['camera-refused', { url: 'rtsp://127.0.0.1:1/x' }],
    ['invalid-value', { url: at('clip.mp4'), fps: 0 }],
    ['invalid-value', { url: at('clip.mp4'), scoreMin: 40 }],
    ['invalid-value', { url: at('clip.mp4'), annotate: at('clip.mp4/out.mp4') }],
    ['file-missing', { url: 'rtsp://127.0.0.1:1/x', passwordFile: at('none') }],
  ])('%s: %j', async (code, values) => {
    await expect(detect(values)).rejects.toMatchObject({ code });
  });
});

describe('what is typed as a source', () => {
  test('loses the credentials that stand in the address', () => {
    expect(sourceOf('rtsp://eve:p%40ss%3A1@10.0.0.7:554/h264?ch=1')).toEqual({
      source: { kind: 'rtsp', url: 'rtsp://10.0.0.7:554/h264?ch=1', transport: 'tcp', user: 'eve' },
      password: 'p@ss:1',
    });
    expect(sourceOf('rtsp://eve:50%@cam/x').password).toBe('50%');
    expect(sourceOf('RTSP://cam/x', { user: 'bob', password: 'a:b@c', transport: 'udp' })).toEqual({
      source: { kind: 'rtsp', url: 'rtsp://cam/x', transport: 'udp', user: 'bob' },
      password: 'a:b@c',
    });
  });

  test('is a file otherwise, that is read once', () => {
    expect(sourceOf('/clips/a b.mp4').source).toEqual({ kind: 'file', path: '/clips/a b.mp4', isLooped: false });
    expect(sourceOf('file:///clips/a%20b.mp4').source).toMatchObject({ path: '/clips/a b.mp4' });
  });
});
