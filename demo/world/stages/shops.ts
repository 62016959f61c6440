/** Rainbow Street: a street for walkers between shops, with planters, café tables and strings of lanterns. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { box } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const HALF = 7;
const FAR = 110;

const slabs: Slab[] = [{ at: [-HALF - 1, -40, HALF + 1, FAR], z: 0.01, paving: 'pale-slabs' }];

const marks: Mark[] = [
  ...[-3.9, 3.5].map((x) => box([x, -40, x + 0.4, FAR], 'stone')),
  ...[0, 12, 24, 36, 48, 60, 72].map((y) => box([-HALF, y, HALF, y + 0.5], 'stone')),
  box([-0.2, -40, 0.2, FAR], 'tactile'),
];

const props: Prop[] = [
  ...inRow('pagoda-tree', { x: 0, from: 26, to: 100, everyM: 12, seed: 41 }),
  { kind: 'planter', x: 0.9, y: 17.5, heading: Math.PI / 2, lengthM: 3 },
  { kind: 'planter', x: 0.9, y: 31.5, heading: Math.PI / 2, lengthM: 3 },
  { kind: 'bench', x: 1.7, y: 17.5, heading: Math.PI / 2 },
  { kind: 'bench', x: -0.9, y: 31.5, heading: -Math.PI / 2 },
  { kind: 'bench', x: 0, y: 23.2, heading: 0 },
  ...inRow('path-lamp', { x: 4.3, from: 11, to: 100, everyM: 12 }),
  ...inRow('path-lamp', { x: -4.3, from: 17, to: 100, everyM: 12 }),
  ...inRow('lantern-string', { x: 0, from: 21, to: 81, everyM: 12, lengthM: 13.6, heightM: 6.4, z: 0.02 }),
  { kind: 'cafe-table', x: 5.8, y: 15, seed: 1 },
  { kind: 'cafe-table', x: 5.8, y: 18, seed: 2 },
  { kind: 'parasol', x: 5.75, y: 16.5, seed: 3, lengthM: 1.3 },
  { kind: 'cafe-table', x: -5.7, y: 27, seed: 3 },
  { kind: 'parasol', x: -5.7, y: 28.6, seed: 5, lengthM: 1.3 },
  { kind: 'bin', x: -4.4, y: 13.5, heading: Math.PI / 2 },
  { kind: 'bin', x: 4.4, y: 25.5, heading: Math.PI / 2 },
  { kind: 'awning-cart', x: -5.2, y: 20.2, heading: -Math.PI / 2, seed: 2 },
  { kind: 'awning-cart', x: 5.2, y: 29, heading: Math.PI / 2, seed: 5 },
  { kind: 'notice-board', x: -4.9, y: 36, heading: 0.3 },
  { kind: 'share-bikes', x: -6, y: 13, heading: -Math.PI / 2, lengthM: 3.2, seed: 12 },
];

const walks: Walk[] = [
  {
    id: 'left',
    points: [
      [-2.2, -6],
      [-2.4, 12],
      [-2.3, 40],
      [-2.4, 70],
    ],
    spreadM: 2.6,
    share: 4,
  },
  {
    id: 'right',
    points: [
      [2.9, -6],
      [3, 12],
      [2.9, 40],
      [3, 70],
    ],
    spreadM: 1.4,
    share: 4,
  },
  {
    id: 'slanted',
    points: [
      [3.2, -4],
      [2.6, 9],
      [-2, 15],
      [-2.6, 24],
      [-2.4, 60],
    ],
    spreadM: 1.4,
    share: 2,
  },
  {
    id: 'into-left',
    points: [
      [-2, -5],
      [-2.4, 13],
      [-4, 16.4],
      [-7.4, 17.2],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [{ after: 2, share: 0.6, seconds: [3, 9], heading: -1.5, pose: 'look' }],
  },
  {
    id: 'into-right',
    points: [
      [2.8, 60],
      [2.9, 24],
      [4.2, 21.8],
      [7.4, 21.4],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [{ after: 2, share: 0.6, seconds: [3, 8], heading: 1.5, pose: 'look' }],
  },
  {
    id: 'across',
    points: [
      [7.4, 12.4],
      [4, 12.6],
      [-3.2, 13.6],
      [-7.4, 23.6],
    ],
    spreadM: 0.7,
    share: 1,
  },
];

const spots: Spot[] = [
  { x: 1.75, y: 17.2, heading: Math.PI / 2, pose: 'sit', share: 0.9 },
  { x: 1.75, y: 17.85, heading: Math.PI / 2, pose: 'sit', share: 0.5 },
  { x: -0.95, y: 31.4, heading: -Math.PI / 2, pose: 'sit', share: 0.7 },
  { x: 6.21, y: 15.59, heading: 3.74, pose: 'sit', share: 0.8 },
  { x: 5.14, y: 14.71, heading: 1.16, pose: 'sit', share: 0.7 },
  { x: 6.29, y: 17.47, heading: 5.54, pose: 'sit', share: 0.6 },
  { x: -4.6, y: 19.1, heading: -0.6, pose: 'talk', share: 0.8 },
  { x: -5.9, y: 20.1, heading: 1.57, pose: 'stand', share: 0.9 },
  { x: 4.9, y: 12.5, heading: -1.2, pose: 'phone', share: 0.6 },
];

const stage: Stage = {
  place: onRoad([2, 1], [2, 2], 0.2),
  slabs,
  marks,
  buildings: [
    ...houses({
      front: -HALF,
      facing: 'east',
      from: -14,
      to: 104,
      seed: 41,
      hasShops: true,
      heightM: [8, 15],
      widthM: [8, 13],
    }),
    ...houses({
      front: HALF,
      facing: 'west',
      from: -14,
      to: 104,
      seed: 46,
      hasShops: true,
      heightM: [8, 17],
      widthM: [8, 13],
    }),
    ...houses({ front: 108, facing: 'south', from: -40, to: 40, seed: 43, hasShops: true, heightM: [20, 32] }),
  ],
  props,
  lanes: [
    {
      id: 'delivery',
      points: [
        [4.6, 100],
        [1.6, 60],
        [1.6, 24],
        [2.7, 19],
        [2.7, 15],
        [1, 8],
        [0.8, -20],
      ],
      bodies: ['motorcycle'],
      perMinute: 1,
      speedMs: 3.2,
      radiusM: 3,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'shopping-street', name: '彩虹步行街 Rainbow Street', at: [-HALF, 0, HALF, 100] }],
  signals: { cycleS: 60, green: {} },
  glows: [
    { x: -6, y: 14, z: 2.6, color: [1, 0.82, 0.55], radiusM: 0.9 },
    { x: 6, y: 19, z: 2.6, color: [0.9, 0.95, 1], radiusM: 0.9 },
    { x: -6, y: 25, z: 2.6, color: [1, 0.78, 0.5], radiusM: 0.9 },
    { x: 6, y: 31, z: 2.6, color: [1, 0.85, 0.62], radiusM: 0.9 },
  ],
};

export const shopsView: View = {
  id: 'shops',
  name: '彩虹步行街 Rainbow Street',
  looksAt: 'A shopping street without cars: walkers, café tables, people who look at windows.',
  area: gridId(1, 1),
  camera: { x: -2.6, y: -1.5, heightM: 5.4, yawDeg: 6, pitchDeg: 15.5, focalPx: 1280, k1: -0.11, k2: 0.025 },
  stage,
  sun: { sunFromDeg: 165 },
  overlay: 'CAM 03  RAINBOW STREET  ',
  variants: [
    { id: 'main', seconds: 60, look: 'hazy', crowd: { people: 13, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 13, traffic: 1, spots: 0.8 } },
    { id: 'rain', seconds: 15, look: 'rain', crowd: { people: 9, traffic: 0, spots: 0.3 } },
    { id: 'busy', seconds: 15, look: 'overcast', crowd: { people: 26, traffic: 0, spots: 1 } },
  ],
};
