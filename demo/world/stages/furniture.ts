/** The ground that furniture takes, for those who walk round it. */
import type { Footprint } from '../traffic/occupancy.ts';
import type { Building, Prop, PropKind, Stage } from './stage.ts';

/** Half width (across) and half depth (along its heading) in metres; what hangs above heads takes none. */
const HALF_M: Partial<Record<PropKind, readonly [number, number]>> = {
  'plane-tree': [0.35, 0.35],
  'pagoda-tree': [0.3, 0.3],
  'young-tree': [0.2, 0.2],
  willow: [0.35, 0.35],
  cypress: [0.6, 0.6],
  shrub: [0.5, 0.5],
  'street-lamp': [0.15, 0.15],
  'path-lamp': [0.12, 0.12],
  'power-pole': [0.18, 0.18],
  signal: [0.15, 0.15],
  'walk-signal': [0.12, 0.12],
  'road-sign': [0.08, 0.08],
  'camera-pole': [0.15, 0.15],
  bench: [0.85, 0.3],
  bin: [0.3, 0.3],
  'flower-bed': [0.6, 0.6],
  kiosk: [1.5, 1.2],
  'guard-booth': [1.1, 1.1],
  'bus-sign': [0.12, 0.12],
  parasol: [0.1, 0.1],
  'awning-cart': [0.9, 0.6],
  crates: [0.5, 0.5],
  statue: [1.2, 1.2],
  cones: [0.2, 0.2],
  'notice-board': [1.3, 0.15],
  hydrant: [0.15, 0.15],
  cabinet: [0.5, 0.25],
  'cafe-table': [0.6, 0.6],
  'flag-pole': [0.1, 0.1],
  pallets: [0.7, 0.7],
  fountain: [4.2, 4.2],
  'market-stall': [1.3, 0.6],
  charger: [0.25, 0.2],
};

/** What comes by the metre: half depth. Its length runs across its heading. */
const PER_METRE_HALF_M: Partial<Record<PropKind, number>> = {
  hedge: 0.45,
  planter: 0.4,
  railing: 0.06,
  'guard-rail': 0.08,
  wall: 0.15,
  fence: 0.06,
  'bike-rack': 0.9,
  'share-bikes': 0.9,
  'sliding-gate': 0.2,
  'parcel-lockers': 0.3,
  'bus-shelter': 0.12,
  containers: 1.3,
};

export function furnitureOf(stage: Stage, extra: readonly Prop[] = []): Footprint[] {
  return [...[...stage.props, ...extra].flatMap(propFootprint), ...stage.buildings.map(buildingFootprint)];
}

function propFootprint({ kind, x, y, heading = 0, lengthM, z }: Prop): Footprint[] {
  if ((z ?? 0) > 1.9) return [];
  const depth = PER_METRE_HALF_M[kind];
  if (depth !== undefined) return [{ x, y, heading, halfWidthM: (lengthM ?? 2) / 2, halfLengthM: depth }];
  const half = HALF_M[kind];
  return half === undefined ? [] : [{ x, y, heading, halfWidthM: half[0], halfLengthM: half[1] }];
}

/** Walkers may come half a metre into a wall: that is a door. */
const DOOR_M = 0.9;

function buildingFootprint({ at: [x0, y0, x1, y1] }: Building): Footprint {
  return {
    x: (x0 + x1) / 2,
    y: (y0 + y1) / 2,
    heading: 0,
    halfWidthM: Math.max((x1 - x0) / 2 - DOOR_M, 0),
    halfLengthM: Math.max((y1 - y0) / 2 - DOOR_M, 0),
  };
}
