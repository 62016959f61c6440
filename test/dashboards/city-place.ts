/** The demo’s city with states of its cameras, a rule and incidents, some hours of its past and no worker that looks: for tests of every view. */
import { writeHistory } from '#demo/history/main.ts';
import { MESSAGES } from '#ingest/diagnose/rules.ts';
import type { Registry } from '#models/registry/registry.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { CameraState } from '#models/schema/camera.ts';
import { FAULTS } from '#models/schema/fault.ts';
import type { Severity } from '#models/schema/severity.ts';
import { openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import { childOf } from '#test/analytics/counting-site.ts';
import { startPastSite } from '#test/demo/history/past-site.ts';
import { alertEvent, incidentEvent, publishEvents } from '#test/site/alert-events.ts';
import { testLogger } from '#test/site/site.ts';

const HOUR_MS = 3_600_000;
const COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };
const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'info'];

export type CityPlace = AsyncDisposable & { base: string; user: string; password: string };

const streamed = { codec: 'h264', fps: 25, width: 1280, height: 720 };

/** A camera whose stream is well and whose picture is not. */
const covered = (nowMs: number): Partial<CameraState> => ({
  ...{ reason: 'picture-covered', message: MESSAGES.covered, cure: FAULTS['picture-covered'].cure },
  picture: [
    { finding: 'covered', score: 0.94, threshold: 0.5, sinceMs: nowMs - HOUR_MS, isBlind: true, hasProof: false },
  ],
});

function stateOf(camera: string, index: number, nowMs: number): CameraState {
  const common = { camera, sinceMs: nowMs - 5 * HOUR_MS, updatedAtMs: nowMs, worker: 'worker-1', ...COUNTS };
  if (index === 6) return { ...common, ...streamed, state: 'degraded', ...covered(nowMs) };
  if (index % 4 !== 3) return { ...common, ...streamed, state: 'live', isGateOpen: index % 2 === 0 };
  return {
    ...{ ...common, state: 'down', reason: 'camera-refused' },
    message: `rtsp://127.0.0.1/${camera} could not be opened: Connection refused`,
    cure: FAULTS['camera-refused'].cure,
  };
}

const SPEAK_EVERY_MS = 5000;

/** As workers do: who is silent for long is taken for gone. */
async function keepSpeaking(
  cameras: readonly string[],
  states: Registry['states'],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const [index, camera] of cameras.entries()) await states.put(camera, stateOf(camera, index, Date.now()));
    await pause(SPEAK_EVERY_MS, signal);
  }
}

export async function startCityPlace({ hours, ...values }: Partial<Config> & { hours: number }): Promise<CityPlace> {
  await using opening = new AsyncDisposableStack();
  const { site, registry } = opening.use(await startPastSite(values));
  const signal = new AbortController().signal;
  await writeHistory({
    ...{ config: site.config, days: hours / 24, untilMs: Math.floor(Date.now() / HOUR_MS) * HOUR_MS },
    ...{ logger: testLogger, onPart: () => {}, signal },
  });
  await Promise.all([
    site.children.start(childOf(site, 'alerts', 'analytics/alerts/main.ts')),
    site.children.start(childOf(site, 'api', 'api/main.ts')),
  ]);
  const cameras = await registry.cameras.list();
  const nowMs = Date.now();
  const life = new AbortController();
  const speaking = keepSpeaking(
    cameras.map(({ key }) => key),
    registry.states,
    life.signal,
  );
  opening.defer(async () => {
    life.abort();
    await speaking;
  });
  const engine = opening.use(await openBroker(site.config, 'analytics', { logger: testLogger, name: 'pictures' }));
  const areaPath = ((await registry.areas.list()).map(({ value }) => value).find(({ level }) => level === 'city')?.id ??
    '_') as string;
  const told = (index: number) => ({
    ...{ areaPath: [areaPath, '_', '_', '_', '_'] as AreaPath, severity: SEVERITIES[index % 4]! },
    atMs: nowMs - (index + 1) * 17 * 60_000,
  });
  for (let index = 0; index < 9; index++)
    await publishEvents(engine, [alertEvent(`i${index}`, told(index)), incidentEvent(`i${index}`, told(index))]);
  const base = `http://127.0.0.1:${site.config.apiPort}`;
  const password = String(site.children.details('api').firstPassword);
  const stack = opening.move();
  return { base, user: 'admin', password, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
