/** Willow Lane Estate: a gate with a guard's booth and booms, cars and electric two-wheelers in and out. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { arrow, box, cover, dashes, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const ROAD = { from: 1.5, to: 8.5 };
const GATE_Y = 17;

const slabs: Slab[] = [
  { at: [-110, ROAD.from, 110, ROAD.to], z: 0, paving: 'asphalt' },
  { at: [-110, -20, 110, ROAD.from], z: 0.12, paving: 'slabs' },
  { at: [-110, ROAD.to, -4.6, GATE_Y + 1], z: 0.12, paving: 'bricks', corners: [0, 2.5, 0, 0] },
  { at: [4.6, ROAD.to, 110, GATE_Y + 1], z: 0.12, paving: 'bricks', corners: [2.5, 0, 0, 0] },
  { at: [-4.6, ROAD.to, 4.6, 80], z: 0, paving: 'concrete' },
  { at: [-1, 13.6, 1, 19.4], z: 0.14, paving: 'granite', corners: [0.9, 0.9, 0.9, 0.9] },
  { at: [-40, GATE_Y + 1, -4.6, 80], z: 0.14, paving: 'grass' },
  { at: [7.4, GATE_Y + 1, 40, 80], z: 0.14, paving: 'grass' },
  { at: [4.6, GATE_Y + 1, 7.4, 80], z: 0.12, paving: 'bricks' },
];

const marks: Mark[] = [
  ...dashes([-100, 5], [100, 5], { paint: 'yellow' }),
  line([-100, ROAD.to - 0.25], [-6, ROAD.to - 0.25]),
  line([6, ROAD.to - 0.25], [100, ROAD.to - 0.25]),
  line([0, 21], [0, 60], { paint: 'yellow' }),
  ...arrow([2.7, 21], 0),
  ...arrow([-2.7, 26], Math.PI),
  box([1.2, 11.4, 4.4, 11.75]),
  box([-4.4, 20.2, -1.2, 20.55]),
  cover([2, 9.6]),
  cover([-9, 4]),
  cover([3, 24]),
];

const props: Prop[] = [
  { kind: 'estate-gate', x: 0, y: GATE_Y + 1.6, lengthM: 15 },
  { kind: 'guard-booth', x: 0, y: 16.4 },
  { kind: 'gate-boom', x: 1.2, y: 14.2, lengthM: 3.1, heightM: 1.1 },
  { kind: 'gate-boom', x: -1.2, y: 18.8, lengthM: 3.1, heading: Math.PI, heightM: 1.1 },
  { kind: 'speed-hump', x: 2.8, y: 12.6, lengthM: 3.2 },
  { kind: 'speed-hump', x: -2.8, y: 21.4, lengthM: 3.2 },
  { kind: 'wall', x: -20, y: GATE_Y + 1.6, lengthM: 22, heightM: 2.1, seed: 0 },
  { kind: 'wall', x: 20, y: GATE_Y + 1.6, lengthM: 22, heightM: 2.1, seed: 0 },
  { kind: 'parcel-lockers', x: 12, y: GATE_Y - 0.1, lengthM: 4, heading: Math.PI },
  { kind: 'notice-board', x: -12.2, y: GATE_Y - 0.2 },
  { kind: 'share-bikes', x: -16.6, y: GATE_Y - 0.6, lengthM: 5, seed: 21 },
  { kind: 'share-bikes', x: 17.4, y: GATE_Y - 0.4, lengthM: 5, seed: 22 },
  ...inRow('hedge', { y: 16.2, from: -30, to: -21, everyM: 4.5, lengthM: 4.2 }),
  { kind: 'hedge', x: 8.2, y: 24, heading: Math.PI / 2, lengthM: 11 },
  { kind: 'hedge', x: -5.4, y: 25, heading: Math.PI / 2, lengthM: 12 },
  { kind: 'hedge', x: -5.4, y: 41, heading: Math.PI / 2, lengthM: 12 },
  ...inRow('pagoda-tree', { x: -8, from: 23, to: 60, everyM: 8, seed: 71 }),
  ...inRow('pagoda-tree', { x: 11, from: 23, to: 60, everyM: 8, seed: 72 }),
  ...inRow('plane-tree', { y: 9.8, from: -45, to: -13, everyM: 9, seed: 73 }),
  ...inRow('plane-tree', { y: 9.8, from: 22, to: 60, everyM: 9, seed: 74 }),
  { kind: 'street-lamp', x: -6.8, y: 9.5, heading: Math.PI },
  { kind: 'street-lamp', x: 15.6, y: 9.5, heading: Math.PI },
  { kind: 'path-lamp', x: 7.7, y: 19.8 },
  { kind: 'path-lamp', x: -5, y: 33 },
  { kind: 'path-lamp', x: 7.8, y: 33 },
  { kind: 'bin', x: 8.4, y: 15.9 },
  { kind: 'shrub', x: -6, y: 20, seed: 3 },
  { kind: 'flower-bed', x: -6.4, y: 21.6, seed: 4 },
  { kind: 'cypress', x: 10, y: 20.3, seed: 5 },
  { kind: 'cypress', x: -9.8, y: 20.3, seed: 6 },
  { kind: 'bench', x: 9.6, y: 28.6, heading: -Math.PI / 2 },
  { kind: 'awning-cart', x: -9, y: 11.5, heading: 3, seed: 8 },
];

const walks: Walk[] = [
  {
    id: 'in-right',
    points: [
      [26, 11.6],
      [9, 11.6],
      [6.2, 14],
      [6, 22],
      [6, 50],
    ],
    spreadM: 1.6,
    share: 5,
  },
  {
    id: 'past',
    points: [
      [-26, 13.4],
      [-6.4, 12.6],
      [-4, 10.6],
      [4, 10.6],
      [7, 12],
      [26, 13],
    ],
    spreadM: 1.6,
    share: 3,
  },
  {
    id: 'lockers',
    points: [
      [6, 40],
      [6, 20],
      [8.6, 14.4],
      [12, 15.4],
      [14, 12],
      [26, 11],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [{ after: 3, share: 1, seconds: [4, 9], heading: 0, pose: 'look' }],
  },
  {
    id: 'near-pavement',
    points: [
      [-16, -0.6],
      [20, -0.6],
    ],
    spreadM: 1.2,
    share: 0.6,
  },
];

const spots: Spot[] = [
  { x: 1.9, y: 16.9, heading: 2.6, pose: 'stand', share: 0 },
  { x: -8.2, y: 12.6, heading: -2.5, pose: 'look', share: 0.7 },
  { x: -9, y: 10.5, heading: 0.2, pose: 'stand', share: 0.9 },
  { x: 9.5, y: 28.4, heading: -Math.PI / 2, pose: 'sit', share: 0.6 },
  { x: -11, y: 14.2, heading: -0.5, pose: 'phone', share: 0.7 },
  { x: 9.3, y: 13, heading: -1.8, pose: 'talk', share: 0.7 },
  { x: 8.4, y: 12.7, heading: 1.3, pose: 'talk', share: 0.7 },
  { x: 0.1, y: 14.35, heading: 2.6, pose: 'stand', share: 0.9 },
];

const stage: Stage = {
  place: { ...onRoad([0, 1], [1, 1]), bearingDeg: onRoad([0, 1], [1, 1]).bearingDeg - 90 },
  slabs,
  marks,
  buildings: [
    ...[0, 1, 2].flatMap((row) => [
      {
        at: [-34, 30 + row * 26, -13, 42 + row * 26] as const,
        heightM: 19.5,
        style: 'plaster' as const,
        seed: 71 + row,
        balconies: ['south'] as const,
      },
      {
        at: [15, 30 + row * 26, 38, 42 + row * 26] as const,
        heightM: 19.5,
        style: 'tile' as const,
        seed: 81 + row,
        balconies: ['south'] as const,
      },
    ]),
    { at: [-12, 84, 14, 98], heightM: 34, style: 'plaster', seed: 9, balconies: ['south'] },
    ...houses({ front: 108, facing: 'south', from: -80, to: 80, seed: 75, heightM: [24, 40], widthM: [18, 26] }),
    ...houses({ front: GATE_Y, facing: 'south', from: -90, to: -34, seed: 76, hasShops: true }),
    ...houses({ front: GATE_Y, facing: 'south', from: 34, to: 90, seed: 77, hasShops: true }),
  ],
  props,
  lanes: [
    {
      id: 'in',
      points: [
        [-60, 3.3],
        [-1, 3.3],
        [2.8, 7],
        [2.8, 70],
      ],
      bodies: ['car', 'suv'],
      perMinute: 2,
      speedMs: 5,
      radiusM: 5,
      halts: [{ atM: 67.4, seconds: 4 }],
      offsetS: 3,
    },
    {
      id: 'past-west',
      points: [
        [60, 6.7],
        [-60, 6.7],
      ],
      bodies: ['taxi', 'van'],
      perMinute: 2,
      speedMs: 7,
      offsetS: 34,
    },
    {
      id: 'out',
      points: [
        [-2.8, 70],
        [-2.8, 9.5],
        [-5.5, 6.7],
        [-60, 6.7],
      ],
      bodies: ['car', 'suv'],
      perMinute: 1,
      speedMs: 5,
      radiusM: 5,
      halts: [{ atM: 48.8, seconds: 4 }],
      offsetS: 4,
    },
    {
      id: 'two-wheelers-in',
      points: [
        [-50, 2.2],
        [0, 2.2],
        [4.1, 7],
        [4.1, 60],
      ],
      bodies: ['motorcycle', 'bicycle'],
      perMinute: 2,
      speedMs: 3.6,
      radiusM: 4,
      spreadM: 0.2,
      offsetS: 20,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'estate', name: '柳巷小区 Willow Lane Estate', at: [-38, GATE_Y + 2, 40, 100] }],
  signals: { cycleS: 60, green: {} },
  glows: [{ x: 0, y: 15, z: 2.3, color: [1, 0.9, 0.75], radiusM: 0.4 }],
};

export const estateView: View = {
  id: 'estate',
  name: '柳巷小区 Willow Lane Estate',
  looksAt: 'The gate of a housing estate: its booms, its guard, and who comes and goes.',
  area: gridId(0, 1),
  camera: { x: 9.5, y: -3.2, heightM: 5.6, yawDeg: -20, pitchDeg: 14.5, focalPx: 1360, k1: -0.1, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 225 },
  overlay: 'CAM 06  WILLOW LANE ESTATE  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-noon', crowd: { people: 8, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 6, traffic: 1, spots: 0.4 } },
    { id: 'dusk', seconds: 15, look: 'dusk', crowd: { people: 9, traffic: 2, spots: 0.8 } },
    { id: 'busy', seconds: 15, look: 'clear-morning', crowd: { people: 20, traffic: 2, spots: 1 } },
  ],
};
