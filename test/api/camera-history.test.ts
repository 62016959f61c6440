import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraChange } from '#models/schema/camera-change.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { type ApiSite, startApi } from './api-site.ts';

const POINTS = [
  { x: 0.1, y: 0.9, lon: 117, lat: 36 },
  { x: 0.9, y: 0.9, lon: 117.0002, lat: 36 },
  { x: 0.7, y: 0.4, lon: 117.0002, lat: 36.0004 },
  { x: 0.3, y: 0.4, lon: 117, lat: 36.0004 },
];

describe('the history of a camera', () => {
  let api: ApiSite;
  let zhang: string;
  beforeAll(async () => {
    api = await startApi();
    zhang = await api.enrol('zhang', ['engineer']);
    const body = { id: 'gate', name: 'Gate', url: 'rtsp://10.0.0.1/1', user: 'u', password: 'first-secret' };
    await api.ask('POST', '/api/v1/cameras', { body });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const edit = (
    body: Record<string, unknown>,
    { token, headers }: { token?: string; headers?: Record<string, string> } = {},
  ) =>
    api.ask('PATCH', '/api/v1/cameras/gate', {
      body,
      ...(token === undefined ? {} : { token }),
      ...(headers === undefined ? {} : { headers }),
    });
  const history = async () => {
    const answer = await api.ask('GET', '/api/v1/cameras/gate/history');
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/secret|sealed|former"/);
    return (answer.body as { changes: CameraChange[] }).changes;
  };
  const undo = (token?: string) => api.ask('POST', '/api/v1/cameras/gate/undo', token === undefined ? {} : { token });
  const read = async () => (await api.ask('GET', '/api/v1/cameras/gate')).body as CameraView;

  it('tells who changed what, when, with a password only as changed', async () => {
    await edit({ name: 'North gate', placement: { heightM: 6 }, password: 'second-secret' }, { token: zhang });
    const [edited, added, ...none] = await history();
    expect(none).toEqual([]);
    expect(added).toMatchObject({
      kind: 'added',
      who: 'admin',
      via: 'api',
      fields: expect.arrayContaining([{ field: 'name', after: 'Gate' }]),
    });
    expect(edited).toMatchObject({ kind: 'edited', who: 'zhang', formerRevision: added?.revision });
    expect(edited?.fields).toEqual([
      { field: 'name', before: 'Gate', after: 'North gate' },
      { field: 'placement.heightM', after: 6 },
      { field: 'password', after: 'changed' },
    ]);
    expect(Date.now() - (edited?.atMs ?? 0)).toBeLessThan(10_000);
  });

  it('does not grow by an edit that changes nothing', async () => {
    const { revision } = await read();
    const same = await edit({ name: 'North gate', password: 'second-secret' });
    expect(same).toMatchObject({ status: 200, body: { revision } });
    expect(await history()).toHaveLength(2);
  });

  it('takes the last change back, and that back again, each time as a change of its own', async () => {
    const back = await undo();
    expect(back).toMatchObject({
      status: 200,
      body: { undone: { who: 'zhang' }, camera: { name: 'Gate', hasPassword: true } },
    });
    expect(back.text).not.toMatch(/secret|sealed/);
    expect(await undo(zhang)).toMatchObject({
      status: 200,
      body: { camera: { name: 'North gate', placement: { heightM: 6 } } },
    });
    expect((await history()).map(({ kind, who }) => `${who} ${kind}`)).toEqual([
      'zhang undone',
      'admin undone',
      'zhang edited',
      'admin added',
    ]);
  });

  it('brings a removed camera back with its calibration, in the version that placed its rows', async () => {
    await api.ask('PUT', '/api/v1/cameras/gate/calibration', { body: { points: POINTS } });
    const before = (await api.ask('GET', '/api/v1/cameras/gate/calibration')).text;
    expect((await api.ask('DELETE', '/api/v1/cameras/gate')).status).toBe(204);
    expect((await api.ask('GET', '/api/v1/cameras/gate')).status).toBe(404);
    expect((await history())[0]).toMatchObject({
      kind: 'removed',
      fields: expect.arrayContaining([{ field: 'name', before: 'North gate' }]),
    });
    expect(await undo()).toMatchObject({
      status: 200,
      body: { camera: { id: 'gate', hasPassword: true, calibrationVersion: 1 } },
    });
    expect((await api.ask('GET', '/api/v1/cameras/gate/calibration')).text).toBe(before);
  });

  it('is not undone over a change that left no record', async () => {
    const { cameras } = await import('#models/registry/registry.ts').then(({ openRegistry }) =>
      openRegistry(api.broker.connection),
    );
    const entry = await cameras.get('gate');
    if (entry === undefined) throw new Error('the camera is gone');
    const revision = await cameras.put('gate', { ...entry.value, name: 'by hand' });
    await expect.poll(async () => (await read()).revision).toBe(revision);
    expect(await undo()).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    expect((await edit({ name: 'Gate' })).status).toBe(200);
    expect(await undo()).toMatchObject({ status: 200, body: { camera: { name: 'by hand' } } });
  });

  it('takes an added camera away again', async () => {
    await api.ask('POST', '/api/v1/cameras', { body: { id: 'new', name: 'New', url: 'rtsp://10.0.0.2/1' } });
    expect(await api.ask('POST', '/api/v1/cameras/new/undo')).toMatchObject({ status: 200, body: { camera: null } });
    expect((await api.ask('GET', '/api/v1/cameras/new')).status).toBe(404);
    expect(await api.ask('POST', '/api/v1/cameras/new/undo')).toMatchObject({ body: { camera: { name: 'New' } } });
  });

  it('tells the second of two people who changed which fields first, and when', async () => {
    const { revision } = await read();
    const headers = { 'if-match': `"${revision}"` };
    expect((await edit({ name: 'mine', sampleFps: 3 }, { token: zhang, headers })).status).toBe(200);
    const late = await edit({ name: 'no, mine' }, { headers });
    expect(late).toMatchObject({ status: 409, body: { code: 'changed-meanwhile', changes: [{ who: 'zhang' }] } });
    expect((late.body as { detail: string }).detail).toMatch(/zhang changed name, sampleFps \d+ seconds ago/);
    expect(await api.ask('POST', '/api/v1/cameras/gate/undo', { headers })).toMatchObject({ status: 409 });
    const removal = await api.ask('DELETE', '/api/v1/cameras/gate', { headers });
    expect(removal.status).toBe(409);
    expect((await read()).name).toBe('mine');
  });

  it('lets one of many edits at once through for each revision, and loses none of them in silence', async () => {
    const { revision } = await read();
    const headers = { 'if-match': `"${revision}"` };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => edit({ name: `name ${index}` }, { headers })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  });
});
