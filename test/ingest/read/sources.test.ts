/** One contract for every kind of source, and what is particular to each. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { strandedReads } from '#ingest/read/connection.ts';
import { type ReadOptions, readSource } from '#ingest/read/read-source.ts';
import { createReading } from '#ingest/read/reading.ts';
import type { Frame } from '#ingest/sight.ts';
import type { CameraSource } from '#models/schema/camera.ts';
import type { FaultError } from '#models/schema/fault.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { until } from '#test/site/site.ts';

const PASSWORD = 'p@:/#% ö?';
const clips = makeClips();
let server: RtspServer;
let clip: string;
let cut: string;
const sources: Record<string, CameraSource> = {};

beforeAll(async () => {
  clip = await clips.write('a.mp4');
  const whole = await clips.write('whole.mkv', { bFrames: 2 });
  cut = resolve(clips.folder, 'cut.mkv');
  const bytes = readFileSync(whole);
  writeFileSync(cut, bytes.subarray(0, bytes.length * 0.5));
  writeFileSync(resolve(clips.folder, 'text.mp4'), 'this is no video\n'.repeat(100));
  server = await startRtspServer({
    port: 0,
    streams: [
      { path: 'open', file: clip },
      { path: 'b-frames', file: whole },
      { path: 'h265', file: await clips.write('h265.mp4', { codec: 'h265' }) },
      { path: 'closed', file: clip, user: 'admin', password: PASSWORD },
    ],
  });
  sources.file = { kind: 'file', path: clip, isLooped: true };
  sources['RTSP over TCP'] = { kind: 'rtsp', url: server.url('open'), transport: 'tcp' };
  sources['RTSP over UDP'] = { kind: 'rtsp', url: server.url('open'), transport: 'udp' };
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

/** FFmpeg by itself gives a stalled stream up after eight seconds. */
const STALLED_MS = 4000;

type Taken = { t: number; capturedAtMs: number; receivedAtMs: number; sequence: number; width: number };

/** Takes `count` frames, then aborts. */
async function take(source: CameraSource, count: number, options: Partial<ReadOptions> = {}) {
  const stopping = new AbortController();
  const frames: Taken[] = [];
  let stoppedMs = 0;
  for await (const sight of readSource(source, { isRealtime: true, ...options, signal: stopping.signal })) {
    if (sight.type !== 'frame') continue;
    using frame = sight.frame;
    const { t, capturedAtMs, receivedAtMs, sequence, width } = frame;
    frames.push({ t, capturedAtMs, receivedAtMs, sequence, width });
    if (frames.length < count) continue;
    stoppedMs = performance.now();
    stopping.abort();
  }
  return { frames, endedAfterMs: performance.now() - stoppedMs };
}

/** Forward by whole pictures of 25 a second; more than one at a time where the machine was late. */
function expectSteps(frames: readonly Taken[]): void {
  const steps = frames.slice(1).map((frame, index) => (frame.t - frames[index]!.t) / 0.04);
  for (const step of steps) expect(Math.abs(step - Math.round(step))).toBeLessThan(0.1);
  expect(Math.min(...steps.map(Math.round))).toBe(1);
}

async function failureOf(source: CameraSource, options: Partial<ReadOptions> = {}): Promise<FaultError> {
  try {
    await take(source, 1, options);
  } catch (error) {
    return error as FaultError;
  }
  throw new Error('it did not fail');
}

const rtsp = (path: string, more: { user?: string } = {}) =>
  ({ kind: 'rtsp', url: server.url(path), transport: 'tcp', ...more }) as const;

describe.each(['file', 'RTSP over TCP', 'RTSP over UDP'])('a source that is %s', (name) => {
  it('hands on one frame per slot of the sampling rate, in the order of time', async () => {
    const reading = createReading();
    const { frames } = await take(sources[name]!, 12, { sampleFps: 10, reading });
    expect(frames.map((frame) => frame.sequence)).toEqual(frames.map((_, index) => index));
    const gaps = frames.slice(1).map((frame, index) => frame.t - frames[index]!.t);
    expect(Math.min(...gaps)).toBeGreaterThan(0.07);
    // A machine that is late lets some pictures go, but not most.
    expect(gaps.toSorted((a, b) => a - b)[3]).toBeLessThan(0.13);
    const walls = frames.slice(1).map((frame, index) => frame.capturedAtMs - frames[index]!.capturedAtMs);
    expect(Math.min(...walls)).toBeGreaterThan(0);
    for (const frame of frames) expect(frame.receivedAtMs - frame.capturedAtMs).toBeLessThan(5000);
    expect(frames[0]!.width).toBe(320);
    expect(reading.codec).toBe('h264');
  });

  it('ends soon after an abort and leaves no frame behind', async () => {
    const { endedAfterMs } = await take(sources[name]!, 2, { sampleFps: 10 });
    expect(endedAfterMs).toBeLessThan(STALLED_MS);
    expect(liveFrames()).toBe(0);
    expect(strandedReads()).toBe(0);
    await until('the server has no client left', () => server.clients() === 0);
  });

  it('drops the oldest frames when the taker lags, and counts them', async () => {
    const reading = createReading();
    const stopping = new AbortController();
    let taken = 0;
    for await (const sight of readSource(sources[name]!, { signal: stopping.signal, reading, isRealtime: true })) {
      if (sight.type !== 'frame') continue;
      using _frame = sight.frame;
      taken++;
      const sampled = reading.sampled;
      if (taken === 1) await until('more came than may wait', () => reading.sampled > sampled + 6);
      if (taken === 4) stopping.abort();
    }
    expect(reading.dropped).toBeGreaterThanOrEqual(4);
    expect(reading.sampled).toBe(taken + reading.dropped);
    expect(liveFrames()).toBe(0);
  });

  it('is closed by a taker that walks away', async () => {
    for await (const sight of readSource(sources[name]!, { signal: new AbortController().signal, isRealtime: true })) {
      if (sight.type === 'frame') sight.frame[Symbol.dispose]();
      break;
    }
    expect(liveFrames()).toBe(0);
    await until('the server has no client left', () => server.clients() === 0);
  });
});

/** Holds this thread, as a detector does. */
function compute(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

it('looks at few of the pictures that come late, until it is in time again', async () => {
  const reading = createReading();
  const late: number[] = [];
  for await (const sight of readSource(sources.file!, {
    isRealtime: true,
    signal: AbortSignal.timeout(60_000),
    reading,
  })) {
    if (sight.type !== 'frame') continue;
    using frame = sight.frame;
    if (frame.sequence === 10) compute(1500);
    if (frame.sequence > 10 && frame.receivedAtMs - frame.capturedAtMs > 250) late.push(frame.t);
    if (frame.sequence >= 60) break;
  }
  // A second and a half of pictures waited: one look a second of them, not all.
  expect(late.length).toBeLessThanOrEqual(4);
  expect(reading.dropped).toBeGreaterThan(10);
  expect(reading.sampled).toBeGreaterThanOrEqual(60);
});

describe('a file', () => {
  it('is read whole, as fast as it is taken, when it is not played', async () => {
    const reading = createReading();
    const { frames } = await take({ kind: 'file', path: clip, isLooped: false }, 1000, { isRealtime: false, reading });
    expect(frames).toHaveLength(100);
    expect(reading).toMatchObject({ packets: 100, decoded: 100, sampled: 100, dropped: 0, failed: 0, timeJumps: 0 });
    expect(frames.at(-1)!.t).toBeCloseTo(3.96, 3);
  });

  it('goes on from its start with growing time when it is looped', async () => {
    const short = await clips.write('short.mp4', { seconds: 0.4, gopS: 0.4 });
    const { frames } = await take({ kind: 'file', path: short, isLooped: true }, 25);
    expectSteps(frames);
    expect(frames.at(-1)!.t).toBeGreaterThan(24 * 0.04 - 0.001);
  });

  it('that is cut is read as far as it goes, and says how far that is', async () => {
    const reading = createReading();
    const { frames } = await take({ kind: 'file', path: cut, isLooped: false }, 1000, { isRealtime: false, reading });
    expect(frames.length).toBeGreaterThan(20);
    expect(frames.length).toBeLessThan(80);
    expect(reading.cutAtS).toBeGreaterThan(0.8);
  });

  it('that is missing or no video says so', async () => {
    expect((await failureOf({ kind: 'file', path: '/no/such.mp4', isLooped: false })).code).toBe('file-missing');
    const text = resolve(clips.folder, 'text.mp4');
    expect((await failureOf({ kind: 'file', path: text, isLooped: false })).code).toBe('file-unreadable');
  });
});

describe('a file that is to be a camera', () => {
  const mediaDirs = [clips.folder];
  const asCamera = (path: string, dirs: readonly string[] = mediaDirs) =>
    failureOf({ kind: 'file', path, isLooped: false }, { mediaDirs: dirs });
  const written = (name: string, text: string | Uint8Array) => {
    const path = resolve(clips.folder, name);
    writeFileSync(path, text);
    return path;
  };

  it.each(['camera.mp4', 'camera.mkv', 'camera.ts', 'camera.avi', 'camera.flv'])(
    'is read below a media folder as %s',
    async (name) => {
      const path = await clips.write(name, { seconds: 0.4, gopS: 0.4 });
      const { frames } = await take({ kind: 'file', path, isLooped: false }, 5, { isRealtime: false, mediaDirs });
      expect(frames).toHaveLength(5);
    },
  );

  it('is refused outside of the media folders, also over a link and whether it exists or not', async () => {
    const elsewhere = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-elsewhere-'));
    const link = resolve(elsewhere, 'link.mp4');
    symlinkSync(clip, link);
    for (const path of [clip, link, '/no/such.mp4', `${elsewhere}/../${basename(clips.folder)}/a.mp4`]) {
      const fault = await asCamera(path, [elsewhere]);
      expect(fault).toMatchObject({ code: 'file-outside', cure: expect.stringContaining('SHARP_EYES_MEDIA_DIRS') });
    }
    const { frames } = await take({ kind: 'file', path: clip, isLooped: false }, 1, { mediaDirs });
    expect(frames).toHaveLength(1);
    rmSync(elsewhere, { recursive: true });
  });

  it('is refused where it only names others: playlists, lists, session descriptions, pictures', async () => {
    const sdp =
      'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 9 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const files = [
      written('list.m3u8', `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${clip}\n#EXT-X-ENDLIST\n`),
      written('list.ffconcat', `ffconcat version 1.0\nfile ${clip}\n`),
      written('session.sdp', sdp),
      written('picture.jpg', picture),
      written('picture-%03d.jpg', picture),
    ];
    for (const path of files)
      expect({ path, code: (await asCamera(path)).code }).toEqual({ path, code: 'file-format' });
  });

  it('stays free on the command line, which names no media folders', async () => {
    const { frames } = await take({ kind: 'file', path: clip, isLooped: false }, 1, { isRealtime: false });
    expect(frames).toHaveLength(1);
  });
});

describe('an RTSP camera', () => {
  it('is let in with a password full of special characters', async () => {
    const { frames } = await take(rtsp('closed', { user: 'admin' }), 2, { password: PASSWORD });
    expect(frames).toHaveLength(2);
  });

  it('that refuses the password says so without showing it', async () => {
    const fault = await failureOf(rtsp('closed', { user: 'admin' }), { password: 'secret-word' });
    expect(fault.code).toBe('camera-unauthorised');
    expect(JSON.stringify([fault.message, fault.about, fault.cause, fault.stack])).not.toContain('secret-word');
  });

  it('that takes SHA-256 only is told from a wrong password', async () => {
    await server.addStream({
      path: 'sha',
      file: clip,
      user: 'admin',
      password: PASSWORD,
      authentication: 'digest-sha-256',
    });
    const fault = await failureOf(rtsp('sha', { user: 'admin' }), { password: PASSWORD });
    expect(fault.code).toBe('camera-needs-sha-256');
  });

  it('has the newest picture for a look that waits, and counts one look for all that waited for it', async () => {
    const reading = createReading();
    const stopping = new AbortController();
    const sights = readSource(rtsp('open'), { signal: stopping.signal, reading, sampleFps: 0.01 });
    const next = async () => {
      const { value } = await sights.next();
      return (value as { frame: Frame }).frame;
    };
    const seconds = (count: number) => {
      const enough = reading.decoded + count * 25;
      return until('more to be decoded', () => reading.decoded >= enough);
    };
    const first = await next();
    await until('a fresher one', () => first.isOvertaken?.() === true);
    await seconds(1);
    expect(first.letGo?.()).toBe(false);
    first[Symbol.dispose]();
    let newest = await next();
    while (newest.isOvertaken?.() === true) {
      newest[Symbol.dispose]();
      newest = await next();
    }
    expect(newest.capturedAtMs - first.capturedAtMs).toBeGreaterThanOrEqual(100);
    newest.begin();
    await seconds(1);
    expect([newest.isOvertaken?.(), reading.sampled, reading.dropped]).toEqual([false, 1, 0]);
    expect(newest.letGo?.()).toBe(true);
    expect(reading.dropped).toBe(1);
    newest[Symbol.dispose]();
    stopping.abort();
    await sights.return(undefined);
    expect(liveFrames()).toBe(0);
  });

  it('tells what is wrong by a code', async () => {
    expect((await failureOf(rtsp('nowhere'))).code).toBe('camera-not-found');
    const closedPort = { kind: 'rtsp', url: 'rtsp://127.0.0.1:1/a', transport: 'tcp' } as const;
    expect((await failureOf(closedPort)).code).toBe('camera-refused');
    const unknown = { kind: 'rtsp', url: 'rtsp://no-such-host.invalid/a', transport: 'tcp' } as const;
    expect((await failureOf(unknown)).code).toBe('camera-unreachable');
  });

  it('with B-frames keeps its frames in the order of showing', async () => {
    const { frames } = await take(rtsp('b-frames'), 20);
    expectSteps(frames);
  });

  it('may send H.265', async () => {
    const reading = createReading();
    const { frames } = await take(rtsp('h265'), 10, { reading, sampleFps: 10 });
    expect(frames).toHaveLength(10);
    expect(reading).toMatchObject({ codec: 'hevc', failed: 0 });
  });

  it.each(['tcp', 'udp'] as const)('that stalls over %s does not hold up an abort', async (transport) => {
    const stopping = new AbortController();
    let stoppedMs = 0;
    const source = { kind: 'rtsp', url: server.url('open'), transport } as const;
    for await (const sight of readSource(source, { signal: stopping.signal, sampleFps: 5 })) {
      if (sight.type === 'frame') sight.frame[Symbol.dispose]();
      await server.fault('open', { kind: 'freeze' });
      stoppedMs = performance.now();
      setTimeout(() => stopping.abort(), 300);
    }
    await server.fault('open', { kind: 'none' });
    expect(performance.now() - stoppedMs - 300).toBeLessThan(STALLED_MS);
    expect(liveFrames()).toBe(0);
  });
});
