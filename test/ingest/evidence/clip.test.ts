import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { createRenderer, type Renderer } from '#ingest/evidence/renderer.ts';
import type { Box } from '#models/schema/detection.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { type Clips, makeClips } from '#test/ingest/clips.ts';
import { until } from '#test/site/site.ts';
import { detail, difference, play } from './play.ts';
import { type Recorded, record } from './recorded.ts';

const PERSON: Box = [0.25, 0.3, 0.15, 0.45];
const AWAY: Box = [0.65, 0.1, 0.3, 0.8];
const CODECS = [
  { codec: 'h264', bFrames: 0, decoder: 'h264' },
  { codec: 'h265', bFrames: 2, decoder: 'hevc' },
] as const;

let clips: Clips;
let server: RtspServer;
let renderer: Renderer;
beforeAll(async () => {
  clips = makeClips();
  renderer = createRenderer();
  const streams = [];
  for (const { codec, bFrames } of CODECS) {
    const shape = { width: 480, height: 270, fps: 20, seconds: 3, noise: 6, qp: 20 };
    const file = await clips.write(`${codec}.mp4`, { codec, bFrames, ...shape });
    streams.push({ path: codec, file });
  }
  server = await startRtspServer({ port: 0, streams });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await renderer[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

const rtsp = (path: string) => ({ kind: 'rtsp' as const, url: server.url(path), transport: 'tcp' as const });
const PEOPLE = [{ track: 'track-one', kind: 'person', box: PERSON }] as const;

/** Two seconds of pictures, looked at five times a second. */
async function watch(camera: Recorded, ms = 2000): Promise<void> {
  await until('the first picture', () => camera.desk.ring.newestMs > 0);
  const endMs = camera.desk.ring.newestMs + ms;
  let lookedMs = 0;
  await until('some seconds of pictures', async () => {
    const { newestMs } = camera.desk.ring;
    if (newestMs - lookedMs >= 150) {
      lookedMs = newestMs;
      await camera.look(PEOPLE, newestMs);
    }
    return newestMs >= endMs;
  });
}

describe('the pictures of an alert', () => {
  for (const { codec, decoder } of CODECS) {
    it(`show what the camera saw without encoding it again, and a blurred copy without the people: ${codec}`, async () => {
      await using camera = record(rtsp(codec), { renderer });
      await watch(camera);
      const atMs = camera.desk.ring.newestMs;
      const { about, parts } = await camera.fetch({ fromMs: atMs - 1200, toMs: atMs, atMs: atMs - 500 }, [PERSON]);
      const unblurred = await play(parts.unblurredClip!);
      const blurred = await play(parts.clip!);
      expect(about.codec).toBe(decoder);
      expect(blurred.codec).toBe('h264');
      // It begins with a keyframe, of which there is one a second, before what was asked for.
      expect(about.fromMs).toBeLessThanOrEqual(atMs - 1200);
      expect(about.fromMs).toBeGreaterThan(atMs - 2400);
      expect(Math.abs(about.stillAtMs - (atMs - 500))).toBeLessThanOrEqual(30);
      expect(unblurred.pictures.length).toBe(about.pictures);
      expect(unblurred.pictures.length).toBeGreaterThan(20);
      expect(blurred.pictures.length).toBe(unblurred.pictures.length);
      expect(about.blurredWhole).toBe(0);
      for (const [index, picture] of blurred.pictures.entries()) {
        const before = unblurred.pictures[index]!;
        expect(detail(picture, PERSON)).toBeLessThan(0.15 * detail(before, PERSON));
        expect(detail(picture, AWAY)).toBeGreaterThan(0.4 * detail(before, AWAY));
        expect(difference(picture, before, AWAY)).toBeLessThan(5);
      }
      for (const name of ['still', 'unblurredStill'])
        expect(await sharp(parts[name]).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 270 });
    });
  }

  it('blur everything where nobody looked', async () => {
    await using camera = record(rtsp('h264'), { renderer });
    await until('two seconds of pictures', () => {
      const { newestMs, recordings } = camera.desk.ring;
      return newestMs - (recordings[0]?.packets[0]?.capturedAtMs ?? newestMs) > 2000;
    });
    const atMs = camera.desk.ring.newestMs;
    const { about, parts } = await camera.fetch({ fromMs: atMs - 1000, toMs: atMs, atMs });
    expect(about.blurredWhole).toBe(about.pictures);
    const [before, after] = [await play(parts.unblurredClip!), await play(parts.clip!)];
    for (const [index, picture] of after.pictures.entries())
      expect(detail(picture, AWAY)).toBeLessThan(0.15 * detail(before.pictures[index]!, AWAY));
  });

  it('have nothing of what a privacy mask covers, blurred or not', async () => {
    const masks: PictureRings = [
      [
        [0.6, 0],
        [1, 0],
        [1, 1],
        [0.6, 1],
      ],
    ];
    await using camera = record(rtsp('h264'), { renderer, masks });
    await watch(camera, 1500);
    const atMs = camera.desk.ring.newestMs;
    const { parts } = await camera.fetch({ fromMs: atMs - 600, toMs: atMs, atMs });
    for (const name of ['clip', 'unblurredClip']) {
      const { pictures } = await play(parts[name]!);
      for (const { pixels, width } of pictures)
        expect(Math.max(...pixels.filter((_, index) => index % width > 0.65 * width))).toBeLessThan(20);
    }
  });

  it('end with the last picture of a camera that was cut off', async () => {
    await using camera = record(rtsp('h264'), { renderer });
    await watch(camera, 1500);
    const lastMs = camera.desk.ring.newestMs;
    await server.fault('h264', { kind: 'reset' });
    await until('it is lost', () => !camera.desk.ring.isRecording);
    const atMs = lastMs + 4000;
    const { about } = await camera.fetch({ fromMs: atMs - 1000, toMs: atMs + 1000, atMs });
    expect(about.toMs).toBeLessThanOrEqual(lastMs + 100);
    expect(about.stillAtMs).toBeGreaterThan(lastMs - 200);
  });
});
