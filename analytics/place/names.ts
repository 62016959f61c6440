/** Copies what is registered into the store at every change, so that analysts can ask by name. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Registry } from '#models/registry/registry.ts';
import type { Change } from '#models/registry/table.ts';
import type { Area } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { writeDimensions } from '../store/dimensions.ts';
import type { Settings } from '../store/roll-up.ts';
import { follow } from './watch.ts';

type Parts = { client: ClickHouseClient; registry: Registry; settings: Settings; signal: AbortSignal; logger: Logger };

/** Changes of so long go together: an import of a thousand areas is written a few times, not a thousand. */
const EVERY_MS = 1000;

/** Ends, without throwing, when the signal aborts. What could not be written is tried again at the next turn. */
export async function keepNames({ client, registry, settings, signal, logger }: Parts): Promise<void> {
  const [areas, cameras] = [new Map<string, Area>(), new Map<string, Camera>()];
  const calibrationVersions = new Map<string, number>();
  let isWritten = false;
  const into =
    <Value, Kept>(map: Map<string, Kept>, pick: (value: Value) => Kept) =>
    (change: Change<Value>) => {
      if (change.type === 'put') map.set(change.key, pick(change.value));
      if (change.type === 'removed') map.delete(change.key);
      if (change.type !== 'current') isWritten = false;
    };
  const options = { signal, logger };
  await Promise.all([
    follow(
      registry.areas,
      options,
      into(areas, (area) => area),
    ),
    follow(
      registry.cameras,
      options,
      into(cameras, (camera) => camera),
    ),
    follow(
      registry.calibrations,
      options,
      into(calibrationVersions, ({ version }) => version),
    ),
  ]);
  while (!signal.aborted) {
    if (!isWritten) {
      isWritten = true;
      const calibrationVersion = (camera: string) => calibrationVersions.get(camera) ?? 0;
      const registered = { areas: [...areas.values()], cameras: [...cameras.values()], calibrationVersion };
      await writeDimensions(client, registered, settings).catch((error: Error) => {
        isWritten = false;
        if (!signal.aborted) logger.warn({ error: error.message }, 'names not written');
      });
    }
    await pause(EVERY_MS, signal);
  }
}
