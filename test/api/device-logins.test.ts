import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '#models/registry/seal.ts';
import type { ImportOutcome } from '#models/schema/camera-import.ts';
import { openBroker } from '#system/broker.ts';
import { testLogger } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const SECRET = 'harbour-p@ss';

const square = [
  [117, 36],
  [117.1, 36],
  [117.1, 36.1],
  [117, 36.1],
  [117, 36],
];
const CITY = {
  type: 'FeatureCollection',
  features: [
    ['jinan', 'city', null],
    ['lixia', 'district', 'jinan'],
    ['shizhong', 'district', 'jinan'],
  ].map(([id, level, parent]) => ({
    type: 'Feature',
    properties: { id, name: id, level, parent },
    geometry: { type: 'Polygon', coordinates: [square] },
  })),
};

describe('remembered logins', () => {
  let api: ApiSite;
  let street: string;
  beforeAll(async () => {
    api = await startApi();
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    street = await api.enrol('street', ['engineer'], ['lixia']);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const ask = (method: string, path: string, body?: unknown, token?: string) =>
    api.ask(method, `/api/v1${path}`, {
      ...(body === undefined ? {} : { body }),
      ...(token === undefined ? {} : { token }),
    });
  const passwordOf = (id: string) => {
    const source = api.context.cameras.get(id)?.source as { sealedPassword: string };
    return unseal(source.sealedPassword, api.context.sealKey, id);
  };

  it('are kept sealed, and no answer ever holds the password', async () => {
    const body = {
      id: 'harbour',
      user: 'admin',
      password: SECRET,
      site: 'harbour',
      hosts: ['10.5.0.0/22', '*.cams.example'],
    };
    const answers = [
      await ask('POST', '/logins', body),
      await ask('GET', '/logins'),
      await ask('PATCH', '/logins/harbour', { user: 'root' }),
      await ask('POST', '/logins', { ...body, hosts: ['10.0.0.0/99'] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 400]);
    for (const { text } of answers) expect(text).not.toMatch(/p@ss|sealed/);
    expect(JSON.stringify(api.context.logins.get('harbour'))).not.toContain(SECRET);
  });

  it('take the place of user and password where a camera is added, edited or imported', async () => {
    const added = await ask('POST', '/cameras', { id: 'a', name: 'A', url: 'rtsp://10.5.1.7/1', login: 'harbour' });
    expect(added).toMatchObject({ status: 201, body: { source: { user: 'root' }, hasPassword: true } });
    expect(added.text).not.toContain('harbour');
    await ask('POST', '/cameras', { id: 'b', name: 'B', url: 'rtsp://one.cams.example/1' });
    expect((await ask('PATCH', '/cameras/b', { login: 'harbour' })).status).toBe(200);
    const rows = [
      { row: 2, fields: { id: 'c', name: 'C', url: 'rtsp://10.5.0.9/1', login: 'harbour' } },
      { row: 3, fields: { id: 'd', name: 'D', url: 'rtsp://10.5.9.9/1', login: 'harbour' } },
      { row: 4, fields: { id: 'a', login: 'harbour' } },
    ];
    const outcome = (await ask('POST', '/cameras/import', { rows })).body as ImportOutcome;
    expect(outcome.rows).toMatchObject([
      { verdict: 'added' },
      { verdict: 'refused', field: 'login', message: 'the login "harbour" is not for the host 10.5.9.9' },
      { verdict: 'unchanged' },
    ]);
    expect(['a', 'b', 'c'].map(passwordOf)).toEqual([SECRET, SECRET, SECRET]);
  });

  it.each([
    [{ login: 'nowhere' }, 404, 'there is no login "nowhere"'],
    [{ login: 'harbour', user: 'x' }, 400, 'body.login brings user and password'],
    [{ login: 'harbour', url: 'rtsp://evil.example/1' }, 400, 'is not for the host evil.example'],
    [{ login: 'harbour', watchUrl: 'rtsp://evil.example/1' }, 400, 'is not for the host evil.example'],
    [{ login: 'harbour', device: { host: 'evil.example' } }, 400, 'is not for the host evil.example'],
  ])('refuse %j', async (fields, status, words) => {
    const answer = await ask('PATCH', '/cameras/a', fields);
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(words) } });
  });

  it('are not sent to a host of whoever asks for a probe', async () => {
    const answer = await ask('POST', '/probes', { host: 'evil.example:8080', login: 'harbour' });
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: 'the login "harbour" is not for the host evil.example' },
    });
  });

  it('go to no further hosts without the password', async () => {
    expect((await ask('PATCH', '/logins/harbour', { hosts: ['evil.example'] })).status).toBe(400);
    expect((await ask('PATCH', '/logins/harbour', { hosts: ['10.5.0.0/16'], password: 'new' })).status).toBe(200);
  });

  it('are used only by who sees all of their area', async () => {
    expect((await ask('GET', '/logins', undefined, street)).body).toEqual({ logins: [] });
    for (const [method, path, body] of [
      ['PATCH', '/logins/harbour', { user: 'x' }],
      ['DELETE', '/logins/harbour', undefined],
      ['POST', '/cameras', { name: 'E', url: 'rtsp://10.5.0.1/', area: 'lixia', login: 'harbour' }],
      ['POST', '/probes', { host: '10.5.0.1', login: 'harbour' }],
    ] as const) {
      expect(await ask(method, path, body, street)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
    expect((await ask('POST', '/logins', { id: 'mine', user: 'u', password: 'p' }, street)).status).toBe(400);
    expect(
      (await ask('POST', '/logins', { id: 'mine', user: 'u', password: 'p', area: 'shizhong' }, street)).status,
    ).toBe(400);
    expect((await ask('POST', '/logins', { id: 'mine', user: 'u', password: 'p', area: 'lixia' }, street)).status).toBe(
      201,
    );
    const added = await ask(
      'POST',
      '/cameras',
      { name: 'E', url: 'rtsp://10.5.0.1/', area: 'lixia', login: 'mine' },
      street,
    );
    expect(added.status).toBe(201);
    expect((await ask('DELETE', '/logins/mine', undefined, street)).status).toBe(204);
  });

  it('are out of reach of an ingest worker, whose broker account may not read them', async () => {
    expect((await ask('POST', '/logins', { id: 'kept', user: 'u', password: SECRET })).status).toBe(201);
    await using broker = await openBroker(api.config, 'ingest', { logger: testLogger, name: 'thief' });
    const read = ({ manager }: typeof broker) =>
      manager.streams.getMessage('KV_sharpeyes_logins', { last_by_subj: '$KV.sharpeyes_logins.kept' });
    expect((await read(api.broker))?.string()).toContain('sealedPassword');
    await expect(read(broker)).rejects.toThrow();
  });
});
