import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { startLiveServer } from '#ingest/live/server.ts';
import { createPasses } from '#ingest/live/token.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { createView, type View } from '#ingest/live/view.ts';
import { readSource } from '#ingest/read/read-source.ts';
import { testLogger, until } from '#test/site/site.ts';

let folder: string;
let clip: string;

beforeAll(async () => {
  folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-live-'));
  clip = resolve(folder, 'wide.mp4');
  const options = { codec: 'h264', width: 1600, height: 900, fps: 10, seconds: 2, gopS: 1, seed: 3 } as const;
  await writeClip({ ...options, path: clip, scene: 'moving-box' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A camera that is read for real, and shown. */
function show(view: View): { stop: () => Promise<void>; frames: () => number } {
  let frames = 0;
  const stopping = new AbortController();
  const reading = (async () => {
    const source = { kind: 'file' as const, path: clip, isLooped: true };
    const sights = readSource(source, {
      ...{ signal: stopping.signal, logger: testLogger, sampleFps: 10 },
      ...{ isGated: false, fullLookIntervalS: 10, isRealtime: true },
    });
    for await (const sight of view.show(sights)) {
      if (sight.type !== 'frame') continue;
      frames++;
      sight.frame[Symbol.dispose]();
    }
  })();
  return {
    frames: () => frames,
    stop() {
      stopping.abort();
      return reading;
    },
  };
}

async function startSite(onPicture: () => void) {
  const view = createView({ camera: 'gate-3', logger: testLogger, onPicture });
  const video = createVideo();
  const viewsOf = (camera: string) => (camera === 'gate-3' ? { view, video } : undefined);
  const server = await startLiveServer({ host: '127.0.0.1', viewsOf, logger: testLogger });
  const camera = show(view);
  return {
    view,
    server,
    frames: camera.frames,
    async [Symbol.asyncDispose]() {
      await camera.stop();
      view[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await until('no frame is left', () => liveFrames() === 0);
    },
  };
}

/** The parts of an MJPEG answer as they come. */
async function* partsOf(response: Response): AsyncGenerator<{ capturedAtMs: number; jpeg: Buffer }> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of response.body ?? []) {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      const head = bytes.toString('latin1', 0, headEnd);
      const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
      if (headEnd < 0 || bytes.length < headEnd + 4 + length + 2) break;
      const jpeg = bytes.subarray(headEnd + 4, headEnd + 4 + length);
      yield { capturedAtMs: Number(/X-Captured-At-Ms: (\d+)/.exec(head)?.[1]), jpeg };
      bytes = bytes.subarray(headEnd + 4 + length + 2);
    }
  }
}

describe('live pictures', () => {
  it('are JPEGs at most 1280 wide, with the time at which the camera saw them', async () => {
    await using site = await startSite(() => {});
    const { url } = site.server.invite('gate-3', 'jpeg');
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(Math.abs(Number(response.headers.get('x-captured-at-ms')) - Date.now())).toBeLessThan(30_000);
    const image = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect(image).toMatchObject({ format: 'jpeg', width: 1280, height: 720 });
  });

  it('are encoded only while somebody watches', async () => {
    let encoded = 0;
    await using site = await startSite(() => encoded++);
    expect(site.view.isWatched()).toBe(false);
    const leaving = new AbortController();
    const { url } = site.server.invite('gate-3', 'mjpeg');
    site.view.invite(0);
    expect(encoded).toBe(0);
    const response = await fetch(url, { signal: leaving.signal });
    const times: number[] = [];
    for await (const { capturedAtMs, jpeg } of partsOf(response)) {
      expect(jpeg.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
      times.push(capturedAtMs);
      if (times.length === 4) break;
    }
    expect(times).toEqual([...new Set(times)].sort());
    expect(site.view.viewers()).toBe(1);
    leaving.abort();
    await until('nobody watches', () => !site.view.isWatched() && site.view.viewers() === 0);
    const [before, passed] = [encoded, site.frames()];
    await until('pictures pass unseen', () => site.frames() >= passed + 5);
    expect(encoded - before).toBeLessThanOrEqual(1);
  });

  it('skip pictures for a slow viewer, and keep the fast one waiting for nobody', async () => {
    await using site = await startSite(() => {});
    const signal = AbortSignal.timeout(60_000);
    const slow: number[] = [];
    const fast: number[] = [];
    const watchSlowly = (async () => {
      for await (const { capturedAtMs } of site.view.pictures({ signal })) {
        slow.push(capturedAtMs);
        if (slow.length === 2) break;
        await until('the fast one is far ahead', () => fast.length >= 6);
      }
    })();
    for await (const { capturedAtMs } of site.view.pictures({ signal })) {
      fast.push(capturedAtMs);
      if (fast.length === 8) break;
    }
    await watchSlowly;
    expect(slow).toHaveLength(2);
    expect((slow[1] ?? 0) - (slow[0] ?? 0)).toBeGreaterThanOrEqual(400);
  });

  it('are shown to nobody without a good token for that camera and purpose', async () => {
    await using site = await startSite(() => {});
    const { url } = site.server.invite('gate-3', 'jpeg');
    const { origin } = new URL(url);
    const token = new URL(url).searchParams.get('token') ?? '';
    const statusOf = async (path: string) => (await fetch(`${origin}${path}`)).status;
    expect(await statusOf('/live/gate-3.jpg')).toBe(403);
    expect(await statusOf(`/live/gate-3.jpg?token=${token.slice(0, -2)}xx`)).toBe(403);
    expect(await statusOf(`/live/gate-3.mjpeg?token=${token}`)).toBe(403);
    expect(await statusOf(`/live/gate-4.jpg?token=${token}`)).toBe(403);
    expect(await statusOf('/')).toBe(404);
    // Not even a target that is no URL ends the worker.
    expect(await statusOf('//')).toBe(404);
    const other = new URL(site.server.invite('gate-4', 'jpeg').url);
    expect(await statusOf(`${other.pathname}${other.search}`)).toBe(404);
  });

  it('end for every viewer when the camera leaves the worker', async () => {
    await using site = await startSite(() => {});
    const response = await fetch(site.server.invite('gate-3', 'mjpeg').url);
    let parts = 0;
    for await (const _ of partsOf(response)) {
      if (++parts === 2) site.view[Symbol.dispose]();
    }
    expect(parts).toBeGreaterThanOrEqual(2);
  });
});

describe('passes', () => {
  it('are good for a moment only', () => {
    let nowMs = 1_000_000;
    const passes = createPasses(() => nowMs);
    const { token, expiresAtMs } = passes.issue('gate-3', 'mjpeg');
    expect(passes.isGood(token, { camera: 'gate-3', purpose: 'mjpeg' })).toBe(true);
    nowMs = expiresAtMs + 1;
    expect(passes.isGood(token, { camera: 'gate-3', purpose: 'mjpeg' })).toBe(false);
    const stretched = token.replace(/^\d+/, String(expiresAtMs + 60_000));
    expect(passes.isGood(stretched, { camera: 'gate-3', purpose: 'mjpeg' })).toBe(false);
  });
});
