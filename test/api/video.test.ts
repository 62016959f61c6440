import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { answerLive } from '#ingest/live/answer.ts';
import { startLiveServer } from '#ingest/live/server.ts';
import { createVideo, type Video } from '#ingest/live/video/video.ts';
import { createView } from '#ingest/live/view.ts';
import { VIDEO_CLOSE_CODES } from '#models/schema/live-video.ts';
import { decodeVideoMessage, type VideoMessage } from '#models/wire/video.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { type ClipFolder, openClipFolder } from '#test/demo/rtsp/clips.ts';
import { readInto } from '#test/ingest/live/video/watching.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

type Watching = Disposable & {
  messages: VideoMessage[];
  pictures: () => number;
  closed: Promise<{ code: number; reason: string }>;
  socket: WebSocket;
};

describe('live video', () => {
  const stack = new AsyncDisposableStack();
  let api: ApiSite;
  let clips: ClipFolder;
  let rtsp: RtspServer;
  let broker: Broker;
  let video: Video;

  beforeAll(async () => {
    api = stack.use(await startApi());
    clips = stack.use(openClipFolder());
    const file = await clips.write('clip.mp4', { seconds: 2 });
    rtsp = stack.use(await startRtspServer({ port: 0, streams: [{ path: 'gate', file }] }));
    broker = stack.use(await openBroker(api.config, 'ingest', { logger: testLogger, name: 'test-worker' }));
    for (const id of ['gate', 'yard', 'lost']) {
      await api.ask('POST', '/api/v1/cameras', { body: { id, name: id, url: rtsp.url('gate') } });
    }
    video = stack.use(createVideo());
    const view = stack.use(createView({ camera: 'gate', logger: testLogger }));
    const viewsOf = (camera: string) => (camera === 'gate' ? { view, video } : undefined);
    const server = stack.use(await startLiveServer({ host: '127.0.0.1', logger: testLogger, viewsOf }));
    for (const camera of ['gate', 'yard']) stack.use(answerLive(broker.connection, camera, server));
    await broker.connection.flush();
    stack.use(readInto(video, { kind: 'rtsp', url: rtsp.url('gate'), transport: 'tcp' }));
  });
  afterAll(() => stack.disposeAsync());

  function watch(
    camera: string,
    { token = api.adminToken, headers = {} }: { token?: string | null; headers?: Record<string, string> } = {},
  ): Watching {
    const url = `${api.url.replace('http', 'ws')}/api/v1/cameras/${camera}/video`;
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, { headers: { ...authorization, ...headers } });
    const messages: VideoMessage[] = [];
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => messages.push(decodeVideoMessage(data)));
    const closed = new Promise<{ code: number; reason: string }>((done) => {
      socket.on('close', (code, reason) => done({ code, reason: String(reason) }));
    });
    return {
      messages,
      pictures: () => messages.filter(({ type }) => type === 'fragment').length,
      closed,
      socket,
      [Symbol.dispose]: () => socket.terminate(),
    };
  }

  /** The HTTP status that a WebSocket is refused with. */
  async function refusal(camera: string, options: Parameters<typeof watch>[1]): Promise<number> {
    const { socket } = watch(camera, options);
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return response.statusCode;
  }

  it('comes over a WebSocket, a start first, and lets go of the camera when the viewer goes', async () => {
    const viewer = watch('gate');
    await until('pictures', () => viewer.pictures() >= 20);
    expect(viewer.messages[0]).toMatchObject({ type: 'start', start: { codec: 'h264', width: 320, height: 180 } });
    expect(viewer.messages[1]).toMatchObject({ type: 'fragment', isKey: true });
    expect(api.context.streams.open('video')).toBe(1);
    viewer.socket.close();
    await until('nobody to watch', () => video.viewers() === 0 && api.context.streams.open('video') === 0);
  });

  it('costs one connection to the camera for twenty viewers', async () => {
    const viewers = Array.from({ length: 20 }, () => watch('gate'));
    await until('all to see pictures', () => viewers.every((viewer) => viewer.pictures() >= 10));
    expect([video.viewers(), rtsp.clients()]).toEqual([20, 1]);
    for (const viewer of viewers) viewer[Symbol.dispose]();
    await until('nobody to watch', () => video.viewers() === 0);
  });

  it('is refused before it opens to those who may not see the camera', async () => {
    expect(await refusal('gate', { token: null })).toBe(401);
    expect(await refusal('gate', { token: await api.enrol('reader', ['analyst']) })).toBe(403);
    expect(await refusal('gate', { token: await api.enrol('elsewhere', ['officer'], ['some-area']) })).toBe(404);
    expect(await refusal('nowhere', {})).toBe(404);
  });

  it('is refused to another site’s page, which a browser would open with our cookie', async () => {
    const { secret } = await api.context.sessions.issue('admin', { purpose: 'session', name: 'page', lifeMs: 60_000 });
    const cookie = `sharp_eyes_session=${secret}`;
    const headersOf = (origin: string) => ({ token: null, headers: { cookie, origin } });
    expect(await refusal('gate', headersOf('http://evil.example'))).toBe(403);
    expect(await refusal('gate', { token: null, headers: { cookie } })).toBe(403);
    using viewer = watch('gate', headersOf(api.url));
    await until('pictures', () => viewer.pictures() > 0);
  });

  it('answers a plain request with what is missing', async () => {
    expect(await api.ask('GET', '/api/v1/cameras/gate/video')).toMatchObject({
      status: 426,
      body: { code: 'upgrade-required' },
    });
  });

  it('does not take the offer of another protocol for a WebSocket', async () => {
    // As java.net.http sends it; fetch cannot.
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAB' };
    const [response] = await once(get(`${api.url}/healthz`, { headers, agent: false }), 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  it('ends with the sign-in, and says so', async () => {
    const token = await api.enrol('guard', ['officer']);
    const viewer = watch('gate', { token });
    await until('pictures', () => viewer.pictures() > 0);
    await api.context.sessions.end((each) => each.user === 'guard');
    expect(await viewer.closed).toEqual({ code: VIDEO_CLOSE_CODES.signInEnded, reason: 'unauthenticated' });
    expect(viewer.messages.at(-1)).toMatchObject({ type: 'notice', notice: { code: 'unauthenticated' } });
  });

  it('says which worker is missing, and closes so that the page comes back', async () => {
    // The first has no worker, the second one that has given the camera away.
    const lost = watch('lost');
    expect(await lost.closed).toEqual({ code: VIDEO_CLOSE_CODES.moved, reason: 'no-worker' });
    expect(lost.messages.at(-1)).toMatchObject({ type: 'notice', notice: { code: 'no-worker' } });
    const yard = watch('yard');
    expect(await yard.closed).toEqual({ code: VIDEO_CLOSE_CODES.refused, reason: 'not-found' });
  });

  it('has a limit for each user', async () => {
    const token = await api.enrol('collector', ['officer']);
    const viewers = Array.from({ length: 24 }, () => watch('gate', { token }));
    await until('24 to be open', () => api.context.streams.open('video') === 24);
    const last = watch('gate', { token });
    expect(await last.closed).toEqual({ code: VIDEO_CLOSE_CODES.refused, reason: 'too-many-streams' });
    for (const viewer of viewers) viewer[Symbol.dispose]();
    await until('all places to be free', () => api.context.streams.open('video') === 0);
  });

  it('stands in the audit log', async () => {
    using viewer = watch('gate');
    await until('pictures', () => viewer.pictures() > 0);
    const folder = `${api.config.dataDir}/audit`;
    const days = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
    const lines = days.flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n'));
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = entries.filter(({ path }) => path === '/api/v1/cameras/gate/video');
    expect(own.at(-1)).toMatchObject({ action: 'live.view', user: 'admin', status: 101 });
  });

  it('does not wait for a viewer that takes nothing', async () => {
    const slow = watch('gate');
    await until('the slow one to be open', () => slow.pictures() > 0);
    slow.socket.pause();
    using quick = watch('gate');
    await until('two seconds of pictures', () => quick.pictures() >= 40);
    slow[Symbol.dispose]();
  });

  it('does not take anything from a viewer', async () => {
    const viewer = watch('gate');
    await until('pictures', () => viewer.pictures() > 0);
    viewer.socket.send(Buffer.alloc(4096));
    expect((await viewer.closed).code).toBe(1009);
    await until('the place to be free', () => api.context.streams.open('video') === 0);
    expect((await api.ask('GET', '/healthz')).status).toBe(200);
  });
});
