/** Ferry Road Bus Stop: the shelter, those who wait, and buses that come towards the camera and stop. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { box, cover, dashes, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

/** The road takes x from 0 to 13; the pavement with the shelter lies to its left as the camera sees it. */
const ROAD = 13;

const slabs: Slab[] = [
  { at: [0, -60, ROAD, 130], z: 0, paving: 'asphalt' },
  { at: [-7, -60, 0, 130], z: 0.15, paving: 'slabs' },
  { at: [ROAD, -60, ROAD + 6, 130], z: 0.12, paving: 'slabs' },
];

const marks: Mark[] = [
  ...dashes([3.6, -60], [3.6, 130]),
  line([6.4, -60], [6.4, 130], { paint: 'yellow' }),
  line([6.65, -60], [6.65, 130], { paint: 'yellow' }),
  ...dashes([9.8, -60], [9.8, 130]),
  line([ROAD - 0.3, -60], [ROAD - 0.3, 130]),
  line([0.3, -60], [0.3, 9]),
  line([0.3, 31], [0.3, 130]),
  ...[9, 13, 17, 21, 25].flatMap((y) => [line([0.35, y], [3.3, y + 3], { paint: 'yellow' })]),
  line([3.35, 9], [3.35, 31], { paint: 'yellow' }),
  line([0.35, 9], [0.35, 31], { paint: 'yellow' }),
  box([-0.95, 8, -0.55, 32], 'tactile'),
  cover([5, 12]),
  cover([8.4, 21]),
  cover([1.8, 33]),
];

const props: Prop[] = [
  { kind: 'bus-shelter', x: -3, y: 18.5, heading: Math.PI / 2, lengthM: 9 },
  { kind: 'bus-sign', x: -0.9, y: 12.4, heading: 0 },
  { kind: 'bus-sign', x: -0.9, y: 25.6, heading: 0 },
  { kind: 'bin', x: -3.1, y: 12.6, heading: Math.PI / 2 },
  ...inRow('plane-tree', { x: -1.3, from: 31, to: 120, everyM: 9.5, seed: 91 }),
  ...inRow('plane-tree', { x: ROAD + 1.3, from: 12, to: 120, everyM: 9.5, seed: 92 }),
  ...inRow('street-lamp', { x: ROAD + 0.8, from: 7, to: 120, everyM: 28, heading: -Math.PI / 2 }),
  { kind: 'street-lamp', x: -0.8, y: 28.6, heading: Math.PI / 2 },
  ...inRow('street-lamp', { x: -0.8, from: 54, to: 120, everyM: 26, heading: Math.PI / 2 }),
  { kind: 'guard-rail', x: -0.35, y: 36, heading: Math.PI / 2, lengthM: 9 },
  { kind: 'share-bikes', x: -5.9, y: 25.6, heading: Math.PI / 2, lengthM: 6, seed: 31 },
  { kind: 'planter', x: -6, y: 34, heading: Math.PI / 2, lengthM: 5 },
  { kind: 'kiosk', x: -5.4, y: 41, heading: Math.PI / 2, seed: 4 },
  { kind: 'road-sign', x: ROAD + 0.6, y: 18, heading: 0, seed: 1 },
  { kind: 'cabinet', x: -6.2, y: 30, heading: Math.PI / 2 },
];

const walks: Walk[] = [
  {
    id: 'behind-shelter',
    points: [
      [-5, -6],
      [-4.9, 12],
      [-4.6, 22],
      [-4.2, 29],
      [-3.9, 60],
    ],
    spreadM: 1.1,
    share: 4,
  },
  {
    id: 'before-shelter',
    points: [
      [-3.4, -6],
      [-2.4, 9.6],
      [-1.9, 14],
      [-1.9, 27],
      [-3, 33],
      [-3.4, 60],
    ],
    spreadM: 0.7,
    share: 2,
  },
  {
    id: 'to-bus',
    points: [
      [-5.2, -6],
      [-4.6, 9],
      [-2, 10.4],
      [-1.7, 13.4],
      [-3, 33],
      [-3.6, 60],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [{ after: 3, share: 1, seconds: [6, 12], heading: 0.6, pose: 'stand' }],
  },
  {
    id: 'far-side',
    points: [
      [ROAD + 3.6, -6],
      [ROAD + 3.8, 70],
    ],
    spreadM: 2,
    share: 2,
  },
];

const spots: Spot[] = [
  { x: -2.72, y: 18, heading: Math.PI / 2, pose: 'sit', share: 0.9, z: 0.15 },
  { x: -2.72, y: 18.9, heading: Math.PI / 2, pose: 'sit', share: 0.8, z: 0.15 },
  { x: -1.15, y: 15.6, heading: 0.8, pose: 'phone', share: 0.9 },
  { x: -1.2, y: 20.4, heading: 0.6, pose: 'stand', share: 0.9 },
  { x: -1.1, y: 22, heading: 1.2, pose: 'carry', share: 0.8 },
  { x: -1.25, y: 17.2, heading: 1.3, pose: 'stand', share: 0.8 },
  { x: -2.6, y: 24.1, heading: 0.9, pose: 'talk', share: 0.7 },
  { x: -1.7, y: 24.5, heading: -2, pose: 'talk', share: 0.7 },
  { x: -1.3, y: 13.9, heading: 0.5, pose: 'look', share: 0.7 },
];

const stage: Stage = {
  place: { ...onRoad([5, 0], [5, 1], 0.8), bearingDeg: onRoad([5, 1], [5, 0]).bearingDeg },
  slabs,
  marks,
  buildings: [
    ...houses({ front: -7, facing: 'east', from: -20, to: 126, seed: 95, hasShops: true, heightM: [9, 20] }),
    ...houses({ front: ROAD + 6, facing: 'west', from: -20, to: 126, seed: 92, hasShops: true, heightM: [12, 22] }),
    ...houses({ front: 133, facing: 'south', from: -50, to: 60, seed: 93, heightM: [24, 36], widthM: [16, 24] }),
  ],
  props,
  lanes: [
    {
      id: 'bus',
      points: [
        [5, 120],
        [5, 52],
        [1.8, 38],
        [1.8, 8],
        [3.6, -6],
        [4.8, -40],
      ],
      bodies: ['bus'],
      perMinute: 2,
      speedMs: 7,
      radiusM: 9,
      halts: [{ atM: 107.2, seconds: 12 }],
      offsetS: 2,
    },
    {
      id: 'south',
      points: [
        [5.1, 120],
        [5.1, -50],
      ],
      bodies: ['car', 'taxi', 'suv'],
      perMinute: 3,
      speedMs: 9,
      offsetS: 22,
    },
    {
      id: 'north-1',
      points: [
        [8.2, -60],
        [8.2, 120],
      ],
      bodies: ['car', 'van', 'suv', 'taxi'],
      perMinute: 7,
    },
    {
      id: 'north-2',
      points: [
        [11.2, -60],
        [11.2, 120],
      ],
      bodies: ['bus', 'car', 'truck', 'motorcycle'],
      perMinute: 4,
      offsetS: 7,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'bus-stop', name: '渡口路 Ferry Road', at: [-7, 8, 3.4, 32] }],
  signals: { cycleS: 60, green: {} },
  glows: [{ x: -2.2, y: 18.5, z: 2.5, color: [0.95, 0.97, 1], radiusM: 0.6 }],
};

export const busStopView: View = {
  id: 'bus-stop',
  name: '渡口路车站 Ferry Road Stop',
  looksAt: 'A bus stop: people who wait, buses that stop, traffic beside them.',
  area: gridId(5, 0),
  camera: { x: -4.2, y: -3, heightM: 5.2, yawDeg: 12, pitchDeg: 14.5, focalPx: 1560, k1: -0.08, k2: 0.015 },
  stage,
  sun: { sunFromDeg: 150 },
  overlay: 'CAM 08  FERRY ROAD STOP  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-noon', crowd: { people: 7, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'wet-night', crowd: { people: 6, traffic: 1, spots: 0.6 } },
    { id: 'rain', seconds: 15, look: 'rain', crowd: { people: 7, traffic: 1, spots: 0.7 } },
    { id: 'busy', seconds: 15, look: 'hazy', crowd: { people: 14, traffic: 1, spots: 1.3 } },
  ],
};
