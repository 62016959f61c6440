import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackfill, readStaleHours } from '#analytics/store/backfill.ts';
import { closeBuckets } from '#analytics/store/close.ts';
import { type Figures, type FiguresQuestion, readFigures } from '#analytics/store/figures/read.ts';
import { migrate } from '#analytics/store/schema.ts';
import { HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { fillTotals } from '#analytics/store/totals.ts';
import { verifyRollups } from '#analytics/store/verify.ts';
import { createWriter } from '#analytics/store/writer.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { childOf } from '../counting-site.ts';
import { beginMs, CAMERAS, makeMessages } from './walkers.ts';

const DAY_MS = 24 * HOUR_MS;
const range = { fromMs: beginMs, toMs: beginMs + 3 * HOUR_MS };
const hours = [0, 1, 2].map((index) => beginMs + index * HOUR_MS);
const settings = { async_insert: 0 };

describe('hours that a former version closed', () => {
  let site: Site;
  let client: ClickHouseClient;
  let before: Figures[];

  const questions = [
    { where: { resolution: 13 }, measure: 'peak' },
    { where: { level: 'grid', division: 'then' }, measure: 'presence' },
    { where: { resolution: 12 }, measure: 'speed' },
  ] as const;
  const ask = () =>
    Promise.all(
      questions.map(
        (one): Promise<Figures> => readFigures(client, { ...range, kind: null, ...one } satisfies FiguresQuestion),
      ),
    );
  const run = (query: string) => client.command({ query, clickhouse_settings: { mutations_sync: '1' } });

  beforeAll(async () => {
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    client = openStoreClient(site.config, 'writer');
    await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    const coverage = CAMERAS.flatMap(({ camera, cells }) =>
      cells.map((cell) => ({ camera, calibrationVersion: 1, cell: BigInt(`0x${cell}`), areaPath: 'c1.d1.s1.v1.g1' })),
    );
    const messages = makeMessages().filter(
      ({ message: { capturedAtMs: at } }) => at < range.toMs && at % HOUR_MS < 27 * MINUTE_MS,
    );
    const batch = { messages, coverage, quarantined: [], revisions: [], repeated: new Set<never>() };
    await createWriter(client, site.config).write(batch);
    await closeBuckets(client, { settings });
    before = await ask();
    await closeAsBefore();
  });
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

  let times = 0;
  /** The roll-ups as they were written before migration 5: a lower version, another each time, no motion, areas and peaks. */
  async function closeAsBefore(): Promise<void> {
    const version = `(SELECT toUInt64(toUnixTimestamp(min(applied_at)) - 60 + ${++times}) * 1000000000 FROM sharp_eyes.schema_migrations)`;
    const none = '0 AS moved_mm, 0 AS timed_ms, 0 AS error_mm_us, ';
    const tables = ['cells_minute', 'cells_hour', 'cell_totals_hour', 'kinds_hour'].map(
      (table) => [table, none] as const,
    );
    for (const [table, motion] of [
      ...tables,
      ['observed_minute', ''],
      ['observed_hour', ''],
      ['minutes', ''],
      ['hours', ''],
    ] as const) {
      const where = table === 'minutes' || table === 'hours' ? 'WHERE is_closed' : '';
      // Aside and back: beside their newer selves a merge would take them away.
      await run(
        `CREATE OR REPLACE TABLE sharp_eyes.aside ENGINE = MergeTree ORDER BY tuple() AS SELECT * REPLACE (${motion}${version} AS version) FROM sharp_eyes.${table} FINAL ${where}`,
      );
      await run(`TRUNCATE TABLE sharp_eyes.${table}`);
      await run(`INSERT INTO sharp_eyes.${table} SELECT * FROM sharp_eyes.aside`);
      await run('DROP TABLE sharp_eyes.aside');
    }
    for (const table of ['areas_hour', 'totals_hour', 'peaks_hour']) await run(`TRUNCATE TABLE sharp_eyes.${table}`);
  }

  const places = ({ places }: Figures) => Object.fromEntries(places);

  it('are told of where their part of a figure is missing, and compared for what they kept', async () => {
    expect(before.map(({ missingHours, places }) => [missingHours, places.size > 2])).toEqual([
      [0, true],
      [0, true],
      [0, true],
    ]);
    expect(await readStaleHours(client, [[range.fromMs, range.toMs]])).toEqual(hours);
    expect((await ask()).map(({ missingHours }) => missingHours)).toEqual([3, 3, 0]);
    expect(await verifyRollups(client, range)).toEqual([]);
  });

  it('are closed anew one by one, the newest first, by whoever goes on', async () => {
    expect(await createBackfill(client, { settings })()).toBe(hours[2]);
    expect((await ask()).map(({ missingHours }) => missingHours)).toEqual([2, 2, 0]);
    expect(await verifyRollups(client, range)).toEqual([]);
    const another = createBackfill(client, { settings });
    expect([await another(), await another(), await another()]).toEqual([hours[1], hours[0], undefined]);
    expect((await ask()).map(places)).toEqual(before.map(places));
    expect(await readStaleHours(client, [[range.fromMs, range.toMs]])).toEqual([]);
    expect(await verifyRollups(client, range)).toEqual([]);
  });

  it('are compared without the totals that they lack, until these are filled in', async () => {
    await run('TRUNCATE TABLE sharp_eyes.totals_hour');
    expect(new Set((await verifyRollups(client, range)).map(({ table }) => table))).toEqual(new Set(['totals_hour']));
    await run('ALTER TABLE sharp_eyes.hours UPDATE has_totals = false WHERE true');
    expect(await verifyRollups(client, range)).toEqual([]);
    expect(await fillTotals(client, { settings })).toBe(3);
    expect(await verifyRollups(client, range)).toEqual([]);
    await run('TRUNCATE TABLE sharp_eyes.totals_hour');
    expect(await verifyRollups(client, range)).not.toEqual([]);
  });

  it('get peaks and areas from their minutes when the base is gone, and nothing when these are gone too', async () => {
    await closeAsBefore();
    const { sightingsTtlDays, minutesTtlDays } = site.config;
    const daysLater = (days: number) => createBackfill(client, { settings, nowMs: () => beginMs + days * DAY_MS });
    expect(await daysLater(minutesTtlDays + 1)()).toBeUndefined();
    const fromMinutes = daysLater(sightingsTtlDays + 1);
    expect([await fromMinutes(), await fromMinutes(), await fromMinutes()]).toEqual([...hours].reverse());
    const [peaks, areas, speeds] = await ask();
    const withoutError = (figures: Figures) =>
      Object.fromEntries([...figures.places].map(([place, { value, observedS }]) => [place, { value, observedS }]));
    expect([peaks!, areas!].map(withoutError)).toEqual(before.slice(0, 2).map(withoutError));
    expect([...speeds!.places.values()].every(({ value }) => value === null)).toBe(true);
  });

  it('differ in what is compared where a peak is wrong', async () => {
    await run(
      `INSERT INTO sharp_eyes.peaks_hour SELECT * REPLACE ('nowhere' AS place) FROM sharp_eyes.peaks_hour FINAL LIMIT 1`,
    );
    const tables = new Set((await verifyRollups(client, range)).map(({ table }) => table));
    expect(tables).toContain('peaks_hour');
  });
});
