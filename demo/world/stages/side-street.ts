/** Academy Lane: a narrow one-way street under plane trees, cars parked along one side. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import { pickOne, randomStream } from '../random.ts';
import type { VehicleBody } from '../traffic/figures.ts';
import type { View } from '../view.ts';
import { arrow, bays, cover, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Parked, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const HALF = 3.3;
const PAVEMENT = 3.4;
const BAY = 6;

const slabs: Slab[] = [
  { at: [-HALF, -60, HALF, 120], z: 0, paving: 'asphalt' },
  { at: [-HALF - PAVEMENT, -60, -HALF, 120], z: 0.12, paving: 'bricks' },
  { at: [HALF, -60, HALF + PAVEMENT, 120], z: 0.12, paving: 'bricks' },
];

const marks: Mark[] = [
  line([0.95, -30], [0.95, 120]),
  ...bays([0.95, 5, HALF - 0.1, 5 + BAY * 15], 'y', BAY),
  line([-HALF + 0.25, -60], [-HALF + 0.25, 120], { paint: 'yellow' }),
  ...arrow([-1.3, 12], 0),
  ...arrow([-1.3, 36], 0),
  cover([-0.6, 16]),
  cover([-1.8, 25]),
  cover([0.2, 9], 0.3),
];

const BODIES: readonly VehicleBody[] = ['car', 'suv', 'car', 'van', 'car'];

function parkedCars(): Parked[] {
  const random = randomStream(19, 'kerb');
  return Array.from({ length: 15 }, (_, bay) => bay).flatMap((bay): Parked[] => {
    const [body, shift] = [pickOne(random, BODIES), (random() - 0.5) * 0.7];
    if ([1, 4, 9].includes(bay)) return [];
    return [
      {
        body,
        x: 2.15 + (random() - 0.5) * 0.12,
        y: 5 + BAY * (bay + 0.5) + shift,
        heading: (random() - 0.5) * 0.03,
        seed: 40 + bay * 3,
      },
    ];
  });
}

const props: Prop[] = [
  ...inRow('plane-tree', { x: -HALF - 0.75, from: 15, to: 110, everyM: 12, seed: 111 }),
  ...inRow('plane-tree', { x: HALF + 0.75, from: 20, to: 110, everyM: 12, seed: 112 }),
  ...inRow('power-pole', { x: HALF + 0.6, from: 2, to: 100, everyM: 24 }),
  ...inRow('cable', { x: HALF + 0.6, from: 14, to: 100, everyM: 24, heading: Math.PI / 2, lengthM: 24 }),
  ...inRow('street-lamp', { x: -HALF - 0.5, from: 21.2, to: 110, everyM: 24, heading: Math.PI / 2 }),
  { kind: 'share-bikes', x: -HALF - 0.95, y: 19.6, heading: Math.PI / 2, lengthM: 4.2, seed: 41 },
  { kind: 'bin', x: -HALF - 0.7, y: 12.2, heading: Math.PI / 2 },
  { kind: 'bench', x: HALF + 2.9, y: 16, heading: -Math.PI / 2 },
  { kind: 'planter', x: -HALF - 2.95, y: 17, heading: Math.PI / 2, lengthM: 2.6 },
  { kind: 'planter', x: HALF + 2.9, y: 22, heading: Math.PI / 2, lengthM: 2.6 },
  { kind: 'cafe-table', x: -HALF - 2.6, y: 23.5, seed: 8 },
  { kind: 'parasol', x: -HALF - 2.6, y: 24.8, seed: 4, lengthM: 1.1 },
  { kind: 'hydrant', x: HALF + 0.6, y: 12.6 },
  { kind: 'road-sign', x: -HALF - 0.5, y: 27.5, heading: 0, seed: 3 },
  { kind: 'crates', x: HALF + 2.8, y: 26.6, seed: 3 },
  { kind: 'cabinet', x: HALF + 3, y: 30, heading: Math.PI / 2 },
];

const walks: Walk[] = [
  {
    id: 'left',
    points: [
      [-HALF - 1.9, -6],
      [-HALF - 1.9, 12],
      [-HALF - 2, 40],
      [-HALF - 1.9, 70],
    ],
    spreadM: 1.5,
    share: 4,
  },
  {
    id: 'right',
    points: [
      [HALF + 1.7, -6],
      [HALF + 1.8, 14],
      [HALF + 1.7, 40],
      [HALF + 1.8, 70],
    ],
    spreadM: 1.2,
    share: 3,
  },
  {
    id: 'crosses',
    points: [
      [-HALF - 1.9, -6],
      [-HALF - 1.7, 9],
      [-HALF - 0.4, 12.7],
      [0.2, 13.9],
      [HALF + 0.3, 14.2],
      [HALF + 1.7, 18],
      [HALF + 1.7, 60],
    ],
    spreadM: 0.7,
    share: 2,
  },
  {
    id: 'in-the-road',
    points: [
      [-2.4, -6],
      [-2.5, 14],
      [-2.4, 60],
    ],
    spreadM: 0.4,
    share: 1.4,
  },
  {
    id: 'into-shop',
    points: [
      [-HALF - 2, 60],
      [-HALF - 2, 18],
      [-HALF - 2.1, 15.4],
      [-HALF - 3.8, 14.2],
    ],
    spreadM: 0.5,
    share: 1,
  },
];

const spots: Spot[] = [
  { x: HALF + 2.8, y: 16, heading: -Math.PI / 2, pose: 'sit', share: 0.9 },
  { x: -5.49, y: 24.09, heading: 3.74, pose: 'sit', share: 0.8 },
  { x: -HALF - 0.6, y: 14, heading: -2, pose: 'phone', share: 0.8 },
  { x: 0.5, y: 13.1, heading: 1.5, pose: 'carry', share: 0.7 },
  { x: HALF + 2.4, y: 25, heading: 0.4, pose: 'stand', share: 0.7 },
  { x: HALF + 0.5, y: 10.1, heading: -0.7, pose: 'talk', share: 0.7 },
  { x: HALF + 1.3, y: 10.9, heading: -2.4, pose: 'talk', share: 0.7 },
];

const stage: Stage = {
  place: onRoad([1, 2], [1, 3], 0.3),
  slabs,
  marks,
  buildings: [
    ...houses({
      front: -HALF - PAVEMENT,
      facing: 'east',
      from: -16,
      to: 116,
      seed: 113,
      hasShops: true,
      heightM: [7, 13],
      widthM: [7, 12],
      styles: ['old', 'brick', 'plaster'],
    }),
    ...houses({
      front: HALF + PAVEMENT,
      facing: 'west',
      from: -16,
      to: 116,
      seed: 114,
      hasShops: true,
      heightM: [7, 14],
      widthM: [7, 12],
      styles: ['brick', 'old', 'tile'],
    }),
    ...houses({ front: 124, facing: 'south', from: -40, to: 40, seed: 115, heightM: [16, 26] }),
  ],
  props,
  lanes: [
    {
      id: 'one-way',
      points: [
        [-1, -50],
        [-1, 115],
      ],
      bodies: ['car', 'taxi', 'van', 'suv'],
      perMinute: 3,
      speedMs: 5.2,
      offsetS: 6,
    },
    {
      id: 'two-wheelers',
      points: [
        [-0.4, -50],
        [-0.4, 115],
      ],
      bodies: ['motorcycle', 'bicycle'],
      perMinute: 2,
      speedMs: 4,
      spreadM: 0.4,
      offsetS: 44,
    },
  ].map((lane) => ({ ...lane, bodies: lane.bodies as VehicleBody[], points: lane.points as [number, number][] })),
  walks,
  spots,
  parked: parkedCars(),
  places: [{ kind: 'lane', name: '书院巷 Academy Lane', at: [-HALF, -30, HALF, 115] }],
  signals: { cycleS: 60, green: {} },
  glows: [
    { x: -HALF - 2.8, y: 14, z: 2.4, color: [1, 0.8, 0.5], radiusM: 0.7 },
    { x: HALF + 2.8, y: 20, z: 2.4, color: [1, 0.85, 0.6], radiusM: 0.7 },
  ],
};

export const sideStreetView: View = {
  id: 'side-street',
  name: '书院巷 Academy Lane',
  looksAt: 'A narrow street under plane trees with cars parked along one side.',
  area: gridId(1, 2),
  camera: { x: -5.2, y: -3.2, heightM: 5.1, yawDeg: 13, pitchDeg: 14.5, focalPx: 1470, k1: -0.1, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 160 },
  overlay: 'CAM 10  ACADEMY LANE  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-noon', crowd: { people: 9, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 6, traffic: 1, spots: 0.6 } },
    { id: 'glare', seconds: 15, look: 'glare', crowd: { people: 8, traffic: 1, spots: 0.7 } },
    { id: 'busy', seconds: 15, look: 'overcast', crowd: { people: 18, traffic: 1, spots: 1.2 } },
  ],
};
