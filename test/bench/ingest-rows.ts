/**
 * How many detections a second reach a roll-up, and how long they take: real nats-server, store and analytics processes.
 * `node test/bench/ingest-rows.ts [seconds]` prints a table and one line of JSON.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ClickHouseClient } from '@clickhouse/client';
import { verifyRollups } from '#analytics/store/verify.ts';
import { encodeMessage } from '#models/wire/codec.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { detectionsSubject } from '#models/wire/subjects.ts';
import { type Broker, openBroker } from '#system/broker.ts';
import { type Config, loadConfig } from '#system/config.ts';
import { calibrationOf, messageOf, sightingAt, startCountingSite } from '#test/analytics/counting-site.ts';
import { testLogger } from '#test/site/site.ts';

const CAMERAS = 50;
const SIGHTINGS = 10;
const FPS = 5;
const OFFERED_PER_S = 8000;

type Phase = { messagesPerS: number; seconds: number };

/** Publishes looks of all cameras as their time comes; runs in a process of its own, its messages made beforehand. */
async function publishPhase(config: Config, { messagesPerS, seconds }: Phase): Promise<void> {
  await using broker: Broker = await openBroker(config, 'ingest', { logger: testLogger, name: 'bench' });
  const total = Math.round(messagesPerS * seconds);
  const startMs = Date.now() + 1000 + total / 20;
  const messages = Array.from({ length: total }, (_, index) => prepareOne(index, startMs, messagesPerS));
  console.log(JSON.stringify({ startMs }));
  const waiting = new Set<Promise<unknown>>();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((Date.now() - startMs) / 1000) * messagesPerS));
    for (; sent < due; sent++) {
      const { subject, data, msgID } = messages[sent]!;
      const published = broker.stream.publish(subject, data, { msgID }).finally(() => waiting.delete(published));
      waiting.add(published);
      if (waiting.size >= 1000) await Promise.race(waiting);
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  await Promise.all(waiting);
}

function prepareOne(index: number, startMs: number, messagesPerS: number) {
  const camera = `cam-${index % CAMERAS}`;
  const sequence = Math.floor(index / CAMERAS);
  const sightings = Array.from({ length: SIGHTINGS }, (_, ordinal) => {
    const way = (sequence / FPS / 20 + ordinal / SIGHTINGS) % 1;
    return sightingAt(0.05 + 0.9 * way, 0.35 + (0.6 * ordinal) / SIGHTINGS, {
      track: `t${(index % CAMERAS).toString(36)}x${ordinal}x${Math.floor(sequence / 100)}`.padEnd(12, '0'),
      kind: ordinal % 3 === 0 ? 'car' : 'person',
    });
  });
  const capturedAtMs = Math.round(startMs + (index / messagesPerS) * 1000);
  const message = messageOf({ camera, sequence, capturedAtMs, revision: Math.round(startMs), sightings });
  return { subject: detectionsSubject(message.areaPath, camera), data: encodeMessage(message), msgID: message.id };
}

type Visible = { atMs: number; sightings: number };

/** Polls the newest slices' roll-up, as a page would, for how many sightings are visible. */
async function watchVisible(reader: ClickHouseClient, fromMs: number, signal: AbortSignal): Promise<Visible[]> {
  const seen: Visible[] = [];
  while (!signal.aborted) {
    seen.push({ atMs: Date.now(), sightings: await readVisible(reader, fromMs) });
    await new Promise((done) => setTimeout(done, 50));
  }
  return seen;
}

async function readVisible(reader: ClickHouseClient, fromMs: number): Promise<number> {
  const result = await reader.query({
    query: `SELECT toFloat64(sum(sightings)) AS n FROM sharp_eyes.observed_slice FINAL WHERE slice >= toDateTime(${Math.floor(fromMs / 10_000) * 10}, 'UTC')`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ n: number }>())[0]!.n;
}

type Publisher = { startMs: number; done: Promise<void> };

/** Resolves when the publisher has its messages ready and knows when it begins. */
async function spawnPublisher(env: NodeJS.ProcessEnv, phase: Phase): Promise<Publisher> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...env, BENCH_PHASE: JSON.stringify(phase) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const done = new Promise<void>((resolve, fail) =>
    child.once('exit', (code) => (code === 0 ? resolve() : fail(new Error(`the publisher ended with ${code}`)))),
  );
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text))));
  return { startMs: (JSON.parse(line) as { startMs: number }).startMs, done };
}

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** CPU seconds that a process has used. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function main(seconds: number): Promise<void> {
  await using counting = await startCountingSite({ batchMs: 1000 });
  const { site, registry, reader, broker } = counting;
  for (let index = 0; index < CAMERAS; index++) {
    const camera = `cam-${index}`;
    await registry.calibrations.put(camera, { ...calibrationOf(camera, 1, index * 50) });
  }
  const pids = Object.fromEntries(site.children.status().map(({ name, pid }) => [name, pid!]));
  const latency = await measureLatency(counting, seconds);
  const before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
  const messages = OFFERED_PER_S * seconds;
  const former = await readVisible(reader, Date.now() - 3_600_000);
  const wanted = former + messages * SIGHTINGS;
  // More than can be taken: the stream holds the rest, so that the rate measured is what analytics and store sustain.
  const publisher = await spawnPublisher(site.env, { messagesPerS: OFFERED_PER_S, seconds });
  const beginMs = publisher.startMs;
  let visible = former;
  let publishedAtMs = 0;
  void publisher.done.then(() => {
    publishedAtMs = Date.now();
  });
  while (visible < wanted && Date.now() - beginMs < 180_000) {
    await new Promise((done) => setTimeout(done, 400));
    visible = await readVisible(reader, beginMs - 3_600_000);
  }
  await publisher.done;
  const tookS = (Date.now() - beginMs) / 1000;
  const cpu = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid) - before[name]!]));
  const info = await broker.manager.consumers.info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER);
  const differences = await verifyRollups(reader, { fromMs: beginMs - 3_600_000, toMs: Date.now() + 60_000 });
  const result = {
    machine: `${cpus()[0]?.model} x${availableParallelism()}, load ${loadavg()
      .map((value) => value.toFixed(1))
      .join(' ')}`,
    node: process.version,
    rows: visible - former,
    rowsWanted: wanted - former,
    tookS,
    publishedS: (publishedAtMs - beginMs) / 1000,
    rowsPerS: Math.round((visible - former) / tookS),
    mustReach: 50_000,
    ratio: (visible - former) / tookS / 50_000,
    cpuSecondsPerMillionRows: Object.fromEntries(
      Object.entries(cpu).map(([name, used]) => [name, Number(((used * 1e6) / (visible - former)).toFixed(1))]),
    ),
    latency,
    pending: info.num_pending,
    differences: differences.length,
  };
  console.log(
    `rows published: ${result.rowsWanted}, visible in roll-ups: ${result.rows}, after ${tookS.toFixed(1)} s (published in ${result.publishedS.toFixed(1)} s)`,
  );
  console.log(`${result.rowsPerS} rows/s, ${result.ratio.toFixed(2)} of the 50,000 that must be reached`);
  console.log(`at 5,000 rows/s: p50 ${latency.p50Ms} ms, p99 ${latency.p99Ms} ms, of 1,500 ms`);
  console.log(JSON.stringify(result));
}

/** From capture to the first poll that shows it, per sighting, at a tenth of the rate that must be reached. */
async function measureLatency(
  { site, reader }: Awaited<ReturnType<typeof startCountingSite>>,
  seconds: number,
): Promise<{ p50Ms: number; p99Ms: number; samples: number }> {
  const stop = new AbortController();
  const messagesPerS = 500;
  const former = await readVisible(reader, Date.now());
  const { startMs, done } = await spawnPublisher(site.env, { messagesPerS, seconds });
  const watching = watchVisible(reader, startMs, stop.signal);
  await done;
  await new Promise((resolve) => setTimeout(resolve, 4000));
  stop.abort();
  const polls = await watching;
  const latencies: number[] = [];
  for (let index = 0; index < messagesPerS * seconds; index++) {
    const shown = polls.find(({ sightings }) => sightings - former >= (index + 1) * SIGHTINGS);
    if (shown !== undefined) latencies.push(shown.atMs - (startMs + (index / messagesPerS) * 1000));
  }
  latencies.sort((a, b) => a - b);
  return {
    p50Ms: Math.round(quantile(latencies, 0.5)),
    p99Ms: Math.round(quantile(latencies, 0.99)),
    samples: latencies.length,
  };
}

if (process.env.BENCH_PHASE === undefined) await main(Number(process.argv[2] ?? 15));
else await publishPhase(loadConfig(), JSON.parse(process.env.BENCH_PHASE) as Phase);
