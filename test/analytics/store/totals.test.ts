import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#analytics/store/schema.ts';
import { fillTotals } from '#analytics/store/totals.ts';
import { openStoreClient } from '#system/store-client.ts';
import { closeAnew, DAY_MS, HOUR_MS, TOWN, TOWN_AREAS, writeWeeks } from '#test/api/dashboards/weeks.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { childOf } from '../counting-site.ts';

const toMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const fromMs = toMs - 3 * DAY_MS;
const settings = { async_insert: 0 };
const OF_HOURS = 'presence_us, moved_m, timed_s, tracks, observed_ms';

describe('totals of areas per hour', () => {
  let site: Site;
  let client: ClickHouseClient;
  const rows = async (query: string) =>
    (await client.query({ query, format: 'JSONEachRow' })).json<Record<string, string>>();
  /** By area, hour and kind; `of` says which rows of cameras are of an area, by their whole path. */
  const totals = (view = 'whole_totals_by_hour') =>
    rows(`SELECT area, level, hour, kind, sum(presence_us) AS presence_us, round(sum(moved_m), 3) AS moved_m, round(sum(timed_s), 3) AS timed_s,
        uniqCombinedMerge(12)(tracks_state) AS tracks, sum(observed_ms) AS observed_ms
      FROM sharp_eyes.${view} GROUP BY area, level, hour, kind ORDER BY area, hour, kind`);

  const kept = async () => Number((await rows('SELECT count() AS n FROM sharp_eyes.totals_by_hour'))[0]!.n);

  /** As before migration 12. */
  async function forgetTotals(): Promise<void> {
    const run = (query: string) => client.command({ query, clickhouse_settings: { mutations_sync: '1' } });
    for (const view of ['whole_totals_by_hour', 'totals_by_hour']) await run(`DROP VIEW sharp_eyes.${view}`);
    await run('DROP TABLE sharp_eyes.totals_hour');
    await run('ALTER TABLE sharp_eyes.hours DROP COLUMN has_totals');
    await run('DELETE FROM sharp_eyes.schema_migrations WHERE number >= 12');
  }

  async function recount(): Promise<Record<string, string>[]> {
    const found: Record<string, string>[] = [];
    for (const { id, level } of TOWN_AREAS.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const where = `has(splitByChar('.', area_path), '${id}')`;
      found.push(
        ...(await rows(`SELECT '${id}' AS area, '${level}' AS level, hour, kind, ${OF_HOURS} FROM (
            SELECT hour, kind, sum(presence_us) AS presence_us, round(sum(moved_m), 3) AS moved_m, round(sum(timed_s), 3) AS timed_s,
              uniqCombinedMerge(12)(tracks_state) AS tracks, toUInt64(0) AS observed_ms
            FROM sharp_eyes.flow_by_hour WHERE ${where} GROUP BY hour, kind
            UNION ALL SELECT hour, '', 0, 0, 0, 0, sum(observed_ms) FROM sharp_eyes.watched_by_hour WHERE ${where} GROUP BY hour
          ) ORDER BY hour, kind`)),
      );
    }
    return found;
  }

  beforeAll(async () => {
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    client = openStoreClient(site.config, 'writer');
    await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    await writeWeeks(client, { fromMs, toMs, watched: "if(camera = 'dikou-c1', 0.5, 1)" });
  }, 120_000);
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

  it('are what the rows of the cameras within add up to, tracks counted once', async () => {
    const found = await totals();
    expect(found).toHaveLength(TOWN_AREAS.length * 72 * 4);
    expect(found).toEqual(await recount());
  });

  it('follow what is written again, and a camera that is of another area since', async () => {
    const cameras = TOWN.map((camera) =>
      camera.id === 'wenhua-c2' ? { ...camera, path: 'jinan.lixia.dikou._.dikou-g1' } : camera,
    );
    await client.command({
      query: `INSERT INTO sharp_eyes.observed_hour SELECT * REPLACE (0 AS observed_ms, version + 1 AS version) FROM sharp_eyes.observed_hour FINAL
        WHERE camera = 'wenhua-c2'`,
    });
    await client.command({
      query: `INSERT INTO sharp_eyes.kinds_hour SELECT * REPLACE (0 AS presence_us, 0 AS sightings_milli, 0 AS moved_mm, 0 AS timed_ms,
          arrayReduce('uniqCombinedState(12)', CAST([], 'Array(String)')) AS tracks, version + 1 AS version)
        FROM sharp_eyes.kinds_hour FINAL WHERE camera = 'wenhua-c2'`,
    });
    await writeWeeks(client, { fromMs, toMs: fromMs + 12 * HOUR_MS, cameras, factor: '2' });
    await writeWeeks(client, { fromMs: fromMs + 12 * HOUR_MS, toMs, cameras });
    const found = await totals();
    expect(found.some(({ area }) => area === 'wenhua-g2')).toBe(false);
    expect(found).toEqual(await recount());
  });

  it('of the areas below one are found without reading those of others', async () => {
    for (const view of ['whole_totals_by_hour', 'totals_by_hour']) {
      const below = `SELECT sum(presence_us) FROM sharp_eyes.${view} WHERE level = 'grid' AND has(splitByChar('.', area_path), 'nowhere')`;
      const explained = (await rows(`EXPLAIN indexes = 1 ${below}`)).map(({ explain }) =>
        explain!.replace(/^[│ ]+/, ''),
      );
      expect(explained.slice(explained.indexOf('Name: ways')).find((line) => line.startsWith('Parts: '))).toMatch(
        /^Parts: 0\//,
      );
    }
  });

  it('of hours that were closed before they were kept are right at once, and filled in', async () => {
    const before = await totals();
    await forgetTotals();
    await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    expect(await kept()).toBe(0);
    expect(await totals()).toEqual(before);
    const told: number[] = [];
    expect(await fillTotals(client, { settings, onLacking: (hours) => told.push(hours) })).toBe(72);
    expect(told).toEqual([72, 48, 24, 0]);
    expect(await kept()).toBe(before.length);
    expect(await totals()).toEqual(before);
    expect(await fillTotals(client, { settings })).toBe(0);
  });

  it('of hours that an older process closed anew are right at once, and filled in, the newest week of them first', async () => {
    await writeWeeks(client, { fromMs: fromMs - 7 * DAY_MS, toMs: fromMs });
    await client.command({
      query: `INSERT INTO sharp_eyes.kinds_hour SELECT * REPLACE (presence_us * 3 AS presence_us, version + 1 AS version)
        FROM sharp_eyes.kinds_hour FINAL`,
    });
    await closeAnew(client, false);
    const anew = await recount();
    expect(await totals()).toEqual(anew);
    expect(await totals('totals_by_hour')).not.toEqual(anew);
    expect(await fillTotals(client, { settings })).toBe(168);
    expect(await totals()).toEqual(anew);
    expect(await fillTotals(client, { settings })).toBe(72);
    expect(await totals('totals_by_hour')).toEqual(anew);
  });
});
