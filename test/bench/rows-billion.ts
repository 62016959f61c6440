/**
 * A heat map of one day and of ninety, and a series of hours, over very many rows. The first day is made by INSERT SELECT
 * and rolled up by the product's own closing; the others are that day moved, base and roll-ups alike, inside the engine.
 * `node test/bench/rows-billion.ts [million rows, default 100] [days, default 90] [reads, default 40]` prints a table and
 * one line of JSON. A thousand million rows want some 12 GB of disk.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { closeHours, closeMinutes } from '#analytics/store/close.ts';
import { writeSettings } from '#analytics/store/dialect.ts';
import { type HeatMapQuestion, readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { migrate } from '#analytics/store/schema.ts';
import { HOUR_MS, inRanges, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { openStoreClient, type StoreAccount } from '#system/store-client.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { startSite, testLogger } from '#test/site/site.ts';
import { DAY_S, writeCells, writeDay } from './judging/watched-day.ts';

const DAY_MS = DAY_S * 1000;
const MUST_REACH_MS = { day: 150, all: 500 } as const;

type Wanted = { rows: number; days: number; reads: number };

const quantile = (sorted: readonly number[], share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

const begins = (fromMs: number, toMs: number, sizeMs: number) =>
  Array.from({ length: Math.round((toMs - fromMs) / sizeMs) }, (_, index) => fromMs + index * sizeMs);

async function time(reads: number, read: (index: number) => Promise<unknown>) {
  const times: number[] = [];
  for (let index = 0; index < reads; index++) {
    const began = performance.now();
    await read(index);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), mostMs: quantile(times, 1) };
}

/** Midnights (UTC), the last one being today's: every hour of every day is over. */
function dayBegins(days: number): number[] {
  const todayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return Array.from({ length: days }, (_, index) => todayMs - (days - index) * DAY_MS);
}

/** A day's minutes at a time in quarters, so that what a statement groups stays in memory however many rows there are. */
async function closeDay(client: ClickHouseClient, dayMs: number, settings: ReturnType<typeof writeSettings>) {
  for (let fromMs = dayMs; fromMs < dayMs + DAY_MS; fromMs += 6 * HOUR_MS) {
    await closeMinutes(client, begins(fromMs, fromMs + 6 * HOUR_MS, MINUTE_MS), settings);
    await closeHours(client, begins(fromMs, fromMs + 6 * HOUR_MS, HOUR_MS), settings);
  }
}

/** Every table that a day leaves rows in, with the columns that say when; the first is the one to find them by. */
const MOVED: Readonly<Record<string, readonly [string, ...string[]]>> = {
  sightings: ['captured_at', 'received_at'],
  looks: ['watched_from', 'watched_to', 'captured_at', 'received_at'],
  cells_minute: ['minute'],
  observed_minute: ['minute'],
  minutes: ['minute'],
  cells_hour: ['hour'],
  cell_totals_hour: ['hour'],
  kinds_hour: ['hour'],
  areas_hour: ['hour'],
  totals_hour: ['hour'],
  peaks_hour: ['hour'],
  observed_hour: ['hour'],
  hours: ['hour'],
};

async function copyDay(client: ClickHouseClient, { dayMs, laterDays }: { dayMs: number; laterDays: number }) {
  for (const [table, columns] of Object.entries(MOVED)) {
    const moved = columns.map((column) => `${column} + INTERVAL ${laterDays} DAY AS ${column}`).join(', ');
    await client.command({
      query: `INSERT INTO sharp_eyes.${table} SELECT * REPLACE (${moved}) FROM (
        SELECT * FROM sharp_eyes.${table} WHERE ${inRanges(columns[0], [[dayMs, dayMs + DAY_MS]])})`,
      clickhouse_settings: { async_insert: 0, max_partitions_per_insert_block: '0' },
    });
  }
}

async function main({ rows, days, reads }: Wanted): Promise<void> {
  await using site = await startSite({ sightingsTtlDays: days + 30, minutesTtlDays: days + 30 });
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  await using stack = new AsyncDisposableStack();
  const open = (account: StoreAccount) =>
    stack.adopt(openStoreClient(site.config, account, { timeoutMs: 3_600_000 }), (client) => client.close());
  const [writer, reader] = [open('writer'), open('reader')];
  await migrate(writer, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  await writeCells(writer, site.config);
  const settings = writeSettings(site.config);
  const midnights = dayBegins(days);
  const began = performance.now();
  const sinceS = (from: number) => (performance.now() - from) / 1000;
  await writeDay(writer, { dayS: midnights[0]! / 1000, rows: Math.round(rows / days) });
  const spentS = { generating: sinceS(began), rollingUp: 0, copying: 0 };
  const filled = performance.now();
  await closeDay(writer, midnights[0]!, settings);
  spentS.rollingUp = sinceS(filled);
  const rolledUp = performance.now();
  for (let laterDays = 1; laterDays < days; laterDays++) {
    await copyDay(writer, { dayMs: midnights[0]!, laterDays });
    if (laterDays % 10 === 0) console.log(`day ${laterDays + 1} of ${days} after ${sinceS(began).toFixed(0)} s`);
  }
  spentS.copying = sinceS(rolledUp);
  console.log(
    `generated in ${spentS.generating.toFixed(0)} s, rolled up in ${spentS.rollingUp.toFixed(0)} s, copied in ${spentS.copying.toFixed(0)} s`,
  );
  const [firstMs, lastMs] = [midnights[0]!, midnights.at(-1)!];
  const question = { kind: null, resolution: 11, measure: 'presence' } as const satisfies Partial<HeatMapQuestion>;
  const kinds = ['person', 'car', 'bus'] as const;
  const day = (index: number) => ({ ...question, kind: kinds[index % 3]!, fromMs: lastMs, toMs: lastMs + DAY_MS });
  const all = { ...question, fromMs: firstMs, toMs: lastMs + DAY_MS };
  const measured = {
    day: await time(reads, () => readHeatMap(reader, { ...day(0), kind: null })),
    dayOfAKind: await time(reads, (index) => readHeatMap(reader, day(index))),
    all: await time(reads, () => readHeatMap(reader, all)),
    hours: await time(reads, () => readSummary(reader, { fromMs: lastMs, toMs: lastMs + DAY_MS })),
    allHours: await time(reads, () => readSummary(reader, { fromMs: firstMs, toMs: lastMs + DAY_MS })),
    allFine: await time(Math.ceil(reads / 4), () => readHeatMap(reader, { ...all, resolution: 13 })),
  };
  console.log('| read | p50 ms | p95 ms | most ms |\n| --- | --- | --- | --- |');
  for (const [name, { p50Ms, p95Ms, mostMs }] of Object.entries(measured))
    console.log(`| ${name} | ${p50Ms} | ${p95Ms} | ${mostMs} |`);
  const cells = (await readHeatMap(reader, { ...all, resolution: 13 })).cells.length;
  const machine = `${cpus()[0]?.model} x${availableParallelism()}`;
  const ratio = { day: measured.day.p95Ms / MUST_REACH_MS.day, all: measured.all.p95Ms / MUST_REACH_MS.all };
  console.log(
    JSON.stringify({
      machine,
      load: loadavg()[0],
      rows,
      days,
      cells,
      spentS,
      measured,
      mustReachMs: MUST_REACH_MS,
      ratio,
    }),
  );
}

const [millions = '100', days = '90', reads = '40'] = process.argv.slice(2);
await main({ rows: Number(millions) * 1e6, days: Number(days), reads: Number(reads) });
