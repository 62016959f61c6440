/** Keeps the engine's rules, cameras, areas, calibrations, holidays and quiet spans as the registry has them. */

import { buildAreaTree } from '#models/registry/area-tree.ts';
import type { AlertRegistry, Registry } from '#models/registry/registry.ts';
import type { Area } from '#models/schema/area.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { Quiet, Rule } from '#models/schema/rule.ts';
import type { Logger } from '#system/logs.ts';
import type { Placer } from '../place/placer.ts';
import { follow, watchPlaces } from '../place/watch.ts';
import type { CameraFacts, Engine } from './engine.ts';
import type { Raiser } from './raise.ts';
import type { RuleStates } from './rule-states.ts';

type Parts = {
  registry: Registry;
  alerts: AlertRegistry;
  engine: Engine;
  raiser: Raiser;
  placer: Placer;
  states: RuleStates;
  onHolidays: (days: ReadonlySet<string>) => void;
};
type Options = { signal: AbortSignal; logger: Logger };

/** Returns once everything that is registered now is known; goes on until the signal aborts. */
export async function feed(parts: Parts, options: Options): Promise<void> {
  const { registry, alerts, raiser, engine, onHolidays } = parts;
  // What rules stand on comes before the rules.
  await Promise.all([
    watchPlaces(registry, { placer: parts.placer }, options),
    followCameras(parts, options),
    follow(registry.calibrations, options, (change) => {
      if (change.type === 'put') engine.setCalibration(change.key, change.value);
      if (change.type === 'removed') engine.setCalibration(change.key, undefined);
    }),
    followHolidays(registry, options, onHolidays),
    followQuiets(alerts, options, raiser),
  ]);
  await followRules(parts, options);
}

async function followCameras({ registry, engine, raiser }: Parts, options: Options): Promise<void> {
  const areas = new Map<string, Area>();
  const cameras = new Map<string, Camera>();
  const isCurrent = { areas: false, cameras: false };
  let tree = buildAreaTree([]);
  const tell = (id: string) => {
    const camera = cameras.get(id);
    const facts = camera === undefined ? undefined : factsOf(camera, tree.pathOf(camera.area));
    engine.setCamera(id, facts);
    raiser.setCamera(id, facts);
  };
  const tellAll = () => {
    if (!isCurrent.areas || !isCurrent.cameras) return;
    tree = buildAreaTree(areas.values());
    for (const id of cameras.keys()) tell(id);
  };
  await Promise.all([
    follow(registry.areas, options, (change) => {
      if (change.type === 'current') isCurrent.areas = true;
      else if (change.type === 'put') areas.set(change.key, change.value);
      else areas.delete(change.key);
      if (change.type === 'put') raiser.setAreaName(change.key, change.value.name);
      tellAll();
    }),
    follow(registry.cameras, options, (change) => {
      if (change.type === 'current') {
        isCurrent.cameras = true;
        tellAll();
        return;
      }
      if (change.type === 'put') cameras.set(change.key, change.value);
      else cameras.delete(change.key);
      if (isCurrent.areas && isCurrent.cameras) tell(change.key);
    }),
  ]);
}

export function factsOf(camera: Camera, areaPath: readonly string[]): CameraFacts {
  const { name, site, position } = camera;
  return {
    ...{ name, areaPath },
    ...(site === undefined ? {} : { site }),
    ...(position === undefined ? {} : { position }),
  };
}

async function followHolidays(registry: Registry, options: Options, onHolidays: Parts['onHolidays']): Promise<void> {
  const days = new Set<string>();
  await follow(registry.calendar, options, (change) => {
    if (change.type === 'put' && change.value.holiday !== undefined) days.add(change.key);
    else if (change.type !== 'current') days.delete(change.key);
    onHolidays(new Set(days));
  });
}

async function followQuiets(alerts: AlertRegistry, options: Options, raiser: Raiser): Promise<void> {
  const quiets = new Map<string, Quiet>();
  await follow(alerts.quiets, options, (change) => {
    if (change.type === 'put') quiets.set(change.key, change.value);
    if (change.type === 'removed') quiets.delete(change.key);
    raiser.setQuiets([...quiets.values()]);
  });
}

async function followRules({ alerts, engine, raiser, states }: Parts, options: Options): Promise<void> {
  const known = new Map<string, Rule>();
  await follow(alerts.rules, options, (change) => {
    if (change.type === 'put') {
      // A watch that begins again tells everything again: what has not changed keeps its memory.
      if (known.get(change.key)?.version === change.value.version) return;
      known.set(change.key, change.value);
      raiser.setRule(change.value);
      states.tell(change.value, engine.setRule(change.value));
    }
    if (change.type === 'removed') {
      known.delete(change.key);
      engine.removeRule(change.key);
      raiser.removeRule(change.key);
      states.forget(change.key);
    }
  });
}
