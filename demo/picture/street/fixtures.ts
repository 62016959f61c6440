/** What stands on pavements: benches, bins, shelters, bicycles in racks, kiosks. */
import { fence, guardRail, railing, wall } from './fences.ts';
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import type { Sculpt, Vector } from './sculpt.ts';
import { box, type Foot, from, sheet, tube, turned } from './solids.ts';

const bench: Build = (sculpt, foot) => {
  for (const right of [-0.65, 0.65]) {
    box(
      sculpt,
      foot,
      { right: [right - 0.04, right + 0.04], forward: [-0.22, 0.2], up: [0, 0.42] },
      paintOf('dark-metal'),
    );
    box(
      sculpt,
      foot,
      { right: [right - 0.03, right + 0.03], forward: [-0.28, -0.22], up: [0.3, 0.85] },
      paintOf('dark-metal'),
    );
  }
  for (const forward of [-0.2, -0.05, 0.1]) {
    box(sculpt, foot, { right: [-0.8, 0.8], forward: [forward, forward + 0.12], up: [0.42, 0.46] }, paintOf('wood'));
  }
  for (const up of [0.55, 0.72])
    box(sculpt, foot, { right: [-0.8, 0.8], forward: [-0.25, -0.21], up: [up, up + 0.12] }, paintOf('wood'));
};

const bin: Build = (sculpt, foot) => {
  for (const [right, paint] of [
    [-0.27, 'plastic-green'],
    [0.27, 'plastic-grey'],
  ] as const) {
    box(sculpt, foot, { right: [right - 0.25, right + 0.25], forward: [-0.2, 0.2], up: [0.08, 0.85] }, paintOf(paint));
    box(
      sculpt,
      foot,
      { right: [right - 0.27, right + 0.27], forward: [-0.24, 0.24], up: [0.98, 1.04] },
      paintOf('dark-metal'),
    );
    box(
      sculpt,
      foot,
      { right: [right - 0.25, right + 0.25], forward: [0.1, 0.2], up: [0.85, 0.98] },
      paintOf('dark-metal'),
    );
  }
};

/** Open to the foot's forward: the road lies that way. */
const shelter: Build = (sculpt, foot, { lengthM = 7 }) => {
  const half = lengthM / 2;
  for (const right of [-half + 0.2, -half / 3, half / 3, half - 0.2]) {
    box(sculpt, foot, { right: [right - 0.05, right + 0.05], forward: [-0.06, 0.06], up: [0, 2.6] }, paintOf('steel'));
  }
  box(
    sculpt,
    foot,
    { right: [-half, half], forward: [-0.25, 1.45], up: [2.6, 2.72] },
    paintOf('white-metal'),
    paintOf('plastic-blue'),
  );
  box(sculpt, foot, { right: [-half, half], forward: [1.4, 1.48], up: [2.5, 2.85] }, paintOf('sign-blue'));
  for (const [left, right] of [
    [-half + 0.25, -half / 3 - 0.05],
    [half / 3 + 0.05, half - 0.25],
  ] as const) {
    box(sculpt, foot, { right: [left, right], forward: [-0.05, 0.05], up: [0.35, 2.3] }, paintOf('sign-ad'));
  }
  box(
    sculpt,
    foot,
    { right: [-half / 3 + 0.1, half / 3 - 0.1], forward: [0.1, 0.48], up: [0.43, 0.48] },
    paintOf('wood'),
  );
  for (const right of [-half / 3 + 0.3, half / 3 - 0.3])
    box(sculpt, foot, { right: [right - 0.04, right + 0.04], forward: [0.15, 0.4], up: [0, 0.43] }, paintOf('steel'));
};

/** A bicycle that nobody rides: two wheels, a frame, a bar. Along the foot's forward. */
export function standingBicycle(sculpt: Sculpt, foot: Foot, paint: number): void {
  const tyre = paintOf('rubber');
  for (const forward of [-0.52, 0.52]) {
    const points = Array.from({ length: 15 }, (_, step): Vector => {
      const turn = (step / 14) * 2 * Math.PI;
      return from(foot, [0, forward + 0.32 * Math.cos(turn), 0.33 + 0.32 * Math.sin(turn)]);
    });
    tube(sculpt, { points, radiiM: [0.022], sides: 5, isCapped: false }, tyre);
  }
  const bar = (...points: Vector[]) =>
    tube(sculpt, { points: points.map((point) => from(foot, point)), radiiM: [0.022], sides: 5 }, paint);
  bar([0, -0.52, 0.33], [0, -0.1, 0.3], [0, 0.38, 0.72], [0, 0.52, 0.33]);
  bar([0, -0.1, 0.3], [0, -0.22, 0.85]);
  bar([0, -0.2, 0.75], [0, 0.36, 0.8], [0, 0.34, 1]);
  bar([-0.28, 0.3, 1.02], [0.28, 0.3, 1.02]);
  box(sculpt, foot, { right: [-0.08, 0.08], forward: [-0.36, -0.1], up: [0.85, 0.91] }, tyre);
  box(sculpt, foot, { right: [-0.16, 0.16], forward: [0.42, 0.68], up: [0.72, 0.96] }, paintOf('plastic-grey'));
}

/** The bicycles themselves are meshes of their own (street.ts): their truth is wanted. */
const shareBikes: Build = () => {};

const bikeRack: Build = (sculpt, foot, { lengthM = 4 }) => {
  for (let right = -lengthM / 2 + 0.2; right < lengthM / 2; right += 1.1) {
    const points: Vector[] = [
      [right, 0.6, 0],
      [right, 0.6, 0.7],
      [right, 0.75, 0.8],
      [right, 0.9, 0.7],
      [right, 0.9, 0],
    ];
    tube(sculpt, { points: points.map((point) => from(foot, point)), radiiM: [0.025], sides: 6 }, paintOf('steel'));
  }
};

const kiosk: Build = (sculpt, foot) => {
  box(
    sculpt,
    foot,
    { right: [-1.4, 1.4], forward: [-1.1, 1.1], up: [0, 2.5] },
    paintOf('green-metal'),
    paintOf('roof'),
  );
  box(sculpt, foot, { right: [-1.25, 1.25], forward: [1.1, 1.16], up: [1, 2.1] }, paintOf('shop-light'));
  for (const [index, right] of [-0.9, -0.3, 0.3, 0.9].entries()) {
    const paint = paintOf(['plastic-orange', 'plastic-blue', 'fruit-red', 'plastic-yellow'][index]!);
    box(sculpt, foot, { right: [right - 0.22, right + 0.22], forward: [1.16, 1.3], up: [1, 1.35] }, paint);
  }
  box(sculpt, foot, { right: [-1.7, 1.7], forward: [-1.2, 1.9], up: [2.5, 2.62] }, paintOf('cloth-green'));
  box(sculpt, foot, { right: [-1.4, 1.4], forward: [1.2, 1.26], up: [2.62, 3.05] }, paintOf('sign-green'));
};

const noticeBoard: Build = (sculpt, foot) => {
  for (const right of [-1.15, 1.15])
    box(sculpt, foot, { right: [right - 0.06, right + 0.06], forward: [-0.06, 0.06], up: [0, 2.3] }, paintOf('steel'));
  box(sculpt, foot, { right: [-1.15, 1.15], forward: [-0.05, 0.05], up: [0.8, 2] }, paintOf('sign-white'));
  box(sculpt, foot, { right: [-1.35, 1.35], forward: [-0.3, 0.3], up: [2.3, 2.38] }, paintOf('plastic-blue'));
};

const lockers: Build = (sculpt, foot, { lengthM = 4 }) => {
  const half = lengthM / 2;
  box(sculpt, foot, { right: [-half, half], forward: [-0.28, 0.28], up: [0, 2] }, paintOf('plastic-yellow'));
  for (let right = -half + 0.04; right < half - 0.3; right += 0.5) {
    for (let up = 0.12; up < 1.85; up += 0.44) {
      box(
        sculpt,
        foot,
        { right: [right, right + 0.46], forward: [0.28, 0.295], up: [up, up + 0.4] },
        paintOf('plastic-white'),
      );
    }
  }
  box(
    sculpt,
    foot,
    { right: [-half - 0.1, half + 0.1], forward: [-0.4, 0.8], up: [2.2, 2.28] },
    paintOf('white-metal'),
  );
};

const cabinet: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-0.45, 0.45], forward: [-0.22, 0.22], up: [0.1, 1.35] }, paintOf('plastic-grey'));
  box(sculpt, foot, { right: [-0.5, 0.5], forward: [-0.27, 0.27], up: [1.35, 1.42] }, paintOf('steel'));
};

const hydrant: Build = (sculpt, foot) => {
  turned(
    sculpt,
    foot,
    [
      [0.14, 0],
      [0.12, 0.1],
      [0.11, 0.55],
      [0.13, 0.6],
      [0.09, 0.72],
      [0.02, 0.78],
    ],
    paintOf('fruit-red'),
    10,
  );
};

/** Chairs stand at these turns round the table, this far from its middle. */
const CHAIR_TURNS = [0.6, 2.4, 4.3];
const CHAIR_M = 0.72;

const cafeTable: Build = (sculpt, foot) => {
  turned(
    sculpt,
    foot,
    [
      [0.22, 0],
      [0.2, 0.03],
      [0.035, 0.06],
      [0.035, 0.7],
      [0.36, 0.72],
      [0.36, 0.75],
    ],
    paintOf('wood'),
    14,
  );
  for (const heading of CHAIR_TURNS) {
    const chair: Foot = {
      x: foot.x + CHAIR_M * Math.sin(heading),
      y: foot.y + CHAIR_M * Math.cos(heading),
      z: foot.z,
      heading,
    };
    box(sculpt, chair, { right: [-0.2, 0.2], forward: [-0.2, 0.2], up: [0.42, 0.46] }, paintOf('cloth-sand'));
    box(sculpt, chair, { right: [-0.2, 0.2], forward: [0.17, 0.21], up: [0.46, 0.86] }, paintOf('wood'));
    for (const [right, forward] of [
      [-0.18, -0.18],
      [0.18, -0.18],
      [-0.18, 0.18],
      [0.18, 0.18],
    ] as const) {
      box(
        sculpt,
        chair,
        { right: [right - 0.02, right + 0.02], forward: [forward - 0.02, forward + 0.02], up: [0, 0.42] },
        paintOf('dark-metal'),
      );
    }
  }
};

const CANOPIES = [
  'cloth-red',
  'cloth-blue',
  'cloth-green',
  'cloth-sand',
  'cloth-red-white',
  'cloth-blue-white',
  'cloth-green-white',
];

const parasol: Build = (sculpt, foot, { seed = 1, lengthM = 1.5 }) => {
  tube(
    sculpt,
    { points: [from(foot, [0, 0, 0]), from(foot, [0, 0, 2.7])], radiiM: [0.03], sides: 6 },
    paintOf('white-metal'),
  );
  const paint = paintOf(CANOPIES[seed % CANOPIES.length]!);
  const rim = Array.from({ length: 8 }, (_, step): Vector => {
    const turn = (step / 8) * 2 * Math.PI;
    return from(foot, [lengthM * Math.cos(turn), lengthM * Math.sin(turn), 2.15]);
  });
  const top = from(foot, [0, 0, 2.75]);
  for (const [index, point] of rim.entries()) {
    const next = rim[(index + 1) % rim.length]!;
    sheet(sculpt, [point, next, top], paint);
    const down = ([x, y, z]: Vector): Vector => [x, y, z - 0.16];
    sheet(sculpt, [down(point), down(next), next, point], paint);
  }
};

export const FIXTURES = {
  bench,
  bin,
  railing,
  'guard-rail': guardRail,
  fence,
  wall,
  'bus-shelter': shelter,
  'share-bikes': shareBikes,
  'bike-rack': bikeRack,
  kiosk,
  'notice-board': noticeBoard,
  'parcel-lockers': lockers,
  cabinet,
  hydrant,
  'cafe-table': cafeTable,
  parasol,
} as const;
