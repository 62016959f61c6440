/**
 * How long a heat map of a day takes: 5,000 cells, 20 million sightings, through the store's own process, alone and
 * with an analyst's query of ten seconds running beside it.
 * `node test/bench/heat-map.ts [million rows]` prints a table and one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { gridDisk, latLngToCell } from 'h3-js';
import { closeBuckets } from '#analytics/store/close.ts';
import { type HeatMapQuestion, readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { createMarker, rebuildSlices, type Settings } from '#analytics/store/roll-up.ts';
import { migrate } from '#analytics/store/schema.ts';
import { floorTo, HOUR_MS, MINUTE_MS, SLICE_MS } from '#analytics/store/time-ranges.ts';
import { createWriter } from '#analytics/store/writer.ts';
import { KINDS } from '#models/schema/kind.ts';
import { openStoreClient, type StoreAccount } from '#system/store-client.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { startSite, testLogger } from '#test/site/site.ts';

const CAMERAS = 100;
const CELLS = 5000;
const DAY_S = 86_400;
const READS = 60;
const settings: Settings = { async_insert: 0, max_partitions_per_insert_block: '0' };

/** Coverage of 50 cells a camera, side by side. */
async function writeCells(client: ClickHouseClient, config: Parameters<typeof createWriter>[1]): Promise<void> {
  const cells = gridDisk(latLngToCell(36.6758, 117.0009, 13), 41).slice(0, CELLS);
  const perCamera = CELLS / CAMERAS;
  const rows = cells.map((cell, index) => ({
    camera: `cam-${Math.floor(index / perCamera)}`,
    calibrationVersion: 1,
    cell: BigInt(`0x${cell}`),
    areaPath: 'jinan.lixia.s1.v1.g1',
  }));
  await createWriter(client, config).writeCoverage(rows);
}

/** Sightings evenly over the day; a track is seen 20 times while it crosses four cells of its camera. */
async function writeDay(client: ClickHouseClient, { dayS, rows }: { dayS: number; rows: number }): Promise<void> {
  const chunk = 1_000_000;
  for (let start = 0; start < rows; start += chunk) {
    await client.command({
      query: `INSERT INTO sharp_eyes.sightings (captured_at, camera, revision, sequence, ordinal, track, kind, score, x, y, width, height,
          presence_ms, is_held, lon, lat, cov_ee, cov_en, cov_nn, cells, weights, area_path, calibration_version, model, received_at)
        WITH (SELECT groupArray(cell) FROM (SELECT cell FROM sharp_eyes.coverage FINAL ORDER BY camera, cell)) AS all_cells,
          number % ${CAMERAS} AS n, intDiv(number, ${CAMERAS}) AS step, intDiv(step, 20) AS tour, cityHash64(n, tour) AS seed,
          toDateTime64(${dayS} + number * ${DAY_S / rows}, 3, 'UTC') AS at
        SELECT at, 'cam-' || toString(n), 1, step, 0, lower(hex(seed)), ${JSON.stringify(KINDS).replaceAll('"', "'")}[1 + (seed % 97) % 6],
          0.9, 0.5, 0.5, 0.1, 0.1, ${Math.round((DAY_S * 1000 * CAMERAS) / rows)}, false, 117.0009, 36.6758, 1, 0, 1,
          [all_cells[1 + n * ${CELLS / CAMERAS} + (seed + intDiv(step % 20, 5)) % ${CELLS / CAMERAS}]], [1000],
          'jinan.lixia.s1.v1.g1', 1, 'bench', at
        FROM numbers(${start}, ${Math.min(chunk, rows - start)})`,
      clickhouse_settings: settings,
    });
  }
  await client.command({
    query: `INSERT INTO sharp_eyes.looks (watched_from, camera, revision, sequence, watched_to, observed_ms, looks, sightings,
        calibration_version, area_path, model, captured_at, received_at)
      WITH toDateTime64(${dayS} + 10 * intDiv(number, ${CAMERAS}), 3, 'UTC') AS at
      SELECT at, 'cam-' || toString(number % ${CAMERAS}), 1, intDiv(number, ${CAMERAS}), at + 10, 10000, 50, 23, 1, 'jinan.lixia.s1.v1.g1', 'bench', at, at
      FROM numbers(${(DAY_S / 10) * CAMERAS})`,
    clickhouse_settings: settings,
  });
}

/** What analytics does as the day goes by: marks, slices of what is not over yet, closings. */
async function rollUpDay(client: ClickHouseClient, dayMs: number, nowMs: number): Promise<void> {
  const slices: number[] = [];
  for (let at = floorTo(dayMs, MINUTE_MS); at <= nowMs; at += MINUTE_MS) slices.push(at);
  const mark = createMarker(client);
  await mark({ slices, mayVanish: [] }, `${BigInt(nowMs) * 1_000_000n}`, settings);
  await closeBuckets(client, { settings });
  const recent: number[] = [];
  for (let at = floorTo(nowMs - 6 * MINUTE_MS, SLICE_MS); at <= nowMs; at += SLICE_MS) recent.push(at);
  await rebuildSlices(client, { slices: recent, mayVanish: [] }, settings);
}

/** Ten seconds on every core that the analysts' account is given, again and again. */
async function runAnalyst(client: ClickHouseClient, signal: AbortSignal): Promise<number> {
  let queries = 0;
  while (!signal.aborted) {
    await client
      .query({
        query: 'SELECT count() FROM numbers_mt(1000000000000) WHERE sipHash64(number) = 0',
        clickhouse_settings: { max_execution_time: 10, timeout_overflow_mode: 'break' },
        format: 'JSONEachRow',
        abort_signal: signal,
      })
      .then((result) => result.json())
      .catch((error: Error) => {
        if (!signal.aborted && queries === 0) console.log(`the analyst's query ended: ${error.message.slice(0, 200)}`);
      });
    queries++;
  }
  return queries;
}

const quantile = (sorted: readonly number[], share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

/** CPU seconds that a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Wall times, and the CPU time that the store spends on a read, which other work on the machine does not change much. */
type Times = { p50Ms: number; p95Ms: number; maxMs: number; storeCpuMs: number };

async function time(pid: number, read: (index: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const cpuBefore = cpuSeconds(pid);
  for (let index = 0; index < READS; index++) {
    const began = performance.now();
    await read(index);
    times.push(performance.now() - began);
  }
  const storeCpuMs = Math.round(((cpuSeconds(pid) - cpuBefore) * 1000) / READS);
  times.sort((a, b) => a - b);
  return {
    storeCpuMs,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    maxMs: Math.round(times.at(-1)!),
  };
}

async function main(rows: number): Promise<void> {
  await using site = await startSite();
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  await using stack = new AsyncDisposableStack();
  const open = (account: StoreAccount) =>
    stack.adopt(openStoreClient(site.config, account, { timeoutMs: 600_000 }), (client) => client.close());
  const [writer, reader, analyst] = [open('writer'), open('reader'), open('analyst')];
  await migrate(writer, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  const storePid = site.children.status().find(({ name }) => name === 'store')!.pid!;
  const nowMs = Date.now();
  const dayMs = nowMs - DAY_S * 1000;
  const clock = performance.now();
  await writeCells(writer, site.config);
  await writeDay(writer, { dayS: Math.floor(dayMs / 1000), rows });
  const filledS = (performance.now() - clock) / 1000;
  await rollUpDay(writer, dayMs, nowMs);
  const rolledS = (performance.now() - clock) / 1000 - filledS;
  const question = (index: number, measure: HeatMapQuestion['measure']): HeatMapQuestion => ({
    fromMs: dayMs + MINUTE_MS,
    toMs: nowMs,
    kind: index % 2 === 0 ? null : KINDS[(index >> 1) % KINDS.length]!,
    resolution: 13 - (index % 3),
    measure,
  });
  const whole = await readHeatMap(reader, { ...question(0, 'presence'), resolution: 13 });
  const measureAll = async () => ({
    presence: await time(storePid, (index) => readHeatMap(reader, question(index, 'presence'))),
    tracks: await time(storePid, (index) => readHeatMap(reader, question(index, 'tracks'))),
    summary: await time(storePid, () => readSummary(reader, { fromMs: nowMs - 24 * HOUR_MS, toMs: nowMs })),
  });
  const alone = await measureAll();
  const stop = new AbortController();
  const analysing = runAnalyst(analyst, stop.signal);
  const beside = await measureAll();
  stop.abort();
  const analystQueries = await analysing;
  const result = {
    machine: `${cpus()[0]?.model} x${availableParallelism()}, load ${loadavg()
      .map((value) => value.toFixed(1))
      .join(' ')}`,
    node: process.version,
    rows,
    filledS,
    rolledS,
    cells: whole.cells.filter(({ value }) => value > 0).length,
    mustReach: { presenceP95Ms: 150, tracksP95Ms: 600 },
    alone,
    beside,
    analystQueries,
    ratio: { presence: beside.presence.p95Ms / 150, tracks: beside.tracks.p95Ms / 600 },
  };
  console.log(
    `${rows / 1e6} M rows stored in ${filledS.toFixed(0)} s, rolled up in ${rolledS.toFixed(0)} s, ${result.cells} cells`,
  );
  for (const [name, times] of Object.entries({ alone, 'beside an analyst': beside }))
    for (const [measure, { p50Ms, p95Ms, maxMs, storeCpuMs }] of Object.entries(times))
      console.log(
        `${name.padEnd(18)} ${measure.padEnd(9)} p50 ${p50Ms} ms, p95 ${p95Ms} ms, max ${maxMs} ms, store's CPU ${storeCpuMs} ms`,
      );
  console.log(JSON.stringify(result));
}

await main(Number(process.argv[2] ?? 20) * 1e6);
