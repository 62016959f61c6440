/** What a camera's network and power do to whoever is connected and to whoever comes. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLoginGuard } from '#demo/login-guard.ts';
import { type Network, type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { until } from '#test/site/site.ts';
import { openClipFolder } from './clips.ts';
import { playWithFfmpeg } from './player.ts';
import { pictureTimes, RawClient } from './raw-client.ts';

const clips = openClipFolder();
let server: RtspServer;
let file: string;
let url: string;

const login = { user: 'admin', password: 'p@ss' };

beforeAll(async () => {
  file = await clips.write('plain.mp4');
  const h265 = await clips.write('hevc.mp4', { codec: 'h265' });
  server = await startRtspServer({
    port: 0,
    guard: createLoginGuard({ triesMax: 3, lockS: 0.5 }),
    streams: [
      { path: 'a', file },
      { path: 'b', file: h265 },
      { path: 'sha', file, ...login, authentication: 'digest-sha-256' },
    ],
  });
  server.announce('later');
  url = server.url('a');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  clips[Symbol.dispose]();
});

async function playing(): Promise<RawClient> {
  const client = await RawClient.open(url);
  await client.play(url);
  await until('pictures', () => pictureTimes(client.packets).length > 3);
  return client;
}

async function withNetwork(network: Network, look: () => Promise<void>): Promise<void> {
  await server.setNetwork(network);
  try {
    await look();
  } finally {
    await server.setNetwork('up');
  }
  await using again = await playing();
  expect(again.isClosed).toBe(false);
}

const isRefused = () =>
  new Promise<boolean>((done) => {
    const socket = connect(server.port, '127.0.0.1');
    socket
      .once('connect', () => done(false))
      .once('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED'));
    socket.once('close', () => socket.destroy());
  });

describe('the network of a camera', () => {
  it('that refuses ends who played and really refuses who comes', async () => {
    await using before = await playing();
    await withNetwork('refuse', async () => {
      await until('the end', () => before.isClosed);
      expect(await isRefused()).toBe(true);
    });
  });

  it('that is mute accepts and never says a word', async () => {
    await withNetwork('mute', async () => {
      await using client = await RawClient.open(url);
      expect(await client.request('OPTIONS', url, {}, 300)).toBe(null);
      expect(client.isClosed).toBe(false);
    });
  });

  it('without power lets who played hang, refuses who comes, and breaks what hung when the power is back', async () => {
    await using before = await playing();
    await server.setNetwork('dark');
    expect(await isRefused()).toBe(true);
    const seen = before.packets.length;
    expect(await before.request('GET_PARAMETER', url, {}, 300)).toBe(null);
    expect(before).toMatchObject({ isClosed: false, ending: 'open' });
    expect(before.packets.length).toBeLessThanOrEqual(seen + 2);
    await server.setNetwork('up');
    await until('the reset', () => before.ending === 'reset');
    await using _again = await playing();
  });
});

describe('a stream', () => {
  it('that is announced is answered with 503 until it is there', async () => {
    await using client = await RawClient.open(url);
    const later = server.url('later');
    expect((await client.request('DESCRIBE', later))?.status).toBe(503);
    await server.addStream({ path: 'later', file });
    expect((await client.request('DESCRIBE', later))?.status).toBe(200);
  });

  it('with slow answers answers all the same, later', async () => {
    await server.fault('a', { kind: 'slow-answers', seconds: 0.4 });
    await using client = await RawClient.open(url);
    const askedAtMs = performance.now();
    expect((await client.request('OPTIONS', url))?.status).toBe(200);
    expect(performance.now() - askedAtMs).toBeGreaterThan(350);
    await server.fault('a', { kind: 'none' });
  });

  it('whose codec changes describes the new one to who comes, and goes on for who is there', async () => {
    const hevc = clips.file('hevc.mp4');
    await using before = await playing();
    await server.fault('a', { kind: 'change-codec', file: hevc });
    const from = before.packets.length;
    await until('more pictures', () => before.packets.length > from + 10);
    const seen = await playWithFfmpeg(url, { pictures: 5 });
    expect(seen).toMatchObject({ opened: 0, undecodable: 0 });
    await using client = await RawClient.open(url);
    expect((await client.request('DESCRIBE', url))?.body).toContain('H265/90000');
    await server.fault('a', { kind: 'none' });
    expect((await client.request('DESCRIBE', url))?.body).toContain('H264/90000');
  });

  it('promises the rate it is told to promise, whatever it delivers', async () => {
    await server.fault('a', { kind: 'other-clip', file, promisedFps: 25 });
    await using client = await RawClient.open(url);
    expect((await client.request('DESCRIBE', url))?.body).toContain('a=framerate:25\r\n');
    await server.fault('a', { kind: 'none' });
    expect((await client.request('DESCRIBE', url))?.body).toContain('a=framerate:20\r\n');
  });

  it('that loses packets of UDP loses none over TCP', async () => {
    await server.fault('a', { kind: 'packet-loss', share: 1, transport: 'udp' });
    await using client = await playing();
    expect(client.packets.length).toBeGreaterThan(3);
    expect((await playWithFfmpeg(url, { transport: 'udp', pictures: 1, deadlineMs: 1500 })).pictures).toHaveLength(0);
    await server.fault('a', { kind: 'none' });
  });
});

describe('a password by SHA-256', () => {
  const sign = (challenge: string, password: string, target: string) => {
    const [realm, nonce] = ['realm', 'nonce'].map((name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const response = hash(`${hash(`${login.user}:${realm}:${password}`)}:${nonce}:${hash(`DESCRIBE:${target}`)}`);
    return `Digest username="${login.user}", realm="${realm}", nonce="${nonce}", uri="${target}", response="${response}", algorithm=SHA-256`;
  };

  it('lets in who has it, and after three bad ones nobody for a while', async () => {
    const target = server.url('sha');
    await using client = await RawClient.open(target);
    const challenge = (await client.request('DESCRIBE', target))?.headers.get('www-authenticate') ?? '';
    expect(challenge).toContain('algorithm=SHA-256');
    const ask = async (password: string) =>
      (await client.request('DESCRIBE', target, { Authorization: sign(challenge, password, target) }))?.status;
    expect(await ask(login.password)).toBe(200);
    for (let tries = 0; tries < 3; tries += 1) expect(await ask('wrong')).toBe(401);
    expect(await ask(login.password)).toBe(401);
    const lockedAtMs = performance.now();
    await until('it is open again', () => performance.now() - lockedAtMs > 550);
    expect(await ask(login.password)).toBe(200);
  });
});
