import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unseal } from '#models/registry/seal.ts';
import type { ImportOutcome, RowOutcome } from '#models/schema/camera-import.ts';
import { type ApiSite, startApi } from './api-site.ts';

const SECRET = 'p@ss:w/o#r%d?';

describe('sheets of cameras', () => {
  let api: ApiSite;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const importRows = async (rows: Record<string, unknown>[], query = '') => {
    const body = { rows: rows.map((fields, index) => ({ row: index + 2, fields })) };
    const answer = await api.ask('POST', `/api/v1/cameras/import${query}`, { body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as ImportOutcome;
  };
  const verdicts = ({ rows }: ImportOutcome) => rows.map(({ verdict }) => verdict);
  const row = (fields: Record<string, unknown> = {}) => ({ id: 'a', name: 'A', url: 'rtsp://10.1.0.1/1', ...fields });

  it('change nothing in a dry run, but say field by field what would change', async () => {
    const outcome = await importRows([row({ tags: ['x'], user: 'u', password: SECRET })], '?dryRun=true');
    expect(outcome).toMatchObject({ isDryRun: true, isApplied: false, counts: { added: 1, changed: 0, refused: 0 } });
    expect(outcome.rows[0]?.changes).toEqual(
      expect.arrayContaining([
        { field: 'url', after: 'rtsp://10.1.0.1/1' },
        { field: 'tags', after: ['x'] },
        { field: 'password', after: 'set' },
      ]),
    );
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
    expect(api.context.cameras.list()).toEqual([]);
  });

  it('add, change and leave cameras, and are safe to run again', async () => {
    const first = await importRows([row({ user: 'u', password: SECRET }), { name: 'B', url: 'rtsp://10.1.0.2/1' }]);
    expect(first).toMatchObject({ isApplied: true, counts: { added: 2 } });
    const source = api.context.cameras.get('a')?.source as { sealedPassword: string };
    expect(unseal(source.sealedPassword, api.context.sealKey, 'a')).toBe(SECRET);
    const again = await importRows([row({ user: 'u', password: SECRET }), { name: 'B', url: 'rtsp://10.1.0.2/1' }]);
    expect(verdicts(again)).toEqual(['unchanged', 'unchanged']);
    const changed = await importRows([row({ name: 'A2' }), { url: 'rtsp://10.1.0.2/1', password: 'new', user: 'v' }]);
    expect(changed.rows).toMatchObject([
      { verdict: 'changed', camera: 'a', changes: [{ field: 'name', before: 'A', after: 'A2' }] },
      {
        verdict: 'changed',
        camera: 'b',
        changes: [
          { field: 'user', after: 'v' },
          { field: 'password', after: 'set' },
        ],
      },
    ]);
  });

  it('find a camera by device and channel, so that it may have another address by now', async () => {
    const device = { host: '10.1.0.9', channel: 'source-1' };
    const channel = (number: number, url: string) => ({
      name: `R${number}`,
      url,
      device: { ...device, channel: `source-${number}` },
    });
    expect(verdicts(await importRows([channel(1, 'rtsp://10.1.0.9/1'), channel(2, 'rtsp://10.1.0.9/2')]))).toEqual([
      'added',
      'added',
    ]);
    const moved = await importRows([channel(1, 'rtsp://10.1.0.9/new'), channel(2, 'rtsp://10.1.0.9/2')]);
    expect(moved.rows).toMatchObject([
      { verdict: 'changed', camera: 'r1', changes: [{ field: 'url', after: 'rtsp://10.1.0.9/new' }] },
      { verdict: 'unchanged', camera: 'r2' },
    ]);
    const known = await importRows([{ id: 'r1', device: { host: '10.1.0.9', firmware: '2.0' } }]);
    expect(known.rows[0]?.changes).toEqual([{ field: 'device.firmware', after: '2.0' }]);
  });

  it('refuse a bad row with its number, field and cure, and let the good ones in', async () => {
    const outcome = await importRows([
      row({ name: 'A3' }),
      { name: 'C', url: 'http://10.1.0.3/' },
      { url: 'rtsp://10.1.0.4/' },
      { id: 'No Id', name: 'D', url: 'rtsp://10.1.0.5/' },
      { name: 'E', url: 'rtsp://10.1.0.6/', area: 'atlantis' },
      { name: 'F', url: 'rtsp://10.1.0.7/', position: { lon: 200, lat: 1 } },
      row({ name: 'again' }),
      { name: 'G', url: 'rtsp://10.1.0.8/', password: 'only' },
      { name: 'H', url: 'rtsp://10.1.0.8/' },
    ]);
    expect(outcome.counts).toEqual({ added: 1, changed: 1, unchanged: 0, refused: 7 });
    const refused = outcome.rows.filter(({ verdict }) => verdict === 'refused') as Required<RowOutcome>[];
    expect(refused.map(({ row, field, message }) => [row, field, message])).toEqual([
      [3, 'url', expect.stringContaining('url has the scheme "http"')],
      [4, 'name', 'a new camera needs a name'],
      [5, 'id', expect.stringContaining('must match pattern')],
      [6, 'area', 'area: there is no area "atlantis"'],
      [7, 'position.lon', expect.stringContaining('must be <= 180')],
      [8, 'id', 'it speaks of the camera "a", as row 2 does'],
      [9, undefined, expect.stringContaining('a password was given without a user')],
    ]);
    for (const { cure } of refused) expect(cure).not.toBe('');
    expect(api.context.cameras.get('a')?.name).toBe('A3');
    expect(api.context.cameras.get('h')).toBeDefined();
  });

  it('refuse a second new camera at the same place, which could not be told from the first when it comes again', async () => {
    const twice = { name: 'Twin', url: 'rtsp://10.1.0.77/1' };
    const outcome = await importRows([twice, { ...twice, name: 'Other' }]);
    expect(outcome.rows).toMatchObject([
      { verdict: 'added' },
      { verdict: 'refused', code: 'already-exists', message: 'it is at rtsp://10.1.0.77/1, as row 2 is' },
    ]);
    expect(verdicts(await importRows([twice]))).toEqual(['unchanged']);
  });

  it('write nothing at all where all or nothing is asked for and one row is refused', async () => {
    const outcome = await importRows(
      [row({ name: 'A4' }), { name: 'C', url: 'http://10.1.0.3/' }],
      '?allOrNothing=true',
    );
    expect(outcome).toMatchObject({ isApplied: false, counts: { changed: 1, refused: 1 } });
    expect(api.context.cameras.get('a')?.name).toBe('A3');
  });

  it('come as CSV or YAML too, and go out as they can come in again, without a password', async () => {
    const send = (content: string, type: string) =>
      fetch(`${api.url}/api/v1/cameras/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.adminToken}`, 'content-type': type },
        body: content,
      });
    const came = await send('名称,取流地址,标签\n南门,rtsp://10.1.0.20/1,gate\n坏,ftp://x,\n', 'text/csv');
    expect(await came.json()).toMatchObject({ counts: { added: 1, refused: 1 }, rows: [{ row: 2 }, { row: 3 }] });
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['yaml', 'application/yaml'],
    ] as const) {
      const sheet = await api.ask('GET', `/api/v1/cameras/export?format=${format}`);
      expect(sheet).toMatchObject({ status: 200 });
      expect(sheet.headers.get('content-type')).toContain(type);
      expect(sheet.text).toContain('南门');
      expect(sheet.text).not.toMatch(/password|sealed|p@ss/);
      const back = (await (await send(sheet.text, type)).json()) as ImportOutcome;
      expect(new Set(verdicts(back))).toEqual(new Set(['unchanged']));
      expect(back.rows.length).toBe(api.context.cameras.list().length);
    }
    const gates = await api.ask('GET', '/api/v1/cameras/export?format=json&tag=gate');
    expect((gates.body as { cameras: unknown[] }).cameras).toMatchObject([{ name: '南门' }]);
    expect((await send('no,known\n1,2\n', 'text/csv')).status).toBe(422);
  });

  it('take 500 rows in 10 seconds', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      name: `Row ${index}`,
      url: `rtsp://10.2.${index % 250}.${Math.floor(index / 250)}/1`,
      user: 'u',
      password: SECRET,
    }));
    const begin = performance.now();
    expect((await importRows(rows)).counts).toMatchObject({ added: 500 });
    const tookMs = performance.now() - begin;
    expect(tookMs).toBeLessThan(10_000);
    console.log(`500 rows were added in ${Math.round(tookMs)} ms`);
    expect((await importRows(rows)).counts).toMatchObject({ unchanged: 500 });
  });
});
