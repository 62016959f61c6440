/**
 * How long a heat map of a day takes: 5,000 cells, 20 million sightings, at the API (HTTP, signed in, the answer read and
 * parsed) and beside it at the store's own process, each alone and with an analyst's query of ten seconds running.
 * `node test/bench/heat-map.ts [million rows, default 20] [reads of each, default 60]` prints a table and one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { type HeatMapQuestion, readHeatMap, readSummary } from '#analytics/store/queries.ts';
import { migrate } from '#analytics/store/schema.ts';
import { MINUTE_MS } from '#analytics/store/time-ranges.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';
import { KINDS } from '#models/schema/kind.ts';
import { openStoreClient, type StoreAccount } from '#system/store-client.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { DAY_S, rollUpDay, writeCells, writeDay } from './judging/watched-day.ts';

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

type Timing = { pid: number; reads: number };

async function time({ pid, reads }: Timing, read: (index: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const cpuBefore = cpuSeconds(pid);
  for (let index = 0; index < reads; index++) {
    const began = performance.now();
    await read(index);
    times.push(performance.now() - began);
  }
  const storeCpuMs = Math.round(((cpuSeconds(pid) - cpuBefore) * 1000) / reads);
  times.sort((a, b) => a - b);
  return {
    storeCpuMs,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    maxMs: Math.round(times.at(-1)!),
  };
}

type Question = Omit<HeatMapQuestion, 'scope' | 'bbox'>;
type Summing = { fromMs: number; toMs: number };
/** One way of asking: the API's, or past it the store's. */
type Asker = { heatMap: (question: Question) => Promise<HeatMap>; summary: (summing: Summing) => Promise<unknown> };

/** Signs in with the link of the start, as a browser does, and asks with its cookie. */
async function askApi(site: Site): Promise<Asker> {
  await site.children.start(childOf(site, 'api', 'api/main.ts'));
  const { url, signInCode } = site.children.details('api') as { url: string; signInCode: string };
  const signedIn = await fetch(`${url}/api/v1/sign-in/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ code: signInCode }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = async (path: string, { kind, ...fields }: Partial<Question>) => {
    const query = new URLSearchParams(kind == null ? {} : { kind });
    for (const [name, value] of Object.entries(fields)) query.set(name.replace(/Ms$/, ''), String(value));
    const response = await fetch(`${url}/api/v1${path}?${query}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    heatMap: (question) => get('/heat-map', question) as Promise<HeatMap>,
    summary: (summing) => get('/summary', summing),
  };
}

type Row = Times & { at: string; beside: string; figure: string };

function printTable(rows: readonly Row[]): void {
  console.log(
    '| at | beside | figure | p50 ms | p95 ms | most ms | CPU of the store ms |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const { at, beside, figure, p50Ms, p95Ms, maxMs, storeCpuMs } of rows)
    console.log(`| ${[at, beside, figure, p50Ms, p95Ms, maxMs, storeCpuMs].join(' | ')} |`);
}

async function main(rows: number, reads: number): Promise<void> {
  await using site = await startSite();
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  await using stack = new AsyncDisposableStack();
  const open = (account: StoreAccount) =>
    stack.adopt(openStoreClient(site.config, account, { timeoutMs: 600_000 }), (client) => client.close());
  const [writer, reader, analyst] = [open('writer'), open('reader'), open('analyst')];
  await migrate(writer, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  const pid = site.children.status().find(({ name }) => name === 'store')!.pid!;
  const nowMs = Date.now();
  const dayMs = nowMs - DAY_S * 1000;
  const clock = performance.now();
  await writeCells(writer, site.config);
  await writeDay(writer, { dayS: Math.floor(dayMs / 1000), rows });
  const filledS = (performance.now() - clock) / 1000;
  await rollUpDay(writer, dayMs, nowMs);
  const rolledS = (performance.now() - clock) / 1000 - filledS;

  const askers: Record<string, Asker> = {
    API: await askApi(site),
    store: {
      heatMap: (question) => readHeatMap(reader, question),
      summary: (summing) => readSummary(reader, summing),
    },
  };
  const question = (index: number, measure: Question['measure']): Question => ({
    fromMs: dayMs + MINUTE_MS,
    toMs: nowMs,
    kind: index % 2 === 0 ? null : KINDS[(index >> 1) % KINDS.length]!,
    resolution: 13 - (index % 3),
    measure,
  });
  const whole = await askers.API!.heatMap({ ...question(0, 'presence'), resolution: 13 });
  const cells = whole.cells.filter(({ value }) => (value ?? 0) > 0).length;
  console.log(
    `${rows / 1e6} M rows stored in ${filledS.toFixed(0)} s, rolled up in ${rolledS.toFixed(0)} s, ${cells} cells`,
  );

  const measured: Row[] = [];
  const measureAll = async (beside: string) => {
    for (const [at, { heatMap, summary }] of Object.entries(askers)) {
      const note = async (figure: string, read: (index: number) => Promise<unknown>) =>
        measured.push({ at, beside, figure, ...(await time({ pid, reads }, read)) });
      await note('presence', (index) => heatMap(question(index, 'presence')));
      await note('tracks', (index) => heatMap(question(index, 'tracks')));
      for (const measure of ['concurrency', 'peak', 'speed', 'dwell'] as const)
        await note(measure, (index) => heatMap(question(index, measure)));
      await note('summary', () => summary({ fromMs: dayMs, toMs: nowMs }));
    }
  };
  const loadBefore = loadavg()[0];
  await measureAll('nothing');
  const stop = new AbortController();
  const analysing = runAnalyst(analyst, stop.signal);
  await measureAll('an analyst');
  stop.abort();
  const analystQueries = await analysing;
  printTable(measured);
  const p95Ms = (figure: string) =>
    measured.find((row) => row.at === 'API' && row.beside === 'an analyst' && row.figure === figure)!.p95Ms;
  const machine = `${cpus()[0]?.model} x${availableParallelism()}`;
  const load = { before: loadBefore, after: loadavg()[0] };
  const mustReach = { presenceP95Ms: 150, tracksP95Ms: 600 };
  const ratio = { presence: p95Ms('presence') / 150, tracks: p95Ms('tracks') / 600 };
  console.log(
    JSON.stringify({
      machine,
      load,
      node: process.version,
      rows,
      filledS,
      rolledS,
      cells,
      mustReach,
      measured,
      analystQueries,
      ratio,
    }),
  );
}

await main(Number(process.argv[2] ?? 20) * 1e6, Number(process.argv[3] ?? 60));
