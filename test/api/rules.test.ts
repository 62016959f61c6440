import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAlertRegistry } from '#models/registry/registry.ts';
import type { RuleState } from '#models/schema/rule.ts';
import { openBroker } from '#system/broker.ts';
import { testLogger, until } from '#test/site/site.ts';
import { type ApiSite, startApi } from './api-site.ts';

const square = [
  [
    [117, 36],
    [117.01, 36],
    [117.01, 36.01],
    [117, 36.01],
    [117, 36],
  ],
];
const area = (id: string, level: string, parent: string | null) => ({
  type: 'Feature',
  properties: { id, name: id, level, parent },
  geometry: { type: 'Polygon', coordinates: square },
});

const GATE = {
  id: 'gate-line',
  name: 'Into the yard',
  isEnabled: true,
  where: { cameras: ['gate'] },
  when: {
    type: 'line',
    line: {
      space: 'picture',
      points: [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    },
  },
  severity: 'minor',
};

describe('rules', () => {
  let api: ApiSite;
  const tokens = { officer: '', other: '', analyst: '', operator: '' };
  beforeAll(async () => {
    api = await startApi();
    const features = [
      area('jinan', 'city', null),
      area('lixia', 'district', 'jinan'),
      area('shizhong', 'district', 'jinan'),
    ];
    expect((await api.ask('PUT', '/api/v1/areas', { body: { type: 'FeatureCollection', features } })).status).toBe(200);
    for (const [id, where] of [
      ['gate', 'lixia'],
      ['yard', 'lixia'],
      ['beside', 'shizhong'],
    ]) {
      const body = { id, name: id, url: 'rtsp://127.0.0.1/x', area: where };
      expect((await api.ask('POST', '/api/v1/cameras', { body })).status).toBe(201);
    }
    tokens.officer = await api.enrol('officer', ['officer'], ['lixia']);
    tokens.other = await api.enrol('other', ['officer'], ['shizhong']);
    tokens.analyst = await api.enrol('analyst', ['analyst']);
    tokens.operator = await api.enrol('operator', ['operator']);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const add = (body: unknown, token = tokens.officer) => api.ask('POST', '/api/v1/rules', { body, token });
  const write = (body: { id: string; name: string }, headers = {}, token = tokens.officer) =>
    api.ask('PUT', `/api/v1/rules/${body.id}`, { body, headers, token });
  const problemsOf = (body: unknown, token = tokens.officer) =>
    api.ask('POST', '/api/v1/rule-checks', { body, token }) as Promise<{ body: { problems: unknown[] } }>;

  it('are added, written anew, and count their versions where something is different', async () => {
    expect(await add(GATE)).toMatchObject({ status: 201, body: { version: 1, updatedBy: 'officer', state: null } });
    expect(await add(GATE)).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect((await write(GATE)).body).toMatchObject({ version: 1 });
    expect((await write({ ...GATE, name: 'Gate' })).body).toMatchObject({ version: 2, name: 'Gate' });
    const off = await api.ask('PATCH', '/api/v1/rules/gate-line', {
      body: { isEnabled: false },
      token: tokens.officer,
    });
    expect(off.body).toMatchObject({ version: 3, name: 'Gate', isEnabled: false });
    const { body } = await api.ask('GET', '/api/v1/rules/gate-line/versions');
    expect((body as { versions: { version: number }[] }).versions.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it('refuse the second of two who change them at once, and say whose change came first', async () => {
    const { headers } = await api.ask('GET', '/api/v1/rules/gate-line');
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    expect((await write({ ...GATE, name: 'first' }, ifMatch)).status).toBe(200);
    expect(await write({ ...GATE, name: 'second' }, ifMatch)).toMatchObject({
      status: 409,
      body: { code: 'changed-meanwhile', detail: expect.stringContaining('version 4 is by officer') },
    });
  });

  it('never give a version twice, also not after they were removed', async () => {
    expect((await api.ask('DELETE', '/api/v1/rules/gate-line', { token: tokens.officer })).status).toBe(204);
    expect((await api.ask('GET', '/api/v1/rules/gate-line')).status).toBe(404);
    expect((await add(GATE)).body).toMatchObject({ version: 5 });
  });

  it('say everything that is wrong, with its place, by the condition that was meant', async () => {
    const wrong = {
      ...GATE,
      id: 'wrong',
      kinds: ['persn'],
      when: { type: 'line', line: { space: 'picture', points: [[0, 0]] }, side: 1 },
    };
    expect(await add(wrong)).toMatchObject({
      status: 400,
      body: {
        code: 'rule-invalid',
        problems: [
          { path: '/kinds/0', message: expect.stringContaining('person, bicycle') },
          { path: '/when/side', message: 'is no field here' },
          { path: '/when/line/points' },
        ],
      },
    });
    expect((await problemsOf({ ...GATE, when: { type: 'lin' } })).body.problems).toMatchObject([
      { path: '/when/type', message: expect.stringContaining('"lin" is none of line, zone') },
    ]);
    const line = (points: number[][]) => ({ ...GATE, when: { type: 'line', line: { space: 'picture', points } } });
    expect(
      (
        await problemsOf(
          line([
            [0.2, 0.2],
            [0.2, 0.2],
          ]),
        )
      ).body.problems,
    ).toMatchObject([{ code: 'rule-shape' }]);
    expect(
      (
        await problemsOf(
          line([
            [0.2, 0.2],
            [1.2, 0.2],
          ]),
        )
      ).body.problems,
    ).toMatchObject([{ code: 'rule-outside-picture' }]);
    expect((await problemsOf(GATE)).body.problems).toEqual([]);
  });

  it('are seen and written only by who sees all their cameras, or their area', async () => {
    const both = { ...GATE, id: 'both', where: { cameras: ['gate', 'beside'] } };
    expect(await add(both)).toMatchObject({ status: 400, body: { code: 'rule-camera-unknown' } });
    expect(
      await add({ ...GATE, id: 'x', where: { area: 'shizhong' }, when: { type: 'count', above: 3, forS: 5 } }),
    ).toMatchObject({
      body: { code: 'rule-area-unknown' },
    });
    expect((await api.ask('POST', '/api/v1/rules', { body: both })).status).toBe(201);
    for (const token of [tokens.officer, tokens.other]) {
      const { body } = await api.ask('GET', '/api/v1/rules', { token });
      expect((body as { rules: { id: string }[] }).rules.map(({ id }) => id)).not.toContain('both');
      for (const [method, sent] of [
        ['GET', undefined],
        ['PUT', both],
        ['PATCH', { isEnabled: true }],
        ['DELETE', undefined],
      ] as const)
        expect((await api.ask(method, '/api/v1/rules/both', { token, body: sent })).status).toBe(404);
    }
  });

  it('are changed by administrators, engineers and officers, read by analysts, and no affair of operators', async () => {
    expect((await add({ ...GATE, id: 'theirs' }, tokens.analyst)).status).toBe(403);
    expect((await api.ask('GET', '/api/v1/rules', { token: tokens.analyst })).status).toBe(200);
    expect((await api.ask('GET', '/api/v1/rules', { token: tokens.operator })).status).toBe(403);
  });

  it('answer with what the engine says, for which a change may wait', async () => {
    await using broker = await openBroker(api.config, 'site', { logger: testLogger, name: 'engine' });
    const { ruleStates } = await openAlertRegistry(broker.connection);
    const said: RuleState = { rule: 'waited', version: 1, state: 'active', engine: 'rules-1', appliedAtMs: Date.now() };
    const asking = api.ask('POST', '/api/v1/rules?wait=10', { body: { ...GATE, id: 'waited' } });
    await ruleStates.put('waited', said);
    expect((await asking).body).toMatchObject({ version: 1, state: said });
    const quarantined = { ...said, state: 'quarantined', reason: 'rule-failed', message: 'it threw' } as const;
    await ruleStates.put('waited', quarantined);
    const isTold = async () => (await api.ask('GET', '/api/v1/rules/waited')).text.includes('quarantined');
    await until('the word of the engine is told', isTold);
    expect((await api.ask('GET', '/api/v1/rules/waited')).body).toMatchObject({ state: quarantined });
  });

  it('leave an entry in the audit log, with the rule and its version', () => {
    const [day] = new Date().toISOString().split('T');
    const lines = readFileSync(resolve(api.config.dataDir, 'audit', `${day}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'rule.change',
        user: 'officer',
        method: 'PUT',
        status: 200,
        rule: 'gate-line',
        version: 2,
      }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ action: 'rule.change', user: 'analyst', status: 403 }));
  });

  describe('quiet spans', () => {
    const quiet = (body: Record<string, unknown>, token = tokens.officer) =>
      api.ask('POST', '/api/v1/quiets', {
        body: { kind: 'snooze', toMs: Date.now() + 60_000, reason: 'roadworks', ...body },
        token,
      });
    const listed = async (token = tokens.officer) =>
      ((await api.ask('GET', '/api/v1/quiets', { token })).body as { quiets: { id: string; toMs: number }[] }).quiets;

    it('silence a rule, a camera or an area of one’s own, never all or those of others', async () => {
      expect(await quiet({ rule: 'gate-line' })).toMatchObject({
        status: 201,
        body: { by: 'officer', kind: 'snooze' },
      });
      expect((await quiet({ area: 'lixia' })).status).toBe(201);
      for (const named of [{}, { camera: 'beside' }, { area: 'jinan' }, { rule: 'both' }, { camera: 'none' }])
        expect(await quiet(named), JSON.stringify(named)).toMatchObject({ status: 404 });
      expect(await listed()).toHaveLength(2);
      expect(await listed(tokens.other)).toEqual([]);
      expect((await quiet({}, api.adminToken)).status).toBe(201);
    });

    it('cannot end before they begin, be over, or last for ever', async () => {
      const nowMs = Date.now();
      for (const times of [
        { toMs: nowMs - 1 },
        { kind: 'maintenance', fromMs: nowMs + 2000, toMs: nowMs + 1000 },
        { toMs: nowMs + 400 * 86_400_000 },
        { fromMs: nowMs + 10_000 },
      ])
        expect(await quiet({ camera: 'gate', ...times })).toMatchObject({
          status: 400,
          body: { code: 'quiet-invalid' },
        });
    });

    it('end at once where they run, and are gone where they have not begun', async () => {
      const fromMs = Date.now() + 3_600_000;
      const later = await quiet({ kind: 'maintenance', camera: 'gate', fromMs, toMs: fromMs + 1000 });
      const [runs] = await listed();
      for (const id of [runs?.id, (later.body as { id: string }).id])
        expect((await api.ask('DELETE', `/api/v1/quiets/${id}`, { token: tokens.officer })).status).toBe(204);
      const after = await listed();
      expect(after.map(({ id }) => id)).not.toContain((later.body as { id: string }).id);
      expect(after.find(({ id }) => id === runs?.id)?.toMs).toBeLessThanOrEqual(Date.now());
    });
  });
});
