import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTotals } from '#analytics/store/totals.ts';
import { readPanels } from '#models/panels/read.ts';
import type { Dashboard, KeptView, PanelAnswer } from '#models/schema/dashboard.ts';
import { calibrationOf } from '#test/analytics/counting-site.ts';
import { until } from '#test/site/site.ts';
import { RULE, writeExtras } from './extras.ts';
import { startTown, type Town } from './town.ts';
import { closeAnew, closeAsOlder, DAY_MS, HOUR_MS, writeWeeks } from './weeks.ts';

const toMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
const fromMs = toMs - 3 * DAY_MS;
const PERIOD = `from=${fromMs}&to=${toMs}`;
const SUBJECTS = ['area/jinan', 'area/lixia', 'area/dikou', 'area/dikou-g1', 'camera/dikou-c1', 'rule/gate'];

/** A panel that tries to see more than the subject: `OR true`, another alias, a subquery. */
const GREEDY = `id: greedy
title: { en: 'Greedy', zh: '贪' }
question: { en: 'What is there elsewhere?', zh: '别处有什么？' }
subjects: [area, camera]
chart: table
columns:
  - { name: camera, part: label, names: camera, title: { en: 'Camera', zh: '摄像机' } }
  - { name: hours, part: value, unit: h, title: { en: 'Hours', zh: '小时' } }
sql: |
  SELECT camera, max(h) AS hours FROM (
    SELECT camera, sum(presence_us) / 3.6e9 AS h FROM flow_by_hour AS f WHERE {{place}} OR true GROUP BY camera
    UNION ALL SELECT camera, 0. AS h FROM watched_by_hour WHERE {{place}} OR camera IN (SELECT id FROM cameras WHERE {{place}} OR true)
    GROUP BY camera
  ) GROUP BY camera ORDER BY camera
`;

describe('dashboards', () => {
  let town: Town;
  const panelsDir = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-panels-'));
  beforeAll(async () => {
    writeFileSync(resolve(panelsDir, 'greedy.yaml'), GREEDY);
    writeFileSync(
      resolve(panelsDir, 'bad.yaml'),
      GREEDY.replace('id: greedy', 'id: bad').replace('FROM flow_by_hour', 'FROM sightings'),
    );
    town = await startTown({ panelsDir });
    await town.api.context.alerting.rules.create(RULE.id, RULE);
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    rmSync(panelsDir, { recursive: true });
  });

  const ask = (path: string, token?: string) =>
    town.api.ask('GET', `/api/v1/dashboards/${path}`, token === undefined ? {} : { token });
  async function read(path: string, token?: string): Promise<Dashboard> {
    const answer = await ask(path, token);
    expect(answer.status, answer.text.slice(0, 600)).toBe(200);
    return answer.body as Dashboard;
  }
  /** What is known of the store is asked for again within a second. */
  async function untilAnother(path: string, version: string): Promise<Dashboard> {
    let found = await read(path);
    await until(`${path} rests on newer data`, async () => {
      found = await read(path);
      return found.version !== version;
    });
    return found;
  }
  const panelOf = (dashboard: Dashboard, id: string) =>
    dashboard.panels.find((panel) => panel.id === id) as PanelAnswer;
  const fill = () => writeWeeks(town.writer, { fromMs: toMs - 60 * DAY_MS, toMs });

  it('of an empty store say of every panel why it is empty and what to do', async () => {
    for (const subject of SUBJECTS) {
      const { panels, sentences, cameras } = await read(`${subject}?${PERIOD}`);
      expect(panels.length, subject).toBeGreaterThanOrEqual(5);
      for (const { id, empty, rows, chart } of panels) {
        // Which camera watched how long is known: none did.
        if (id === 'cameras-watched' && chart === 'bars') continue;
        expect(empty?.cure.en.length ?? 0, `${subject} ${id} ${JSON.stringify(rows)}`).toBeGreaterThan(20);
        expect(empty?.cure.zh).toMatch(/[\u4e00-\u9fff]/);
      }
      expect(sentences.filter(({ id }) => id !== 'not-watched' && id !== 'camera-watched-least')).toEqual([]);
      expect(cameras.all).toBeGreaterThan(0);
    }
  });

  it('of weeks have rows in every built-in panel of the subjects that it is for', async () => {
    await fill();
    await writeExtras(town.writer, toMs);
    for (const camera of ['dikou-c1', 'dikou-c2', 'wenhua-c1', 'wenhua-c2'])
      await town.api.context.calibrations.put(camera, calibrationOf(camera));
    const shown = new Map<string, Set<string>>();
    for (const subject of SUBJECTS) {
      for (const { id, empty } of (await read(`${subject}?${PERIOD}`)).panels)
        if (empty === null) (shown.get(id) ?? shown.set(id, new Set()).get(id)!).add(subject.split('/')[0]!);
    }
    for (const { id, subjects } of readPanels().panels)
      if (!id.startsWith('unusual')) expect([...(shown.get(id) ?? [])].sort(), id).toEqual(subjects.toSorted());
  });

  it('come in the same order from the same data, the empty ones at the end, and say why each is there', async () => {
    const first = await read(`area/lixia?${PERIOD}&role=officer`);
    await town.api.context.calendar.put('2020-01-01', { day: '2020-01-01', holiday: 'x' });
    const again = await read(`area/lixia?${PERIOD}&role=officer`);
    expect(again.version).not.toBe(first.version);
    const plain = ({ panels }: Dashboard) => panels.map(({ tookMs: _took, sql: _sql, ...panel }) => panel);
    expect(plain(again)).toEqual(plain(first));
    expect(again.sentences.map(({ text }) => text)).toEqual(first.sentences.map(({ text }) => text));
    const empties = first.panels.map(({ empty }) => empty !== null);
    expect(empties).toEqual(empties.toSorted());
    for (const { shownBecause } of first.panels)
      expect(`${shownBecause.en} ${shownBecause.zh}`).toMatch(/[\u4e00-\u9fff]/);
    const asEngineer = await read(`area/lixia?${PERIOD}&role=engineer`);
    const place = (dashboard: Dashboard, id: string) => dashboard.panels.findIndex((panel) => panel.id === id);
    expect(panelOf(asEngineer, 'cameras-watched').score).toBeGreaterThan(panelOf(first, 'cameras-watched').score);
    expect(place(first, 'headline')).toBe(0);
  });

  it('of hours whose totals are gone show the same, and again when these are filled in', async () => {
    const plain = ({ panels, sentences }: Dashboard) => ({
      sentences: sentences.map(({ sql: _sql, ...sentence }) => sentence),
      panels: panels.map(({ tookMs: _took, sql: _sql, ...panel }) => panel),
    });
    for (const area of ['jinan', 'dikou-g1']) {
      const path = `area/${area}?${PERIOD}`;
      const before = await read(path);
      expect(panelOf(before, 'headline').sql).toContain('FROM totals_by_hour');
      await closeAsOlder(town.writer);
      const lacking = await untilAnother(path, before.version);
      expect(panelOf(lacking, 'headline').sql).toContain('FROM whole_totals_by_hour');
      expect(plain(lacking)).toEqual(plain(before));
      while ((await fillTotals(town.writer, { settings: {} })) > 0);
      await closeAnew(town.writer);
      const filled = await untilAnother(path, lacking.version);
      expect(panelOf(filled, 'headline').sql).toContain('FROM totals_by_hour');
      expect(plain(filled)).toEqual(plain(before));
    }
  });

  it('show the figures that SQL gives, and every panel’s SQL runs as it is', async () => {
    const { panels } = await read(`area/dikou?${PERIOD}`);
    const sql = async (query: string) => {
      const { status, text } = await town.api.ask('POST', '/api/v1/sql', {
        body: { query, format: 'JSONCompactEachRow' },
      });
      expect(status, text).toBe(200);
      return text.trim() === ''
        ? []
        : text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown[]);
    };
    const [[presenceH] = [0]] = await sql(`SELECT sum(presence_us) / 3.6e9 FROM kinds_hour FINAL
      WHERE area_path LIKE 'jinan.lixia.dikou.%' AND hour >= fromUnixTimestamp64Milli(${fromMs}) AND hour < fromUnixTimestamp64Milli(${toMs})`);
    expect(panelOf({ panels } as Dashboard, 'headline').rows[0]![0]).toBeCloseTo(Number(presenceH), 6);
    for (const panel of panels.filter(({ empty }) => empty === null)) {
      const rows = await sql(panel.sql);
      expect(rows.length, panel.id).toBe(panel.rows.length);
    }
  });

  it('cost one set of queries for 200 people, and anew only when data came', async () => {
    const made = async () =>
      Number(
        /dashboard_answers_total\{[^}]*how="made"[^}]*\} (\d+)/.exec(
          (await town.api.ask('GET', '/metrics')).text,
        )?.[1] ?? 0,
      );
    const before = await made();
    const path = `area/wenhua?${PERIOD}&kind=person`;
    // Read by its own fetch: they and the API are one process here, and `ask` waits for 20 s at most.
    const wish = { headers: { authorization: `Bearer ${town.api.adminToken}` } };
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await fetch(`${town.api.url}/api/v1/dashboards/${path}`, wish);
        await response.arrayBuffer();
        return response;
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await made()).toBe(before + 1);
    const etag = answers[0]!.headers.get('etag')!;
    expect(new Set(answers.map(({ headers }) => headers.get('etag')))).toEqual(new Set([etag]));
    const unchanged = await town.api.ask('GET', `/api/v1/dashboards/${path}`, { headers: { 'if-none-match': etag } });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    expect(await made()).toBe(before + 1);
    await writeWeeks(town.writer, { fromMs: toMs - DAY_MS, toMs, factor: '2' });
    const deadlineMs = Date.now() + 15_000;
    let changed = unchanged;
    while (changed.status === 304 && Date.now() < deadlineMs)
      changed = await town.api.ask('GET', `/api/v1/dashboards/${path}`, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(await made()).toBe(before + 2);
  });

  it('of a person with a scope hold nothing of the neighbour: not by link, CSV, kept view, camera or own panel', async () => {
    const token = await town.api.enrol('dikou-analyst', ['analyst'], ['dikou']);
    for (const subject of [
      'area/wenhua',
      'area/lixia',
      'area/jinan',
      'area/wenhua-g1',
      'camera/wenhua-c1',
      'area/nowhere',
    ]) {
      expect((await ask(`${subject}?${PERIOD}`, token)).status, subject).toBe(404);
      expect((await ask(`${subject}/panels/headline.csv?${PERIOD}`, token)).status, subject).toBe(404);
    }
    for (const subject of ['area/dikou', 'area/dikou-g1', 'camera/dikou-c1', 'rule/gate']) {
      const { text } = await ask(`${subject}?${PERIOD}`, token);
      expect(text, subject).not.toContain('wenhua');
    }
    const own = await read(`area/dikou?${PERIOD}`, token);
    expect(own.subject.above).toEqual([]);
    expect(new Set(panelOf(own, 'greedy').rows.map(([camera]) => camera))).toEqual(new Set(['dikou-c1', 'dikou-c2']));
    const csv = await ask(`area/dikou/panels/greedy.csv?${PERIOD}`, token);
    expect(csv.text).toContain('dikou-c1');
    expect(csv.text).not.toContain('wenhua');
    const keep = (address: string, name: string) =>
      town.api.ask('POST', '/api/v1/kept-views', { body: { name, isShared: true, address } });
    await keep('/dashboard/area/wenhua?from=1', 'of the neighbour');
    await keep('/map?area=wenhua%2Dg1', 'of the neighbour, encoded');
    await keep('/dashboard/area/dikou', 'of dikou');
    const seen = (await town.api.ask('GET', '/api/v1/kept-views', { token })).body as { keptViews: KeptView[] };
    expect(seen.keptViews.map(({ name }) => name)).toEqual(['of dikou']);
    const { id } = seen.keptViews[0]!;
    expect((await town.api.ask('DELETE', `/api/v1/kept-views/${id}`, { token })).status).toBe(404);
    expect((await town.api.ask('DELETE', `/api/v1/kept-views/${id}`)).status).toBe(204);
  });

  it('leave out a panel that is not right, and take a person’s own', async () => {
    const { panels } = await read(`area/lixia?${PERIOD}`);
    expect(panels.map(({ id }) => id)).toContain('greedy');
    expect(panels.map(({ id }) => id)).not.toContain('bad');
  });

  it('export a panel’s rows as CSV with times that say their zone', async () => {
    const { text, headers } = await ask(`area/lixia/panels/flow-by-kind.csv?${PERIOD}`);
    expect(headers.get('content-disposition')).toContain('flow-by-kind-lixia.csv');
    expect(text.split('\n')[1]).toMatch(/^20\d\d-\d\d-\d\dT\d\d:00:00\.000Z,/);
    expect((await ask(`area/lixia/panels/none.csv?${PERIOD}`)).status).toBe(404);
  });

  it('take hours as the clock of the zone shows them, over both changes of the year', async () => {
    const zone = 'Europe/Berlin';
    for (const [from, to] of [
      ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
      ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ] as const) {
      const [begin, end] = [Date.parse(from), Date.parse(to)];
      await writeWeeks(town.writer, { fromMs: begin - 50 * DAY_MS, toMs: end + 12 * DAY_MS });
      const day = await read(`area/lixia?from=${begin}&to=${end}&zone=${zone}`);
      expect([day.fromMs, day.toMs]).toEqual([begin, end]);
      const hours = new Set(panelOf(day, 'flow-by-kind').rows.map(([at]) => at));
      expect(hours.size).toBe((end - begin) / HOUR_MS);
      const local = (ms: number) =>
        new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        }).format(ms);
      expect([local(day.compare!.fromMs), local(day.compare!.toMs)]).toEqual(['00:00', '00:00']);
      const fortnight = await read(`area/lixia?from=${begin - 3 * DAY_MS}&to=${end + 10 * DAY_MS}&zone=${zone}`);
      const steps = [...new Set(panelOf(fortnight, 'flow-by-kind').rows.map(([at]) => local(at as number)))].sort();
      expect(steps).toEqual(['00:00', '06:00', '12:00', '18:00']);
      // Sunday 02:00 to 03:00 is left out in March and comes twice in October, but in a week of others it is there.
      expect(panelOf(day, 'hours-of-week').rows.map(([hour]) => hour)).toEqual(
        Array.from({ length: 168 }, (_, hour) => hour),
      );
    }
  });
});
