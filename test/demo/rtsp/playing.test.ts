/** What players see: every codec, container and transport, passwords, and a loop without a seam. */
import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC } from 'node-av/constants';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { testLogger, until } from '#test/site/site.ts';
import { CLIP, openClipFolder } from './clips.ts';
import { playWithFfmpeg } from './player.ts';
import { pictureTimes, RawClient, steps } from './raw-client.ts';

const clips = openClipFolder();
let server: RtspServer;

const withLogin = (path: string, user: string, password: string) =>
  server.url(path).replace('rtsp://', `rtsp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);

beforeAll(async () => {
  const h264 = await clips.write('plain.mp4');
  const login = { user: 'admin', password: 'p@ss:/#%' };
  server = await startRtspServer({
    port: 0,
    logger: testLogger,
    streams: [
      { path: 'h264', file: h264 },
      { path: 'h264-b-frames', file: await clips.write('b.mp4', { bFrames: 2 }) },
      { path: 'h265', file: await clips.write('hevc.mp4', { codec: 'h265' }) },
      { path: 'h265-b-frames', file: await clips.write('hevc-b.mp4', { codec: 'h265', bFrames: 3 }) },
      { path: 'annex-b', file: await clips.write('bare.h264') },
      { path: 'mkv', file: await clips.write('b.mkv', { bFrames: 2 }) },
      {
        path: 'large',
        file: await clips.write('large.mp4', { width: 1280, height: 720, noise: 3, seconds: 1 }),
      },
      { path: 'locked', file: h264, ...login },
      { path: 'locked-basic', file: h264, ...login, authentication: 'basic' },
      { path: 'cam/realmonitor?channel=1&subtype=0', file: h264 },
      { path: 'once', file: h264, isLooped: false },
      { path: 'later', file: h264, startAtS: 0.7 },
    ],
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

describe('a player', () => {
  const codecs = { h264: AV_CODEC_ID_H264, 'annex-b': AV_CODEC_ID_H264, mkv: AV_CODEC_ID_H264, h265: AV_CODEC_ID_HEVC };
  for (const [path, codec] of Object.entries(codecs)) {
    test(`decodes ${path} over TCP and UDP without an error, across the clip's end`, async () => {
      const play = (transport: 'tcp' | 'udp') => playWithFfmpeg(server.url(path), { transport, pictures: 45 });
      for (const seen of await Promise.all([play('tcp'), play('udp')])) {
        expect(seen).toMatchObject({ opened: 0, codec, undecodable: 0, isEnded: false });
        expect(seen.pictures).toHaveLength(45);
        expect(seen.pictures[0]).toMatchObject({ width: CLIP.width, height: CLIP.height });
      }
    });
  }

  test('gets keyframes of many packets whole over UDP', async () => {
    const seen = await playWithFfmpeg(server.url('large'), { transport: 'udp', pictures: 25 });
    expect(seen).toMatchObject({ undecodable: 0, isEnded: false });
    expect(seen.pictures).toHaveLength(25);
  });

  test('sees pictures in even steps across two of the clip’s ends, with B-frames too', async () => {
    const paths = ['h264', 'h264-b-frames', 'h265-b-frames'];
    const all = await Promise.all(paths.map((path) => playWithFfmpeg(server.url(path), { pictures: 68 })));
    for (const { pictures } of all) {
      const times = pictures.map(({ timeS }) => timeS);
      expect(times).toHaveLength(68);
      // What FFmpeg guesses for the first picture is its own affair.
      const uneven = times.slice(2).filter((time, at) => Math.abs(time - times[at + 1]! - 1 / CLIP.fps) > 0.001);
      expect(uneven).toEqual([]);
    }
  });

  test('that joins between two keyframes starts with a keyframe at once', async () => {
    await using first = await RawClient.open(server.url('h264'));
    await first.play(server.url('h264'));
    await until('six pictures', () => pictureTimes(first.packets).length >= 6);
    // The next keyframe may be half a second away; a busy machine has more than one try.
    let quickestMs = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 8 && quickestMs >= 450; tries++) {
      const seen = await playWithFfmpeg(server.url('h264'), { pictures: 1 });
      expect(seen.pictures[0]?.isKeyframe).toBe(true);
      quickestMs = Math.min(quickestMs, seen.firstPictureMs);
    }
    expect(quickestMs).toBeLessThan(450);
  });

  test('gets in with the right password, whatever signs it has, and not with a wrong one', async () => {
    for (const path of ['locked', 'locked-basic']) {
      expect((await playWithFfmpeg(withLogin(path, 'admin', 'p@ss:/#%'), { pictures: 2 })).pictures).toHaveLength(2);
      expect((await playWithFfmpeg(withLogin(path, 'admin', 'wrong'), { pictures: 2 })).opened).toBeLessThan(0);
      expect((await playWithFfmpeg(server.url(path), { pictures: 2 })).opened).toBeLessThan(0);
    }
  });

  test('finds a path with a query, as many makes have it', async () => {
    const seen = await playWithFfmpeg(server.url('cam/realmonitor?channel=1&subtype=0'), { pictures: 2 });
    expect(seen.pictures).toHaveLength(2);
  });

  test('is told the end of a clip that is not looped', async () => {
    const seen = await playWithFfmpeg(server.url('once'), { pictures: 1000 });
    expect(seen.isEnded).toBe(true);
    expect(seen.pictures.length).toBeGreaterThanOrEqual(CLIP.fps * CLIP.seconds - 1);
  });
});

describe('the packets', () => {
  test('carry sequence numbers and times that go on across the clip’s end, at the pace of the clip', async () => {
    await using client = await RawClient.open(server.url('later'));
    await client.play(server.url('later'));
    await until('the clip to end and start again', () => pictureTimes(client.packets).length > 35);
    const { packets } = client;
    expect(
      new Set(
        steps(
          packets.map(({ sequence }) => sequence),
          2 ** 16,
        ),
      ),
    ).toEqual(new Set([1]));
    expect(new Set(steps(pictureTimes(packets), 2 ** 32))).toEqual(new Set([90_000 / CLIP.fps]));
    const spentMs = packets.at(-1)!.atMs - packets[0]!.atMs;
    const mediaMs = ((pictureTimes(packets).length - 1) * 1000) / CLIP.fps;
    expect(spentMs / mediaMs).toBeGreaterThan(0.9);
    expect(spentMs / mediaMs).toBeLessThan(1.2);
  });

  test('have the times of now behind a standstill, as those of a camera that lost pictures', async () => {
    await using client = await RawClient.open(server.url('later'));
    await client.play(server.url('later'));
    await until('some', () => pictureTimes(client.packets).length > 10);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    const before = client.packets.length;
    await until('some more', () => client.packets.length > before + 10);
    const [first, last] = [client.packets[0]!, client.packets.at(-1)!];
    const mediaMs = steps([first.timestamp, last.timestamp], 2 ** 32)[0]! / 90;
    expect(Math.abs(mediaMs - (last.atMs - first.atMs))).toBeLessThan(1000);
    const jumps = steps(pictureTimes(client.packets), 2 ** 32).filter((step) => step !== 90_000 / CLIP.fps);
    expect(jumps.length).toBeGreaterThan(0);
    expect(Math.min(...jumps)).toBeGreaterThan(90_000);
  });

  test('of each keyframe begin with the parameter sets', async () => {
    await using client = await RawClient.open(server.url('h264'));
    await client.play(server.url('h264'));
    await until('three keyframes', () => client.packets.filter(({ payload }) => payload[0]! % 32 === 7).length >= 3);
    const types = client.packets.map(({ payload }) => payload[0]! % 32);
    expect(types.slice(0, 2)).toEqual([7, 8]);
  });

  test('come with sender reports whose wall clock is now and whose time is the stream’s', async () => {
    await using client = await RawClient.open(server.url('h264'));
    await client.play(server.url('h264'));
    await until('a report', () => client.reports.length > 0);
    const report = client.reports[0]!;
    const wallMs = (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) / 2 ** 32) * 1000;
    expect(report[1]).toBe(200);
    expect(Math.abs(wallMs - Date.now())).toBeLessThan(2000);
    const ahead = steps([client.packets[0]!.timestamp, report.readUInt32BE(16)], 2 ** 32)[0]!;
    expect(Math.abs(ahead)).toBeLessThan(90_000);
    expect(report.readUInt32BE(4)).toBe(client.packets[0]!.ssrc);
  });
});
