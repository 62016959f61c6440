/** Linjiang Square: granite, a fountain, beds and benches; people walk across it in all directions, some dance. */
import { gridId } from '../plan/areas.ts';
import { inFace, onRoad } from '../plan/lattice.ts';
import { between, randomStream } from '../random.ts';
import type { View } from '../view.ts';
import { box } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Mark, Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const slabs: Slab[] = [
  { at: [-45, -30, 45, 62], z: 0.01, paving: 'granite' },
  { at: [-120, 62, 120, 72], z: 0, paving: 'asphalt' },
  { at: [-120, 72, 120, 78], z: 0.12, paving: 'slabs' },
  { at: [-40, 12, -15, 20], z: 0.16, paving: 'grass', corners: [2, 2, 2, 2] },
  { at: [-40, 26, -15, 50], z: 0.16, paving: 'grass', corners: [2, 2, 2, 2] },
  { at: [16, 33, 40, 54], z: 0.16, paving: 'grass', corners: [2, 2, 2, 2] },
  { at: [17, 10, 40, 25], z: 0.16, paving: 'grass', corners: [2, 2, 2, 2] },
];

/** Rings of darker stone round the fountain, and bands across. */
function rings(): Mark[] {
  const out: Mark[] = [];
  for (const [inner, outer] of [
    [6, 6.5],
    [9.5, 10.3],
  ] as const) {
    for (let step = 0; step < 40; step++) {
      const [a, b] = [(step / 40) * 2 * Math.PI, ((step + 1) / 40) * 2 * Math.PI];
      const at = (radius: number, turn: number) => [6 + radius * Math.cos(turn), 30 + radius * Math.sin(turn)] as const;
      out.push({ points: [at(inner, a), at(outer, a), at(outer, b), at(inner, b)], paint: 'stone' });
    }
  }
  return out;
}

const marks: Mark[] = [
  ...rings(),
  ...[-13, -8, -3, 2, 7, 12].map((x) => box([x, -10, x + 0.4, 17], 'stone')),
  ...[2, 7, 12, 17].map((y) => box([-14, y, 16, y + 0.4], 'stone')),
  box([-14.6, -10, -14, 60], 'tactile'),
];

const props: Prop[] = [
  { kind: 'fountain', x: 6, y: 30 },
  ...inRow('plane-tree', { x: -17.5, from: 14, to: 48, everyM: 8.5, seed: 61 }),
  ...inRow('pagoda-tree', { x: -24, from: 16, to: 48, everyM: 9, seed: 62 }),
  ...inRow('pagoda-tree', { x: 20, from: 36, to: 54, everyM: 9, seed: 63 }),
  ...inRow('plane-tree', { x: 22, from: 12, to: 26, everyM: 11, seed: 64 }),
  ...inRow('plane-tree', { y: 74, from: -60, to: 60, everyM: 10, seed: 65 }),
  ...inRow('cypress', { x: 15.2, from: 14, to: 23, everyM: 3, seed: 66 }),
  ...inRow('path-lamp', { x: -12.6, from: 9, to: 57, everyM: 8 }),
  ...inRow('path-lamp', { x: 14.4, from: 12, to: 57, everyM: 11 }),
  { kind: 'bench', x: -13.3, y: 13, heading: Math.PI / 2 },
  { kind: 'bench', x: -13.3, y: 21, heading: Math.PI / 2 },
  { kind: 'bench', x: -13.3, y: 29, heading: Math.PI / 2 },
  { kind: 'bench', x: 13.8, y: 19.4, heading: -Math.PI / 2 },
  { kind: 'bench', x: 13.8, y: 27, heading: -Math.PI / 2 },
  { kind: 'bin', x: -13, y: 17.2, heading: Math.PI / 2 },
  { kind: 'bin', x: 14, y: 23.4, heading: Math.PI / 2 },
  { kind: 'flower-bed', x: 1, y: 25.6, seed: 4 },
  { kind: 'flower-bed', x: 11, y: 25.4, seed: 5 },
  { kind: 'flower-bed', x: 1.2, y: 34.4, seed: 6 },
  { kind: 'flower-bed', x: 11, y: 34.6, seed: 7 },
  { kind: 'planter', x: -9, y: 24, heading: 0.2, lengthM: 4 },
  { kind: 'statue', x: -6, y: 41, heading: 0.3 },
  { kind: 'stage-steps', x: 4, y: 55, lengthM: 20 },
  { kind: 'street-lamp', x: -11, y: 44, heading: 2.4 },
  { kind: 'street-lamp', x: 16, y: 8, heading: -1.2 },
  { kind: 'street-lamp', x: -14.5, y: 6, heading: 1.4 },
  { kind: 'awning-cart', x: 12.4, y: 12.6, heading: -2.2, seed: 4 },
  { kind: 'notice-board', x: -11.6, y: 34, heading: -0.4 },
];

const walks: Walk[] = [
  {
    id: 'north-east',
    points: [
      [-10, -3],
      [-4, 10],
      [-0.5, 22],
      [-0.6, 38],
      [3, 52],
    ],
    spreadM: 3,
    share: 3,
  },
  {
    id: 'east',
    points: [
      [-24, 23],
      [-10, 21.6],
      [2, 19.4],
      [12, 17],
      [17, 28.5],
      [30, 29],
    ],
    spreadM: 2,
    share: 3,
  },
  {
    id: 'north-west',
    points: [
      [12, -3],
      [7, 9],
      [-2, 15],
      [-10.6, 22],
      [-24, 23.4],
    ],
    spreadM: 2.4,
    share: 3,
  },
  {
    id: 'round',
    points: [
      [-8, 4],
      [0, 14],
      [9, 21],
      [13, 27],
      [12.8, 38],
      [14, 60],
    ],
    spreadM: 1.8,
    share: 2,
  },
  {
    id: 'near',
    points: [
      [-16, 9],
      [-6, 10.5],
      [6, 11.6],
      [15.2, 8.6],
    ],
    spreadM: 3,
    share: 2,
  },
  {
    id: 'child',
    points: [
      [4, 16],
      [7.5, 18.5],
      [4.5, 21],
      [1, 18],
      [-3, 12],
      [3, 8],
      [12, 4],
      [18, 2],
    ],
    spreadM: 0.9,
    share: 1,
    speedMs: 1.7,
  },
];

/** Rows of dancers who all look the same way. */
function dancers(): Spot[] {
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2, 3].map(
      (column): Spot => ({
        x: -9.2 + column * 1.6 + (row % 2) * 0.7,
        y: 27.4 + row * 1.7,
        heading: 2.7,
        pose: column === 1 ? 'carry' : 'stand',
        share: 0.45,
      }),
    ),
  );
}

const spots: Spot[] = [
  ...dancers(),
  { x: -13.2, y: 12.7, heading: Math.PI / 2, pose: 'sit', share: 0.9 },
  { x: -13.2, y: 13.4, heading: Math.PI / 2, pose: 'sit', share: 0.6 },
  { x: -13.2, y: 21, heading: Math.PI / 2, pose: 'sit', share: 0.7 },
  { x: 13.7, y: 19.6, heading: -Math.PI / 2, pose: 'sit', share: 0.8 },
  { x: 4.2, y: 13.4, heading: 1.3, pose: 'talk', share: 0.8 },
  { x: 5.3, y: 13.7, heading: -1.7, pose: 'talk', share: 0.8 },
  { x: 11.2, y: 13.6, heading: 2.3, pose: 'stand', share: 0.7 },
  { x: 1.2, y: 27, heading: 0.9, pose: 'phone', share: 0.8 },
  { x: -4.6, y: 18.6, heading: 2.6, pose: 'phone', share: 0.7 },
];

/** A ring of people around something on the ground. */
function gathered(): Spot[] {
  const random = randomStream(77, 'gathered');
  return Array.from({ length: 19 }, (_, index): Spot => {
    const turn = (index / 19) * 2 * Math.PI * 2.1;
    const radius = 1.5 + (index / 19) * 1.6;
    const [x, y] = [1.5 + radius * Math.sin(turn), 15.6 + radius * Math.cos(turn)];
    return {
      x,
      y,
      heading: turn + Math.PI + between(random, -0.3, 0.3),
      pose: index % 4 === 0 ? 'phone' : 'look',
      share: 1,
    };
  });
}

const stage: Stage = {
  place: squarePlace(),
  slabs,
  marks,
  buildings: [
    { at: [-26, 82, 34, 100], heightM: 22, style: 'stone', seed: 2 },
    ...houses({ front: 80, facing: 'south', from: -110, to: -30, seed: 62, hasShops: true, heightM: [16, 36] }),
    ...houses({
      front: 80,
      facing: 'south',
      from: 38,
      to: 110,
      seed: 63,
      hasShops: true,
      heightM: [16, 40],
      styles: ['glass', 'tile', 'stone'],
    }),
    ...houses({ front: -47, facing: 'east', from: 5, to: 62, seed: 64, hasShops: true, heightM: [12, 26] }),
    ...houses({ front: 47, facing: 'west', from: 5, to: 62, seed: 65, hasShops: true, heightM: [12, 26] }),
  ],
  props,
  lanes: [
    {
      id: 'east',
      points: [
        [-80, 65.2],
        [80, 65.2],
      ],
      bodies: ['car', 'bus', 'suv', 'taxi'],
      perMinute: 6,
    },
    {
      id: 'west',
      points: [
        [80, 68.8],
        [-80, 68.8],
      ],
      bodies: ['taxi', 'car', 'van'],
      perMinute: 6,
      offsetS: 4,
    },
    {
      id: 'bicycle',
      points: [
        [28, 27.5],
        [16, 29],
        [10.8, 22.3],
        [0, 16.4],
        [-8, 4],
        [-12, -6],
      ],
      bodies: ['bicycle'],
      perMinute: 1,
      speedMs: 2.8,
      radiusM: 5,
      offsetS: 20,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'square', name: '临江广场 Linjiang Square', at: [-45, -10, 45, 60] }],
  signals: { cycleS: 60, green: {} },
  glows: [
    { x: 6, y: 30, z: 2.7, color: [0.7, 0.85, 1], radiusM: 0.5 },
    { x: 12, y: 12, z: 2.4, color: [1, 0.85, 0.6], radiusM: 0.4 },
  ],
};

function squarePlace() {
  const [xM, yM] = inFace(4, 2, 0.45, 0.15);
  return { xM, yM, bearingDeg: onRoad([4, 2], [4, 3]).bearingDeg };
}

export const squareView: View = {
  id: 'square',
  name: '临江广场 Linjiang Square',
  looksAt: 'A square with a fountain that people cross in every direction; some sit, some dance.',
  area: gridId(4, 2),
  camera: { x: 0.5, y: -3, heightM: 7.2, yawDeg: 0, pitchDeg: 16.5, focalPx: 1620, k1: -0.09, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 255 },
  overlay: 'CAM 05  LINJIANG SQUARE  ',
  variants: [
    { id: 'main', seconds: 60, look: 'golden', crowd: { people: 11, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 8, traffic: 1, spots: 1 } },
    { id: 'rain', seconds: 15, look: 'rain', crowd: { people: 8, traffic: 1, spots: 0.2 } },
    {
      id: 'incident',
      seconds: 15,
      look: 'clear-afternoon',
      crowd: { people: 7, traffic: 1, spots: 0.3 },
      incident: 'A crowd gathers round something on the square.',
      extra: { spots: gathered() },
    },
  ],
};
