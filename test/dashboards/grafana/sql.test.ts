import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClickHouseQuery } from '#dashboards/grafana/clickhouse-query.ts';
import { subjectDashboards } from '#dashboards/grafana/subject-dashboard.ts';
import { toGrafanaSql } from '#models/panels/grafana-sql.ts';
import { readPanels } from '#models/panels/read.ts';
import type { Dashboard as OwnDashboard, PanelAnswer } from '#models/schema/dashboard.ts';
import type { SubjectType } from '#models/schema/panel.ts';
import { DATABASE, openStoreClient } from '#system/store-client.ts';
import { startTown, type Town } from '#test/api/dashboards/town.ts';
import { DAY_MS, HOUR_MS, writeWeeks } from '#test/api/dashboards/weeks.ts';
import { CHOICES } from './choices.ts';

const { panels } = readPanels();
const toMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const fromMs = toMs - 7 * DAY_MS;
const SUBJECTS: Record<SubjectType, string> = { area: 'lixia', camera: 'dikou-c1', rule: 'none' };
const OF_LEVEL: Record<string, string> = { city: 'jinan', district: 'lixia', street: 'dikou', grid: 'dikou-g1' };

/** As the plugin does it (its macros fromTime and toTime, Grafana's variables as they are); whatever else is left is a mistake. */
function expanded(sql: string, subject: string): string {
  const variables = { subject, zone: CHOICES.zone, kind: 'all' };
  const filled = sql
    .replaceAll(/\$__fromTime\b/g, `toDateTime(${fromMs / 1000})`)
    .replaceAll(/\$__toTime\b/g, `toDateTime(${toMs / 1000})`)
    .replaceAll(/\$\{(subject|zone|kind)\}/g, (_, name: keyof typeof variables) => variables[name]);
  if (filled.includes('$')) throw new Error(`something is not filled: ${filled}`);
  return filled;
}

describe('the SQL of the dashboards for Grafana', () => {
  let town: Town;
  let client: ReturnType<typeof openStoreClient>;
  beforeAll(async () => {
    town = await startTown({ timeZone: CHOICES.zone });
    client = openStoreClient(town.api.config, 'analyst', { timeoutMs: 30_000 });
    await writeWeeks(town.writer, { fromMs: toMs - 63 * DAY_MS, toMs });
  });
  afterAll(async () => {
    await client.close();
    await town[Symbol.asyncDispose]();
  });

  const ask = async (query: string) => {
    const result = await client.query({ query, format: 'JSONCompact', clickhouse_settings: { database: DATABASE } });
    return (await result.json()) as unknown as { meta: { name: string; type: string }[]; data: unknown[][] };
  };

  const boards = subjectDashboards(panels, CHOICES);
  const targets = boards.flatMap(({ name, dashboard }) =>
    (dashboard.panels ?? []).flatMap((panel) =>
      'targets' in panel
        ? (panel.targets as ClickHouseQuery[]).map((target) => ({ name, title: panel.title, ...target }))
        : [],
    ),
  );
  /** Most of a level's are those of another: each is run once. */
  const unlike = [...new Map(targets.map((target) => [target.rawSql, target])).values()];

  it('runs as an analyst, all of it, and gives series and tables the columns that their charts read', async () => {
    for (const { name, title, refId, rawSql, queryType } of unlike) {
      const [kind = '', level = ''] = name.split('-');
      const subject = OF_LEVEL[level] ?? SUBJECTS[kind as SubjectType] ?? 'lixia';
      const { meta, data } = await ask(expanded(rawSql, subject)).catch((error) => {
        throw new Error(`${name}, ${title}, ${refId}: ${(error as Error).message}`);
      });
      if (queryType !== 'timeseries') continue;
      // The plugin turns long rows into series: time first and rising, then texts, then numbers.
      expect(meta[0]).toMatchObject({ name: 'time', type: expect.stringMatching(/^DateTime/) });
      expect(meta.slice(1).every(({ type }) => /String|Float|Int/.test(type))).toBe(true);
      const times = data.map(([time]) => String(time));
      expect(times).toEqual([...times].sort());
    }
    expect(unlike.length).toBeGreaterThan(10);
  });

  it('offers the areas, cameras and rules that are there', async () => {
    for (const { name, dashboard } of boards) {
      const variable = dashboard.templating.list?.find((one) => one.name === 'subject');
      const { data } = await ask(String(variable?.query));
      if (name === 'area-street') expect(data).toContainEqual(['dikou', 'name of dikou']);
      if (name === 'role-analyst') expect(data[0]).toEqual(['jinan', 'name of jinan · city']);
      if (name === 'camera') expect(data.map(([id]) => id)).toContain('dikou-c1');
    }
  });

  it('comes with metrics that an operator’s token reads, of the disk too', async () => {
    const token = await town.api.enrol('prometheus', ['operator']);
    const { text } = await town.api.ask('GET', '/metrics', { token });
    expect(text).toMatch(/^sharp_eyes_disk_free_bytes\{role="store".*\} \d+/m);
    expect(text).toMatch(/^sharp_eyes_disk_size_bytes\{role="store".*\} \d+/m);
  });

  it('gives the same figures as our own page', async () => {
    const path = `/api/v1/dashboards/area/lixia?from=${fromMs}&to=${toMs}`;
    const own = (await town.api.ask('GET', path)).body as OwnDashboard;
    const compared = own.panels.filter((panel) => panel.empty === null);
    expect(compared.map(({ id }) => id)).toEqual(expect.arrayContaining(['headline', 'flow-by-kind', 'places-below']));
    for (const panel of compared) {
      const { sql } = panels.find(({ id }) => id === panel.id)!;
      const filled = expanded(
        toGrafanaSql(sql, { type: 'area', level: 'district', below: 'street', stepS: 3600 }),
        'lixia',
      );
      const { meta, data } = await ask(filled);
      const at = panel.columns.map(({ name }) => meta.findIndex((one) => one.name === name));
      const rows = data.map((row) => at.map((index) => row[index]));
      expect(figures(panel, rows), panel.id).toEqual(figures(panel, panel.rows));
    }
  });
});

/** Times are written in two ways; numbers are compared to nine digits. */
function figures({ columns }: Pick<PanelAnswer, 'columns'>, rows: readonly (readonly unknown[])[]): unknown[][] {
  const kept = columns.flatMap(({ part }, at) => (part === 'time' ? [] : [at]));
  return rows.map((row) =>
    kept.map((at) => {
      const value = row[at];
      const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?[\d.]+(e-?\d+)?$/.test(value));
      return isNumber ? Number(value).toPrecision(9) : value;
    }),
  );
}
