import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBuckets } from '#analytics/store/close.ts';
import { readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { ensureRetention, readFloor } from '#analytics/store/retention.ts';
import type { PlacedMessage } from '#analytics/store/rows.ts';
import { MIGRATIONS, migrate } from '#analytics/store/schema.ts';
import { cutIntoSpans } from '#analytics/store/spans.ts';
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { countStored, verifyRollups } from '#analytics/store/verify.ts';
import { type Batch, createWriter, type Writer } from '#analytics/store/writer.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { childOf, messageOf, sightingAt } from '../counting-site.ts';

const settings = { async_insert: 0 };
const CELL = 0x8d31aa5b4d2b0ffn;

const batchOf = (messages: PlacedMessage[], repeated: PlacedMessage[] = []): Batch => ({
  messages,
  repeated: new Set(repeated),
  quarantined: [],
  revisions: [],
  coverage: [],
});

/** One person for 200 ms in one cell. */
function placed(sequence: number, capturedAtMs: number, cell = CELL): PlacedMessage {
  const message = messageOf({
    camera: 'gate-3',
    sequence,
    capturedAtMs,
    sightings: [sightingAt(0.5, 0.5, { track: `track${String(sequence).padStart(8, '0')}` })],
  });
  const areaPath = 'jinan.lixia.s1.v1.g1';
  const where = { lon: 117, lat: 36, covEe: 1, covEn: 0, covNn: 1, cells: [cell], weights: [1000], areaPath };
  const place = { ...where, placedBy: 'foot', unplacedReason: '' } as const;
  return { message, places: [place], calibrationVersion: 1, areaPath };
}

describe('roll-ups in the real store', () => {
  let site: Site;
  let client: ClickHouseClient;
  let writer: Writer;
  const nowMs = Date.now();
  const hourMs = floorTo(nowMs, HOUR_MS) - 5 * HOUR_MS;
  const range = { fromMs: hourMs, toMs: hourMs + HOUR_MS };
  const exclusively = (work: () => Promise<void>) => work();

  beforeAll(async () => {
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    client = openStoreClient(site.config, 'writer');
    const both = [0, 1].map(() => migrate(client, { config: site.config, logger: testLogger, exclusively }));
    await Promise.all(both);
    writer = createWriter(client, site.config);
  });
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

  const presence = async () => {
    const ask = { ...range, kind: null, resolution: 13, measure: 'presence' } as const;
    const heat = await readHeatMap(client, ask);
    return Object.fromEntries(heat.cells.map(({ cell, value }) => [cell, value]));
  };

  it('has its schema after two processes made it at once, every column with a comment', async () => {
    const read = async (query: string) =>
      (await client.query({ query, format: 'JSONEachRow' })).json<{ name: string }>();
    const numbers = await read('SELECT DISTINCT toString(number) AS name FROM sharp_eyes.schema_migrations');
    expect(numbers.map(({ name }) => Number(name)).sort((a, b) => a - b)).toEqual(
      MIGRATIONS.map(({ number }) => number),
    );
    const silent = await read(
      "SELECT table || '.' || name AS name FROM system.columns WHERE database = 'sharp_eyes' AND comment = ''",
    );
    expect(silent).toEqual([]);
    const untold = await read("SELECT name FROM system.tables WHERE database = 'sharp_eyes' AND comment = ''");
    expect(untold).toEqual([]);
  });

  it('reads slices while a minute is open, minutes while an hour is, and hours once they are closed', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => placed(index, hourMs + index * MINUTE_MS + 5000));
    await writer.write(batchOf(rows));
    const open = await cutIntoSpans(client, range);
    expect(open).toMatchObject({ hours: [], minutes: [], slices: [[hourMs, hourMs + HOUR_MS]] });
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12 });
    expect(await verifyRollups(client, range)).toEqual([]);
    expect(await closeBuckets(client, { settings })).toEqual({ minutes: 60, hours: 1 });
    expect(await cutIntoSpans(client, range)).toMatchObject({
      hours: [[hourMs, hourMs + HOUR_MS]],
      minutes: [],
      slices: [],
    });
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12 });
    const half = { fromMs: hourMs + 30 * MINUTE_MS, toMs: hourMs + 2 * HOUR_MS };
    expect((await readSummary(client, half)).kinds).toEqual([{ kind: 'person', presenceS: 6, tracks: 30 }]);
    expect(await verifyRollups(client, range)).toEqual([]);
    expect(await closeBuckets(client, { settings })).toEqual({ minutes: 0, hours: 0 });
  });

  it('takes late data in: its hour opens again, is right at once, and closes anew', async () => {
    const late = placed(100, hourMs + 7 * MINUTE_MS + 21_000);
    await writer.write(batchOf([late]));
    expect((await cutIntoSpans(client, range)).hours).toEqual([]);
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12.2 });
    expect(await verifyRollups(client, range)).toEqual([]);
    expect(await closeBuckets(client, { settings })).toEqual({ minutes: 1, hours: 1 });
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12.2 });
    expect(await verifyRollups(client, range)).toEqual([]);
  });

  it('changes nothing when batches come again, whole and regrouped', async () => {
    const again = [3, 4, 5, 100].map((sequence) =>
      placed(sequence, sequence === 100 ? hourMs + 7 * MINUTE_MS + 21_000 : hourMs + sequence * MINUTE_MS + 5000),
    );
    const before = await countStored(client, range);
    await writer.write(batchOf(again.slice(0, 2), again));
    await writer.write(batchOf(again.slice(1), again));
    expect(await countStored(client, range)).toEqual(before);
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12.2 });
    await closeBuckets(client, { settings });
    expect(await presence()).toEqual({ [CELL.toString(16)]: 12.2 });
    expect(await verifyRollups(client, range)).toEqual([]);
  });

  it('leaves zeros where a row moved to another cell, at every level', async () => {
    const other = 0x8d31aa5b4d2b1bfn;
    const moved = placed(3, hourMs + 3 * MINUTE_MS + 5000, other);
    await writer.write(batchOf([moved], [moved]));
    const expected = { [CELL.toString(16)]: 12, [other.toString(16)]: 0.2 };
    expect(await presence()).toEqual(expected);
    await closeBuckets(client, { settings });
    expect(await presence()).toEqual(expected);
    expect(await verifyRollups(client, range)).toEqual([]);
    const result = await client.query({
      query: `SELECT toFloat64(sum(presence_us)) AS us FROM sharp_eyes.cells_hour FINAL WHERE cell = ${CELL}`,
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ us: 12_000_000 }]);
  });

  it('finds a roll-up that is wrong', async () => {
    await client.command({
      query: `INSERT INTO sharp_eyes.cells_hour (hour, kind, cell, camera, area_path, presence_us, sightings_milli, version)
        SELECT hour, 'bus', 7, 'gate-3', 'x', 5, 5, version FROM sharp_eyes.hours WHERE is_closed ORDER BY version DESC LIMIT 1`,
    });
    expect(await verifyRollups(client, range)).toEqual([
      expect.objectContaining({ table: 'cells_hour', expected: '', key: expect.stringContaining('bus') }),
    ]);
  });

  // ClickHouse 26.7 took the end of a range for a second earlier where it was a DateTime and the key a DateTime64.
  it('finds what was captured in the last fraction of a second of its slice', async () => {
    const slice = hourMs - 2 * HOUR_MS + 40 * MINUTE_MS;
    const [last, next] = [placed(900, slice + 9850), placed(901, slice + 10_050)];
    await writer.write(batchOf([last, next]));
    await writer.write(batchOf([last], [last]));
    const around = { fromMs: slice, toMs: slice + MINUTE_MS };
    const ask = { ...around, kind: null, resolution: 13, measure: 'presence' } as const;
    expect((await readHeatMap(client, ask)).cells.map(({ value }) => value)).toEqual([0.4]);
    expect(await verifyRollups(client, around)).toEqual([]);
    expect(await countStored(client, { fromMs: slice, toMs: slice + 10_000 })).toMatchObject({
      messages: 1,
      sightings: 1,
    });
  });

  it('brings times to live up to date, and never rebuilds what a shorter one took', async () => {
    const day = 24 * HOUR_MS;
    const before = (await readFloor(client))(nowMs);
    expect(before).toBeCloseTo(nowMs - Math.min(30, 4) * day + HOUR_MS, -5);
    await ensureRetention(client, { ...site.config, sightingsTtlDays: 2 });
    const result = await client.query({ query: 'SHOW CREATE TABLE sharp_eyes.sightings', format: 'TabSeparatedRaw' });
    expect(await result.text()).toContain('toIntervalDay(2)');
    expect((await readFloor(client))(Date.now())).toBeGreaterThan(Date.now() - 2 * day);
    await ensureRetention(client, { ...site.config, sightingsTtlDays: 60 });
    const floor = await readFloor(client);
    expect(floor(Date.now())).toBeGreaterThan(Date.now() - 2 * day);
    expect(floor(Date.now() + day)).toBeLessThan(Date.now() - day + 2 * HOUR_MS);
  });
});
