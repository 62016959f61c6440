/** The whole demo for pictures of the page: its cameras live, some hours of its past, its rules, an alert with pictures. */
import { rmSync } from 'node:fs';
import { type ApiClient, openApi } from '#cli/api-client.ts';
import { settleDemo, startDemoCameras } from '#cli/demo-city.ts';
import { startSite } from '#cli/site.ts';
import { writeHistory } from '#demo/history/main.ts';
import type { IncidentList } from '#models/schema/alert-view.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Config } from '#system/config.ts';
import { freePort, testConfig, testLogger, until } from '#test/site/site.ts';

/** Always something moves before twelve cameras: this leaves the machine some time for the browser. */
const CALM_FPS = 1;
const LIVE_WITHIN_MS = 180_000;
const ALERT_WITHIN_MS = 180_000;
/** The demo's own rules wait for what is rare; somebody walks over this line within seconds. */
const SOON = {
  id: 'market-lane',
  name: 'People into the market lane',
  isEnabled: true,
  where: { cameras: ['market'] },
  when: {
    type: 'line',
    line: {
      space: 'picture',
      points: [
        [0.02, 0.6],
        [0.98, 0.6],
      ],
    },
  },
  kinds: ['person'],
  severity: 'major',
  cooldownS: 60,
};

export type CityPlace = AsyncDisposable & { base: string; user: string; password: string };

type Options = { hours: number; say?: (text: string) => void };

/** With `say` it tells what it is busy with; it takes minutes, most of them for the past. */
export async function startCityPlace({ hours, say = () => {} }: Options): Promise<CityPlace> {
  await using opening = new AsyncDisposableStack();
  const config = await testConfig({ workers: 1 });
  opening.defer(() => rmSync(config.dataDir, { recursive: true, force: true }));
  say('starting the site');
  const site = opening.use(await startSite(config, { logger: testLogger, onStep: () => {} }));
  const demo = await startDemoCameras(site.children, config, await freePort());
  say('settling the city');
  await settleDemo(config, demo);
  const api = openApi(config);
  await api.json('POST', '/rules', SOON);
  await writePast(config, { hours, say });
  say('waiting for the cameras');
  await until('most cameras are live', () => isMostlyLive(api), LIVE_WITHIN_MS);
  say('waiting for an alert with pictures');
  await until('an alert has pictures', () => hasEvidence(api), ALERT_WITHIN_MS).catch((error: Error) =>
    say(`goes on without one: ${error.message}`),
  );
  for (const { id } of await camerasOf(api)) await api.json('PATCH', `/cameras/${id}`, { sampleFps: CALM_FPS });
  await until('most cameras are live again', () => isMostlyLive(api), LIVE_WITHIN_MS);
  const stack = opening.move();
  const password = String(site.firstPassword);
  return { base: site.url, user: 'admin', password, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function writePast(config: Config, { hours, say }: Required<Options>): Promise<void> {
  await writeHistory({
    ...{ config, days: hours / 24, untilMs: Date.now(), logger: testLogger },
    onPart: ({ done, of, sightings }) => say(`past: ${done} of ${of} parts, ${sightings} sightings`),
    signal: new AbortController().signal,
  });
}

const camerasOf = async (api: ApiClient) => (await api.json<{ cameras: CameraView[] }>('GET', '/cameras')).cameras;

async function isMostlyLive(api: ApiClient): Promise<boolean> {
  const cameras = await camerasOf(api);
  const live = cameras.filter(({ state }) => state?.state === 'live' || state?.state === 'degraded');
  return live.length >= 0.8 * cameras.length;
}

async function hasEvidence(api: ApiClient): Promise<boolean> {
  const { incidents } = await api.json<IncidentList>('GET', '/incidents?limit=50');
  return incidents.some(({ evidence }) => evidence?.state === 'kept');
}
