/** Liberation Crossing: two four-lane roads, lights for cars and walkers, zebras on all sides. */

import { toCity } from '../placement.ts';
import { gridId } from '../plan/areas.ts';
import { alongEdge, crossing } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { HALF_A, lanes, MIDDLE, NEAR_ZEBRA, NORTH_B, SOUTH_B, walks } from './crossing-ways.ts';
import { arrow, box, cover, dashes, line, zebra } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage } from './stage.ts';

const slabs: Slab[] = [
  { at: [-HALF_A, -60, HALF_A, 130], z: 0, paving: 'asphalt' },
  { at: [-120, SOUTH_B, -HALF_A, NORTH_B], z: 0, paving: 'asphalt' },
  { at: [HALF_A, SOUTH_B, 120, NORTH_B], z: 0, paving: 'asphalt' },
  { at: [-60, -60, -HALF_A, SOUTH_B], z: 0.12, paving: 'slabs', corners: [0, 0, 3.5, 0] },
  { at: [HALF_A, -60, 60, SOUTH_B], z: 0.12, paving: 'slabs', corners: [0, 0, 0, 3.5] },
  { at: [-60, NORTH_B, -HALF_A, 130], z: 0.12, paving: 'slabs', corners: [0, 3.5, 0, 0] },
  { at: [HALF_A, NORTH_B, 60, 130], z: 0.12, paving: 'slabs', corners: [3.5, 0, 0, 0] },
];

function laneLines(): Mark[] {
  const out: Mark[] = [];
  for (const [from, to] of [
    [-60, 9.6],
    [NORTH_B + 6.5, 120],
  ] as const) {
    out.push(
      line([-0.12, from], [-0.12, to], { paint: 'yellow' }),
      line([0.12, from], [0.12, to], { paint: 'yellow' }),
    );
    for (const x of [-3.3, 3.3]) out.push(...dashes([x, from], [x, to]));
    for (const x of [-6.1, 6.1]) out.push(line([x, from], [x, to]));
  }
  for (const [from, to] of [
    [-100, -HALF_A - 6.5],
    [HALF_A + 6.5, 100],
  ] as const) {
    out.push(
      line([from, MIDDLE - 0.12], [to, MIDDLE - 0.12], { paint: 'yellow' }),
      line([from, MIDDLE + 0.12], [to, MIDDLE + 0.12], { paint: 'yellow' }),
    );
    for (const y of [MIDDLE - 3.3, MIDDLE + 3.3]) out.push(...dashes([from, y], [to, y]));
    for (const y of [MIDDLE - 6.1, MIDDLE + 6.1]) out.push(line([from, y], [to, y]));
  }
  return out;
}

const marks: Mark[] = [
  ...laneLines(),
  ...zebra([-HALF_A, NEAR_ZEBRA.from, HALF_A, NEAR_ZEBRA.to], 'y'),
  ...zebra([-HALF_A, NORTH_B + 1.6, HALF_A, NORTH_B + 5.4], 'y'),
  ...zebra([-HALF_A - 5.4, SOUTH_B, -HALF_A - 1.6, NORTH_B], 'x'),
  ...zebra([HALF_A + 1.6, SOUTH_B, HALF_A + 5.4, NORTH_B], 'x'),
  box([0.3, 9.6, HALF_A - 1.4, 10]),
  box([-HALF_A + 1.4, NORTH_B + 6.4, -0.3, NORTH_B + 6.8]),
  box([-HALF_A - 6.8, SOUTH_B + 1.4, -HALF_A - 6.4, MIDDLE - 0.3]),
  box([HALF_A + 6.4, MIDDLE + 0.3, HALF_A + 6.8, NORTH_B - 1.4]),
  ...arrow([1.65, 2], 0),
  ...arrow([4.7, 2], 0, 'right'),
  ...arrow([-1.65, NORTH_B + 15], Math.PI),
  ...[
    [3, 6],
    [-2.4, 17],
    [4.2, 22],
    [-5, 4],
    [1, 29],
  ].map(([x, y]) => cover([x!, y!])),
  box([-9.6, NEAR_ZEBRA.from, -8.2, NEAR_ZEBRA.to], 'tactile'),
  box([8.2, NEAR_ZEBRA.from, 9.6, NEAR_ZEBRA.to], 'tactile'),
];

const poles: Prop[] = [
  { kind: 'signal', x: 8.3, y: 10.2, heading: Math.PI, group: 'a', lengthM: 4.4 },
  { kind: 'signal', x: 9, y: NORTH_B + 6, heading: Math.PI, group: 'a', lengthM: 5 },
  { kind: 'signal', x: -8.6, y: SOUTH_B - 0.9, heading: -Math.PI / 2, group: 'b', lengthM: 4.4 },
  { kind: 'signal', x: 9.2, y: NORTH_B + 1, heading: Math.PI / 2, group: 'b', lengthM: 4.4 },
  { kind: 'walk-signal', x: -8.1, y: 10.7, heading: Math.PI / 2, group: 'wa' },
  { kind: 'walk-signal', x: 8.1, y: 16.4, heading: -Math.PI / 2, group: 'wa' },
];

const props: Prop[] = [
  ...poles,
  ...inRow('plane-tree', { x: -8.9, from: -17, to: -8, everyM: 9, seed: 3 }),
  ...inRow('plane-tree', { x: 9, from: -12, to: 6, everyM: 9, seed: 4 }),
  ...inRow('plane-tree', { x: 9, from: 48, to: 110, everyM: 9, seed: 5 }),
  ...inRow('plane-tree', { x: -9, from: 46, to: 110, everyM: 9, seed: 6 }),
  ...inRow('plane-tree', { y: NORTH_B + 1.6, from: 20, to: 60, everyM: 8.5, seed: 7 }),
  ...inRow('street-lamp', { x: 8.2, from: -6, to: 8, everyM: 26, heading: -Math.PI / 2 }),
  ...inRow('street-lamp', { x: 8.3, from: 44, to: 110, everyM: 24, heading: -Math.PI / 2 }),
  ...inRow('street-lamp', { y: NORTH_B + 1.1, from: 16, to: 70, everyM: 24, heading: Math.PI }),
  { kind: 'street-lamp', x: 9.3, y: 17.5, heading: -Math.PI / 4 },
  { kind: 'street-lamp', x: -10, y: 16.2, heading: Math.PI / 4 },
  { kind: 'guard-rail', x: 8, y: 3.5, heading: Math.PI / 2, lengthM: 11 },
  { kind: 'guard-rail', x: 15.5, y: SOUTH_B - 0.5, lengthM: 9 },
  { kind: 'guard-rail', x: 15.5, y: NORTH_B + 0.5, lengthM: 9 },
  { kind: 'share-bikes', x: 14.6, y: 15.2, lengthM: 5.5, seed: 4 },
  { kind: 'bin', x: 9.4, y: 8.6 },
  { kind: 'cabinet', x: 12.2, y: 9.6, heading: Math.PI / 2 },
  { kind: 'road-sign', x: 8.2, y: 7.4, heading: Math.PI, seed: 2 },
  { kind: 'kiosk', x: 15, y: NORTH_B + 4, heading: Math.PI, seed: 9 },
  { kind: 'hedge', x: 12.8, y: 3.5, heading: Math.PI / 2, lengthM: 9 },
];

const spots: Spot[] = [
  { x: 12.6, y: 13.9, heading: -1.9, pose: 'phone', share: 1 },
  { x: 13.4, y: 14, heading: -2.4, pose: 'stand', share: 0.5 },
  { x: 15, y: NORTH_B + 2.1, heading: 0.2, pose: 'stand', share: 0.8 },
];

/** Green a quarter of the cycle each way, all red between, so that nobody is caught on the zebra. */
const signals = { cycleS: 60, green: { a: [0, 23], wb: [0, 21], b: [30, 53], wa: [30, 51] } } as const;
const walkersGo = { cycleS: 15, green: { b: [0, 15], wa: [0, 15] } } as const;
const carsGo = { cycleS: 15, green: { a: [0, 15], wb: [0, 15] } } as const;

const stage: Stage = {
  place: stagePlace(),
  slabs,
  marks,
  buildings: [
    ...houses({ front: 13.6, facing: 'west', from: -20, to: SOUTH_B - 6, seed: 11, hasShops: true }),
    ...houses({ front: SOUTH_B - 5.5, facing: 'north', from: 27, to: 75, seed: 12, hasShops: true, depthM: 10 }),
    { at: [14.2, NORTH_B + 6.5, 40, NORTH_B + 28], heightM: 28, style: 'glass', seed: 5, shops: ['south', 'west'] },
    ...houses({
      front: NORTH_B + 6.2,
      facing: 'south',
      from: 41,
      to: 110,
      seed: 13,
      hasShops: true,
      heightM: [12, 24],
    }),
    ...houses({
      front: 14.2,
      facing: 'west',
      from: NORTH_B + 29,
      to: 125,
      seed: 14,
      hasShops: true,
      heightM: [12, 26],
    }),
    ...houses({
      front: -13.6,
      facing: 'east',
      from: NORTH_B + 6.5,
      to: 125,
      seed: 15,
      hasShops: true,
      heightM: [10, 22],
    }),
    ...houses({ front: NORTH_B + 6.2, facing: 'south', from: -80, to: -27, seed: 16, hasShops: true }),
    ...houses({ front: -13.6, facing: 'east', from: -30, to: SOUTH_B - 6, seed: 17, hasShops: true }),
    ...houses({ front: 128, facing: 'south', from: -40, to: 40, seed: 18, heightM: [18, 30] }),
  ],
  props,
  lanes,
  walks,
  spots,
  parked: [],
  places: [{ kind: 'crossing', name: '解放路口 Liberation Crossing', at: [-HALF_A, SOUTH_B, HALF_A, NORTH_B] }],
  signals,
  glows: [
    { x: 18, y: NORTH_B + 5.5, z: 3, color: [1, 0.85, 0.6], radiusM: 1.2 },
    { x: 13.2, y: 4, z: 3, color: [1, 0.8, 0.55], radiusM: 1 },
  ],
};

/** The middle of the stage's crossing lies on the city's. */
function stagePlace() {
  const { bearingDeg } = alongEdge(crossing(4, 2), crossing(4, 3));
  const [xM, yM] = toCity({ xM: crossing(4, 2)[0], yM: crossing(4, 2)[1], bearingDeg }, [0, -MIDDLE]);
  return { xM, yM, bearingDeg };
}

export const crossingView: View = {
  id: 'crossing',
  name: '解放路口 Liberation Crossing',
  looksAt: 'People who cross a four-lane road on a zebra at the lights, and the traffic behind them.',
  area: gridId(3, 1),
  camera: { x: -10.2, y: -0.6, heightM: 6.4, yawDeg: 37, pitchDeg: 15.5, focalPx: 1500, k1: -0.09, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 275 },
  overlay: 'CAM 01  LIBERATION CROSSING  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-afternoon', crowd: { people: 12, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 8, traffic: 0.8, spots: 0.5 }, signals: walkersGo },
    { id: 'busy', seconds: 15, look: 'overcast', crowd: { people: 22, traffic: 1.2, spots: 1 }, signals: walkersGo },
    {
      id: 'incident',
      seconds: 15,
      look: 'clear-morning',
      crowd: { people: 8, traffic: 0.5, spots: 1 },
      signals: carsGo,
      incident: 'Three people cross on red between the cars.',
      extra: {
        walks: [
          {
            id: 'on-red',
            points: [
              [-24, 14],
              [-8.5, 13.5],
              [8.5, 13.5],
              [30, 12.6],
            ],
            spreadM: 2,
            share: 3,
            isOneWay: true,
            speedMs: 1.7,
          },
        ],
      },
    },
  ],
};
