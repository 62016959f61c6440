import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RtspServer, startRtspServer } from '#demo/rtsp/server.ts';
import type { EvidenceEvent } from '#models/schema/alert.ts';
import type { AuditList } from '#models/schema/audit.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Box } from '#models/schema/detection.ts';
import { decodeStreamEvent } from '#models/wire/events.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { ensureStream } from '#system/broker.ts';
import { ROOT_DIR } from '#system/config.ts';
import { makeClips } from '#test/ingest/clips.ts';
import { detail, play } from '#test/ingest/evidence/play.ts';
import { alertEvent, idOf, publishEvents } from '#test/site/alert-events.ts';
import { writeFixedModel } from '#test/site/fixed-model.ts';
import { until } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';
import { startWorker } from '#test/site/worker.ts';
import { type ApiSite, startApi } from './api-site.ts';

const PERSON: Box = [0.3, 0.3, 0.2, 0.5];
const ALERT = idOf('seen');

describe('pictures of alerts', () => {
  const stack = new AsyncDisposableStack();
  const tokens: Record<string, string> = {};
  const told: EvidenceEvent['data'][] = [];
  let api: ApiSite;
  let rtsp: RtspServer;

  beforeAll(async () => {
    const clips = stack.use(makeClips());
    const shape = { width: 480, height: 270, fps: 12, seconds: 4, noise: 6, qp: 20 };
    const file = await clips.write('gate.mp4', shape);
    rtsp = stack.use(await startRtspServer({ port: 0, streams: [{ path: 'main', file }] }));
    api = stack.use(await startApi({ model: 'fixed', evidenceBeforeS: 2, evidenceAfterS: 1 }));
    writeFixedModel(api.config.modelsDir, 'fixed', [{ kind: 'person', score: 0.9, box: PERSON }]);
    await startStore(api.site);
    await ensureStream(api.broker, ALERTS_STREAM);
    const alerts = resolve(ROOT_DIR, 'analytics/alerts/main.ts');
    const { children, env } = api.site;
    await children.start({ name: 'alerts', command: process.execPath, args: [alerts], env });
    await startWorker(api.site, 'w1');
    const body = { id: 'gate-1', name: 'Gate', url: rtsp.url('main'), isGated: false };
    expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
    tokens.officer = await api.enrol('officer', ['officer'], ['lixia']);
    tokens.neighbour = await api.enrol('neighbour', ['officer'], ['shizhong']);
    tokens.engineer = await api.enrol('engineer', ['engineer']);
    tokens.analyst = await api.enrol('analyst', ['analyst']);
    api.broker.connection.subscribe('sharpeyes.alerts.>', {
      callback: (_error, { data }) => {
        const event = decodeStreamEvent(data);
        if (event.type === 'org.sharp-eyes.evidence.changed.v1') told.push(event.data);
      },
    });
    await until('looks', async () => ((await camera())?.state?.looked ?? 0) >= 15);
    await publishEvents(api.broker, [alertEvent('seen', { severity: 'critical' })]);
    await until('its pictures', () => told.some(({ alert }) => alert === ALERT));
  });
  afterAll(() => stack.disposeAsync());

  const camera = async () => ((await api.ask('GET', '/api/v1/cameras')).body as { cameras: CameraView[] }).cameras[0];
  async function get(path: string, { as = 'officer', ...headers }: Record<string, string> = {}) {
    const authorization = `Bearer ${as === 'admin' ? api.adminToken : tokens[as]}`;
    const answer = await fetch(`${api.url}${path}`, { headers: { authorization, ...headers } });
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
  }
  const pictures = (name: string) => `/api/v1/alerts/${ALERT}/${name}`;

  it('are kept for whoever may see the alert, people blurred, and told to all who listen', async () => {
    const evidence = told.find(({ alert }) => alert === ALERT);
    expect(evidence).toMatchObject({ camera: 'gate-1', state: 'kept', clip: expect.stringMatching(/clip\.mp4$/) });
    expect(evidence!.toMs! - evidence!.fromMs!).toBeGreaterThan(2400);
    const { answer, bytes } = await get(pictures('clip'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('cache-control')).toMatch(/no-store/);
    const blurred = await play(bytes);
    expect(blurred.codec).toBe('h264');
    expect(blurred.pictures.length).toBeGreaterThan(25);
    for (const picture of blurred.pictures)
      expect(detail(picture, PERSON)).toBeLessThan(0.3 * detail(picture, [0.7, 0.1, 0.25, 0.8]));
    const still = await get(pictures('still'), { as: 'engineer' });
    expect(await sharp(still.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 480 });
  });

  it('answer ranges, as players ask for them', async () => {
    const { bytes } = await get(pictures('clip'));
    const { answer, bytes: part } = await get(pictures('clip'), { range: 'bytes=100-199' });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes 100-199/${bytes.length}`);
    expect(part.equals(bytes.subarray(100, 200))).toBe(true);
    expect((await get(pictures('clip'), { range: 'bytes=-50' })).bytes.equals(bytes.subarray(-50))).toBe(true);
    expect((await get(pictures('clip'), { range: `bytes=${bytes.length}-` })).answer.status).toBe(416);
  });

  it('do not exist for a neighbour, and are refused to who has no such right', async () => {
    expect((await get(pictures('clip'), { as: 'neighbour' })).answer.status).toBe(404);
    expect((await get(pictures('still'), { as: 'analyst' })).answer.status).toBe(403);
    expect((await api.ask('GET', pictures('still'), { token: null })).status).toBe(401);
    const ask = { body: { reason: 'to see who it was' }, token: tokens.engineer! };
    expect((await api.ask('POST', pictures('unblurred'), ask)).status).toBe(403);
  });

  it('are shown unblurred for a reason, to whoever gave it, for a moment, and all of it stands in the audit log', async () => {
    const token = tokens.officer!;
    expect((await api.ask('POST', pictures('unblurred'), { token, body: {} })).status).toBe(400);
    expect((await api.ask('POST', pictures('unblurred'), { token, body: { reason: '        ' } })).status).toBe(400);
    const reason = 'Police asked, case 17/2026';
    const { status, body } = await api.ask('POST', pictures('unblurred'), { token, body: { reason } });
    expect(status).toBe(200);
    const links = body as { clip: string; still: string };
    const { answer, bytes } = await get(links.clip);
    expect(answer.status).toBe(200);
    const unblurred = await play(bytes);
    for (const picture of unblurred.pictures)
      expect(detail(picture, PERSON)).toBeGreaterThan(0.5 * detail(picture, [0.7, 0.1, 0.25, 0.8]));
    expect((await get(links.still, { as: 'admin' })).answer.status).toBe(403);
    expect((await get(links.still.replace(ALERT, idOf('another')))).answer.status).toBe(403);

    const asked = await api.ask('GET', '/api/v1/audit?action=evidence.unblur&user=officer');
    const { entries } = asked.body as AuditList;
    expect(entries.find(({ step }) => step === 'asked')).toMatchObject({ reason, alert: ALERT, camera: 'gate-1' });
    expect(entries.some(({ picture, status }) => picture === 'clip' && status === 200)).toBe(true);
    const seen = (await api.ask('GET', `/api/v1/audit?action=evidence.read&text=${ALERT}`)).body as AuditList;
    expect(seen.entries.map(({ user }) => user)).toEqual(expect.arrayContaining(['officer', 'engineer', 'neighbour']));
    const checked = await api.ask('GET', '/api/v1/audit/verification');
    expect(checked.body).toMatchObject({ isIntact: true });
  });

  it('lie sealed where they are not blurred', () => {
    const folder = resolve(api.config.dataDir, 'evidence', 'unblurred', ALERT.slice(0, 2), ALERT);
    expect(readdirSync(folder).sort()).toEqual(['clip.sealed', 'still.sealed']);
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(resolve(folder, name));
      expect(bytes.includes('ftyp') || bytes.includes('JFIF')).toBe(false);
    }
  });

  it('are told as missing, with the reason, where the worker does not remember or nobody has the camera', async () => {
    const old = Date.now() - 3_600_000;
    await publishEvents(api.broker, [alertEvent('too old', { atMs: old })]);
    await until('word of it', () => told.some(({ alert }) => alert === idOf('too old')));
    expect(told.find(({ alert }) => alert === idOf('too old'))).toMatchObject({
      state: 'missing',
      reason: 'evidence-forgotten',
    });
    await until('its row', async () => {
      const { answer, bytes } = await get(`/api/v1/alerts/${idOf('too old')}/still`);
      return answer.status === 404 && bytes.toString().includes('evidence-forgotten');
    });
    expect(existsSync(resolve(api.config.dataDir, 'evidence', 'blurred', idOf('too old').slice(0, 2)))).toBe(false);
    expect((await get(`/api/v1/alerts/${idOf('never')}/clip`)).answer.status).toBe(404);
  });
});
