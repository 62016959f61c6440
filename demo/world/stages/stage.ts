/**
 * A stage: everything that stands and moves before one camera, in its own metres (x right, y forward, 0 on the ground).
 * Pictures are made from it elsewhere; here it says what is where.
 */
import type { Point } from '../origin.ts';
import type { Placement } from '../placement.ts';
import type { VehicleBody } from '../traffic/figures.ts';
import type { SignalPlan } from '../traffic/signals.ts';

export type Rectangle = readonly [x0: number, y0: number, x1: number, y1: number];

export type Paving =
  | 'asphalt'
  | 'new-asphalt'
  | 'red-asphalt'
  | 'concrete'
  | 'slabs'
  | 'pale-slabs'
  | 'bricks'
  | 'setts'
  | 'granite'
  | 'grass'
  | 'soil'
  | 'water';

/** A piece of ground. Raised ones (z > 0) get kerb stones; `corners`: radii at south-west, south-east, north-east, north-west. */
export type Slab = { at: Rectangle; z: number; paving: Paving; corners?: readonly [number, number, number, number] };

export type Paint = 'white' | 'yellow' | 'red' | 'tactile' | 'cover' | 'stone' | 'dark';

/** Something thin on the ground: a convex polygon, anticlockwise. */
export type Mark = { points: readonly Point[]; paint: Paint; z?: number };

export type Side = 'south' | 'east' | 'north' | 'west';

export type FacadeStyle = 'tile' | 'brick' | 'plaster' | 'stone' | 'glass' | 'concrete' | 'old';

export type Building = {
  at: Rectangle;
  heightM: number;
  style: FacadeStyle;
  seed: number;
  /** Sides with shops at street level. */
  shops?: readonly Side[];
  /** Sides with balconies and air conditioners. */
  balconies?: readonly Side[];
  /** Pitched roof instead of a flat one with a parapet. */
  hasGable?: boolean;
};

export type PropKind =
  | 'plane-tree'
  | 'pagoda-tree'
  | 'young-tree'
  | 'willow'
  | 'cypress'
  | 'hedge'
  | 'planter'
  | 'flower-bed'
  | 'shrub'
  | 'street-lamp'
  | 'path-lamp'
  | 'power-pole'
  | 'cable'
  | 'signal'
  | 'walk-signal'
  | 'road-sign'
  | 'camera-pole'
  | 'bench'
  | 'bin'
  | 'railing'
  | 'guard-rail'
  | 'wall'
  | 'fence'
  | 'bus-shelter'
  | 'bus-sign'
  | 'bike-rack'
  | 'share-bikes'
  | 'kiosk'
  | 'gate-boom'
  | 'guard-booth'
  | 'sliding-gate'
  | 'school-gate'
  | 'estate-gate'
  | 'market-stall'
  | 'parasol'
  | 'awning-cart'
  | 'crates'
  | 'containers'
  | 'fountain'
  | 'statue'
  | 'stage-steps'
  | 'cones'
  | 'notice-board'
  | 'hydrant'
  | 'cabinet'
  | 'parcel-lockers'
  | 'bridge-arch'
  | 'boat'
  | 'lantern-string'
  | 'cafe-table'
  | 'flag-pole'
  | 'playground'
  | 'pallets'
  | 'wheel-stop'
  | 'speed-hump'
  | 'charger';

/** Furniture; `heading` in radians clockwise from forward, `lengthM` for what comes by the metre. */
export type Prop = {
  kind: PropKind;
  x: number;
  y: number;
  heading?: number;
  lengthM?: number;
  heightM?: number;
  seed?: number;
  z?: number;
  group?: string;
};

export type Halt = { atM: number; seconds: number; bodies?: readonly VehicleBody[] };

/** A lane: vehicles start at its first point and follow each other to its last. */
export type Lane = {
  id: string;
  points: readonly Point[];
  radiusM?: number;
  /** Bodies in the order in which they come, over and over. */
  bodies: readonly VehicleBody[];
  perMinute: number;
  speedMs?: number;
  /** Stop lines: distance along the lane and the signal's group. */
  stops?: readonly { atM: number; group: string }[];
  halts?: readonly Halt[];
  /** Vehicles standing at the first stop line for good, where its light never turns green in a short loop. */
  queue?: number;
  /** Sideways room for two-wheelers, metres. */
  spreadM?: number;
  /** First spawn, seconds after the loop's start. */
  offsetS?: number;
};

export type Pause = {
  after: number;
  share: number;
  seconds: readonly [number, number];
  heading?: number;
  pose?: StandPose;
};

export type Walk = {
  id: string;
  points: readonly Point[];
  spreadM: number;
  share: number;
  isOneWay?: boolean;
  /** Waits at the waypoint `after` until the group is green for the `acrossM` that follow. */
  signals?: readonly { after: number; group: string; acrossM: number }[];
  pauses?: readonly Pause[];
  speedMs?: number;
  /** Ends inside a vehicle: the last metres may lead into it. */
  aboardM?: number;
  /** Starts within these seconds of the loop. */
  startS?: readonly [number, number];
};

export type StandPose = 'stand' | 'phone' | 'talk' | 'sit' | 'carry' | 'look';

/** Somebody who stays for the whole loop. */
export type Spot = { x: number; y: number; heading: number; pose: StandPose; share: number; z?: number };

export type Parked = { body: VehicleBody; x: number; y: number; heading: number; seed?: number };

export type Place = { kind: string; name: string; at: Rectangle };

/** How busy: people in sight, and the share of each lane's flow. */
export type Crowd = { people: number; traffic: number; spots: number };

export type Stage = {
  place: Placement;
  /** What nobody walks through without it being furniture: façades are taken from the buildings. */
  slabs: readonly Slab[];
  marks: readonly Mark[];
  buildings: readonly Building[];
  props: readonly Prop[];
  lanes: readonly Lane[];
  walks: readonly Walk[];
  spots: readonly Spot[];
  parked: readonly Parked[];
  places: readonly Place[];
  signals: SignalPlan;
  /** Lamps that shine at night beside the street lamps: shop fronts and signs, by place and colour. */
  glows: readonly { x: number; y: number; z: number; color: readonly [number, number, number]; radiusM: number }[];
};
