/** Names for the ids that rows hold, and where each leads to. */
import { createContext, use, useMemo } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Dashboard } from '#models/schema/dashboard.ts';
import type { PanelColumn } from '#models/schema/panel.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { usePolled } from '../polled.ts';
import { rulesApi } from '../rules/rules-api.ts';
import type { Words } from '../words/english.ts';

export type Names = {
  area: ReadonlyMap<string, string>;
  camera: ReadonlyMap<string, string>;
  rule: ReadonlyMap<string, string>;
};

const EVERY_MS = 300_000;

export type Known = { names: Names; areas: AreaCollection | undefined; cameras: CameraView[] | undefined };

export const KnownContext = createContext<Known>({
  names: { area: new Map(), camera: new Map(), rule: new Map() },
  ...{ areas: undefined, cameras: undefined },
});
export const useKnownHere = (): Known => use(KnownContext);

/** What somebody may not read has no name, and is shown by its id. */
export function useKnown(dashboard: Dashboard | undefined, onSignedOut: () => void): Known {
  const often = { intervalMs: EVERY_MS, onSignedOut };
  const areas = usePolled('areas', (signal) => api.readAreas({ signal }), often);
  const cameras = usePolled('cameras', (signal) => api.readCameras({ signal }), often);
  const rules = usePolled('rules', (signal) => rulesApi.readRules({ signal }), often);
  const names = useMemo(() => {
    const made = {
      area: new Map(areas.data?.features.map(({ properties: { id, name } }) => [id, name])),
      camera: new Map(cameras.data?.map(({ id, name }) => [id, name])),
      rule: new Map(rules.data?.rules.map(({ id, name }) => [id, name])),
    };
    for (const { type, id, name } of dashboard?.subject.below ?? []) made[type].set(id, name);
    return made;
  }, [areas.data, cameras.data, rules.data, dashboard?.subject.below]);
  return useMemo(() => ({ names, areas: areas.data, cameras: cameras.data }), [names, areas.data, cameras.data]);
}

const has = <Group extends object>(group: Group, name: string): name is Extract<keyof Group, string> =>
  Object.hasOwn(group, name);

/** What a code or an id is called. */
export function nameOf(
  value: string,
  of: PanelColumn['names'],
  { names, words }: { names: Names; words: Words },
): string {
  switch (of) {
    case 'area':
    case 'camera':
    case 'rule':
      return names[of].get(value) ?? value;
    case 'kind':
      return has(words.kinds, value) ? words.kinds[value] : value;
    case 'severity':
      return has(words.alerts.severities, value) ? words.alerts.severities[value] : value;
    case 'measure':
      return has(words.heat.measures, value) ? words.heat.measures[value] : value;
    case 'state':
      return words.dashboard.states[value] ?? (has(words.states, value) ? words.states[value] : value);
    default:
      return words.dashboard.texts[value] ?? value;
  }
}
