/** North Garden Depot: a fenced yard with containers and pallets behind a sliding gate, closed at night. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { box, cover, dashes, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const ROAD = { from: 0.5, to: 7.5 };
const FENCE_Y = 12;
/** The gate leaves this open by day. */
const GATE = { from: -3.6, to: 3.6 };

const slabs: Slab[] = [
  { at: [-110, ROAD.from, 110, ROAD.to], z: 0, paving: 'asphalt' },
  { at: [-110, -20, 110, ROAD.from], z: 0.12, paving: 'slabs' },
  { at: [-110, ROAD.to, GATE.from - 1, FENCE_Y + 0.2], z: 0.12, paving: 'slabs', corners: [0, 1.5, 0, 0] },
  { at: [GATE.to + 1, ROAD.to, 110, FENCE_Y + 0.2], z: 0.12, paving: 'slabs', corners: [1.5, 0, 0, 0] },
  { at: [GATE.from - 1, ROAD.to, GATE.to + 1, FENCE_Y + 0.2], z: 0, paving: 'concrete' },
  { at: [-60, FENCE_Y + 0.2, 60, 70], z: 0, paving: 'concrete' },
];

const marks: Mark[] = [
  ...dashes([-100, 4], [100, 4], { paint: 'yellow' }),
  line([-100, ROAD.to - 0.25], [GATE.from - 1, ROAD.to - 0.25]),
  line([GATE.to + 1, ROAD.to - 0.25], [100, ROAD.to - 0.25]),
  line([-4, 14], [-4, 34], { paint: 'yellow' }),
  line([4.4, 14], [4.4, 34], { paint: 'yellow' }),
  ...[0, 1, 2, 3, 4].map((step) => line([5.4 + step * 1.2, 29], [6.8 + step * 1.2, 32], { paint: 'yellow' })),
  box([GATE.from, FENCE_Y - 0.6, GATE.to, FENCE_Y - 0.3], 'yellow'),
  cover([1.4, 17]),
  cover([-6, 5]),
];

const props: Prop[] = [
  { kind: 'fence', x: -18.6, y: FENCE_Y, lengthM: 30, heightM: 2.3 },
  { kind: 'fence', x: 18.6, y: FENCE_Y, lengthM: 30, heightM: 2.3 },
  { kind: 'sliding-gate', x: -6, y: FENCE_Y + 0.5, lengthM: 4.6 },
  { kind: 'guard-booth', x: 6.4, y: 14.4 },
  { kind: 'containers', x: -12.6, y: 22, heading: Math.PI / 2, seed: 3 },
  { kind: 'containers', x: -15.6, y: 23, heading: Math.PI / 2, seed: 5 },
  { kind: 'containers', x: -12.4, y: 29.4, heading: Math.PI / 2, seed: 8 },
  { kind: 'containers', x: -15.8, y: 30.4, heading: Math.PI / 2, seed: 7 },
  { kind: 'containers', x: 18, y: 30, heading: 0, seed: 9 },
  { kind: 'containers', x: 24.5, y: 30, heading: 0, seed: 12 },
  ...inRow('pallets', { x: 11.5, from: 16.4, to: 24, everyM: 1.9, seed: 9 }),
  ...inRow('pallets', { x: 13.4, from: 16.6, to: 24, everyM: 1.9, seed: 10 }),
  { kind: 'crates', x: 9.6, y: 21.8, seed: 8 },
  { kind: 'cones', x: -4.3, y: 14.6 },
  { kind: 'cones', x: 4.6, y: 18.6 },
  { kind: 'cones', x: 4.6, y: 23 },
  { kind: 'street-lamp', x: -8.4, y: 13.4, heading: 0.4 },
  { kind: 'street-lamp', x: 9.2, y: 27, heading: -1.4 },
  { kind: 'street-lamp', x: -9.6, y: 33, heading: 1.4 },
  ...inRow('street-lamp', { y: 8.2, from: -15, to: 30, everyM: 30, heading: Math.PI }),
  { kind: 'road-sign', x: 5.4, y: 9.6, heading: 0, seed: 1 },
  { kind: 'camera-pole', x: 8.4, y: 13.4, heading: 3 },
  ...inRow('plane-tree', { y: 9, from: -42, to: -14, everyM: 9, seed: 131 }),
  ...inRow('plane-tree', { y: 9, from: 14, to: 50, everyM: 9, seed: 132 }),
  { kind: 'notice-board', x: 12, y: 11.4 },
];

/** The second leaf, drawn across when the yard is closed; someone slim fits past its end. */
const SHUT_GATE: readonly Prop[] = [{ kind: 'sliding-gate', x: -0.6, y: FENCE_Y + 0.5, lengthM: 5.6 }];

const walks: Walk[] = [
  {
    id: 'past-gate',
    points: [
      [-26, 10.4],
      [-6, 10.2],
      [0, 9.8],
      [6, 10.2],
      [26, 10.4],
    ],
    spreadM: 1.4,
    share: 3,
  },
  {
    id: 'in-and-out',
    points: [
      [20, 10.2],
      [6, 9.9],
      [2.8, 11],
      [2.9, 16],
      [3.4, 24],
      [7.9, 27.4],
      [7.9, 41.8],
    ],
    spreadM: 0.4,
    share: 3,
  },
  {
    id: 'yard-across',
    points: [
      [-10.2, 34],
      [-9.6, 26],
      [-5.6, 20.4],
      [5.2, 20.2],
      [9.1, 19.6],
      [9.1, 15.6],
    ],
    spreadM: 0.5,
    share: 2,
    pauses: [{ after: 4, share: 0.8, seconds: [3, 8], heading: 1.5, pose: 'look' }],
  },
  {
    id: 'yard-round',
    points: [
      [-7, 41.8],
      [-7, 33],
      [-6.6, 24],
      [-9, 19.2],
      [-9.4, 16.2],
    ],
    spreadM: 0.5,
    share: 1,
  },
];

const spots: Spot[] = [
  { x: 4.9, y: 13.7, heading: -1.8, pose: 'stand', share: 0.9 },
  { x: 10.3, y: 18, heading: 1.4, pose: 'carry', share: 0.8 },
  { x: -10.2, y: 20.6, heading: -1.5, pose: 'look', share: 0.7 },
  { x: -4.9, y: 15.8, heading: 0.9, pose: 'talk', share: 0.7 },
  { x: -4.2, y: 16.6, heading: -2.2, pose: 'talk', share: 0.7 },
  { x: 7.4, y: 24, heading: -1, pose: 'phone', share: 0.6 },
];

const stage: Stage = {
  place: { ...onRoad([6, 5], [7, 5]), bearingDeg: onRoad([6, 5], [7, 5]).bearingDeg + 90 },
  slabs,
  marks,
  buildings: [
    { at: [-24, 42, 14, 58], heightM: 9.4, style: 'concrete', seed: 5 },
    { at: [16, 38, 44, 56], heightM: 7.4, style: 'brick', seed: 15 },
    { at: [-46, 30, -26, 58], heightM: 10.4, style: 'plaster', seed: 6 },
    ...houses({ front: 76, facing: 'south', from: -100, to: 100, seed: 133, heightM: [18, 34], widthM: [16, 26] }),
    ...houses({ front: FENCE_Y + 2, facing: 'south', from: -96, to: -36, seed: 134, hasShops: true, heightM: [7, 12] }),
    ...houses({ front: FENCE_Y + 2, facing: 'south', from: 38, to: 90, seed: 135, heightM: [8, 14] }),
  ],
  props,
  lanes: [
    {
      id: 'delivers',
      points: [
        [60, 2.2],
        [8, 2.2],
        [0.6, 9.4],
        [0.6, 37.8],
      ],
      bodies: ['truck'],
      perMinute: 1,
      speedMs: 3.6,
      radiusM: 8,
      halts: [{ atM: 70, seconds: 2 }],
      offsetS: 4,
    },
    {
      id: 'leaves',
      points: [
        [-1.8, 39],
        [-1.8, 10],
        [-7, 5.7],
        [-60, 5.7],
      ],
      bodies: ['van'],
      perMinute: 1,
      speedMs: 4,
      radiusM: 7,
      offsetS: 27,
    },
    {
      id: 'east',
      points: [
        [-60, 2.2],
        [3, 2.2],
        [60, 1.9],
      ],
      bodies: ['motorcycle'],
      perMinute: 0,
      speedMs: 5,
    },
  ],
  walks,
  spots,
  parked: [
    { body: 'truck', x: -4.7, y: 37.2, heading: Math.PI, seed: 4 },
    { body: 'truck', x: 5.6, y: 37, heading: Math.PI, seed: 5 },
    { body: 'van', x: 14.9, y: 34.6, heading: Math.PI / 2, seed: 6 },
    { body: 'car', x: 10.2, y: 32.6, heading: 0.2, seed: 9 },
    { body: 'truck', x: 17.6, y: 24.4, heading: -Math.PI / 2, seed: 7 },
  ],
  places: [{ kind: 'yard', name: '北园货场 North Garden Depot', at: [-26, FENCE_Y + 0.5, 36, 42] }],
  signals: { cycleS: 60, green: {} },
  glows: [{ x: 6.4, y: 14.4, z: 2, color: [1, 0.92, 0.75], radiusM: 0.3 }],
};

export const yardView: View = {
  id: 'yard',
  name: '北园货场 North Garden Depot',
  looksAt: 'The gate of a depot and the yard behind it: trucks, pallets, people at work.',
  area: gridId(6, 4),
  camera: { x: 5.2, y: -1.8, heightM: 6.4, yawDeg: -11, pitchDeg: 15.5, focalPx: 1400, k1: -0.09, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 215 },
  overlay: 'CAM 12  NORTH GARDEN DEPOT  ',
  variants: [
    { id: 'main', seconds: 60, look: 'clear-afternoon', crowd: { people: 6, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 2, traffic: 0, spots: 0 } },
    { id: 'rain', seconds: 15, look: 'rain', crowd: { people: 5, traffic: 1, spots: 0.7 } },
    {
      id: 'incident',
      seconds: 15,
      look: 'night',
      crowd: { people: 0, traffic: 0, spots: 0 },
      incident: 'Somebody enters the closed yard at night.',
      extra: {
        props: SHUT_GATE,
        walks: [
          {
            id: 'enters',
            points: [
              [9.5, 10.2],
              [4, 10.1],
              [2.95, 11.4],
              [2.95, 13.6],
              [0.6, 17],
              [-3.6, 20.6],
              [-9, 25.7],
              [-13.5, 25.7],
            ],
            spreadM: 0.2,
            share: 0.6,
            isOneWay: true,
            speedMs: 2,
            startS: [0, 0.4],
          },
        ],
      },
    },
  ],
};
