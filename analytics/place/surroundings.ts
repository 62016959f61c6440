/** What stands round cameras, as the registry has it: how each hangs, where it may look, and the city's houses. */
import { standingGround } from '#models/registry/masks.ts';
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
  const cameras = new Map<string, { about: string; surroundings: Surroundings }>();
  let walls: Walls | undefined;
  /** Houses that came and are not indexed yet: an import of a thousand tiles is indexed once. */
  let changed: readonly Building[] | undefined;
  return {
    setCamera(id, camera) {
      const before = cameras.get(id);
      if (camera === undefined) return cameras.delete(id);
      const mounting = { position: camera.position, heightM: camera.placement?.heightM };
      const about = JSON.stringify([mounting, camera.groundMask, camera.privacyMasks]);
      if (before?.about === about) return false;
      cameras.set(id, { about, surroundings: { mounting, isAllowed: standingGround(camera) } });
      return true;
    },
    setBuildings(buildings) {
      changed = buildings;
    },
    of(camera) {
      if (changed !== undefined) {
        walls = buildWalls(changed);
        changed = undefined;
      }
      return { ...cameras.get(camera)?.surroundings, walls };
    },
  };
}
