/** Bridge Head Promenade: a path along the river under willows, a cycle way beside it, a stone bridge in the distance. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { box, dashes, line } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

/** From left to right: road, hedge, cycle way, promenade, railing, river. */
const CYCLE = { from: -7.4, to: -3.8 };
const EDGE = 4.2;
const FAR = 150;

const slabs: Slab[] = [
  { at: [-90, -60, -17, FAR + 60], z: 0, paving: 'concrete' },
  { at: [-17, -60, -9.4, FAR], z: 0, paving: 'asphalt' },
  { at: [-9.4, -60, CYCLE.from, FAR], z: 0.14, paving: 'grass' },
  { at: [CYCLE.from, -60, CYCLE.to, FAR], z: 0.02, paving: 'red-asphalt' },
  { at: [CYCLE.to, -60, EDGE, FAR], z: 0.1, paving: 'setts' },
  { at: [EDGE, -60, 70, FAR + 60], z: -2.6, paving: 'water' },
  { at: [70, -60, 140, FAR + 60], z: 0, paving: 'grass' },
];

const marks: Mark[] = [
  ...dashes([(CYCLE.from + CYCLE.to) / 2, -60], [(CYCLE.from + CYCLE.to) / 2, FAR], { onM: 1, offM: 2, widthM: 0.1 }),
  line([CYCLE.from + 0.15, -60], [CYCLE.from + 0.15, FAR], { widthM: 0.1 }),
  ...dashes([-13.2, -60], [-13.2, FAR], { paint: 'yellow' }),
  ...[4, 12, 20, 28, 36, 44, 52].map((y) => box([CYCLE.to + 0.2, y, EDGE - 0.5, y + 0.5], 'stone')),
  box([2.9, -60, 3.3, FAR], 'stone'),
];

const props: Prop[] = [
  { kind: 'railing', x: EDGE - 0.25, y: 40, heading: Math.PI / 2, lengthM: 100, heightM: 1.1 },
  { kind: 'wall', x: EDGE + 0.05, y: 45, heading: Math.PI / 2, lengthM: 210, heightM: 2.6, z: -2.6, seed: 3 },
  { kind: 'wall', x: 70, y: 45, heading: Math.PI / 2, lengthM: 210, heightM: 2.7, z: -2.6, seed: 3 },
  { kind: 'bridge-arch', x: 37, y: 78, lengthM: 72, z: 0 },
  { kind: 'boat', x: 12, y: 30, heading: 0.15, z: -2.75 },
  { kind: 'boat', x: 16, y: 52, heading: -0.1, z: -2.75 },
  ...inRow('willow', { x: -3, from: 18, to: 110, everyM: 11.5, seed: 101 }),
  ...inRow('hedge', { x: -8.4, from: 8, to: 100, everyM: 10, heading: Math.PI / 2, lengthM: 9 }),
  ...inRow('plane-tree', { x: -18.5, from: 8, to: 120, everyM: 10, seed: 102 }),
  ...inRow('path-lamp', { x: 3.6, from: 10.5, to: 100, everyM: 14 }),
  ...inRow('street-lamp', { x: -8.4, from: 12, to: 110, everyM: 26, heading: Math.PI / 2 }),
  { kind: 'bench', x: -2.9, y: 13.4, heading: Math.PI / 2 },
  { kind: 'bench', x: -2.9, y: 22.6, heading: Math.PI / 2 },
  { kind: 'bench', x: -2.9, y: 34.4, heading: Math.PI / 2 },
  { kind: 'bin', x: -3.2, y: 15.7, heading: Math.PI / 2 },
  { kind: 'flower-bed', x: -3, y: 11, seed: 8 },
  { kind: 'notice-board', x: -2.8, y: 26.6, heading: Math.PI / 2 },
  ...inRow('pagoda-tree', { x: 74, from: 0, to: 160, everyM: 9, seed: 103 }),
];

const walks: Walk[] = [
  {
    id: 'promenade',
    points: [
      [0.6, -8],
      [0.5, 12],
      [0.4, 40],
      [0.6, 76],
    ],
    spreadM: 3.4,
    share: 6,
  },
  {
    id: 'to-railing',
    points: [
      [-0.6, -8],
      [0, 12],
      [2.4, 18],
      [3.1, 20],
      [1.4, 24],
      [0.6, 60],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [{ after: 3, share: 1, seconds: [6, 14], heading: 1.4, pose: 'look' }],
  },
  {
    id: 'runner',
    points: [
      [-1.6, -8],
      [-1.5, 40],
      [-1.4, 76],
    ],
    spreadM: 0.5,
    share: 0.6,
    speedMs: 1.75,
  },
  {
    id: 'pavement',
    points: [
      [-21.6, -5],
      [-21.4, 70],
    ],
    spreadM: 1.4,
    share: 0.5,
  },
];

const spots: Spot[] = [
  { x: -2.8, y: 13.1, heading: Math.PI / 2, pose: 'sit', share: 0.9 },
  { x: -2.8, y: 13.85, heading: Math.PI / 2, pose: 'sit', share: 0.7 },
  { x: -2.8, y: 22.5, heading: Math.PI / 2, pose: 'sit', share: 0.7 },
  { x: 3.3, y: 14.6, heading: 1.5, pose: 'look', share: 0.9 },
  { x: 3.25, y: 15.5, heading: 1.7, pose: 'phone', share: 0.8 },
  { x: 3.3, y: 27.4, heading: 1.4, pose: 'stand', share: 0.8 },
  { x: -2, y: 26.5, heading: -1.5, pose: 'look', share: 0.6 },
];

const stage: Stage = {
  place: riversidePlace(),
  slabs,
  marks,
  buildings: [
    ...houses({ front: -24, facing: 'east', from: -10, to: 150, seed: 104, hasShops: true, heightM: [9, 19] }),
    ...houses({
      front: 84,
      facing: 'west',
      from: -20,
      to: 190,
      seed: 105,
      heightM: [18, 44],
      widthM: [16, 28],
      styles: ['glass', 'tile', 'stone', 'plaster'],
    }),
    ...houses({ front: 168, facing: 'south', from: -80, to: 2, seed: 106, heightM: [20, 36] }),
    ...houses({ front: 205, facing: 'south', from: 4, to: 90, seed: 107, heightM: [26, 48], widthM: [16, 26] }),
  ],
  props,
  lanes: [
    {
      id: 'cycle-north',
      points: [
        [-4.7, -40],
        [-4.7, 130],
      ],
      bodies: ['bicycle', 'bicycle', 'motorcycle'],
      perMinute: 5,
      speedMs: 4.4,
      spreadM: 0.5,
    },
    {
      id: 'cycle-south',
      points: [
        [-6.5, 130],
        [-6.5, -40],
      ],
      bodies: ['bicycle', 'motorcycle', 'bicycle'],
      perMinute: 4,
      speedMs: 4.2,
      spreadM: 0.4,
      offsetS: 6,
    },
    {
      id: 'road-north',
      points: [
        [-11.3, -60],
        [-11.3, 140],
      ],
      bodies: ['car', 'suv', 'taxi'],
      perMinute: 5,
      offsetS: 3,
    },
    {
      id: 'road-south',
      points: [
        [-15.1, 140],
        [-15.1, -60],
      ],
      bodies: ['van', 'car', 'bus', 'car'],
      perMinute: 5,
      offsetS: 8,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'promenade', name: '桥头滨河步道 Bridge Head Promenade', at: [CYCLE.to, -20, EDGE, 110] }],
  signals: { cycleS: 60, green: {} },
  glows: [],
};

/** On the southern edge of the city, the river to the right of whoever looks along it. */
function riversidePlace() {
  const { bearingDeg, xM, yM } = onRoad([5, 0], [6, 0], 0.3);
  return { xM, yM, bearingDeg };
}

export const riversideView: View = {
  id: 'riverside',
  name: '桥头滨河步道 Bridge Head Promenade',
  looksAt: 'A promenade along the river: walkers, sitters, cyclists; a stone bridge behind.',
  area: gridId(5, 0),
  camera: { x: -3.4, y: -4, heightM: 5.8, yawDeg: 8, pitchDeg: 13.5, focalPx: 1440, k1: -0.07, k2: 0.01 },
  stage,
  sun: { sunFromDeg: 140 },
  overlay: 'CAM 09  BRIDGE HEAD  ',
  isHeldOut: true,
  variants: [
    { id: 'main', seconds: 60, look: 'clear-afternoon', crowd: { people: 9, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 6, traffic: 0.8, spots: 0.6 } },
    { id: 'fog', seconds: 15, look: 'fog', crowd: { people: 7, traffic: 0.8, spots: 0.5 } },
    { id: 'busy', seconds: 15, look: 'golden', crowd: { people: 19, traffic: 1.2, spots: 1.2 } },
  ],
};
