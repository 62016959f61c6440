/** What stands on poles: street lamps, traffic lights, signs, cables, cameras. */
import type { Prop } from '#demo/world/stages/stage.ts';
import { paintOf } from './paints.ts';
import type { Sculpt, Vector } from './sculpt.ts';
import { box, type Foot, from, sheet, tube, turned } from './solids.ts';

export type Build = (sculpt: Sculpt, foot: Foot, prop: Prop) => void;

const upright = (
  sculpt: Sculpt,
  foot: Foot,
  { heightM, radiusM, paint }: { heightM: number; radiusM: number; paint: string },
) =>
  tube(
    sculpt,
    { points: [from(foot, [0, 0, 0]), from(foot, [0, 0, heightM])], radiiM: [radiusM, radiusM * 0.7], sides: 8 },
    paintOf(paint),
  );

/** The arm reaches forward: over the road when the lamp faces it. */
export const LAMP = { heightM: 7.6, reachM: 1.9 } as const;
export const PATH_LAMP_M = 3.3;

const streetLamp: Build = (sculpt, foot) => {
  turned(
    sculpt,
    foot,
    [
      [0.17, 0],
      [0.16, 0.45],
      [0.1, 0.6],
    ],
    paintOf('dark-metal'),
  );
  upright(sculpt, foot, { heightM: LAMP.heightM, radiusM: 0.085, paint: 'pole' });
  const top = LAMP.heightM;
  const bend: Vector[] = [
    [0, 0, top - 0.4],
    [0, 0.25, top + 0.05],
    [0, 0.9, top + 0.3],
    [0, LAMP.reachM, top + 0.35],
  ];
  tube(
    sculpt,
    { points: bend.map((point) => from(foot, point)), radiiM: [0.05, 0.045, 0.04, 0.035], sides: 7 },
    paintOf('pole'),
  );
  box(
    sculpt,
    foot,
    { right: [-0.13, 0.13], forward: [LAMP.reachM - 0.35, LAMP.reachM + 0.35], up: [top + 0.29, top + 0.4] },
    paintOf('pole'),
  );
  box(
    sculpt,
    foot,
    { right: [-0.1, 0.1], forward: [LAMP.reachM - 0.28, LAMP.reachM + 0.3], up: [top + 0.25, top + 0.29] },
    paintOf('lamp-head'),
  );
};

const pathLamp: Build = (sculpt, foot) => {
  upright(sculpt, foot, { heightM: 3, radiusM: 0.055, paint: 'dark-metal' });
  turned(
    sculpt,
    { ...foot, z: foot.z + 3 },
    [
      [0.08, 0],
      [0.17, 0.08],
      [0.19, 0.4],
    ],
    paintOf('lamp-head'),
  );
  turned(
    sculpt,
    { ...foot, z: foot.z + 3.4 },
    [
      [0.26, 0],
      [0.1, 0.12],
      [0.02, 0.2],
    ],
    paintOf('dark-metal'),
  );
};

const powerPole: Build = (sculpt, foot) => {
  upright(sculpt, foot, { heightM: 8.5, radiusM: 0.15, paint: 'concrete' });
  box(sculpt, foot, { right: [-0.9, 0.9], forward: [-0.05, 0.05], up: [7.7, 7.8] }, paintOf('rust'));
  for (const right of [-0.8, -0.3, 0.3, 0.8]) {
    turned(
      sculpt,
      { ...foot, ...flat(foot, right), z: foot.z + 7.8 },
      [
        [0.05, 0],
        [0.06, 0.1],
        [0.02, 0.18],
      ],
      paintOf('plastic-white'),
      6,
    );
  }
};

function flat(foot: Foot, right: number): { x: number; y: number } {
  const [x, y] = from(foot, [right, 0, 0]);
  return { x, y };
}

/** Cables run along the heading's right, `lengthM` wide, sagging. */
const cable: Build = (sculpt, foot, { lengthM = 20, heightM = 7.9 }) => {
  for (const [side, sag] of [
    [-0.3, 0.5],
    [0.3, 0.62],
    [0.8, 0.44],
  ] as const) {
    const points = Array.from({ length: 9 }, (_, step): Vector => {
      const share = step / 8 - 0.5;
      return from(foot, [share * lengthM, side, heightM - sag * (1 - 4 * share * share)]);
    });
    tube(sculpt, { points, radiiM: [0.014], sides: 4, isCapped: false }, paintOf('rubber'));
  }
};

/** A mast with an arm to the left of whoever drives towards it; the lights themselves change and are placed elsewhere. */
export const SIGNAL = { heightM: 5.6, lampUp: 5.15 } as const;
const signal: Build = (sculpt, foot, { lengthM = 4 }) => {
  upright(sculpt, foot, { heightM: SIGNAL.heightM + 0.4, radiusM: 0.11, paint: 'pole' });
  const [near, far] = [from(foot, [0, 0, SIGNAL.heightM]), from(foot, [lengthM, 0, SIGNAL.heightM + 0.15])];
  tube(sculpt, { points: [near, far], radiiM: [0.07, 0.05] }, paintOf('pole'));
  const hood = {
    right: [lengthM - 0.2, lengthM + 0.2],
    forward: [-0.12, 0.1],
    up: [SIGNAL.lampUp - 0.65, SIGNAL.lampUp + 0.6],
  } as const;
  box(sculpt, foot, hood, paintOf('dark-metal'));
  box(
    sculpt,
    foot,
    { right: [0.9, 2], forward: [-0.04, 0.02], up: [SIGNAL.heightM - 0.55, SIGNAL.heightM + 0.2] },
    paintOf('sign-blue'),
  );
};

const walkSignal: Build = (sculpt, foot) => {
  upright(sculpt, foot, { heightM: 2.9, radiusM: 0.06, paint: 'pole' });
  box(sculpt, foot, { right: [-0.15, 0.15], forward: [0.06, 0.26], up: [2.2, 2.85] }, paintOf('dark-metal'));
};

const roadSign: Build = (sculpt, foot, { seed = 0 }) => {
  upright(sculpt, foot, { heightM: 2.9, radiusM: 0.04, paint: 'pole' });
  const paint = paintOf(['sign-blue', 'sign-red', 'sign-green', 'sign-white'][seed % 4]!);
  if (seed % 2 === 0)
    box(sculpt, foot, { right: [-0.32, 0.32], forward: [-0.07, -0.045], up: [2.2, 2.84] }, paint, paintOf('pole'));
  else {
    const rim = Array.from({ length: 18 }, (_, step): Vector => {
      const turn = (step / 18) * 2 * Math.PI;
      return from(foot, [0.33 * Math.cos(turn), -0.05, 2.5 + 0.33 * Math.sin(turn)]);
    });
    sheet(sculpt, rim, paint, paintOf('steel'));
  }
};

const cameraPole: Build = (sculpt, foot) => {
  upright(sculpt, foot, { heightM: 5, radiusM: 0.08, paint: 'white-metal' });
  box(sculpt, foot, { right: [-0.06, 0.06], forward: [0.05, 0.45], up: [4.7, 4.84] }, paintOf('plastic-white'));
};

const busSign: Build = (sculpt, foot) => {
  upright(sculpt, foot, { heightM: 2.8, radiusM: 0.045, paint: 'steel' });
  box(sculpt, foot, { right: [-0.35, 0.35], forward: [-0.05, 0.05], up: [1.2, 2.75] }, paintOf('sign-blue'));
};

const flagPole: Build = (sculpt, foot) => {
  turned(
    sculpt,
    foot,
    [
      [0.5, 0],
      [0.5, 0.3],
      [0.3, 0.32],
    ],
    paintOf('pale-stone'),
    8,
  );
  upright(sculpt, foot, { heightM: 8, radiusM: 0.05, paint: 'steel' });
  const rows = 6;
  for (let step = 0; step < rows; step++) {
    const wave = (at: number) => 0.14 * Math.sin((at / rows) * 5);
    const corner = (at: number, up: number): Vector => from(foot, [0.05 + (at / rows) * 1.4, wave(at), up]);
    sheet(
      sculpt,
      [corner(step, 6.9), corner(step + 1, 6.85), corner(step + 1, 7.75), corner(step, 7.8)],
      paintOf('cloth-blue'),
    );
  }
};

const lanterns: Build = (sculpt, foot, { lengthM = 12, heightM = 5 }) => {
  const points = Array.from({ length: 13 }, (_, step): Vector => {
    const share = step / 12 - 0.5;
    return from(foot, [share * lengthM, 0, heightM - 0.7 * (1 - 4 * share * share)]);
  });
  tube(sculpt, { points, radiiM: [0.012], sides: 4, isCapped: false }, paintOf('rubber'));
  for (const [x, y, z] of points.slice(2, -2).filter((_, index) => index % 2 === 0)) {
    turned(
      sculpt,
      { x, y, z: z - 0.5, heading: 0 },
      [
        [0.07, 0],
        [0.2, 0.12],
        [0.23, 0.22],
        [0.2, 0.32],
        [0.07, 0.42],
        [0.01, 0.5],
      ],
      paintOf('lantern'),
      12,
    );
  }
};

export const POLES = {
  'street-lamp': streetLamp,
  'path-lamp': pathLamp,
  'power-pole': powerPole,
  cable,
  signal,
  'walk-signal': walkSignal,
  'road-sign': roadSign,
  'camera-pole': cameraPole,
  'bus-sign': busSign,
  'flag-pole': flagPole,
  'lantern-string': lanterns,
} as const;
