import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '#models/registry/seal.ts';
import type { CameraState } from '#models/schema/camera.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const SECRET = 'p@ss:w/o#r%d?';

describe('cameras', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const add = (body: Record<string, unknown>) => api.ask('POST', '/api/v1/cameras', { body });
  const edit = (id: string, body: Record<string, unknown>, headers = {}) =>
    api.ask('PATCH', `/api/v1/cameras/${id}`, { body, headers });
  const passwordOf = (id: string) => {
    const source = api.context.cameras.get(id)?.source;
    return source?.kind === 'rtsp' && source.sealedPassword !== undefined
      ? unseal(source.sealedPassword, api.context.sealKey, id)
      : undefined;
  };

  it('are added with an id made from the name, and configured defaults', async () => {
    const added = await add({ name: 'Gate 3 (Süd)', url: 'rtsp://cam.example:554/stream1' });
    expect(added).toMatchObject({
      status: 201,
      body: { id: 'gate-3-sud', sampleFps: 5, isGated: true, hasPassword: false, calibrationVersion: null, area: null },
    });
    expect((await add({ name: 'Gate 3 (Süd)', url: 'rtsp://cam.example/2' })).body).toMatchObject({
      id: 'gate-3-sud-2',
    });
    expect((await add({ name: '三号门', url: 'rtsp://cam.example/3' })).body).toMatchObject({
      id: expect.stringMatching(/^camera-[0-9a-f]{6}$/),
    });
    const taken = await add({ id: 'gate-3-sud', name: 'x', url: 'rtsp://cam.example/4' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  it('take credentials out of the URL, also with every special character unescaped, and seal the password', async () => {
    const added = await add({ id: 'sealed', name: 'sealed', url: `rtsp://admin:${SECRET}@cam.example:8554/a?b=c@d` });
    expect(added).toMatchObject({
      status: 201,
      body: { hasPassword: true, source: { kind: 'rtsp', url: 'rtsp://cam.example:8554/a?b=c@d', user: 'admin' } },
    });
    expect(passwordOf('sealed')).toBe(SECRET);
    expect(JSON.stringify(api.context.cameras.get('sealed'))).not.toContain(SECRET);
    await add({ id: 'encoded', name: 'encoded', url: 'rtsp://u%40x:a%2Fb@cam.example/s' });
    expect(passwordOf('encoded')).toBe('a/b');
    expect(api.context.cameras.get('encoded')?.source).toMatchObject({ user: 'u@x' });
  });

  it('never show a password or its sealed form in any answer', async () => {
    await edit('sealed', { password: 'second-secret' });
    expect(passwordOf('sealed')).toBe('second-secret');
    const source = api.context.cameras.get('sealed')?.source;
    const sealed = (source as { sealedPassword: string }).sealedPassword;
    for (const answer of [
      await api.ask('GET', '/api/v1/cameras'),
      await api.ask('GET', '/api/v1/cameras/sealed'),
      await edit('sealed', { name: 'renamed' }),
      await edit('sealed', { password: 'third-secret', sampleFps: 1000 }),
      await add({ id: 'sealed', name: 'x', url: 'http://admin:fourth-secret@cam.example/' }),
    ]) {
      for (const secret of ['second-secret', 'third-secret', 'fourth-secret', sealed, 'sealedPassword']) {
        expect(answer.text).not.toContain(secret);
      }
    }
  });

  it('are edited field by field; null clears, and another host does not get the old password', async () => {
    await add({
      id: 'edited',
      name: 'a',
      url: 'rtsp://u:secret@one.example/s',
      scoreMin: 0.4,
      position: { lon: 117, lat: 36.6 },
    });
    const edited = await edit('edited', { name: 'b', scoreMin: null, url: 'rtsp://one.example/other' });
    expect(edited).toMatchObject({
      status: 200,
      body: { name: 'b', hasPassword: true, position: { lon: 117, lat: 36.6 } },
    });
    expect(edited.body).not.toHaveProperty('scoreMin');
    expect(await edit('edited', { url: 'rtsp://two.example/s' })).toMatchObject({
      status: 400,
      body: { detail: 'body.url names another host: body.password is expected again' },
    });
    expect((await edit('edited', { url: 'rtsp://two.example/s', password: null })).body).toMatchObject({
      hasPassword: false,
    });
  });

  it('keep how they hang, who they are and what they are called; a placement is edited field by field', async () => {
    const device = { host: '10.0.0.7', port: 8000, serial: '0012E4', channel: 'ch 3/main', scheme: 'onvif' };
    const more = { tags: ['gate', 'night-2'], importance: 'high', site: 'harbour', inputSize: 'far' };
    const placement = { heightM: 6.5, headingDeg: 270, tiltDeg: 20, fieldOfViewDeg: 92 };
    const url = 'rtsp://u:secret@10.0.0.7/sub';
    const watchUrl = 'rtsp://x:other-secret@10.0.0.7:554/main';
    const added = await add({ id: 'placed', name: 'p', url, watchUrl, device, placement, ...more });
    expect(added).toMatchObject({ status: 201, body: { device, placement, ...more } });
    expect(added.body).toMatchObject({ watchUrl: 'rtsp://10.0.0.7:554/main' });
    expect(added.text).not.toContain('other-secret');
    const turned = await edit('placed', { placement: { headingDeg: 10, tiltDeg: null }, importance: null, tags: [] });
    expect(turned.body).toMatchObject({ placement: { heightM: 6.5, headingDeg: 10, fieldOfViewDeg: 92 }, tags: [] });
    expect((turned.body as CameraView).placement).not.toHaveProperty('tiltDeg');
    expect(turned.body).not.toHaveProperty('importance');
    expect((await edit('placed', { placement: null })).body).not.toHaveProperty('placement');
  });

  it.each([
    [{ watchUrl: 'rtsp://elsewhere.example/main' }, 'body.watchUrl names another host'],
    [{ device: { host: 'elsewhere.example' } }, 'body.device.host names another host'],
    [{ watchUrl: 'http://10.0.0.7/main' }, 'body.watchUrl has the scheme "http"'],
    [{ inputSize: 'tiles' }, 'body.inputSize must be one of auto, normal, wide, far'],
    [{ tags: ['Gate 3'] }, 'body.tags.0 must match pattern'],
    [{ tags: ['a', 'a'] }, 'body.tags must not have duplicate items'],
    [{ placement: { headingDeg: 400 } }, 'body.placement.headingDeg must be <= 360'],
    [{ placement: { hedingDeg: 4 } }, 'unknown field "hedingDeg" in body.placement'],
    [{ importance: 'urgent' }, 'body.importance must be one of low, normal, high'],
  ])('refuse the edit %j in words', async (patch, words) => {
    const answer = await edit('placed', patch);
    expect(answer.status).toBe(400);
    expect((answer.body as { detail: string }).detail).toContain(words);
  });

  it('send their password to another host only where it is given again', async () => {
    const elsewhere = { watchUrl: 'rtsp://elsewhere.example/main', device: { host: 'elsewhere.example' } };
    expect((await edit('placed', { ...elsewhere, password: 'for-there-too' })).status).toBe(200);
    expect((await edit('placed', { ...elsewhere, name: 'again' })).status).toBe(200);
  });

  it('refuse a change to what somebody else changed first', async () => {
    const read = await api.ask('GET', '/api/v1/cameras/edited');
    const tag = read.headers.get('etag') ?? '';
    expect((await edit('edited', { name: 'first' }, { 'if-match': tag })).status).toBe(200);
    expect(await edit('edited', { name: 'second' }, { 'if-match': tag })).toMatchObject({
      status: 409,
      body: { code: 'changed-meanwhile' },
    });
  });

  it.each([
    [{ name: 'x' }, 'a camera has one source: either body.url or body.file is expected'],
    [{ name: 'x', url: 'rtsp://a/b', file: '/a' }, 'either body.url or body.file'],
    [{ name: 'x', url: 'http://cam.example/video' }, 'body.url has the scheme "http", expected rtsp or rtsps'],
    [{ name: 'x', url: 'cam.example/video' }, 'body.url has no scheme'],
    [{ name: 'x', url: 'rtsp:///video' }, 'body.url has no host'],
    [{ name: 'x', url: 'rtsp://user:pw@/video' }, 'body.url has no host'],
    [{ name: 'x', url: 'rtsp://cam.example:99999/video' }, 'body.url has a host or port that cannot be'],
    [{ name: 'x', url: 'rtsp://cam.example/v', password: 'only' }, 'a password was given without a user'],
    [{ name: 'x', url: 'rtsp://cam.example/v', isLooped: true }, 'body.isLooped does not belong to an RTSP camera'],
    [{ name: 'x', url: 'rtsp://cam.example/v', area: 'atlantis' }, 'there is no area "atlantis"'],
    [{ name: 'x', file: 'relative.mp4' }, 'body.file should be an absolute path'],
    [{ name: 'x', file: '/etc/hostname' }, '/etc/hostname lies in none of the media folders'],
    [
      { name: 'x', url: 'rtsp://cam.example/v', sampelFps: 5 },
      'unknown field "sampelFps" in body, did you mean "sampleFps"?',
    ],
    [{ name: 'x', url: 'rtsp://cam.example/v', transport: 'TCP' }, 'body.transport must be one of tcp, udp'],
    [{ name: '', url: 'rtsp://cam.example/v' }, 'body.name must not have fewer than 1 characters'],
    [{ id: 'Gate.3', name: 'x', url: 'rtsp://cam.example/v' }, 'body.id must match pattern'],
  ])('refuse %j in words', async (body, words) => {
    const answer = await add(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((answer.body as { detail: string }).detail).toContain(words);
    expect((answer.body as { cure: string }).cure).not.toBe('');
  });

  it('may be files that are there, in a media folder', async () => {
    const media = resolve(api.config.dataDir, 'media');
    mkdirSync(media);
    const file = resolve(media, 'clip.mp4');
    writeFileSync(file, '');
    writeFileSync(resolve(api.config.dataDir, 'beside.mp4'), '');
    symlinkSync('/etc/hostname', resolve(media, 'link.mp4'));
    const refusals = {
      'link.mp4': 'file-outside',
      '../beside.mp4': 'file-outside',
      '../nothing.mp4': 'file-outside',
      'nothing.mp4': 'file-missing',
      '.': 'file-outside',
    };
    for (const [name, code] of Object.entries(refusals)) {
      const answer = await add({ name, file: `${media}/${name}` });
      expect({ name, body: answer.body }).toMatchObject({ name, body: { code, cure: expect.any(String) } });
    }
    expect((await add({ name: 'x', file: '/etc/hostname' })).status).toBe(403);
    expect(await add({ id: 'clip', name: 'clip', file })).toMatchObject({
      status: 201,
      body: { source: { kind: 'file', path: file, isLooped: true } },
    });
    expect((await edit('clip', { isLooped: false })).body).toMatchObject({ source: { path: file, isLooped: false } });
  });

  it('tell the state that a worker reports, and in words that none reports', async () => {
    const read = async () => ((await api.ask('GET', '/api/v1/cameras/clip')).body as CameraView).state;
    expect(await read()).toMatchObject({
      state: 'waiting',
      reason: 'no-worker',
      message: 'No ingest worker has it yet.',
    });
    const counts = {
      reconnects: 0,
      packets: 9,
      decoded: 9,
      skipped: 0,
      looked: 9,
      dropped: 0,
      failed: 0,
      timeJumps: 0,
    };
    const at = Date.now();
    const live: CameraState = {
      camera: 'clip',
      state: 'live',
      sinceMs: at,
      updatedAtMs: at,
      worker: 'worker-1',
      ...counts,
    };
    await api.context.states.put('clip', live);
    expect(await read()).toMatchObject({ state: 'live', worker: 'worker-1' });
    await edit('clip', { isEnabled: false });
    expect(await read()).toMatchObject({ state: 'disabled' });
    await edit('clip', { isEnabled: true });
    const entry = api.context.states.entry('clip');
    if (entry !== undefined) entry.seenAtMs = at - 25_000;
    expect(await read()).toMatchObject({
      state: 'down',
      reason: 'no-worker',
      message: expect.stringContaining('worker-1 last spoke of it 25 seconds ago'),
    });
  });

  it('are removed with their state, and a new one of the same id counts calibrations on', async () => {
    const points = [
      { x: 0.1, y: 0.9, lon: 117, lat: 36 },
      { x: 0.9, y: 0.9, lon: 117.0002, lat: 36 },
      { x: 0.7, y: 0.4, lon: 117.0002, lat: 36.0004 },
      { x: 0.3, y: 0.4, lon: 117, lat: 36.0004 },
    ];
    const calibrate = () => api.ask('PUT', '/api/v1/cameras/clip/calibration', { body: { points } });
    expect(await calibrate()).toMatchObject({ status: 200, body: { version: 1, residualM: expect.any(Number) } });
    expect(await calibrate()).toMatchObject({ body: { version: 2 } });
    expect((await api.ask('GET', '/api/v1/cameras/clip')).body).toMatchObject({ calibrationVersion: 2 });
    expect((await api.ask('DELETE', '/api/v1/cameras/clip')).status).toBe(204);
    expect((await api.ask('GET', '/api/v1/cameras/clip')).status).toBe(404);
    expect(api.context.states.get('clip')).toBeUndefined();
    await add({ id: 'clip', name: 'clip', url: 'rtsp://cam.example/again' });
    expect((await api.ask('GET', '/api/v1/cameras/clip/calibration')).status).toBe(404);
    expect(await calibrate()).toMatchObject({ body: { version: 3 } });
    const flat = points.map((point, index) => ({ ...point, x: index / 10, y: index / 10 }));
    const tried = await api.ask('POST', '/api/v1/cameras/clip/calibration/trial', { body: { points } });
    expect(tried).toMatchObject({ status: 200, body: { missesM: [0, 0, 0, 0].map(() => expect.closeTo(0, 3)) } });
    const refused = await api.ask('PUT', '/api/v1/cameras/clip/calibration', { body: { points: flat } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'calibration-collinear' } });
    expect((await api.ask('GET', '/api/v1/cameras/clip/calibration')).body).toMatchObject({ version: 3 });
  });

  it('are calibrated at each pose apart where they turn, and not while they do', async () => {
    const counts = {
      reconnects: 0,
      packets: 0,
      decoded: 0,
      skipped: 0,
      looked: 0,
      dropped: 0,
      failed: 0,
      timeJumps: 0,
    };
    const turn = async (pan: number, preset?: { token: string; name: string }, isMoving = false) => {
      const updatedAtMs = Date.now();
      const ptz = { pan, tilt: 0, zoom: 0, isMoving, ...(preset === undefined ? {} : { preset }) };
      const live = { state: 'live' as const, sinceMs: 1, updatedAtMs, worker: 'worker-1', ...counts };
      await api.context.states.put('dome', { camera: 'dome', ...live, ptz });
    };
    const points = [
      { x: 0.1, y: 0.9, lon: 117, lat: 36 },
      { x: 0.9, y: 0.9, lon: 117.0002, lat: 36 },
      { x: 0.7, y: 0.4, lon: 117.0002, lat: 36.0004 },
      { x: 0.3, y: 0.4, lon: 117, lat: 36.0004 },
    ];
    const calibrate = (preset?: string) =>
      api.ask('PUT', '/api/v1/cameras/dome/calibration', {
        body: { points, ...(preset === undefined ? {} : { preset }) },
      });
    await add({ id: 'dome', name: 'dome', url: 'rtsp://cam.example/dome' });
    const gate = { token: 'preset-1', name: 'Gate' };
    await turn(0, gate);
    expect(await calibrate('preset-1')).toMatchObject({
      status: 200,
      body: { version: 1, pose: { pan: 0, tilt: 0, zoom: 0 }, preset: gate },
    });
    await turn(0.5, undefined, true);
    expect(await calibrate()).toMatchObject({ status: 409, body: { code: 'calibration-turned' } });
    await turn(0.5);
    expect(await calibrate('preset-1')).toMatchObject({ status: 409, body: { code: 'calibration-turned' } });
    expect(await calibrate()).toMatchObject({ status: 200, body: { version: 2, pose: { pan: 0.5 } } });
    expect((await api.ask('GET', '/api/v1/cameras/dome/calibration')).body).toMatchObject({
      version: 2,
      others: [{ version: 1, preset: gate, points: expect.any(Array) }],
    });
    expect((await api.ask('GET', '/api/v1/cameras/dome')).body).toMatchObject({ state: { ptz: { pan: 0.5 } } });
  });

  it('are told to every process of the API', async () => {
    const { cameras } = await import('#models/registry/registry.ts').then(({ openRegistry }) =>
      openRegistry(api.broker.connection),
    );
    const camera = api.context.cameras.get('edited');
    if (camera === undefined) throw new Error('the camera is not there');
    await cameras.put('edited', { ...camera, name: 'changed elsewhere' });
    await until('the change to arrive', () => api.context.cameras.get('edited')?.name === 'changed elsewhere');
  });
});
