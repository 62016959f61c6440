import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamDetections } from '#api/live/detections.ts';
import { answerLive } from '#ingest/live/answer.ts';
import { startLiveServer } from '#ingest/live/server.ts';
import { createVideo } from '#ingest/live/video/video.ts';
import { createView } from '#ingest/live/view.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import { encodeMessage, messageId } from '#models/wire/codec.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const polygon = {
  type: 'Polygon',
  coordinates: [
    [
      [117, 36],
      [117.1, 36],
      [117.1, 36.1],
      [117, 36.1],
      [117, 36],
    ],
  ],
};
const area = (id: string, level: string, parent: string | null) => ({
  type: 'Feature',
  properties: { id, name: id, level, parent },
  geometry: polygon,
});

function message(camera: string, sequence: number, areaPath: string[]): DetectionMessage {
  const at = 1_795_000_000_000 + sequence;
  return {
    version: 1,
    id: messageId(camera, 1, sequence),
    camera,
    revision: 1,
    sequence,
    areaPath,
    model: 'yolox-nano',
    capturedAtMs: at,
    receivedAtMs: at,
    watchedFromMs: at,
    watchedToMs: at + 200,
    looks: 1,
    sightings: [
      { track: 'abcdefgh12', kind: 'person', score: 0.9, box: [0.1, 0.2, 0.05, 0.1], presenceMs: 200, isHeld: false },
    ],
  };
}

/** Reads server-sent events until it is closed. */
function listen(response: Response) {
  const events: { event: string; data: unknown }[] = [];
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event = /^event: (.*)$/m.exec(part)?.[1];
        if (event !== undefined) events.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? 'null') });
        else events.push({ event: 'comment', data: part });
      }
    }
  })().catch(() => {});
  return { events, ended, of: (name: string) => events.filter(({ event }) => event === name).map(({ data }) => data) };
}

describe('what happens now', () => {
  let api: ApiSite;
  let worker: Broker;
  beforeAll(async () => {
    api = await startApi();
    worker = await openBroker(api.config, 'ingest', { logger: testLogger, name: 'test-worker' });
    const features = [
      area('jinan', 'city', null),
      area('lixia', 'district', 'jinan'),
      area('shizhong', 'district', 'jinan'),
    ];
    await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } });
    for (const [id, where] of [
      ['gate-1', 'lixia'],
      ['gate-2', 'shizhong'],
    ]) {
      await api.ask('POST', '/api/v1/cameras', { body: { id, name: id, url: 'rtsp://127.0.0.1/x', area: where } });
    }
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  const paths = { 'gate-1': ['jinan', 'lixia', '_', '_', '_'], 'gate-2': ['jinan', 'shizhong', '_', '_', '_'] };
  const publish = (camera: 'gate-1' | 'gate-2', sequence: number) =>
    worker.connection.publish(
      detectionsSubject(paths[camera], camera),
      encodeMessage(message(camera, sequence, paths[camera])),
    );

  async function open(query: string, token = api.adminToken) {
    const stop = new AbortController();
    const response = await fetch(`${api.url}/api/v1/detections/live${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const heard = listen(response);
    await until('the stream to listen', () => heard.events.length > 0);
    return { ...heard, close: () => stop.abort() };
  }

  it('streams the messages of several cameras at once, and refuses a list with one that is not there', async () => {
    const several = await open('?cameras=gate-1,gate-2');
    publish('gate-1', 701);
    publish('gate-2', 702);
    await until('both to arrive', () => several.of('detections').length === 2);
    several.close();
    expect((await api.ask('GET', '/api/v1/detections/live?cameras=gate-1,nowhere')).status).toBe(404);
    expect((await api.ask('GET', '/api/v1/detections/live?cameras=gate-1,')).status).toBe(400);
  });

  it('streams each message to whoever asked for its camera, its area or everything, and to nobody else', async () => {
    const all = await open('');
    const one = await open('?camera=gate-1');
    const beside = await open('?area=shizhong');
    const above = await open('?area=jinan');
    publish('gate-1', 1);
    publish('gate-2', 2);
    for (const stream of [all, above]) await until('both messages', () => stream.of('detections').length === 2);
    await until('one message each', () => one.of('detections').length === 1 && beside.of('detections').length === 1);
    expect(one.of('detections')).toEqual([message('gate-1', 1, paths['gate-1'])]);
    expect(beside.of('detections')).toEqual([message('gate-2', 2, paths['gate-2'])]);
    for (const stream of [all, one, beside, above]) stream.close();
    await until('the places to be free again', () => api.context.streams.open('detections') === 0);
  });

  it('shows somebody with a scope only their areas', async () => {
    const token = await api.enrol('chen', ['officer'], ['lixia']);
    const stream = await open('', token);
    publish('gate-2', 3);
    publish('gate-1', 4);
    await until('their message', () => stream.of('detections').length === 1);
    expect(stream.of('detections')).toMatchObject([{ camera: 'gate-1', sequence: 4 }]);
    stream.close();
  });

  it('ends with the token, and when the user is changed', async () => {
    const token = await api.enrol('sun', ['officer']);
    const stream = await open('', token);
    await api.ask('PATCH', '/api/v1/users/sun', { body: { scope: ['lixia'] } });
    await stream.ended;
    expect(stream.of('end')).toEqual([{ reason: 'the user was changed' }]);
    const second = await open('', token);
    await api.context.sessions.end(({ user }) => user === 'sun');
    await second.ended;
    expect(second.of('end')).toEqual([{ reason: 'the sign-in ended' }]);
  });

  it('drops the oldest for a reader that is too slow, and tells how many: received = sent + dropped', async () => {
    const stop = new AbortController();
    const count = { received: 0, sent: 0, dropped: 0 };
    const events = streamDetections(api.broker.connection, {
      subjects: ['sharpeyes.detections.>'],
      isWanted: () => true,
      signal: stop.signal,
      capacity: 5,
      counts: {
        received: () => count.received++,
        sent: () => count.sent++,
        dropped: (more) => {
          count.dropped += more;
        },
      },
    });
    await events.next();
    for (let sequence = 100; sequence < 120; sequence++) publish('gate-1', sequence);
    worker.connection.publish('sharpeyes.detections._._._._._.gate-1', 'no message');
    await until('all to arrive', () => count.received === 21);
    expect((await events.next()).value).toBe('event: dropped\ndata: {"count":16}\n\n');
    const kept: string[] = [];
    for (let index = 0; index < 4; index++) kept.push(String((await events.next()).value));
    expect(kept.map((text) => /"sequence":(\d+)/.exec(text)?.[1])).toEqual(['116', '117', '118', '119']);
    stop.abort(new Error('enough'));
    expect((await events.next()).value).toBe('event: end\ndata: {"reason":"enough"}\n\n');
    expect((await events.next()).done).toBe(true);
    expect(count).toEqual({ received: 21, sent: 4, dropped: 17 });
  });

  it('says that it is still there when nothing happens', async () => {
    const stop = new AbortController();
    const nothing = () => {};
    const counts = { received: nothing, sent: nothing, dropped: nothing };
    const options = { subjects: ['sharpeyes.detections.x'], isWanted: () => true, signal: stop.signal, counts };
    const events = streamDetections(api.broker.connection, { ...options, heartbeatMs: 20 });
    await events.next();
    expect((await events.next()).value).toBe(': still here\n\n');
    stop.abort(new Error('enough'));
    await events.return(undefined);
  });

  it('limits how many streams one user has open', async () => {
    const token = await api.enrol('li', ['officer']);
    const streams = [];
    for (let index = 0; index < 12; index++) streams.push(await open('', token));
    expect(await api.ask('GET', '/api/v1/detections/live', { token })).toMatchObject({
      status: 429,
      body: { code: 'too-many-streams' },
    });
    for (const stream of streams) stream.close();
    await until('the places to be free again', () => api.context.streams.open('detections') === 0);
  });

  it('says that no worker has the camera', async () => {
    const answer = await api.ask('GET', '/api/v1/cameras/gate-2/picture.jpg');
    expect(answer).toMatchObject({ status: 503, body: { code: 'no-worker', detail: 'no ingest worker has gate-2' } });
  });

  it('refuses an address that is none of a worker', async () => {
    for (const url of ['https://evil.example/live/x', 'file:///etc/passwd', `${api.url}/api/v1/me`]) {
      const liar = worker.connection.subscribe('sharpeyes.control.live.gate-2', {
        callback: (_error, asked) => void asked.respond(JSON.stringify({ url, expiresAtMs: 1 })),
      });
      await worker.connection.flush();
      expect(await api.ask('GET', '/api/v1/cameras/gate-2/picture.jpg')).toMatchObject({
        status: 500,
        body: { code: 'internal' },
      });
      liar.unsubscribe();
    }
  });

  it('hands out the proof of a finding while it holds, and of nothing else', async () => {
    using view = createView({ camera: 'gate-1', logger: testLogger });
    using video = createVideo();
    const proof = { jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xd9]), capturedAtMs: 1_795_457_265_000 };
    await using server = await startLiveServer({
      host: '127.0.0.1',
      viewsOf: () => ({ view, video, proofOf: (finding) => (finding === 'covered' ? proof : undefined) }),
      logger: testLogger,
    });
    using _answering = answerLive(worker.connection, 'gate-1', server);
    await worker.connection.flush();
    const proofUrl = (finding: string) => `${api.url}/api/v1/cameras/gate-1/findings/${finding}/proof.jpg`;
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const answer = await fetch(proofUrl('covered'), { headers });
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(Number(answer.headers.get('x-captured-at-ms'))).toBe(proof.capturedAtMs);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(proof.jpeg);
    expect((await fetch(proofUrl('moved'), { headers })).status).toBe(404);
    expect((await fetch(proofUrl('somebody'), { headers })).status).toBe(400);
    expect((await fetch(proofUrl('covered'))).status).toBe(401);
  });

  it('passes on the pictures of the worker that has the camera, and lets go of it when the viewer goes', async () => {
    using clips = makeClips();
    const path = await clips.write('scene.mp4', { fps: 10, seconds: 2 });
    const stopping = new AbortController();
    using view = createView({ camera: 'gate-1', logger: testLogger });
    using video = createVideo();
    await using server = await startLiveServer({
      host: '127.0.0.1',
      viewsOf: () => ({ view, video }),
      logger: testLogger,
    });
    using _answering = answerLive(worker.connection, 'gate-1', server);
    await worker.connection.flush();
    const reading = (async () => {
      const source = { kind: 'file' as const, path, isLooped: true };
      const options = { signal: stopping.signal, logger: testLogger, sampleFps: 10, isGated: false };
      for await (const sight of view.show(
        readSource(source, { ...options, fullLookIntervalS: 10, isRealtime: true }),
      )) {
        if (sight.type === 'frame') sight.frame[Symbol.dispose]();
      }
    })();
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const picture = await fetch(`${api.url}/api/v1/cameras/gate-1/picture.jpg`, { headers });
    expect(picture.status).toBe(200);
    expect(Number(picture.headers.get('x-captured-at-ms'))).toBeGreaterThan(1_700_000_000_000);
    expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({
      format: 'jpeg',
      width: 320,
      height: 180,
    });

    const stop = new AbortController();
    const live = await fetch(`${api.url}/api/v1/cameras/gate-1/live.mjpeg`, { headers, signal: stop.signal });
    expect(live.headers.get('content-type')).toMatch(/^multipart\/x-mixed-replace/);
    let text = '';
    for await (const chunk of live.body ?? []) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.split('X-Captured-At-Ms').length > 3) break;
    }
    stop.abort();
    await until('the worker to have no viewer', () => view.viewers() === 0);
    await until('the place to be free again', () => api.context.streams.open('pictures') === 0);
    stopping.abort();
    await reading;
  });
});
