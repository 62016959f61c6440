/** People's Avenue: three lanes each way, a bus lane, a kerbed cycle track and a broad pavement. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { arrow, box, cover, dashes, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Lane, Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const HALF = 10.6;
const CYCLE = { from: 12.4, to: 15.2 };
const FAR = 130;

const slabs: Slab[] = [
  { at: [-HALF, -60, HALF, FAR], z: 0, paving: 'new-asphalt' },
  { at: [HALF, -60, CYCLE.from, FAR], z: 0.14, paving: 'grass' },
  { at: [CYCLE.from, -60, CYCLE.to, FAR], z: 0, paving: 'red-asphalt' },
  { at: [CYCLE.to, -60, 22, FAR], z: 0.12, paving: 'pale-slabs' },
  { at: [-12.4, -60, -HALF, FAR], z: 0.14, paving: 'grass' },
  { at: [-15.2, -60, -12.4, FAR], z: 0, paving: 'red-asphalt' },
  { at: [-24, -60, -15.2, FAR], z: 0.12, paving: 'pale-slabs' },
];

const marks: Mark[] = [
  ...[-3.6, 3.6].flatMap((x) => dashes([x, -60], [x, FAR], { onM: 4, offM: 6 })),
  ...[-0.45, 0.45].map((x) => line([x, -60], [x, FAR], { paint: 'yellow' })),
  line([7, -60], [7, FAR], { paint: 'yellow', widthM: 0.2 }),
  line([-7, -60], [-7, FAR], { paint: 'yellow', widthM: 0.2 }),
  ...[-10.3, 10.3].map((x) => line([x, -60], [x, FAR])),
  ...dashes([13.8, -60], [13.8, FAR], { onM: 1, offM: 2, widthM: 0.1 }),
  ...[14, 44, 74].flatMap((y) => [...arrow([1.9, y], 0), ...arrow([5.3, y + 4], 0)]),
  ...[20, 50, 80].flatMap((y) => [...arrow([-1.9, y], Math.PI), ...arrow([-5.3, y + 4], Math.PI)]),
  // The bus lane says so in blocks of paint.
  ...[12, 30, 48, 66].flatMap((y) => [0, 1.4, 2.8].map((step) => box([7.9, y + step, 9.7, y + step + 0.9], 'yellow'))),
  box([18.1, -30, 18.5, FAR], 'tactile'),
  cover([2.2, 11]),
  cover([-5, 23]),
  cover([14, 17], 0.3),
];

const props: Prop[] = [
  ...inRow('plane-tree', { x: 11.5, from: 31, to: 125, everyM: 21, seed: 20 }),
  ...inRow('hedge', { x: 11.5, from: 12, to: 34, everyM: 10.8, heading: Math.PI / 2, lengthM: 7, heightM: 0.7 }),
  ...inRow('pagoda-tree', { x: -11.5, from: 4, to: 125, everyM: 9.6, seed: 21 }),
  ...inRow('street-lamp', { x: 11, from: 1, to: 125, everyM: 27, heading: -Math.PI / 2 }),
  ...inRow('street-lamp', { x: -11, from: 14, to: 125, everyM: 27, heading: Math.PI / 2 }),
  ...inRow('guard-rail', { x: 0, from: -10, to: 110, everyM: 8, heading: Math.PI / 2, lengthM: 8 }),
  { kind: 'bench', x: 21, y: 15, heading: -Math.PI / 2 },
  { kind: 'bench', x: 21, y: 24, heading: -Math.PI / 2 },
  { kind: 'bin', x: 16.1, y: 19.5, heading: Math.PI / 2 },
  { kind: 'planter', x: 21.2, y: 19.5, heading: Math.PI / 2, lengthM: 4.5 },
  { kind: 'planter', x: 21.2, y: 29, heading: Math.PI / 2, lengthM: 4.5 },
  { kind: 'share-bikes', x: 16.4, y: 27, heading: Math.PI / 2, lengthM: 6, seed: 7 },
  { kind: 'road-sign', x: 11, y: 24, heading: 0, seed: 4 },
  { kind: 'cabinet', x: 16, y: 34, heading: Math.PI / 2 },
  { kind: 'bus-sign', x: 15.8, y: 44, heading: 0 },
];

const lane = (id: string, x: number, isAway: boolean, rest: Omit<Lane, 'id' | 'points'>): Lane => ({
  id,
  points: isAway
    ? [
        [x, -70],
        [x, 125],
      ]
    : [
        [x, 125],
        [x, -70],
      ],
  ...rest,
});

const lanes: Lane[] = [
  lane('north-1', 1.9, true, { bodies: ['car', 'suv', 'taxi', 'car'], perMinute: 12, offsetS: 1 }),
  lane('north-2', 5.3, true, { bodies: ['van', 'car', 'truck', 'suv'], perMinute: 9, offsetS: 4 }),
  lane('north-bus', 8.8, true, { bodies: ['bus', 'taxi', 'bus'], perMinute: 4, offsetS: 7 }),
  lane('south-1', -1.9, false, { bodies: ['car', 'taxi', 'suv', 'car', 'van'], perMinute: 8, offsetS: 2 }),
  lane('south-2', -5.3, false, { bodies: ['car', 'suv', 'truck', 'car'], perMinute: 6, offsetS: 6 }),
  lane('south-bus', -8.8, false, { bodies: ['bus', 'taxi'], perMinute: 2, offsetS: 12 }),
  lane('cycle-north', 14.5, true, {
    bodies: ['motorcycle', 'bicycle', 'motorcycle', 'bicycle'],
    perMinute: 6,
    spreadM: 0.5,
    speedMs: 5,
  }),
  lane('cycle-south', 13.1, false, {
    bodies: ['bicycle', 'motorcycle'],
    perMinute: 4,
    spreadM: 0.4,
    speedMs: 4.6,
    offsetS: 9,
  }),
];

const walks: Walk[] = [
  {
    id: 'pavement',
    points: [
      [18.6, -12],
      [18.8, 10],
      [18.6, 40],
      [18.8, 70],
    ],
    spreadM: 3.4,
    share: 6,
  },
  {
    id: 'to-shop',
    points: [
      [19, -10],
      [18.8, 9],
      [20, 15.5],
      [22.5, 17.2],
    ],
    spreadM: 0.6,
    share: 1,
  },
];

const spots: Spot[] = [
  { x: 20.75, y: 15.35, heading: -Math.PI / 2, pose: 'sit', share: 0.9 },
  { x: 20.75, y: 24.3, heading: -Math.PI / 2, pose: 'sit', share: 0.6 },
  { x: 16.4, y: 22.2, heading: -1.2, pose: 'phone', share: 0.7 },
];

const stage: Stage = {
  place: onRoad([4, 3], [4, 4], 0.35),
  slabs,
  marks,
  buildings: [
    ...houses({
      front: 22,
      facing: 'west',
      from: -20,
      to: 125,
      seed: 31,
      hasShops: true,
      heightM: [15, 32],
      widthM: [14, 24],
    }),
    ...houses({
      front: -24,
      facing: 'east',
      from: -20,
      to: 125,
      seed: 32,
      hasShops: true,
      heightM: [18, 40],
      widthM: [16, 28],
      styles: ['glass', 'stone', 'tile', 'concrete'],
    }),
    ...houses({ front: 134, facing: 'south', from: -60, to: 60, seed: 33, heightM: [28, 45], widthM: [16, 26] }),
  ],
  props,
  lanes,
  walks,
  spots,
  parked: [],
  places: [],
  signals: { cycleS: 60, green: {} },
  glows: [{ x: 21.4, y: 12, z: 3, color: [1, 0.86, 0.62], radiusM: 1 }],
};

export const avenueView: View = {
  id: 'avenue',
  name: '人民大道 People’s Avenue',
  looksAt: 'An avenue with a bus lane, a cycle track and the pavement beside it.',
  area: gridId(3, 3),
  camera: { x: 18.4, y: -2, heightM: 7, yawDeg: -20, pitchDeg: 16.5, focalPx: 1500, k1: -0.1, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 235 },
  overlay: 'CAM 02  PEOPLE AVENUE  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-noon', crowd: { people: 9, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 5, traffic: 0.7, spots: 0.5 } },
    { id: 'fog', seconds: 15, look: 'fog', crowd: { people: 8, traffic: 0.8, spots: 0.4 } },
    { id: 'busy', seconds: 15, look: 'hazy', crowd: { people: 18, traffic: 1.5, spots: 1 } },
  ],
};
