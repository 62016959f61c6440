import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import { openRegistry } from '#models/registry/registry.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { VIDEO_CLOSE_CODES } from '#models/schema/live-video.ts';
import type { PictureRings } from '#models/schema/mask.ts';
import { decodeVideoMessage, type VideoMessage } from '#models/wire/video.ts';
import { openBroker } from '#system/broker.ts';
import { type ApiSite, startApi } from '#test/api/api-site.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { testLogger, until } from '#test/site/site.ts';
import { startWorker } from '#test/site/worker.ts';

const LEFT: PictureRings = [
  [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
];
const RIGHT: PictureRings = [
  [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ],
];
/** JPEG rings a little beside an edge. */
const EDGE_PX = 16;
/** Black is 16 of limited range, 0 on the screen. */
const BLACK_MAX = 12;

/** Mean grey level of each half, and the brightest pixel of each, away from the line between them. */
async function halvesOf(jpeg: Buffer) {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const middle = info.width / 2;
  const halves = { left: { sum: 0, most: 0, count: 0 }, right: { sum: 0, most: 0, count: 0 } };
  for (const [index, value] of data.entries()) {
    const x = index % info.width;
    if (Math.abs(x - middle) < EDGE_PX) continue;
    const half = x < middle ? halves.left : halves.right;
    half.sum += value;
    half.count++;
    half.most = Math.max(half.most, value);
  }
  const { left, right } = halves;
  return { left: left.most, right: right.most, meanLeft: left.sum / left.count, meanRight: right.sum / right.count };
}

describe('a camera with privacy masks', () => {
  const stack = new AsyncDisposableStack();
  let api: ApiSite;
  let rtsp: RtspServer;

  beforeAll(async () => {
    const clips = stack.use(makeClips());
    const file = await clips.write('gate.mp4', { seconds: 4, width: 640, height: 360 });
    rtsp = stack.use(await startRtspServer({ port: 0, streams: ['main', 'people'].map((path) => ({ path, file })) }));
    api = stack.use(await startApi());
    await startWorker(api.site, 'w1');
    const gate = { id: 'gate', name: 'Gate', url: rtsp.url('main'), watchUrl: rtsp.url('people'), isGated: false };
    expect((await api.ask('POST', '/api/v1/cameras', { body: { ...gate, privacyMasks: LEFT } })).status).toBe(201);
    const open = { id: 'open', name: 'Open', url: rtsp.url('main'), watchUrl: rtsp.url('people'), isGated: false };
    await api.ask('POST', '/api/v1/cameras', { body: open });
    await until('both are live', async () => (await states()).every((state) => /live|degraded/.test(state)));
  });
  afterAll(() => stack.disposeAsync());

  const cameras = async () => ((await api.ask('GET', '/api/v1/cameras')).body as { cameras: CameraView[] }).cameras;
  const states = async () => (await cameras()).map(({ state }) => state?.state ?? '');

  async function get(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${api.adminToken}` };
    return await fetch(`${api.url}/api/v1/${path}`, { headers, signal: AbortSignal.timeout(60_000) });
  }
  const snapshot = async (id: string) => Buffer.from(await (await get(`cameras/${id}/picture.jpg`)).arrayBuffer());

  /** The parts of an MJPEG answer, each with the time at which it arrived, until it ends. */
  async function* motion(id: string, signal: AbortSignal): AsyncGenerator<{ jpeg: Buffer; arrivedAtMs: number }> {
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const response = await fetch(`${api.url}/api/v1/cameras/${id}/live.mjpeg`, { headers, signal });
    let bytes = Buffer.alloc(0);
    for await (const chunk of response.body ?? []) {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const headEnd = bytes.indexOf('\r\n\r\n');
        const length = Number(/Content-Length: (\d+)/.exec(bytes.toString('latin1', 0, headEnd))?.[1]);
        if (headEnd < 0 || bytes.length < headEnd + 4 + length + 2) break;
        yield { jpeg: Buffer.from(bytes.subarray(headEnd + 4, headEnd + 4 + length)), arrivedAtMs: Date.now() };
        bytes = bytes.subarray(headEnd + 4 + length + 2);
      }
    }
  }

  function watch(id: string) {
    const url = `${api.url.replace('http', 'ws')}/api/v1/cameras/${id}/video`;
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${api.adminToken}` } });
    const messages: VideoMessage[] = [];
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => messages.push(decodeVideoMessage(data)));
    const closed = new Promise<{ code: number; reason: string }>((done) => {
      socket.on('close', (code, reason) => done({ code, reason: String(reason) }));
    });
    return { messages, closed, socket };
  }

  it('shows them black in a snapshot, where a camera without shows the picture', async () => {
    const masked = await halvesOf(await snapshot('gate'));
    expect(masked.left).toBeLessThanOrEqual(BLACK_MAX);
    expect(masked.meanRight).toBeGreaterThan(40);
    expect((await halvesOf(await snapshot('open'))).meanLeft).toBeGreaterThan(40);
  });

  it('shows them black in each moving picture', async () => {
    const leaving = new AbortController();
    let pictures = 0;
    for await (const { jpeg } of motion('gate', leaving.signal)) {
      expect((await halvesOf(jpeg)).left).toBeLessThanOrEqual(BLACK_MAX);
      if (++pictures === 5) break;
    }
    leaving.abort();
    expect(pictures).toBe(5);
  });

  it('shows them black in the small picture of the wall of health', async () => {
    const pictureOf = async () => {
      const { pictures } = (await (await get('camera-health/pictures?camera=gate')).json()) as {
        pictures: { camera: string; jpeg: string }[];
      };
      return pictures.find(({ camera }) => camera === 'gate')?.jpeg;
    };
    await until('there is one', async () => (await pictureOf()) !== undefined);
    const halves = await halvesOf(Buffer.from((await pictureOf()) ?? '', 'base64'));
    expect(halves.left).toBeLessThanOrEqual(BLACK_MAX);
    expect(halves.meanRight).toBeGreaterThan(40);
  });

  it('gives no packet of its video away, neither of the stream that is looked at nor of the one for people', async () => {
    const { closed, messages } = watch('gate');
    expect(await closed).toEqual({ code: VIDEO_CLOSE_CODES.codec, reason: 'video-masked' });
    expect(messages.map(({ type }) => type)).toEqual(['notice']);
    const open = watch('open');
    await until('the other’s video plays', () => open.messages.some(({ type }) => type === 'fragment'));
    open.socket.terminate();
  });

  it('is not shown by a probe of its device either', async () => {
    const { host } = new URL(rtsp.url('main').replace('rtsp', 'http'));
    const answer = await api.ask('POST', '/api/v1/probes', { body: { host, scheme: 'rtsp', measureS: 1 } });
    expect(answer.text).not.toContain('jpegBase64');
  });

  it('shows nothing by its former masks once a change of them is applied', async () => {
    const leaving = new AbortController();
    const arrived: { jpeg: Buffer; arrivedAtMs: number }[] = [];
    const watching = (async () => {
      for await (const picture of motion('gate', leaving.signal)) arrived.push(picture);
    })().catch(() => {});
    await until('the former pictures come', () => arrived.length >= 3);
    const edited = await api.ask('PATCH', '/api/v1/cameras/gate?wait=10', { body: { privacyMasks: RIGHT } });
    const appliedAtMs = Date.now();
    expect((edited.body as CameraView).applied?.isApplied).toBe(true);
    const now = await halvesOf(await snapshot('gate'));
    expect(now.right).toBeLessThanOrEqual(BLACK_MAX);
    expect(now.meanLeft).toBeGreaterThan(40);
    await watching;
    leaving.abort();
    for (const { jpeg, arrivedAtMs } of arrived) {
      if (arrivedAtMs > appliedAtMs) expect((await halvesOf(jpeg)).right).toBeLessThanOrEqual(BLACK_MAX);
    }
    expect((await halvesOf(arrived[0]!.jpeg)).meanRight).toBeGreaterThan(40);
  });

  it('cuts a video that is playing when masks are drawn, and gives none to whoever comes after', async () => {
    const { closed, messages } = watch('open');
    await until('it plays', () => messages.some(({ type }) => type === 'fragment'));
    const edited = await api.ask('PATCH', '/api/v1/cameras/open?wait=10', { body: { privacyMasks: LEFT } });
    const count = messages.length;
    expect((edited.body as CameraView).applied?.isApplied).toBe(true);
    await closed;
    expect(messages.slice(count).filter(({ type }) => type !== 'notice')).toEqual([]);
    expect((await watch('open').closed).reason).toBe('video-masked');
  });

  it('keeps no view that was learned under other masks', async () => {
    await using broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'test' });
    const registry = await openRegistry(broker.connection);
    const stale = {
      ...{ camera: 'gate', calibrationVersion: 0, columns: 4, rows: 2, learnedAtMs: 1, masks: 'of-before' },
      references: [{ darkest: 1, brightest: 255, isGrey: false, along: 'AAAAAAAAAAA=', across: 'AAAAAAAAAAA=' }],
    };
    await registry.views.put('gate', stale);
    await api.ask('PATCH', '/api/v1/cameras/gate?wait=10', { body: { privacyMasks: LEFT } });
    await until('it is gone', async () => (await registry.views.get('gate'))?.value.masks !== 'of-before');
  });

  it('shows its whole picture again when the masks are cleared', async () => {
    await api.ask('PATCH', '/api/v1/cameras/gate?wait=10', { body: { privacyMasks: null } });
    const { meanLeft, meanRight } = await halvesOf(await snapshot('gate'));
    expect(meanLeft).toBeGreaterThan(40);
    expect(meanRight).toBeGreaterThan(40);
  });
});
