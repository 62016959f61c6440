/** Ways in: booms, guards’ booths, sliding gates, the gates of estates and schools. */
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import { box, from, tube } from './solids.ts';

/** A raised bar over the way in; its post at the foot, the bar to the right, `heightM` 0 = closed. */
export const boom: Build = (sculpt, foot, { lengthM = 3.4, heightM = 0 }) => {
  box(sculpt, foot, { right: [-0.18, 0.18], forward: [-0.18, 0.18], up: [0, 1.05] }, paintOf('plastic-orange'));
  const parts = 8;
  for (let part = 0; part < parts; part++) {
    const [a, b] = [(part / parts) * lengthM, ((part + 1) / parts) * lengthM];
    const rise = (right: number) => 0.92 + right * heightM;
    const points = [from(foot, [a + 0.1, 0, rise(a)]), from(foot, [b + 0.1, 0, rise(b)])];
    tube(sculpt, { points, radiiM: [0.045], sides: 6 }, paintOf(part % 2 === 0 ? 'fruit-red' : 'plastic-white'));
  }
};

export const booth: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-1, 1], forward: [-1, 1], up: [0, 0.95] }, paintOf('plain-plaster'));
  box(sculpt, foot, { right: [-0.96, 0.96], forward: [-0.96, 0.96], up: [0.95, 2.2] }, paintOf('window'));
  for (const [right, forward] of [
    [-0.97, -0.97],
    [0.97, -0.97],
    [-0.97, 0.97],
    [0.97, 0.97],
  ] as const) {
    box(
      sculpt,
      foot,
      { right: [right - 0.05, right + 0.05], forward: [forward - 0.05, forward + 0.05], up: [0.95, 2.25] },
      paintOf('white-metal'),
    );
  }
  box(sculpt, foot, { right: [-1.35, 1.35], forward: [-1.35, 1.35], up: [2.2, 2.45] }, paintOf('dark-metal'));
};

/** A folding gate across the way, along the foot's right. */
export const slidingGate: Build = (sculpt, foot, { lengthM = 6 }) => {
  const half = lengthM / 2;
  for (let right = -half; right < half; right += 0.32) {
    for (const [a, b] of [
      [0.1, 1.35],
      [1.35, 0.1],
    ] as const) {
      tube(
        sculpt,
        {
          points: [from(foot, [right, 0, a]), from(foot, [right + 0.32, 0, b])],
          radiiM: [0.022],
          sides: 4,
          isCapped: false,
        },
        paintOf('steel'),
      );
    }
    box(
      sculpt,
      foot,
      { right: [right - 0.025, right + 0.025], forward: [-0.16, 0.16], up: [0.05, 1.45] },
      paintOf('steel'),
    );
  }
  box(sculpt, foot, { right: [-half - 0.4, -half], forward: [-0.25, 0.25], up: [0, 1.6] }, paintOf('plastic-orange'));
};

/** Two stone piers with a beam and a name board; the gap is `lengthM` wide. */
export const estateGate: Build = (sculpt, foot, { lengthM = 11 }) => {
  const half = lengthM / 2;
  for (const side of [-1, 1]) {
    const right = side * (half + 0.6);
    box(sculpt, foot, { right: [right - 0.6, right + 0.6], forward: [-0.6, 0.6], up: [0, 5.2] }, paintOf('pale-stone'));
    box(
      sculpt,
      foot,
      { right: [right - 0.75, right + 0.75], forward: [-0.75, 0.75], up: [5.2, 5.5] },
      paintOf('dark-stone'),
    );
  }
  box(
    sculpt,
    foot,
    { right: [-half - 1.2, half + 1.2], forward: [-0.45, 0.45], up: [5.5, 6.5] },
    paintOf('pale-stone'),
  );
  box(sculpt, foot, { right: [-half - 1.6, half + 1.6], forward: [-0.9, 0.9], up: [6.5, 6.75] }, paintOf('roof-tile'));
  box(sculpt, foot, { right: [-2.6, 2.6], forward: [-0.5, -0.45], up: [5.65, 6.4] }, paintOf('sign-gold'));
};

export const schoolGate: Build = (sculpt, foot, { lengthM = 8 }) => {
  const half = lengthM / 2;
  for (const side of [-1, 1]) {
    const right = side * (half + 0.5);
    box(
      sculpt,
      foot,
      { right: [right - 0.5, right + 0.5], forward: [-0.5, 0.5], up: [0, 3.4] },
      paintOf('red-brick'),
      paintOf('pale-stone'),
    );
  }
  box(sculpt, foot, { right: [-half - 1, half + 1], forward: [-0.35, 0.35], up: [3.4, 4.3] }, paintOf('sign-red'));
  box(sculpt, foot, { right: [-half - 1.2, half + 1.2], forward: [-0.7, 0.7], up: [4.3, 4.5] }, paintOf('pale-stone'));
};
