/** A city whose coverage is known: twelve cameras an hour old, one of them hardly watched, houses and key places. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { keyPlaceMap } from '#demo/world/plan/key-places.ts';
import { houseMap } from '#demo/world/plan/map.ts';
import { VIEWS } from '#demo/world/views.ts';
import { openRegistry } from '#models/registry/registry.ts';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { ensureStream, openBroker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { childOf, messageOf, publish, untilAcknowledged } from '#test/analytics/counting-site.ts';
import { settleCameras } from '#test/api/covered-city.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';

/** Watched for the last ten minutes of the hour only. */
export const HARDLY = 'market';

const HOUR_MS = 3_600_000;

export async function startCoveredSite(values: Partial<Config> = {}): Promise<{ site: Site; base: string }> {
  const site = await startSite({ batchMs: 200, ...values });
  for (const [name, main] of [
    ['store', 'analytics/store/main.ts'],
    ['analytics', 'analytics/main.ts'],
    ['api', 'api/main.ts'],
  ] as const)
    await site.children.start(childOf(site, name, main));
  const base = `http://127.0.0.1:${site.config.apiPort}`;
  const token = readFileSync(resolve(site.config.dataDir, 'secrets', 'cli-token'), 'utf8').trim();
  const send = async (method: string, path: string, body: unknown) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  };
  await settleCameras(send, VIEWS);
  await send('PUT', '/buildings', houseMap(VIEWS));
  await send('PUT', '/key-places', keyPlaceMap(VIEWS));
  await watchForAnHour(site);
  return { site, base };
}

/** Calibrated an hour ago, and looked at since. */
async function watchForAnHour({ config }: Site): Promise<void> {
  await using broker = await openBroker(config, 'site', { logger: testLogger, name: 'test' });
  await ensureStream(broker, DETECTIONS_STREAM);
  const { calibrations } = await openRegistry(broker.connection);
  const nowMs = Date.now();
  for (const { key, value } of await calibrations.list())
    await calibrations.put(key, { ...value, createdAtMs: nowMs - HOUR_MS });
  const stepMs = 60_000;
  const looks = VIEWS.flatMap(({ id }) => {
    const lengthMs = id === HARDLY ? HOUR_MS / 6 : HOUR_MS;
    return Array.from({ length: lengthMs / stepMs }, (_, index) => {
      const watchedFromMs = nowMs - lengthMs + index * stepMs;
      const watched = { watchedFromMs, watchedToMs: watchedFromMs + stepMs };
      return messageOf({ camera: id, sequence: index + 1, capturedAtMs: watchedFromMs, ...watched });
    });
  });
  await publish(broker, looks);
  await untilAcknowledged({ broker }, 60_000);
}
