/** The RTSP server's answers, its sessions, and that it leaves nothing behind. */

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { testLogger, until } from '#test/site/site.ts';
import { openClipFolder } from './clips.ts';
import { pictureTimes, RawClient, steps } from './raw-client.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const clips = openClipFolder();
let file: string;
let server: RtspServer;
let url: string;

beforeAll(async () => {
  file = await clips.write('plain.mp4');
  const streams = [
    { path: 'a', file },
    { path: 'tcp-only', file, transports: ['tcp'] as const },
  ];
  server = await startRtspServer({ port: 0, logger: testLogger, sessionTimeoutS: 1, reportIntervalS: 0.5, streams });
  url = server.url('a');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

describe('the server', () => {
  test('names its methods, and those it does not know', async () => {
    await using client = await RawClient.open(url);
    const options = await client.request('OPTIONS', '*');
    const record = await client.request('RECORD', url);
    expect(options?.status).toBe(200);
    expect(options?.headers.get('public')).toBe(
      'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER',
    );
    expect([record?.status, record?.headers.has('allow')]).toEqual([501, true]);
  });

  test('describes the stream with its parameter sets', async () => {
    await using client = await RawClient.open(url);
    const { status, headers, body } = (await client.request('DESCRIBE', url))!;
    expect([status, headers.get('content-base')]).toEqual([200, `${url}/`]);
    expect(body).toMatch(/a=rtpmap:96 H264\/90000\r\n/);
    expect(body).toMatch(/packetization-mode=1;profile-level-id=[0-9a-f]{6};sprop-parameter-sets=[^,]+,[^,]+\r\n/);
  });

  test('answers an unknown path with 404, an unknown session with 454, multicast with 461, an option with 551', async () => {
    await using client = await RawClient.open(url);
    const multicast = { Transport: 'RTP/AVP;multicast' };
    const statuses = [
      await client.request('DESCRIBE', server.url('nowhere')),
      await client.request('PAUSE', url, { Session: '1' }),
      await client.request('SETUP', `${url}/trackID=0`, multicast),
      await client.request('SETUP', `${server.url('tcp-only')}/trackID=0`, {
        Transport: 'RTP/AVP;unicast;client_port=5000-5001',
      }),
      await client.request('DESCRIBE', url, { Require: 'www.onvif.org/ver20/backchannel' }),
    ];
    expect(statuses.map((answer) => answer?.status)).toEqual([404, 454, 461, 461, 551]);
  });

  test('signs people in by SHA-256 where only that is wanted', async () => {
    await server.addStream({ path: 'sha', file, user: 'u', password: 'p', authentication: 'digest-sha-256' });
    const address = server.url('sha');
    await using client = await RawClient.open(address);
    const challenge = (await client.request('DESCRIBE', address))?.headers.get('www-authenticate') ?? '';
    expect(challenge).toContain('algorithm=SHA-256');
    const [realm, nonce] = ['realm', 'nonce'].map((name) => new RegExp(`${name}="([^"]+)"`).exec(challenge)?.[1]);
    const answer = (password: string) => {
      const response = sha256(`${sha256(`u:${realm}:${password}`)}:${nonce}:${sha256(`DESCRIBE:${address}`)}`);
      const fields = { username: 'u', realm, nonce, uri: address, response };
      const Authorization = `Digest ${Object.entries(fields)
        .map(([name, value]) => `${name}="${value}"`)
        .join(', ')}`;
      return client.request('DESCRIBE', address, { Authorization });
    };
    expect((await answer('wrong'))?.status).toBe(401);
    expect((await answer('p'))?.status).toBe(200);
  });

  test('closes a connection that speaks no RTSP', async () => {
    await using client = await RawClient.open(url);
    await client.request('GET', '/ HTTP/1.1\r\n\r\n');
    await until('the end', () => client.isClosed);
  });

  test('pauses and resumes without a gap in the sequence and without a picture twice', async () => {
    await using client = await RawClient.open(url);
    await client.play(url);
    await until('pictures', () => pictureTimes(client.packets).length > 5);
    expect((await client.request('PAUSE', url))?.status).toBe(200);
    expect(server.state('a').clients).toBe(0);
    const paused = client.packets.length;
    expect((await client.request('PLAY', url))?.status).toBe(200);
    await until('pictures', () => client.packets.length > paused + 20);
    expect(
      new Set(
        steps(
          client.packets.map(({ sequence }) => sequence),
          2 ** 16,
        ),
      ),
    ).toEqual(new Set([1]));
    expect(Math.min(...steps(pictureTimes(client.packets), 2 ** 32))).toBeGreaterThan(0);
  });

  test('ends a session that says nothing, and keeps one that does', async () => {
    await using silent = await RawClient.open(url);
    await using alive = await RawClient.open(url);
    await silent.play(url);
    await alive.play(url);
    await until('the silent one to be ended', async () => {
      await alive.request('GET_PARAMETER', url);
      return silent.isClosed;
    });
    expect((await alive.request('GET_PARAMETER', url))?.status).toBe(200);
    expect(server.clients()).toBe(1);
  });

  test('reads a stream only while somebody plays it', async () => {
    await until('nobody plays', () => server.clients() === 0);
    await until('no reader', () => !server.state('a').isReading);
    await using client = await RawClient.open(url);
    await client.play(url);
    expect(server.state('a')).toMatchObject({ clients: 1, isReading: true });
    await client.request('TEARDOWN', url);
    await until('no reader', () => !server.state('a').isReading);
    expect(server.clients()).toBe(0);
  });

  test('adds and removes streams while it runs', async () => {
    await server.addStream({ path: '/new/', file });
    await using client = await RawClient.open(url);
    expect((await client.request('DESCRIBE', server.url('new')))?.status).toBe(200);
    await expect(server.addStream({ path: 'new', file })).rejects.toMatchObject({ code: 'already-exists' });
    await server.removeStream('new');
    await until('its connections to end', () => client.isClosed);
    expect(() => server.state('new')).toThrow('There is no stream new');
  });

  test('refuses in words what it cannot send', async () => {
    writeFileSync(clips.file('text.mp4'), 'this is no video');
    await expect(server.addStream({ path: 'x', file: clips.file('text.mp4') })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    await expect(server.addStream({ path: 'x', file: clips.file('none.mp4') })).rejects.toMatchObject({
      code: 'file-missing',
    });
    const bare = await clips.write('b.h264', { bFrames: 2 });
    await expect(server.addStream({ path: 'x', file: bare })).rejects.toThrow('B-frames and no times');
    const { port } = server;
    await expect(startRtspServer({ port, streams: [] })).rejects.toMatchObject({ code: 'port-taken' });
  });
});

describe('a slow reader', () => {
  test('misses pictures up to a keyframe, which are counted, while the others miss none', async () => {
    const heavy = { width: 640, height: 360, fps: 25, seconds: 1, gopS: 0.4, noise: 30, qp: 8 };
    const path = await clips.write('heavy.mp4', heavy);
    await using own = await startRtspServer({ port: 0, logger: testLogger, streams: [{ path: 'heavy', file: path }] });
    const address = own.url('heavy');
    await using slow = await RawClient.open(address);
    await using quick = await RawClient.open(address);
    await slow.play(address);
    await quick.play(address);
    slow.stall();
    await until('pictures to be left out', () => own.state('heavy').droppedUnits > 5);
    const before = quick.packets.length;
    slow.resume();
    const gaps = () => steps(pictureTimes(slow.packets), 2 ** 32).filter((step) => step > 3600);
    await until('the slow one to go on', () => gaps().length > 0);
    const times = pictureTimes(slow.packets);
    const gap = steps(times, 2 ** 32).findIndex((step) => step > 3600);
    const first = slow.packets.find(({ timestamp }) => timestamp === times[gap + 1]);
    expect(first!.payload[0]! % 32).toBe(7);
    await until('the quick one to go on', () => quick.packets.length > before);
    expect(new Set(steps(pictureTimes(quick.packets), 2 ** 32))).toEqual(new Set([3600]));
  });
});

describe('after its end', () => {
  test('no socket, timer or open file is left', async () => {
    const kept = () => process.getActiveResourcesInfo().filter((name) => /TCP|UDP|FSReq/.test(name));
    const isOneServer = () => kept().join() === 'TCPServerWrap';
    await until('only the first server to be there', isOneServer);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const timersBefore = timers();
    const own = await startRtspServer({ port: 0, logger: testLogger, streams: [{ path: 'a', file }] });
    const address = own.url('a');
    const client = await RawClient.open(address);
    await client.play(address);
    await using udp = await RawClient.open(address);
    await udp.request('SETUP', `${address}/trackID=0`, { Transport: 'RTP/AVP;unicast;client_port=50000-50001' });
    await until('packets', () => client.packets.length > 3);
    await own[Symbol.asyncDispose]();
    await until('the clients to be closed', () => client.isClosed && udp.isClosed);
    await until('only the first server to be there', isOneServer);
    expect(timers()).toBeLessThanOrEqual(timersBefore);
    await expect(RawClient.open(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
