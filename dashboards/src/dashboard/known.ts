/** What else is known of the places that rows name: read once for the whole page. */
import { createContext, use, useMemo } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Dashboard } from '#models/schema/dashboard.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { usePolled } from '../polled.ts';
import { rulesApi } from '../rules/rules-api.ts';
import type { Names } from './names.ts';

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
