/** Where cars and walkers go at Liberation Crossing, and where they wait for green. */
import type { Lane, Walk } from './stage.ts';

/** Half widths of the road along y (A) and of the one along x (B), whose middle lies at y = MIDDLE. */
export const HALF_A = 7.4;
export const HALF_B = 7.4;
export const MIDDLE = 25;
export const [SOUTH_B, NORTH_B] = [MIDDLE - HALF_B, MIDDLE + HALF_B];
export const NEAR_ZEBRA = { from: 11.4, to: 15.6 };

const lane = (id: string, points: Lane['points'], rest: Omit<Lane, 'id' | 'points'>): Lane => ({ id, points, ...rest });
const stopA = [{ atM: 69.6, group: 'a' }];
const stopAFar = [{ atM: 120 - NORTH_B - 6.8, group: 'a' }];
const stopB = [{ atM: 100 - HALF_A - 6.8, group: 'b' }];

export const lanes: Lane[] = [
  lane(
    'a-north-1',
    [
      [1.65, -60],
      [1.65, 120],
    ],
    { bodies: ['car', 'taxi', 'suv', 'car', 'van'], perMinute: 4, stops: stopA, offsetS: 5, queue: 2 },
  ),
  lane(
    'a-north-2',
    [
      [4.7, -60],
      [4.7, 120],
    ],
    { bodies: ['suv', 'car', 'truck', 'car'], perMinute: 3, stops: stopA, offsetS: 12, queue: 1 },
  ),
  lane(
    'a-south-1',
    [
      [-1.65, 120],
      [-1.65, -60],
    ],
    { bodies: ['car', 'suv', 'taxi'], perMinute: 4, stops: stopAFar, offsetS: 3, queue: 3 },
  ),
  lane(
    'a-south-2',
    [
      [-4.7, 120],
      [-4.7, -60],
    ],
    { bodies: ['bus', 'car', 'van'], perMinute: 3, stops: stopAFar, offsetS: 15, queue: 2 },
  ),
  lane(
    'b-east-1',
    [
      [-100, MIDDLE - 1.65],
      [100, MIDDLE - 1.65],
    ],
    { bodies: ['taxi', 'car', 'van', 'suv'], perMinute: 4, stops: stopB, offsetS: 25, queue: 2 },
  ),
  lane(
    'b-east-2',
    [
      [-100, MIDDLE - 4.7],
      [100, MIDDLE - 4.7],
    ],
    { bodies: ['bus', 'suv', 'car'], perMinute: 3, stops: stopB, offsetS: 32, queue: 2 },
  ),
  lane(
    'b-west-1',
    [
      [100, MIDDLE + 1.65],
      [-100, MIDDLE + 1.65],
    ],
    { bodies: ['car', 'suv', 'car'], perMinute: 3, stops: stopB, offsetS: 20, queue: 2 },
  ),
  lane(
    'b-west-2',
    [
      [100, MIDDLE + 4.7],
      [-100, MIDDLE + 4.7],
    ],
    { bodies: ['truck', 'car', 'taxi'], perMinute: 3, stops: stopB, offsetS: 28, queue: 2 },
  ),
  lane(
    'cycle-north',
    [
      [6.75, -40],
      [6.75, 110],
    ],
    {
      bodies: ['motorcycle', 'bicycle', 'motorcycle'],
      perMinute: 3,
      stops: [{ atM: 49.6, group: 'a' }],
      spreadM: 0.5,
      queue: 2,
    },
  ),
  lane(
    'cycle-east',
    [
      [-60, SOUTH_B + 0.7],
      [90, SOUTH_B + 0.7],
    ],
    {
      bodies: ['bicycle', 'motorcycle'],
      perMinute: 3,
      stops: [{ atM: 60 - HALF_A - 6.8, group: 'b' }],
      spreadM: 0.4,
      offsetS: 24,
      queue: 1,
    },
  ),
];

const acrossA = { group: 'wa', acrossM: 16 };
export const walks: Walk[] = [
  {
    id: 'over-a',
    points: [
      [-10.6, -14],
      [-10.4, 9.6],
      [-8.5, 13.5],
      [8.5, 13.5],
      [11.4, 9],
      [11.4, -14],
    ],
    spreadM: 2.6,
    share: 4,
    signals: [{ after: 2, ...acrossA }],
  },
  {
    id: 'over-a-east',
    points: [
      [-26, 14.4],
      [-11, 14],
      [-8.5, 13.6],
      [8.5, 13.6],
      [12, 13],
      [30, 12.6],
    ],
    spreadM: 2.4,
    share: 4,
    signals: [{ after: 2, ...acrossA }],
  },
  {
    id: 'along-south-east',
    points: [
      [11.2, -14],
      [11.2, 6],
      [12.4, 12.4],
      [34, 12],
    ],
    spreadM: 1.6,
    share: 1,
  },
  {
    id: 'over-b-east',
    points: [
      [11, 10],
      [10.9, SOUTH_B - 0.9],
      [10.9, NORTH_B + 0.9],
      [11.4, 60],
    ],
    spreadM: 2,
    share: 2,
    signals: [{ after: 1, group: 'wb', acrossM: 17 }],
  },
  {
    id: 'far-pavement',
    points: [
      [-30, NORTH_B + 3.6],
      [-9, NORTH_B + 3.6],
      [-8.4, NORTH_B + 3.5],
      [8.4, NORTH_B + 3.5],
      [40, NORTH_B + 3.2],
    ],
    spreadM: 1.6,
    share: 2,
    signals: [{ after: 2, group: 'wa', acrossM: 17 }],
  },
];
