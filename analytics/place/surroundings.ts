/** What stands round cameras, as the registry has it: how each hangs, where it may look, and the city's houses. */
import type { Surroundings } from '#models/registry/sight/outlook.ts';
import { buildWalls, type Walls } from '#models/registry/sight/walls.ts';
import type { Building } from '#models/schema/building.ts';
import type { Camera } from '#models/schema/camera.ts';

export type SurroundingsBook = {
  /** True where something changed that an outlook depends on. */
  setCamera: (id: string, camera: Camera | undefined) => boolean;
  setBuildings: (buildings: readonly Building[]) => void;
  of: (camera: string) => Surroundings;
};

export function createSurroundings(): SurroundingsBook {
  const cameras = new Map<string, Surroundings>();
  let walls: Walls | undefined;
  /** Houses that came and are not indexed yet: an import of a thousand tiles is indexed once. */
  let changed: readonly Building[] | undefined;
  return {
    setCamera(id, camera) {
      const before = cameras.get(id);
      if (camera === undefined) return cameras.delete(id);
      const mounting = { position: camera.position, heightM: camera.placement?.heightM };
      cameras.set(id, { mounting });
      return JSON.stringify(before) !== JSON.stringify({ mounting });
    },
    setBuildings(buildings) {
      changed = buildings;
    },
    of(camera) {
      if (changed !== undefined) {
        walls = buildWalls(changed);
        changed = undefined;
      }
      return { ...cameras.get(camera), walls };
    },
  };
}
