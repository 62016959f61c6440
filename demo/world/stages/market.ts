/** Old Market Lane: stalls under awnings on both sides, crates, carts, and people between them. */
import { gridId } from '../plan/areas.ts';
import { onRoad } from '../plan/lattice.ts';
import type { View } from '../view.ts';
import { cover } from './markings.ts';
import { houses, inRow } from './rows.ts';
import type { Prop, Slab, Spot, Stage, Walk } from './stage.ts';

const HALF = 5.6;

const slabs: Slab[] = [{ at: [-HALF - 1, -40, HALF + 1, 90], z: 0.01, paving: 'concrete' }];

const stalls: Prop[] = [
  ...inRow('market-stall', { x: -4.2, from: 9.5, to: 52, everyM: 4.1, heading: Math.PI / 2, seed: 3 }),
  ...inRow('market-stall', { x: 4.2, from: 12.5, to: 56, everyM: 4.1, heading: -Math.PI / 2, seed: 4 }),
];

const props: Prop[] = [
  ...stalls,
  ...inRow('crates', { x: -3.9, from: 11.55, to: 50, everyM: 8.2, heading: Math.PI / 2, seed: 5 }),
  ...inRow('crates', { x: 4, from: 14.6, to: 52, everyM: 8.2, heading: -Math.PI / 2, seed: 6 }),
  { kind: 'parasol', x: -4.6, y: 15.7, seed: 9, lengthM: 1.1 },
  { kind: 'parasol', x: 4.6, y: 22.8, seed: 12, lengthM: 1.1 },
  { kind: 'awning-cart', x: 4, y: 8.7, heading: -1.3, seed: 6 },
  { kind: 'awning-cart', x: -2.1, y: 40, heading: 0.2, seed: 3 },
  ...inRow('power-pole', { x: -5.2, from: 7.2, to: 60, everyM: 22 }),
  ...inRow('cable', { x: -5.2, from: 18.2, to: 60, everyM: 22, heading: Math.PI / 2, lengthM: 22, heightM: 7.2 }),
  ...inRow('street-lamp', { x: 5.2, from: 10.4, to: 60, everyM: 18, heading: -Math.PI / 2 }),
  ...inRow('lantern-string', { x: 0, from: 30, to: 66, everyM: 12, lengthM: 11, heightM: 6, z: 0.02 }),
  { kind: 'bin', x: 5, y: 5.6, heading: Math.PI / 2 },
  { kind: 'pallets', x: -5, y: 5.4, seed: 3 },
];

const look = (after: number, heading: number) => ({
  after,
  share: 0.8,
  seconds: [3, 8] as const,
  heading,
  pose: 'look' as const,
});

const walks: Walk[] = [
  {
    id: 'left',
    points: [
      [-1.2, -6],
      [-1.3, 12],
      [-1.2, 34],
      [-1.6, 60],
    ],
    spreadM: 1.5,
    share: 4,
  },
  {
    id: 'right',
    points: [
      [1.3, -6],
      [1.4, 12],
      [1.3, 34],
      [1.6, 60],
    ],
    spreadM: 1.5,
    share: 4,
  },
  {
    id: 'buys-left',
    points: [
      [-0.6, -6],
      [-1, 8],
      [-2.9, 13.6],
      [-1.2, 18],
      [-1, 60],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [look(2, -1.57)],
  },
  {
    id: 'buys-right',
    points: [
      [0.8, 60],
      [1, 24],
      [2.9, 20.7],
      [1.2, 15],
      [0.8, -6],
    ],
    spreadM: 0.7,
    share: 2,
    pauses: [look(2, 1.57)],
  },
  {
    id: 'buys-both',
    points: [
      [0.4, -6],
      [1.2, 10],
      [2.9, 16.6],
      [-1, 20],
      [-2.9, 25.9],
      [-1, 34],
      [0, 60],
    ],
    spreadM: 0.5,
    share: 2,
    pauses: [look(2, 1.57), look(4, -1.57)],
  },
];

/** Sellers behind their tables. */
const sellers: Spot[] = stalls.map(({ x, y }, index): Spot => {
  const out = Math.sign(x);
  return {
    x: x + out * 0.85,
    y: y + ((index % 3) - 1) * 0.3,
    heading: (-out * Math.PI) / 2,
    pose: index % 4 === 1 ? 'phone' : 'stand',
    share: 0.8,
  };
});

const spots: Spot[] = [
  ...sellers,
  { x: -2.8, y: 9.4, heading: -1.5, pose: 'look', share: 0.8 },
  { x: 2.8, y: 12.3, heading: 1.6, pose: 'carry', share: 0.8 },
  { x: -2.8, y: 17.6, heading: -1.4, pose: 'look', share: 0.7 },
  { x: 2.9, y: 24.6, heading: 1.5, pose: 'look', share: 0.7 },
  { x: -2.9, y: 22, heading: -1.7, pose: 'carry', share: 0.7 },
];

const stage: Stage = {
  place: onRoad([3, 0], [3, 1], 0.4),
  slabs,
  marks: [cover([0.4, 11]), cover([-0.8, 19], 0.3), cover([0.6, 27])],
  buildings: [
    ...houses({
      front: -HALF,
      facing: 'east',
      from: -14,
      to: 88,
      seed: 121,
      hasShops: true,
      heightM: [6, 11],
      widthM: [6, 10],
      styles: ['old', 'concrete', 'brick'],
    }),
    ...houses({
      front: HALF,
      facing: 'west',
      from: -14,
      to: 88,
      seed: 122,
      hasShops: true,
      heightM: [6, 12],
      widthM: [6, 10],
      styles: ['old', 'brick', 'plaster'],
    }),
    ...houses({ front: 92, facing: 'south', from: -40, to: 40, seed: 123, heightM: [18, 30] }),
  ],
  props,
  lanes: [
    {
      id: 'delivery',
      points: [
        [0.6, 84],
        [0.6, -30],
      ],
      bodies: ['motorcycle', 'bicycle'],
      perMinute: 2,
      speedMs: 2.6,
      spreadM: 0.2,
    },
  ],
  walks,
  spots,
  parked: [],
  places: [{ kind: 'market', name: '老菜市 Old Market', at: [-HALF, 5, HALF, 60] }],
  signals: { cycleS: 60, green: {} },
  glows: [
    { x: -4, y: 11.5, z: 2.2, color: [1, 0.82, 0.55], radiusM: 0.3 },
    { x: 4, y: 14.5, z: 2.2, color: [1, 0.9, 0.7], radiusM: 0.3 },
    { x: -4, y: 19.8, z: 2.2, color: [1, 0.82, 0.55], radiusM: 0.3 },
    { x: 4, y: 22.8, z: 2.2, color: [1, 0.85, 0.6], radiusM: 0.3 },
    { x: -4, y: 28, z: 2.2, color: [1, 0.82, 0.55], radiusM: 0.3 },
  ],
};

export const marketView: View = {
  id: 'market',
  name: '老菜市 Old Market Lane',
  looksAt: 'A market lane: stalls under awnings, sellers, buyers, a motorcycle now and then.',
  area: gridId(3, 0),
  camera: { x: -0.6, y: -3, heightM: 5, yawDeg: 2, pitchDeg: 15, focalPx: 1430, k1: -0.11, k2: 0.02 },
  stage,
  sun: { sunFromDeg: 172 },
  overlay: 'CAM 11  OLD MARKET  ',
  isHeldOut: true,
  variants: [
    { id: 'main', seconds: 60, look: 'clear-noon', crowd: { people: 11, traffic: 1, spots: 1 } },
    { id: 'night', seconds: 15, look: 'night', crowd: { people: 9, traffic: 1, spots: 0.8 } },
    { id: 'rain', seconds: 15, look: 'rain', crowd: { people: 8, traffic: 1, spots: 0.8 } },
    { id: 'busy', seconds: 15, look: 'hazy', crowd: { people: 21, traffic: 0, spots: 1.2 } },
  ],
};
