/** Builds the library of all views: meshes of bodies and vehicles, and the catalogue that names them. */
import { bodySurface } from '#demo/picture/bodies/body.ts';
import { type Figure, strideOf } from '#demo/picture/bodies/figure.ts';
import { walkingPose } from '#demo/picture/bodies/gait.ts';
import { ridingPose } from '#demo/picture/bodies/ride.ts';
import { RIDINGS } from '#demo/picture/bodies/riders.ts';
import { phonePose, sittingPose, standingPose, talkingPose, waitingPose } from '#demo/picture/bodies/still.ts';
import { FIGURES } from '#demo/picture/bodies/wardrobe.ts';
import { surfaceOf } from '#demo/picture/shape/facets.ts';
import { meshOf, type Surface } from '#demo/picture/shape/surface.ts';
import { BICYCLE } from '#demo/picture/vehicles/bicycle.ts';
import { VEHICLES } from '#demo/picture/vehicles/vehicles.ts';
import type { CatalogueEntry, PersonPose } from './catalogue.ts';
import { PERSON_SLOTS, VEHICLE_SLOTS } from './library-materials.ts';
import type { Mesh } from './mesh-file.ts';

export const GAIT_PHASES = 24;
const SEAT_M = 0.45;

export interface Library {
  readonly meshes: readonly Mesh[];
  readonly catalogue: readonly CatalogueEntry[];
}

type Described = Omit<CatalogueEntry, 'id' | 'phases' | 'triangles' | 'lengthM' | 'widthM' | 'heightM'>;

/** All of it, or only what is named; mesh numbers run from 1 in the order of the catalogue. */
export function buildLibrary(figures = FIGURES, vehicles = VEHICLES): Library {
  const meshes: Mesh[] = [];
  const catalogue: CatalogueEntry[] = [];
  const add = (entry: Described, surfaces: readonly Surface[], model?: Mesh): Mesh => {
    const id = meshes.length + 1;
    for (const surface of surfaces) meshes.push(meshOf(surface, meshes.length + 1, model ?? meshes[id - 1]));
    const triangles = surfaces[0]!.materials.length;
    catalogue.push({ id, ...entry, ...sizeOf(surfaces), phases: surfaces.length, triangles });
    return meshes[id - 1]!;
  };
  figures.forEach((figure, i) => {
    addFigure(figure, i, add);
  });
  for (const riding of RIDINGS) {
    riding.riders.forEach((figure, i) => {
      const surfaces = turns(riding.phases).map((turn) =>
        bodySurface(figure, ridingPose(figure, riding.fit, turn * 2 * Math.PI), i),
      );
      const strideM = riding.phases > 1 ? BICYCLE.crankTurnM : 0;
      add(
        { kind: 'person', name: figure.name, pose: riding.pose, strideM, slots: PERSON_SLOTS, rides: riding.machines },
        surfaces,
      );
    });
  }
  for (const { kind, name, strideM, phases, facets } of vehicles) {
    const surfaces = turns(phases).map((turn) => surfaceOf(facets(turn)));
    add({ kind, name, pose: 'roll', strideM, slots: VEHICLE_SLOTS }, surfaces);
  }
  return { meshes, catalogue };
}

type Add = (entry: Described, surfaces: readonly Surface[], model?: Mesh) => Mesh;

function addFigure(figure: Figure, seed: number, add: Add): void {
  const described = (pose: PersonPose, strideM: number): Described => ({
    kind: 'person',
    name: figure.name,
    pose,
    strideM,
    slots: PERSON_SLOTS,
  });
  const walk = (isReading: boolean) =>
    turns(GAIT_PHASES).map((turn) => bodySurface(figure, walkingPose(figure, turn * 2 * Math.PI, isReading), seed));
  const model = add(described('walk', strideOf(figure)), walk(false));
  add(described('stand', 0), [bodySurface(figure, standingPose(figure), seed)], model);
  if (figure.hasUmbrella) return;
  if (figure.walksReading) add(described('walk-phone', strideOf(figure)), walk(true));
  add(described('wait', 0), [bodySurface(figure, waitingPose(figure), seed)], model);
  add(described('talk', 0), [bodySurface(figure, talkingPose(figure), seed)], model);
  add(described('phone', 0), [bodySurface(figure, phonePose(figure), seed)]);
  if (figure.bag === 'handbag' || figure.bag === 'shopping') return;
  add({ ...described('sit', 0), seatM: SEAT_M }, [bodySurface(figure, sittingPose(figure, SEAT_M), seed)], model);
}

function turns(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i / count);
}

function sizeOf(surfaces: readonly Surface[]): Pick<CatalogueEntry, 'lengthM' | 'widthM' | 'heightM'> {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of surfaces) {
    positions.forEach((value, i) => {
      low[i % 3] = Math.min(low[i % 3]!, value);
      high[i % 3] = Math.max(high[i % 3]!, value);
    });
  }
  const size = (axis: number) => Math.round((high[axis]! - low[axis]!) * 1000) / 1000;
  return { lengthM: size(1), widthM: size(0), heightM: size(2) };
}
