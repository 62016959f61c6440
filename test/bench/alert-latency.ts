/**
 * From the last packet of the frame that decides to the subscriber, by stages, on a whole demo site with live cameras:
 * `node test/bench/alert-latency.ts [cameras] [seconds]`. Inference is what a worker's detector takes on average.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { resolve } from 'node:path';
import { openApi } from '#cli/api-client.ts';
import { settleDemo, startDemoCameras } from '#cli/demo-city.ts';
import { startSite } from '#cli/site.ts';
import type { Alert, StreamEvent } from '#models/schema/alert.ts';
import { ALERTS_ALL } from '#models/wire/subjects.ts';
import { openBroker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';
import { picture, rectangle } from '#test/analytics/rules/scene.ts';
import { freePort, testConfig, testLogger, until } from '#test/site/site.ts';

const [count = 12, seconds = 90] = process.argv.slice(2).map(Number);
const WARM_UP_MS = 30_000;

type Seen = { alert: Alert; onStreamAtMs: number; toldAtMs: number };

/** Several alerts a second, so that there are enough to tell a p99: no room for their pictures, which nobody could watch. */
const config = await testConfig({ workers: 2, evidenceReservedMb: 1_048_576 });
const free = {
  where: { cameras: [] as string[] },
  severity: 'info',
  isEnabled: true,
  cooldownS: 0,
  hourlyMax: 100_000,
  trackAgeMinS: 0,
};
const conditions = {
  line: { type: 'line', line: picture([0, 0.62], [1, 0.62]) },
  upright: { type: 'line', line: picture([0.5, 0], [0.5, 1]) },
  entry: { type: 'zone', event: 'entry', zone: rectangle(0.25, 0.3, 0.75, 0.95) },
};

await measure().finally(() => rmSync(config.dataDir, { recursive: true, force: true }));

async function measure(): Promise<void> {
  await using site = await startSite(config, { logger: testLogger, onStep: () => {} });
  const demo = await startDemoCameras(site.children, config, await freePort());
  goFirst(Number(readFileSync(resolve(config.dataDir, 'run/cameras.pid'), 'utf8')));
  await settleDemo(config, demo);
  const api = openApi(config);
  const cameras = demo.scene?.cameras ?? [];
  const ids = cameras.map(({ id }) => id);
  // More cameras than the city has look at the same streams.
  for (let index = 0; ids.length < count; index++) {
    const { id, name, area } = cameras[index % cameras.length]!;
    const { url, user, password } = demo.streams[id]!;
    ids.push(`${id}-${index}`);
    await api.json('POST', '/cameras', { id: `${id}-${index}`, name, area, url, user, password, sampleFps: 2 });
  }
  for (const [id, when] of Object.entries(conditions))
    await api.json('POST', '/rules', { ...free, id, name: id, where: { cameras: ids }, when });
  await until('all cameras are live', async () => (await liveCameras()) >= ids.length, 120_000);
  await pause(WARM_UP_MS);
  const seen = await listen(seconds * 1000);
  report(seen, await detectMs());
  console.log(`load of the machine: ${readFileSync('/proc/loadavg', 'utf8').trim()}`);

  async function liveCameras(): Promise<number> {
    const { cameras: all } = await api.json<{ cameras: { state?: { state: string } }[] }>('GET', '/cameras');
    return all.filter(({ state }) => state?.state === 'live' || state?.state === 'degraded').length;
  }

  /** Since the workers began; a process that is busy may miss the question. */
  async function detectMs(): Promise<number> {
    let known = Number.NaN;
    await until('the workers tell their figures', async () => {
      known = await askDetectMs();
      return Number.isFinite(known);
    });
    return known;
  }

  async function askDetectMs(): Promise<number> {
    const text = await (await api.request('GET', '/../../metrics')).text();
    const sum = (name: string) =>
      [...text.matchAll(new RegExp(`^sharp_eyes_detect_seconds_${name}\\{[^}]*\\} (\\S+)`, 'gm'))].reduce(
        (total, [, value]) => total + Number(value),
        0,
      );
    return (sum('sum') / sum('count')) * 1000;
  }
}

/** Cameras are machines of their own: here they must not wait for what is measured. On Linux, with the rights of root. */
function goFirst(pid: number): void {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), -10);
    // Where the kernel shares out by sessions, a session has its own.
    if (existsSync(`/proc/${pid}/autogroup`)) writeFileSync(`/proc/${pid}/autogroup`, '-10');
  } catch (error) {
    console.log(`the cameras do not go first, which is part of what is measured: ${(error as Error).message}`);
  }
}

/** Alerts of our rules, when they were on the stream and when a subscriber of the API had them. */
async function listen(forMs: number): Promise<Seen[]> {
  const ending = AbortSignal.timeout(forMs);
  await using broker = await openBroker(config, 'site', { logger: testLogger, name: 'bench' });
  const onStreamAtMs = new Map<string, number>();
  broker.connection.subscribe(ALERTS_ALL, {
    callback: (_error, message) => void onStreamAtMs.set(message.json<StreamEvent>().id, Date.now()),
  });
  const seen: Seen[] = [];
  const response = await openApi(config).requestWithin(forMs, 'GET', '/alert-stream?types=alert');
  try {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const toldAtMs = Date.now();
      const parts = (rest + Buffer.from(chunk).toString()).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data === undefined || !part.startsWith('id: ')) continue;
        const { id, data: alert } = JSON.parse(data) as Extract<
          StreamEvent,
          { type: 'org.sharp-eyes.alert.raised.v1' }
        >;
        if (alert.rule in conditions) seen.push({ alert, onStreamAtMs: onStreamAtMs.get(id) ?? toldAtMs, toldAtMs });
      }
    }
  } catch (error) {
    if (!ending.aborted) throw error;
  }
  return seen;
}

function report(seen: readonly Seen[], detectMs: number): void {
  const line = (name: string, of: (one: Seen) => number) => {
    const sorted = seen.map(of).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(0);
    console.log(`${name}: p50 ${at(0.5)} ms, p90 ${at(0.9)}, p99 ${at(0.99)}, worst ${at(1)}`);
  };
  console.log(`${count} cameras, ${seen.length} alerts in ${seconds} s; inference ${detectMs.toFixed(0)} ms a look`);
  line('captured → picture decoded', ({ alert: { cause } }) => cause.receivedAtMs - cause.capturedAtMs);
  line(
    'decoded → look at the broker',
    ({ alert: { cause } }) => (cause.publishedAtMs ?? Number.NaN) - cause.receivedAtMs,
  );
  line('look at the broker → decided', ({ alert: { cause, raisedAtMs } }) => raisedAtMs - (cause.publishedAtMs ?? 0));
  line('decided → on the stream', ({ alert, onStreamAtMs }) => onStreamAtMs - alert.raisedAtMs);
  line('on the stream → subscriber', ({ onStreamAtMs, toldAtMs }) => toldAtMs - onStreamAtMs);
  line('all, from the packet, less inference', ({ alert, toldAtMs }) => toldAtMs - alert.cause.capturedAtMs - detectMs);
}
