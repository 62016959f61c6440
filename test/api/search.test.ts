/** GET /search before a real registry: what is found, and that nobody finds what they may not see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchAnswer } from '#models/schema/search.ts';
import { type ApiSite, startApi } from './api-site.ts';
import { CITY } from './small-city.ts';

const cameraOf = (id: string, name: string, area: string) => ({ id, name, url: `rtsp://127.0.0.1:9/${id}`, area });
const RULE = {
  ...{ id: 'gate-line', name: 'Into the yard', isEnabled: true, severity: 'major' },
  where: { cameras: ['cam-0014'] },
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
};

describe('a search', () => {
  let api: ApiSite;
  let limited: string;
  let operator: string;

  beforeAll(async () => {
    api = await startApi();
    expect((await api.ask('PUT', '/api/v1/areas', { body: CITY })).status).toBe(200);
    for (const [id, name, area] of [
      ['cam-0012', '历下区东门 East Gate', 'lixia'],
      ['cam-0013', 'West Gate', 'lixia-g1'],
      ['cam-0014', 'South Gate', 'dikou-g1'],
    ] as const)
      expect((await api.ask('POST', '/api/v1/cameras', { body: cameraOf(id, name, area) })).status).toBe(201);
    expect((await api.ask('POST', '/api/v1/rules', { body: RULE })).status).toBe(201);
    limited = await api.enrol('limited', ['officer'], ['lixia']);
    operator = await api.enrol('operator', ['operator']);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const search = async (q: string, token?: string): Promise<SearchAnswer> => {
    const asked = token === undefined ? {} : { token };
    const answer = await api.ask('GET', `/api/v1/search?q=${encodeURIComponent(q)}`, asked);
    expect(answer.status).toBe(200);
    return answer.body as SearchAnswer;
  };
  const idsOf = ({ hits }: SearchAnswer) => hits.map(({ what, id }) => `${what} ${id}`);

  it('finds cameras and areas by names, ids and some Chinese characters, best first, with where they stand', async () => {
    expect((await search('历东')).hits).toEqual([
      { what: 'camera', id: 'cam-0012', name: '历下区东门 East Gate', where: 'lixia' },
    ]);
    expect(idsOf(await search('cam12'))).toEqual(['camera cam-0012']);
    expect(idsOf(await search('lixia'))[0]).toBe('area lixia');
    expect(idsOf(await search('lixia'))).toContain('camera cam-0012');
  });

  it('finds nothing outside the areas of whoever asks, and tells no name from there', async () => {
    expect(idsOf(await search('gate', limited)).sort()).toEqual(['camera cam-0012', 'camera cam-0013']);
    expect(idsOf(await search('shizhong', limited))).toEqual([]);
    expect(idsOf(await search('yard'))).toEqual(['rule gate-line']);
    expect(idsOf(await search('yard', limited))).toEqual([]);
    const { hits } = await search('lixia', limited);
    expect(hits.find(({ id }) => id === 'lixia')?.where).toBeNull();
  });

  it('finds names while the store is away, and says that incidents are missing', async () => {
    const answer = await search('gate');
    expect(answer.isComplete).toBe(false);
    expect(idsOf(answer)).toContain('rule gate-line');
    expect(answer.hits.length).toBe(4);
  });

  it('shows an operator no rules and no incidents, which their role does not read', async () => {
    const answer = await search('gate', operator);
    expect(answer.isComplete).toBe(true);
    expect(answer.hits.length).toBe(3);
    expect(new Set(answer.hits.map(({ what }) => what))).toEqual(new Set(['camera']));
  });

  it('wants at least a letter, and not more than a line', async () => {
    expect((await api.ask('GET', '/api/v1/search?q=')).status).toBe(400);
    expect((await api.ask('GET', `/api/v1/search?q=${'a'.repeat(101)}`)).status).toBe(400);
  });
});
