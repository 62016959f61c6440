/** Lindong Primary School: the gate across a quiet street, a zebra before it, parents who wait. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { box, cover, dashes, line, zebra } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

/** The street runs along x between these. */
const ROAD = { from: 9.5, to: 16.5 };
const WALL_Y = 22;
const ZEBRA = { from: -2.2, to: 2.2 };

const slabs: Slab[] = [
  { at: [-120, ROAD.from, 120, ROAD.to], z: 0, paving: 'asphalt' },
  { at: [-120, -20, 120, ROAD.from], z: 0.12, paving: 'slabs' },
  { at: [-120, ROAD.to, 120, WALL_Y], z: 0.12, paving: 'bricks' },
  { at: [-120, WALL_Y, 120, 60], z: 0.1, paving: 'concrete' },
];

const middle = (ROAD.from + ROAD.to) / 2;
const marks: Mark[] = [
  ...zebra([ZEBRA.from, ROAD.from, ZEBRA.to, ROAD.to], 'x'),
  ...dashes([-100, middle], [ZEBRA.from - 4, middle], { paint: 'yellow' }),
  ...dashes([ZEBRA.to + 4, middle], [100, middle], { paint: 'yellow' }),
  box([ZEBRA.from - 2, ROAD.from + 0.2, ZEBRA.from - 1.65, middle - 0.2]),
  box([ZEBRA.to + 1.65, middle + 0.2, ZEBRA.to + 2, ROAD.to - 0.2]),
  line([-100, ROAD.from + 0.25], [100, ROAD.from + 0.25]),
  line([-100, ROAD.to - 0.25], [100, ROAD.to - 0.25]),
  box([ZEBRA.from, ROAD.from - 1.4, ZEBRA.to, ROAD.from - 0.4], 'tactile'),
  box([ZEBRA.from, ROAD.to + 0.4, ZEBRA.to, ROAD.to + 1.4], 'tactile'),
  ...[-9, -6, 6.4, 9.4].map((x) => box([x, ROAD.from + 1.3, x + 1.6, ROAD.from + 1.7], 'yellow')),
  cover([5, 12]),
  cover([-4.6, 14.6]),
];

const props: Prop[] = [
  { kind: 'school-gate', x: 2, y: WALL_Y, lengthM: 8 },
  { kind: 'sliding-gate', x: -0.6, y: WALL_Y, lengthM: 2.6 },
  { kind: 'wall', x: -17, y: WALL_Y, lengthM: 28, heightM: 1.1, seed: 2 },
  { kind: 'fence', x: -17, y: WALL_Y, lengthM: 28, heightM: 2.3 },
  { kind: 'wall', x: 21, y: WALL_Y, lengthM: 28, heightM: 1.1, seed: 2 },
  { kind: 'fence', x: 21, y: WALL_Y, lengthM: 28, heightM: 2.3 },
  { kind: 'guard-booth', x: 8.6, y: WALL_Y + 2 },
  { kind: 'guard-rail', x: -7.5, y: ROAD.to + 0.5, lengthM: 9 },
  { kind: 'guard-rail', x: 9, y: ROAD.to + 0.5, lengthM: 11 },
  { kind: 'guard-rail', x: -8, y: ROAD.from - 0.45, lengthM: 9 },
  { kind: 'guard-rail', x: 9.5, y: ROAD.from - 0.45, lengthM: 11 },
  { kind: 'road-sign', x: 3, y: ROAD.from - 0.6, heading: -Math.PI / 2, seed: 0 },
  { kind: 'road-sign', x: -3.2, y: ROAD.to + 0.7, heading: Math.PI / 2, seed: 4 },
  ...inRow('pagoda-tree', { y: ROAD.to + 1.4, from: -42, to: -9, everyM: 7.6, seed: 51 }),
  ...inRow('pagoda-tree', { y: ROAD.to + 1.4, from: 14, to: 54, everyM: 7.6, seed: 52 }),
  ...inRow('plane-tree', { y: 34, from: -38, to: -14, everyM: 9, seed: 53 }),
  ...inRow('plane-tree', { y: 32, from: 20, to: 48, everyM: 9, seed: 54 }),
  { kind: 'street-lamp', x: -6, y: ROAD.to + 0.9, heading: Math.PI },
  { kind: 'street-lamp', x: 13, y: ROAD.to + 0.9, heading: Math.PI },
  { kind: 'street-lamp', x: 6.6, y: ROAD.from - 1, heading: 0 },
  { kind: 'flag-pole', x: -6.5, y: 31 },
  { kind: 'flag-pole', x: -8.3, y: 31 },
  { kind: 'playground', x: 15.5, y: 30, heading: 2.4 },
  { kind: 'flower-bed', x: -4.2, y: WALL_Y + 1.6 },
  { kind: 'flower-bed', x: -5.6, y: WALL_Y + 1.6, seed: 2 },
  { kind: 'notice-board', x: -10.4, y: WALL_Y - 1.1 },
  { kind: 'share-bikes', x: 15.4, y: WALL_Y - 1.1, lengthM: 7, seed: 15 },
  { kind: 'bin', x: 11, y: WALL_Y - 0.8 },
  { kind: 'awning-cart', x: -15.6, y: 21, heading: 0.1, seed: 4 },
];

const inside = 34;
const walks: Walk[] = [
  {
    id: 'to-gate',
    points: [
      [-26, 7.4],
      [-4, 7.2],
      [0, 8.6],
      [0, 17.4],
      [2.8, 19.6],
      [3, 25],
      [2, inside],
    ],
    spreadM: 1.3,
    share: 5,
  },
  {
    id: 'to-gate-right',
    points: [
      [26, 19.4],
      [8, 19],
      [4, 19.6],
      [3, 24],
      [2.5, inside],
    ],
    spreadM: 1.4,
    share: 4,
  },
  {
    id: 'to-gate-left',
    points: [
      [-26, 19.6],
      [-6, 19.2],
      [2, 20],
      [3.4, 24],
      [3.5, inside],
    ],
    spreadM: 1.2,
    share: 3,
  },
  {
    id: 'past-far',
    points: [
      [-30, 19.4],
      [-8, 19.2],
      [8, 18.8],
      [30, 19.2],
    ],
    spreadM: 1.4,
    share: 2,
  },
  {
    id: 'past-near',
    points: [
      [-18, 7.4],
      [18, 7.3],
    ],
    spreadM: 1.6,
    share: 2,
  },
];

const spots: Spot[] = [
  { x: -3.4, y: 20.2, heading: 2.4, pose: 'talk', share: 0.8 },
  { x: -4.2, y: 19.4, heading: 0.8, pose: 'talk', share: 0.8 },
  { x: 6.4, y: 20.7, heading: -1.8, pose: 'phone', share: 0.8 },
  { x: 7.4, y: 19.9, heading: -2.4, pose: 'stand', share: 0.6 },
  { x: 5.9, y: 23.2, heading: -2.9, pose: 'stand', share: 0.9 },
  { x: -12.9, y: 18.6, heading: 2.9, pose: 'look', share: 0.6 },
  { x: -1.9, y: 21.1, heading: 2, pose: 'stand', share: 0.5 },
];

const stage: Stage = {
  place: { ...onRoad([1, 4], [2, 4]), bearingDeg: onRoad([1, 4], [2, 4]).bearingDeg - 90 },
  slabs,
  marks,
  buildings: [
    { at: [-34, 42, 12, 56], heightM: 16.4, style: 'tile', seed: 5 },
    { at: [14, 40, 44, 54], heightM: 12.5, style: 'brick', seed: 12 },
    ...houses({ front: 64, facing: 'south', from: -110, to: 110, seed: 55, heightM: [22, 34], widthM: [16, 24] }),
    ...houses({ front: WALL_Y + 4, facing: 'south', from: -96, to: -42, seed: 56, hasShops: true }),
    ...houses({ front: WALL_Y + 4, facing: 'south', from: 48, to: 100, seed: 57, hasShops: true }),
  ],
  props,
  lanes: [
    {
      id: 'east',
      points: [
        [-70, 11.6],
        [70, 11.6],
      ],
      bodies: ['car', 'suv', 'van'],
      perMinute: 3,
      speedMs: 6.5,
      stops: [{ atM: 70 + ZEBRA.from - 2.4, group: 'cars' }],
      offsetS: 6,
      queue: 1,
    },
    {
      id: 'west',
      points: [
        [70, 14.7],
        [-70, 14.7],
      ],
      bodies: ['taxi', 'car', 'van', 'suv'],
      perMinute: 3,
      speedMs: 6.5,
      stops: [{ atM: 70 - ZEBRA.to - 2.4, group: 'cars' }],
      offsetS: 15,
      queue: 1,
    },
    {
      id: 'cycle-east',
      points: [
        [-60, 9.98],
        [60, 9.98],
      ],
      bodies: ['motorcycle', 'bicycle'],
      perMinute: 2,
      speedMs: 4,
      stops: [{ atM: 60 + ZEBRA.from - 2.4, group: 'cars' }],
      offsetS: 2,
    },
  ],
  walks: walks.map((walk) =>
    walk.id === 'to-gate' ? { ...walk, signals: [{ after: 2, group: 'walkers', acrossM: 9 }] } : walk,
  ),
  spots,
  parked: [],
  places: [{ kind: 'school', name: '林东小学 Lindong Primary School', at: [-30, WALL_Y, 30, 58] }],
  /** Drivers give way at the zebra in turns, as where a warden stands. */
  signals: { cycleS: 30, green: { cars: [0, 13], walkers: [16, 30] } },
  glows: [{ x: 2, y: WALL_Y - 0.6, z: 3.3, color: [1, 0.85, 0.6], radiusM: 0.8 }],
};

const walkersGo = { cycleS: 15, green: { walkers: [0, 15] } } as const;

export const schoolView: View = {
  id: 'school',
  name: '林东小学 Lindong Primary School',
  looksAt: 'A school’s gate, the zebra before it, and those who bring and fetch.',
  area: gridId(1, 3),
  camera: { x: -9.5, y: 0.5, heightM: 5.8, yawDeg: 30, pitchDeg: 15, focalPx: 1480, k1: -0.08, k2: 0.015 },
  stage,
  sun: { sunFromDeg: 205 },
  overlay: 'CAM 04  LINDONG SCHOOL  ',
  isHeldOut: true,
  variants: [
    { id: 'main', seconds: 60, look: 'clear-afternoon', crowd: { people: 12, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 5, traffic: 1, spots: 0.2 }, signals: walkersGo },
    { id: 'busy', seconds: 15, look: 'overcast', crowd: { people: 26, traffic: 1, spots: 1.2 }, signals: walkersGo },
    {
      id: 'incident',
      seconds: 15,
      look: 'rain',
      crowd: { people: 8, traffic: 0, spots: 0.6 },
      signals: walkersGo,
      incident: 'A car stands on the zebra before the school.',
      extra: { parked: [{ body: 'suv', x: 0.6, y: 14.6, heading: -Math.PI / 2, seed: 8 }] },
    },
  ],
};
