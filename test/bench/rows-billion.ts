/**
 * A heat map of one day and of ninety over very many rows: the base by INSERT SELECT, a day at a time, rolled up by the
 * product's own closing. `node test/bench/rows-billion.ts [million rows, default 100] [days, default 90] [reads, default 40]`
 * prints a table and one line of JSON. A thousand million rows want about 60 GB of disk and hours on two cores.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { closeHours, closeMinutes } from '#analytics/store/close.ts';
import { writeSettings } from '#analytics/store/dialect.ts';
import { type HeatMapQuestion, readHeatMap } from '#analytics/store/queries.ts';
import { migrate } from '#analytics/store/schema.ts';
import { HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
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
  const spentS = { generating: 0, rollingUp: 0 };
  const midnights = dayBegins(days);
  for (const [index, dayMs] of midnights.entries()) {
    const began = performance.now();
    await writeDay(writer, { dayS: dayMs / 1000, rows: Math.round(rows / days) });
    const filled = performance.now();
    await closeDay(writer, dayMs, settings);
    spentS.generating += (filled - began) / 1000;
    spentS.rollingUp += (performance.now() - filled) / 1000;
    console.log(
      `day ${index + 1} of ${days}: ${spentS.generating.toFixed(0)} s generating, ${spentS.rollingUp.toFixed(0)} s rolling up`,
    );
  }
  const [firstMs, lastMs] = [midnights[0]!, midnights.at(-1)!];
  const question = { kind: null, resolution: 11, measure: 'presence' } as const satisfies Partial<HeatMapQuestion>;
  const kinds = ['person', 'car', 'bus'] as const;
  const day = (index: number) => ({ ...question, kind: kinds[index % 3]!, fromMs: lastMs, toMs: lastMs + DAY_MS });
  const all = { ...question, fromMs: firstMs, toMs: lastMs + DAY_MS };
  const measured = {
    day: await time(reads, () => readHeatMap(reader, { ...day(0), kind: null })),
    dayOfAKind: await time(reads, (index) => readHeatMap(reader, day(index))),
    all: await time(reads, () => readHeatMap(reader, all)),
    allFine: await time(Math.ceil(reads / 4), () => readHeatMap(reader, { ...all, resolution: 13 })),
  };
  console.log('| heat map | p50 ms | p95 ms | most ms |\n| --- | --- | --- | --- |');
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
