/**
 * How long a simulated past takes for the city's twelve cameras, and whether it is whole: real nats-server, store and
 * analytics processes. `node test/bench/history.ts [days, default 30]` prints a table and one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { verifyRollups } from '#analytics/store/verify.ts';
import { writeHistory } from '#demo/history/main.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { testLogger } from '#test/site/site.ts';

const MUST_REACH_S = 180;

/** CPU seconds that a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function main(days: number): Promise<void> {
  await using counting = await startPastSite();
  const { site, reader } = counting;
  const pid = site.children.status().find(({ name }) => name === 'store')!.pid!;
  const before = { store: cpuSeconds(pid), own: process.cpuUsage() };
  const clock = performance.now();
  const wish = {
    config: site.config,
    days,
    untilMs: Date.now(),
    logger: testLogger,
    signal: new AbortController().signal,
  };
  const written = await writeHistory({
    ...wish,
    onPart: ({ sightings, done, of }) =>
      console.log(
        `part ${done} of ${of}: ${sightings} sightings, ${((performance.now() - clock) / 1000).toFixed(1)} s`,
      ),
  });
  const seconds = (performance.now() - clock) / 1000;
  const { user, system } = process.cpuUsage(before.own);
  const cpuS = { store: cpuSeconds(pid) - before.store, making: (user + system) / 1e6 };
  const again = await writeHistory({ ...wish, untilMs: written.range[1], onPart: () => {} });
  const sizes = await reader.query({
    query: `SELECT table, toFloat64(sum(rows)) AS rows, round(sum(bytes_on_disk) / 1e6, 1) AS mb FROM system.parts
      WHERE active AND database = 'sharp_eyes' GROUP BY table HAVING rows > 1000 ORDER BY rows DESC`,
    format: 'JSONEachRow',
  });
  const tables = await sizes.json<{ table: string; rows: number; mb: number }>();
  console.log('| table | rows | MB |\n| --- | --- | --- |');
  for (const { table, rows, mb } of tables) console.log(`| ${table} | ${rows} | ${mb} |`);
  const [fromMs, toMs] = [written.range[1] - 86_400_000, written.range[1]];
  const differences = await verifyRollups(reader, { fromMs, toMs });
  console.log(
    JSON.stringify({
      machine: `${cpus()[0]?.model} x${availableParallelism()}`,
      load: loadavg()[0],
      days,
      sightings: written.sightings,
      looks: written.looks,
      seconds,
      cpuS,
      secondTimeParts: again.parts,
      differencesOfTheLastDay: differences.slice(0, 3),
      mustReachS: (MUST_REACH_S * days) / 30,
      ratio: seconds / ((MUST_REACH_S * days) / 30),
    }),
  );
}

await main(Number(process.argv[2] ?? 30));
