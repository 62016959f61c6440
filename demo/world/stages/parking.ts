/** Granary Car Park: rows of bays under trees, people who walk to their cars, one that looks for a place. */
import { gridId } from '../plan/areas.ts';
import { inFace, onRoad } from '../plan/lattice.ts';
import { pickOne, randomStream } from '../random.ts';
import type { VehicleBody } from '../traffic/figures.ts';
import type { View } from '../view.ts';
import { arrow, bays, box, cover } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Parked, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const PITCH = 2.6;
/** The aisle lies between x = -3 and 3; rows of bays on both sides, islands behind them. */
const AISLE = 3;
const DEEP = 5.2;
const ROWS_TO = 52;

const slabs: Slab[] = [
  { at: [-30, -20, 34, 60], z: 0, paving: 'new-asphalt' },
  { at: [-AISLE - DEEP - 2, 4, -AISLE - DEEP, ROWS_TO], z: 0.14, paving: 'grass', corners: [0.9, 0.9, 0.9, 0.9] },
  { at: [AISLE + DEEP, 4, AISLE + DEEP + 2.4, ROWS_TO], z: 0.12, paving: 'bricks', corners: [1, 1, 1, 1] },
  { at: [-30, 60, 34, 66], z: 0.12, paving: 'slabs' },
  { at: [-30, -20, -23, 60], z: 0.12, paving: 'slabs' },
];

const marks: Mark[] = [
  ...bays([AISLE, 6, AISLE + DEEP, 6 + PITCH * 17], 'y', PITCH),
  ...bays([-AISLE - DEEP, 6, -AISLE, 6 + PITCH * 17], 'y', PITCH),
  ...bays([AISLE + DEEP + 2.4, 6, AISLE + 2 * DEEP + 2.4, 6 + PITCH * 17], 'y', PITCH),
  ...bays([-AISLE - 2 * DEEP - 2, 6, -AISLE - DEEP - 2, 6 + PITCH * 17], 'y', PITCH),
  ...[9, 27, 45].flatMap((y) => [...arrow([1.5, y], 0), ...arrow([-1.5, y + 6], Math.PI)]),
  box([AISLE + 0.3, 6.15, AISLE + DEEP - 0.2, 6 + PITCH - 0.15], 'red'),
  cover([0, 14]),
  cover([-1.2, 23]),
];

const BODIES: readonly VehicleBody[] = ['car', 'suv', 'car', 'van', 'car', 'suv', 'taxi'];

/** Full but for a few bays; noses in or out as people please. */
function parkedCars(): Parked[] {
  const random = randomStream(88, 'car park');
  const rows = [
    { x: AISLE + DEEP / 2, empty: [0, 4, 9] },
    { x: -AISLE - DEEP / 2, empty: [2, 7, 8] },
    { x: AISLE + DEEP * 1.5 + 2.4, empty: [3, 5, 12] },
    { x: -AISLE - DEEP * 1.5 - 2, empty: [1, 6, 10] },
  ];
  return rows.flatMap(({ x, empty }, row) =>
    Array.from({ length: 17 }, (_, bay) => bay).flatMap((bay): Parked[] => {
      const [body, isIn] = [pickOne(random, BODIES), random() < 0.6];
      const off = (random() - 0.5) * 0.3;
      if (empty.includes(bay) || random() < 0.12) return [];
      const heading = (isIn ? 1 : -1) * (Math.PI / 2) * (x > 0 ? 1 : -1) + (random() - 0.5) * 0.05;
      return [{ body, x: x + off, y: 6 + PITCH * (bay + 0.5), heading, seed: row * 100 + bay * 7 }];
    }),
  );
}

const props: Prop[] = [
  ...inRow('young-tree', { x: -AISLE - DEEP - 1, from: 6, to: 50, everyM: 7.8, seed: 81 }),
  ...inRow('pagoda-tree', { x: AISLE + DEEP + 1.2, from: 20, to: 50, everyM: 10.4, seed: 82 }),
  ...inRow('plane-tree', { y: 63, from: -28, to: 32, everyM: 9, seed: 83 }),
  { kind: 'street-lamp', x: AISLE + DEEP + 1.2, y: 14.8, heading: -Math.PI / 2 },
  { kind: 'street-lamp', x: -AISLE - DEEP - 1, y: 25.4, heading: Math.PI / 2 },
  { kind: 'street-lamp', x: AISLE + DEEP + 1.2, y: 36, heading: -Math.PI / 2 },
  ...inRow('charger', { x: AISLE + DEEP + 0.3, from: 8.6, to: 18, everyM: PITCH, heading: -Math.PI / 2 }),
  ...inRow('wheel-stop', { x: AISLE + DEEP - 0.7, from: 6 + PITCH / 2, to: 48, everyM: PITCH, heading: Math.PI / 2 }),
  { kind: 'camera-pole', x: -AISLE - DEEP - 1, y: 44, heading: 2.5 },
  { kind: 'cones', x: 4, y: 7.3 },
  { kind: 'road-sign', x: 8.6, y: 5, heading: 0, seed: 0 },
  { kind: 'bin', x: 9.2, y: 12.2, heading: Math.PI / 2 },
  { kind: 'hedge', x: -23.6, y: 20, heading: Math.PI / 2, lengthM: 30 },
];

const walks: Walk[] = [
  {
    id: 'up-aisle',
    points: [
      [1, -4],
      [0.6, 8],
      [-0.4, 30],
      [-1, 62],
    ],
    spreadM: 2.4,
    share: 4,
  },
  {
    id: 'island',
    points: [
      [9, -2],
      [9.4, 5],
      [9.5, 25],
      [9.4, 54],
      [6, 63],
    ],
    spreadM: 0.7,
    share: 3,
  },
  {
    id: 'to-bay',
    points: [
      [-1, -4],
      [-1.4, 9],
      [-2.6, 12.4],
      [-7.4, 12.5],
    ],
    spreadM: 0.5,
    share: 2,
    isOneWay: true,
  },
  {
    id: 'from-bay',
    points: [
      [7.6, 17.7],
      [3.4, 17.8],
      [1.6, 14],
      [1.2, -4],
    ],
    spreadM: 0.5,
    share: 2,
    isOneWay: true,
  },
  {
    id: 'across',
    points: [
      [9.4, 29.4],
      [3, 30.7],
      [-3, 26],
      [-8, 25.5],
    ],
    spreadM: 0.4,
    share: 1,
  },
];

const spots: Spot[] = [
  { x: 5.6, y: 19.05, heading: -0.4, pose: 'phone', share: 0 },
  { x: -3.6, y: 14.0, heading: 1.2, pose: 'phone', share: 0 },
  { x: 3.3, y: 8.4, heading: -2.2, pose: 'carry', share: 0.8 },
  { x: 9.9, y: 17, heading: -2.8, pose: 'phone', share: 0.8 },
  { x: -3.2, y: 12.7, heading: 2.1, pose: 'talk', share: 0.8 },
  { x: -2.4, y: 11.7, heading: -0.9, pose: 'talk', share: 0.8 },
  { x: 2.5, y: 21, heading: -2.6, pose: 'look', share: 0.6 },
];

const stage: Stage = {
  place: parkingPlace(),
  slabs,
  marks,
  buildings: [
    { at: [-30, 70, 4, 88], heightM: 15, style: 'tile', seed: 3, shops: ['south'] },
    { at: [6, 70, 40, 90], heightM: 24, style: 'glass', seed: 8, shops: ['south'] },
    ...houses({ front: -32, facing: 'east', from: -10, to: 66, seed: 85, hasShops: true, heightM: [9, 16] }),
    ...houses({ front: 36, facing: 'west', from: -10, to: 66, seed: 86, heightM: [12, 22] }),
    ...houses({ front: 100, facing: 'south', from: -80, to: 80, seed: 87, heightM: [26, 42], widthM: [16, 26] }),
  ],
  props,
  lanes: [
    {
      id: 'looks-for-a-place',
      points: [
        [1.5, -30],
        [1.5, 54],
        [10, 57.5],
        [30, 57.5],
      ],
      bodies: ['suv', 'car'],
      perMinute: 2,
      speedMs: 3.4,
      radiusM: 5,
      halts: [{ atM: 55, seconds: 3 }],
      offsetS: 4,
    },
    {
      id: 'leaves',
      points: [
        [28, 54.6],
        [8, 54.4],
        [-1.5, 48],
        [-1.5, -30],
      ],
      bodies: ['car'],
      perMinute: 1,
      speedMs: 3.4,
      radiusM: 5,
      offsetS: 18,
    },
  ],
  walks,
  spots,
  parked: parkedCars(),
  places: [{ kind: 'parking', name: '仓前停车场 Granary Car Park', at: [-23, 0, 34, 58] }],
  signals: { cycleS: 60, green: {} },
  glows: [],
};

function parkingPlace() {
  const [xM, yM] = inFace(6, 1, 0.5, 0.2);
  return { xM, yM, bearingDeg: onRoad([6, 1], [6, 2]).bearingDeg };
}

export const parkingView: View = {
  id: 'parking',
  name: '仓前停车场 Granary Car Park',
  looksAt: 'A car park with rows of bays, from a mast; people between the cars.',
  area: gridId(6, 1),
  camera: { x: -1.5, y: -4.5, heightM: 7.2, yawDeg: 4, pitchDeg: 19, focalPx: 1480, k1: -0.12, k2: 0.03 },
  stage,
  sun: { sunFromDeg: 220 },
  overlay: 'CAM 07  GRANARY CAR PARK  ',
  variants: [
    { id: 'main', seconds: 60, look: 'overcast', crowd: { people: 8, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 6, traffic: 1, spots: 0.5 } },
    { id: 'glare', seconds: 15, look: 'glare', crowd: { people: 7, traffic: 1, spots: 0.8 } },
    { id: 'busy', seconds: 15, look: 'clear-afternoon', crowd: { people: 17, traffic: 1, spots: 1 } },
  ],
};
