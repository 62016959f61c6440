/** Keeps the placer's calibrations, ground masks and areas as the registry has them, from the start and at every change. */
import type { Published } from '#models/registry/division/published.ts';
import type { Registry } from '#models/registry/registry.ts';
import type { Change, Table } from '#models/registry/table.ts';
import type { Area } from '#models/schema/area.ts';
import type { BuildingTile } from '#models/schema/building.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { CellAreas } from './cell-areas.ts';
import type { Placer } from './placer.ts';

type Options = { signal: AbortSignal; logger: Logger };

/** Returns once everything that is registered now is known; goes on until the signal aborts. */
export async function watchPlaces(
  registry: Registry,
  { placer, cellAreas }: { placer: Placer; cellAreas?: CellAreas },
  options: Options,
): Promise<void> {
  const areas = new Map<string, Area>();
  let areasAreCurrent = false;
  const tiles = new Map<string, BuildingTile>();
  let tilesAreCurrent = false;
  // How cameras hang and what stands before them first: what a calibration sees is worked out when it comes.
  await Promise.all([
    follow(registry.cameras, options, (change) => {
      if (change.type === 'put') placer.setCamera(change.key, change.value);
      if (change.type === 'removed') placer.setCamera(change.key, undefined);
    }),
    follow(registry.buildings, options, (change) => {
      if (change.type === 'put') tiles.set(change.key, change.value);
      if (change.type === 'removed') tiles.delete(change.key);
      if (change.type === 'current') tilesAreCurrent = true;
      if (tilesAreCurrent) placer.setBuildings([...tiles.values()].flatMap(({ buildings }) => buildings));
    }),
  ]);
  await Promise.all([
    follow(registry.calibrations, options, (change) => {
      if (change.type === 'put') placer.setCalibration(change.key, change.value);
      if (change.type === 'removed') placer.setCalibration(change.key, undefined);
    }),
    follow(registry.areas, options, (change) => {
      if (change.type === 'put') areas.set(change.key, change.value);
      if (change.type === 'removed') areas.delete(change.key);
      if (change.type === 'current') areasAreCurrent = true;
      if (!areasAreCurrent) return;
      placer.setAreas([...areas.values()]);
      cellAreas?.setAreas([...areas.values()]);
    }),
  ]);
}

/** Published divisions, as they come; they change no more. */
export async function watchDivisions(published: Published, cellAreas: CellAreas, options: Options): Promise<void> {
  await follow(published.divisions, options, (change) => {
    if (change.type !== 'put' || !change.value.isReady) return;
    const { version } = change.value;
    cellAreas.addDivision(version, () => published.areasOf(version));
  });
}

/** Resolves when all that is there was taken. A watch that fails (one value cannot be read, a bucket is made anew) begins again. */
export function follow<Value>(
  table: Table<Value>,
  { signal, logger }: Options,
  take: (change: Change<Value>) => void,
): Promise<void> {
  return new Promise((isCurrent) => {
    void (async () => {
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          for await (const change of table.watch({ signal })) {
            take(change);
            if (change.type === 'current') isCurrent();
          }
        } catch (error) {
          logger.error({ error: (error as Error).message }, 'registry watch failed');
        }
        await pause(backoffMs(attempt, { baseMs: 500, capMs: 15_000 }), signal);
      }
      isCurrent();
    })();
  });
}
