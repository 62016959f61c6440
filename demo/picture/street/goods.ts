/** What is sold, stacked and carried: stalls, crates, carts, containers, pallets. */
import { between, pickOne, randomStream } from '#demo/world/random.ts';
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import type { Vector } from './sculpt.ts';
import { box, from, sheet, turned } from './solids.ts';

const FRUITS = ['fruit-orange', 'fruit-red', 'fruit-green', 'fruit-pale', 'plastic-yellow'];
const CANOPIES = [
  'cloth-red',
  'cloth-blue',
  'cloth-green',
  'cloth-red-white',
  'cloth-blue-white',
  'cloth-green-white',
  'cloth-sand',
];

/** A table of goods under a canopy; customers stand before its forward side. */
export const stall: Build = (sculpt, foot, { seed = 1 }) => {
  const random = randomStream(seed, 'stall');
  box(
    sculpt,
    foot,
    { right: [-1.25, 1.25], forward: [-0.5, 0.5], up: [0, 0.72] },
    paintOf(pickOne(random, ['cloth-blue', 'cloth-green', 'wood', 'cloth-sand'])),
  );
  for (let right = -1.2; right < 1.1; right += 0.48) {
    const paint = paintOf(pickOne(random, FRUITS));
    box(sculpt, foot, { right: [right, right + 0.44], forward: [-0.45, 0.46], up: [0.72, 0.8] }, paintOf('wood'));
    for (let ball = 0; ball < 14; ball++) {
      const [x, y, z] = from(foot, [
        right + between(random, 0.07, 0.37),
        between(random, -0.38, 0.4),
        0.8 + between(random, 0, 0.06),
      ]);
      turned(
        sculpt,
        { x, y, z, heading: 0 },
        [
          [0.05, 0],
          [0.075, 0.05],
          [0.05, 0.1],
          [0.008, 0.12],
        ],
        paint,
        6,
      );
    }
  }
  for (const right of [-1.35, 1.35]) {
    for (const forward of [-0.9, 0.9])
      box(
        sculpt,
        foot,
        { right: [right - 0.03, right + 0.03], forward: [forward - 0.03, forward + 0.03], up: [0, 2.35] },
        paintOf('steel'),
      );
  }
  const cloth = paintOf(CANOPIES[Math.floor(random() * CANOPIES.length)]!);
  const at = (right: number, forward: number, up: number): Vector => from(foot, [right, forward, up]);
  sheet(
    sculpt,
    [at(-1.5, 1.15, 2.2), at(1.5, 1.15, 2.2), at(1.5, -0.95, 2.65), at(-1.5, -0.95, 2.65)].toReversed(),
    cloth,
  );
  sheet(sculpt, [at(-1.5, 1.15, 1.98), at(1.5, 1.15, 1.98), at(1.5, 1.15, 2.2), at(-1.5, 1.15, 2.2)], cloth);
};

export const crates: Build = (sculpt, foot, { seed = 1 }) => {
  const random = randomStream(seed, 'crates');
  for (const [right, forward] of [
    [-0.25, 0],
    [0.28, 0.1],
    [0, 0.42],
  ] as const) {
    const high = 1 + Math.floor(random() * 3);
    for (let level = 0; level < high; level++) {
      const paint = paintOf(
        pickOne(random, ['plastic-blue', 'plastic-orange', 'wood', 'plastic-white', 'fruit-green']),
      );
      box(
        sculpt,
        foot,
        {
          right: [right - 0.24, right + 0.24],
          forward: [forward - 0.18, forward + 0.18],
          up: [level * 0.28, level * 0.28 + 0.26],
        },
        paint,
      );
    }
  }
};

export const cart: Build = (sculpt, foot, { seed = 1 }) => {
  box(
    sculpt,
    foot,
    { right: [-0.9, 0.9], forward: [-0.5, 0.5], up: [0.35, 0.95] },
    paintOf(seed % 2 === 0 ? 'plastic-white' : 'cloth-red'),
  );
  box(sculpt, foot, { right: [-0.85, 0.85], forward: [-0.45, 0.45], up: [0.95, 1.45] }, paintOf('clear-glass'));
  for (const right of [-0.85, 0.85])
    box(
      sculpt,
      foot,
      { right: [right - 0.03, right + 0.03], forward: [-0.03, 0.03], up: [0.95, 2.2] },
      paintOf('steel'),
    );
  box(
    sculpt,
    foot,
    { right: [-1.1, 1.1], forward: [-0.75, 0.75], up: [2.2, 2.28] },
    paintOf(CANOPIES[seed % CANOPIES.length]!),
  );
  for (const right of [-0.6, 0.6]) {
    for (const forward of [-0.5, 0.42])
      box(
        sculpt,
        foot,
        { right: [right - 0.2, right + 0.2], forward: [forward, forward + 0.08], up: [0, 0.4] },
        paintOf('rubber'),
      );
  }
};

/** Sea containers, two high where the seed is odd; along the foot's right. */
export const containers: Build = (sculpt, foot, { seed = 1, lengthM = 6.06 }) => {
  const random = randomStream(seed, 'containers');
  for (let level = 0; level <= seed % 2; level++) {
    const paint = paintOf(
      pickOne(random, ['container-blue', 'container-red', 'container-green', 'corrugated', 'rust']),
    );
    const up = level * 2.6;
    const half = lengthM / 2;
    box(sculpt, foot, { right: [-half, half], forward: [-1.22, 1.22], up: [up + 0.05, up + 2.59] }, paint);
    for (let right = -half + 0.2; right < half - 0.1; right += 0.28) {
      for (const forward of [-1.27, 1.22])
        box(
          sculpt,
          foot,
          { right: [right, right + 0.13], forward: [forward, forward + 0.05], up: [up + 0.18, up + 2.45] },
          paint,
        );
    }
  }
};

export const pallets: Build = (sculpt, foot, { seed = 1 }) => {
  const random = randomStream(seed, 'pallets');
  const high = 2 + Math.floor(random() * 5);
  for (let level = 0; level < high; level++) {
    for (const forward of [-0.55, -0.05, 0.45])
      box(
        sculpt,
        foot,
        { right: [-0.6, 0.6], forward: [forward, forward + 0.12], up: [level * 0.15, level * 0.15 + 0.1] },
        paintOf('wood'),
      );
    box(
      sculpt,
      foot,
      { right: [-0.6, 0.6], forward: [-0.55, 0.57], up: [level * 0.15 + 0.1, level * 0.15 + 0.14] },
      paintOf('wood'),
    );
  }
  if (seed % 3 === 0)
    box(
      sculpt,
      foot,
      { right: [-0.5, 0.5], forward: [-0.5, 0.5], up: [high * 0.15, high * 0.15 + 0.9] },
      paintOf('cloth-sand'),
    );
};
