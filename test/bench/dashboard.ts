/**
 * How long a dashboard takes: a city of 100 cameras and 20 grids, a day of 20 million sightings rolled up as analytics does, its hours
 * copied to the nine weeks before. Asked over HTTP, signed in, the answer read and parsed: cold (the first after the start of store
 * and API), fresh (each time another period, so that nothing is shared), shared (the same again), and by 200 people at once.
 * `node test/bench/dashboard.ts [million rows, default 20] [reads of each, default 20]` prints a table and one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { migrate } from '#analytics/store/schema.ts';
import { HOUR_MS } from '#analytics/store/time-ranges.ts';
import { fillTotals } from '#analytics/store/totals.ts';
import { openRegistry } from '#models/registry/registry.ts';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { openBroker } from '#system/broker.ts';
import { openStoreClient } from '#system/store-client.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { type Site, startSite, testLogger, until } from '#test/site/site.ts';
import { DAY_S, rollUpDay, writeCells, writeDay } from './judging/watched-day.ts';

const WEEKS = 9;
const GRIDS = 20;
const CAMERAS = 100;

/** Everything stands in one grid in the heat map's bench: here each five cameras have one of their own. */
const PATH = `concat('jinan.lixia.s1.v1.g', toString(1 + toUInt32(substring(camera, 5)) % ${GRIDS}))`;

const TABLES = {
  kinds_hour: 'camera, kind, presence_us, sightings_milli, moved_mm, timed_ms, error_mm_us, tracks',
  observed_hour: 'camera, calibration_version, observed_ms, looks, messages, sightings',
};

/** Day by day, with a wave of some tenths, so that weeks differ. */
async function copyHours(writer: ClickHouseClient, days: number): Promise<void> {
  const run = (query: string) => writer.command({ query });
  const [{ version } = { version: '0' }] = await (
    await writer.query({ query: 'SELECT toString(toUnixTimestamp64Nano(now64(9))) AS version', format: 'JSONEachRow' })
  ).json<{ version: string }>();
  for (const [table, columns] of Object.entries(TABLES)) {
    const varied = columns.replace(
      'presence_us',
      'toUInt64(presence_us * (0.8 + (cityHash64(camera, hour, day) % 400) / 1000)) AS presence_us',
    );
    await run(`INSERT INTO sharp_eyes.${table} (hour, area_path, ${columns}, version)
      SELECT hour - toIntervalDay(day), ${PATH} AS path, ${varied}, ${version}
      FROM (SELECT * FROM sharp_eyes.${table} FINAL) ARRAY JOIN range(0, ${days}) AS day`);
  }
  // The rows of the one grid are replaced by nothing, as where a key vanished.
  for (const [table, columns] of Object.entries(TABLES)) {
    const zeros = columns.replace(/presence_us.*$|observed_ms.*$/, (sums) =>
      sums
        .split(', ')
        .map((name) => (name === 'tracks' ? `arrayReduce('uniqCombinedState(12)', CAST([], 'Array(String)'))` : '0'))
        .join(', '),
    );
    await run(`INSERT INTO sharp_eyes.${table} (hour, area_path, ${columns}, version)
      SELECT hour, 'jinan.lixia.s1.v1.g1', ${zeros}, ${version} FROM sharp_eyes.${table} WHERE area_path = 'jinan.lixia.s1.v1.g1' AND camera NOT IN
        (SELECT concat('cam-', toString(number * ${GRIDS})) FROM numbers(${CAMERAS / GRIDS}))`);
  }
  await run(`INSERT INTO sharp_eyes.hours (hour, is_closed, version)
    SELECT hour - toIntervalDay(day), true, ${version} FROM (SELECT DISTINCT hour FROM sharp_eyes.hours WHERE is_closed) ARRAY JOIN range(0, ${days}) AS day`);
  while ((await fillTotals(writer, { settings: { async_insert: 0 } })) > 0);
}

const quantile = (sorted: readonly number[], share: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

/** CPU seconds that a process has used: other work on the machine changes them less than the clock on the wall. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function register(site: Site): Promise<void> {
  await using broker = await openBroker(site.config, 'site', { logger: testLogger, name: 'bench' });
  const { areas, cameras } = await openRegistry(broker.connection);
  const geometry = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [117, 36],
        [117.1, 36],
        [117.1, 36.1],
        [117, 36],
      ],
    ],
  };
  const chain = [
    ['jinan', 'city', null],
    ['lixia', 'district', 'jinan'],
    ['s1', 'street', 'lixia'],
    ['v1', 'village', 's1'],
  ] as const;
  for (const [id, level, parent] of chain) await areas.put(id, { id, name: id, level, parent, geometry, version: 1 });
  for (let grid = 1; grid <= GRIDS; grid++)
    await areas.put(`g${grid}`, {
      id: `g${grid}`,
      name: `grid ${grid}`,
      level: 'grid',
      parent: 'v1',
      geometry,
      version: 1,
    });
  for (let camera = 0; camera < CAMERAS; camera++) {
    await cameras.put(`cam-${camera}`, {
      ...{
        id: `cam-${camera}`,
        name: `cam-${camera}`,
        area: `g${1 + (camera % GRIDS)}`,
        isEnabled: true,
        sampleFps: 2,
        isGated: true,
        fullLookIntervalS: 10,
      },
      ...{ source: { kind: 'file', path: 'none.mp4', isLooped: true }, createdAtMs: 1, updatedAtMs: 1 },
    });
  }
}

async function signIn(site: Site) {
  const { url, signInCode } = site.children.details('api') as { url: string; signInCode: string };
  const signedIn = await fetch(`${url}/api/v1/sign-in/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ code: signInCode }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path: string) => {
    const began = performance.now();
    const response = await fetch(`${url}/api/v1/dashboards/${path}`, { headers: { cookie } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return { dashboard: JSON.parse(text) as Dashboard, tookMs: performance.now() - began };
  };
}

async function main(rows: number, reads: number): Promise<void> {
  await using site = await startSite();
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  await using stack = new AsyncDisposableStack();
  const writer = stack.adopt(openStoreClient(site.config, 'writer', { timeoutMs: 600_000 }), (client) =>
    client.close(),
  );
  await migrate(writer, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  await register(site);
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const dayMs = nowMs - DAY_S * 1000;
  await writeCells(writer, site.config);
  await writeDay(writer, { dayS: Math.floor(dayMs / 1000), rows });
  await rollUpDay(writer, dayMs, nowMs);
  await copyHours(writer, WEEKS * 7);
  const [{ kinds } = { kinds: '0' }] = await (
    await writer.query({
      query: 'SELECT toString(count()) AS kinds FROM sharp_eyes.flow_by_hour',
      format: 'JSONEachRow',
    })
  ).json<{ kinds: string }>();
  console.log(`${rows / 1e6} M sightings, ${kinds} rows of hours, load ${loadavg()[0]}`);
  process.kill(site.children.status().find(({ name }) => name === 'store')!.pid!, 'SIGKILL');
  await until('the store is back', async () => (await writer.ping()).success, 60_000);
  await site.children.start(childOf(site, 'api', 'api/main.ts'));
  const ask = await signIn(site);
  const period = (days: number, shift: number) =>
    `from=${nowMs - days * DAY_S * 1000 - shift * HOUR_MS}&to=${nowMs - shift * HOUR_MS}`;
  const figures: Record<string, { p50Ms: number; p95Ms: number; storeCpuMs: number }> = {};
  const pid = site.children.status().find(({ name }) => name === 'store')!.pid!;
  let cpuBefore = cpuSeconds(pid);
  const note = (name: string, times: number[]) => {
    times.sort((a, b) => a - b);
    const storeCpuMs = Math.round(((cpuSeconds(pid) - cpuBefore) * 1000) / times.length);
    cpuBefore = cpuSeconds(pid);
    figures[name] = { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), storeCpuMs };
  };
  const cold = await ask(`area/jinan?${period(7, 0)}`);
  note('city, 7 days, cold', [cold.tookMs]);
  const panels = cold.dashboard.panels.filter(({ empty }) => empty === null).length;
  console.log(
    `${panels} of ${cold.dashboard.panels.length} panels with figures, ${cold.dashboard.sentences.length} sentences; slowest: ${JSON.stringify(
      cold.dashboard.panels
        .toSorted((a, b) => b.tookMs - a.tookMs)
        .slice(0, 5)
        .map(({ id, tookMs }) => [id, tookMs]),
    )}`,
  );
  const many = async (name: string, pathOf: (index: number) => string) => {
    const times: number[] = [];
    for (let index = 0; index < reads; index++) times.push((await ask(pathOf(index))).tookMs);
    note(name, times);
  };
  await many('city, 7 days, fresh', (index) => `area/jinan?${period(7, index + 1)}`);
  await many('city, 1 day, fresh', (index) => `area/jinan?${period(1, index)}`);
  await many('grid, 7 days, fresh', (index) => `area/g${1 + (index % GRIDS)}?${period(7, index)}`);
  await many('camera, 7 days, fresh', (index) => `camera/cam-${index}?${period(7, index)}`);
  await many('city, 7 days, shared', () => `area/jinan?${period(7, 0)}`);
  const began = performance.now();
  await Promise.all(Array.from({ length: 200 }, () => ask(`area/v1?${period(7, 0)}`)));
  note('village, 7 days, 200 people at once', [performance.now() - began]);
  console.log('| question | p50 ms | p95 ms | CPU of the store ms |\n| --- | --- | --- | --- |');
  for (const [name, { p50Ms, p95Ms, storeCpuMs }] of Object.entries(figures))
    console.log(`| ${name} | ${p50Ms} | ${p95Ms} | ${storeCpuMs} |`);
  const mustReach = { coldMs: 2500, warmMs: 1000 };
  console.log(
    JSON.stringify({
      machine: `${cpus()[0]?.model} x${availableParallelism()}`,
      node: process.version,
      load: loadavg()[0],
      rows,
      reads,
      panels,
      mustReach,
      figures,
    }),
  );
}

await main(Number(process.argv[2] ?? 20) * 1e6, Number(process.argv[3] ?? 20));
