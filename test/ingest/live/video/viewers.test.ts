import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRtspServer } from '#demo/rtsp/server.ts';
import { startLiveServer } from '#ingest/live/server.ts';
import { createVideo, type Video } from '#ingest/live/video/video.ts';
import { openWatchStream } from '#ingest/live/video/watch-stream.ts';
import { createView } from '#ingest/live/view.ts';
import type { Camera } from '#models/schema/camera.ts';
import { decodeVideoMessage, readFramed, type VideoMessage } from '#models/wire/video.ts';
import { type ClipFolder, openClipFolder } from '#test/demo/rtsp/clips.ts';
import { testLogger, until } from '#test/site/site.ts';
import { readInto, record } from './watching.ts';

let clips: ClipFolder;
beforeAll(() => {
  clips = openClipFolder();
});
afterAll(() => clips[Symbol.dispose]());

/** A camera on a virtual RTSP server, read for real, and the worker's HTTP server before it. */
async function startCamera(
  options: { seconds?: number; gopS?: number; noise?: number; width?: number; height?: number } = {},
) {
  await using stack = new AsyncDisposableStack();
  const file = await clips.write('main.mp4', options);
  const people = await clips.write('people.mp4', { width: 640, height: 360 });
  const streams = [
    { path: 'main', file },
    { path: 'people', file: people },
  ];
  const rtsp = stack.use(await startRtspServer({ port: 0, streams }));
  const counts = { sent: 0, dropped: 0 };
  const holder: { want: (isWanted: boolean) => void } = { want: () => {} };
  const video = stack.use(createVideo({ onViewers: (count) => holder.want(count > 0) }));
  const view = stack.use(createView({ camera: 'gate', logger: testLogger }));
  const server = stack.use(
    await startLiveServer({
      ...{ host: '127.0.0.1', logger: testLogger, viewsOf: () => ({ view, video }) },
      onVideo: (outcome, pictures) => {
        counts[outcome] += pictures;
      },
    }),
  );
  stack.use(readInto(video, { kind: 'rtsp', url: rtsp.url('main'), transport: 'tcp' }));
  await until('the stream to be read', () => rtsp.state('main').clients === 1);
  const whole = stack.move();
  return { rtsp, video, view, server, counts, holder, [Symbol.asyncDispose]: () => whole.disposeAsync() };
}

/** Fetches a video as the API does; reads only when `take` is called where it is paused. */
function fetchVideo(url: string) {
  const messages: VideoMessage[] = [];
  const request = get(url, { agent: false });
  const ended = new Promise<void>((resolve) => {
    request.on('error', () => resolve());
    request.on('response', (response) => {
      (async () => {
        for await (const message of readFramed(response)) messages.push(decodeVideoMessage(Buffer.from(message)));
      })().then(resolve, () => resolve());
    });
  });
  const fragments = () => messages.filter((message) => message.type === 'fragment');
  return { messages, fragments, ended, [Symbol.dispose]: () => void request.destroy() };
}

const cameraOf = (values: Partial<Camera> & Pick<Camera, 'source'>): Camera => ({
  ...{ id: 'gate', name: 'gate', area: null, isEnabled: true, sampleFps: 5, isGated: true, fullLookIntervalS: 10 },
  ...{ createdAtMs: 1, updatedAtMs: 1 },
  ...values,
});

describe('viewers of a live video', () => {
  it('are twenty on one connection to the camera, and each sees the same pictures', async () => {
    await using site = await startCamera();
    const { url } = site.server.invite('gate', 'video');
    const viewers = Array.from({ length: 20 }, () => fetchVideo(url));
    await until('all to see pictures', () => viewers.every((viewer) => viewer.fragments().length >= 20));
    expect(site.video.viewers()).toBe(20);
    expect(site.rtsp.clients()).toBe(1);
    const at = viewers[0]!.fragments().at(-1)!;
    for (const viewer of viewers) {
      await until('the same picture', () => viewer.fragments().some(({ shownAtS }) => shownAtS === at.shownAtS));
      expect(viewer.messages[0]).toMatchObject({
        type: 'start',
        start: { codec: 'h264', width: 320, stream: 'detected' },
      });
      expect(viewer.messages[1]).toMatchObject({ type: 'fragment', isKey: true });
    }
    for (const viewer of viewers) viewer[Symbol.dispose]();
    await until('nobody to watch', () => site.video.viewers() === 0);
    await until('their pictures to be counted', () => site.counts.sent >= 400);
    expect(site.counts.dropped).toBe(0);
  });

  it('do not wait for the next keyframe: who comes later gets the pictures since the last one at once', async () => {
    await using site = await startCamera({ seconds: 30, gopS: 30 });
    const first = record();
    using _first = site.video.watch(first);
    await until('a second of pictures', () => first.fragments().length >= 20);
    const second = record();
    using _second = site.video.watch(second);
    expect(second.fragments().length).toBeGreaterThanOrEqual(20);
    expect(second.fragments()[0]).toMatchObject({ isKey: true });
    expect(second.fragments()).toEqual(first.fragments());
  });

  it('decode nothing: the gate stays as it is', async () => {
    await using site = await startCamera();
    const viewer = record();
    const { url } = site.server.invite('gate', 'video');
    using fetched = fetchVideo(url);
    using _watching = site.video.watch(viewer);
    await until('pictures', () => viewer.fragments().length >= 20 && fetched.fragments().length >= 20);
    expect(site.view.isWatched()).toBe(false);
  });

  it('that take nothing lose pictures, not the worker’s memory nor anybody’s time', async () => {
    await using site = await startCamera({ width: 960, height: 540, noise: 40, gopS: 1 });
    const { url } = site.server.invite('gate', 'video');
    const direct = record();
    using _direct = site.video.watch(direct);
    const slow = get(url, { agent: false });
    slow.on('error', () => {});
    slow.on('response', (response) => response.pause());
    await until('the slow one to watch', () => site.video.viewers() === 2);
    using quick = fetchVideo(url);
    await until('both to watch', () => site.video.viewers() === 3);
    const bytes = () => quick.fragments().reduce((sum, { data }) => sum + data.length, 0);
    // More than sockets hold, for longer than the valve has patience.
    await until('much to have been sent', () => bytes() > 12 * 1024 ** 2 && quick.fragments().length > 100);
    const seen = quick.fragments().map(({ shownAtS }) => shownAtS);
    const all = direct.fragments().map(({ shownAtS }) => shownAtS);
    const from = all.indexOf(seen[0]!);
    expect(seen).toEqual(all.slice(from, from + seen.length));
    slow.destroy();
    quick[Symbol.dispose]();
    await until('the pictures to be counted', () => site.counts.dropped > 0 && site.counts.sent > seen.length);
  });

  it('all see the end when the camera leaves the worker', async () => {
    await using site = await startCamera();
    const viewer = fetchVideo(site.server.invite('gate', 'video').url);
    await until('pictures', () => viewer.fragments().length > 5);
    site.video[Symbol.dispose]();
    await viewer.ended;
    expect(site.video.viewers()).toBe(0);
  });

  it('are told the codec where it cannot be passed on', async () => {
    using video = createVideo();
    await using _reading = readInto(video, { kind: 'file', path: await motionJpegClip(), isLooped: true });
    const viewer = record();
    await until('the video to be refused', () => {
      using _watching = video.watch(viewer);
      return viewer.isEnded();
    });
    expect(viewer.messages.at(-1)).toEqual({
      type: 'notice',
      notice: { code: 'video-codec', detail: 'the stream is mjpeg' },
    });
  });
});

describe('the stream that a camera has for people', () => {
  const clientsOf = (site: Awaited<ReturnType<typeof startCamera>>) => site.rtsp.state('people').clients;

  function openFor(site: {
    rtsp: { url: (path: string) => string };
    video: Video;
    holder: { want: (isWanted: boolean) => void };
  }) {
    const source = { kind: 'rtsp' as const, url: site.rtsp.url('main'), transport: 'tcp' as const };
    const camera = cameraOf({ source, watchUrl: site.rtsp.url('people') });
    const stream = openWatchStream(camera, {
      feed: site.video.watched,
      password: undefined,
      logger: testLogger,
      lingerMs: 200,
    });
    site.holder.want = stream.want;
    return stream;
  }

  it('is opened once while somebody watches, shown instead of the other one, and closed when all have gone', async () => {
    await using site = await startCamera();
    await using _stream = openFor(site);
    expect(clientsOf(site)).toBe(0);
    const [first, second] = [record(), record()];
    const watching = [site.video.watch(first), site.video.watch(second)];
    for (const viewer of [first, second]) {
      await until('the larger pictures', () => viewer.starts().some(({ start }) => start.stream === 'watched'));
    }
    expect(first.starts().at(-1)?.start).toMatchObject({ width: 640, stream: 'watched' });
    expect(clientsOf(site)).toBe(1);
    for (const each of watching) each[Symbol.dispose]();
    await until('the camera to be left alone', () => clientsOf(site) === 0);
    expect(site.rtsp.state('main').clients).toBe(1);
  });

  it('gives way to the other one while it is broken, and comes back', async () => {
    await using site = await startCamera();
    await using _stream = openFor(site);
    const viewer = record();
    using _watching = site.video.watch(viewer);
    const shown = () => viewer.starts().at(-1)?.start.stream;
    await until('the larger pictures', () => shown() === 'watched');
    await site.rtsp.fault('people', { kind: 'half-close' });
    await until('the other stream', () => shown() === 'detected');
    const before = viewer.fragments().length;
    await until('its pictures', () => viewer.fragments().length > before + 10);
    await site.rtsp.fault('people', { kind: 'none' });
    await until('the larger pictures again', () => shown() === 'watched');
  });
});

/** JPEGs one after the other, as some cameras still send. */
async function motionJpegClip(): Promise<string> {
  const image = sharp({ create: { width: 64, height: 48, channels: 3, background: '#456' } });
  const jpeg = await image.jpeg().toBuffer();
  writeFileSync(clips.file('old.mjpeg'), Buffer.concat(Array.from({ length: 50 }, () => jpeg)));
  return clips.file('old.mjpeg');
}
