/** What makes a place: a fountain, a bridge, a playground, and the gates and goods beside it. */
import { boom, booth, estateGate, schoolGate, slidingGate } from './gates.ts';
import { cart, containers, crates, pallets, stall } from './goods.ts';
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import type { Vector } from './sculpt.ts';
import { box, from, sheet, tube, turned } from './solids.ts';

const fountain: Build = (sculpt, foot) => {
  turned(
    sculpt,
    foot,
    [
      [4, 0],
      [4, 0.5],
      [3.55, 0.5],
    ],
    paintOf('pale-stone'),
    40,
  );
  turned(
    sculpt,
    { ...foot, z: foot.z + 0.36 },
    [
      [3.6, 0],
      [3.59, 0.01],
    ],
    paintOf('water'),
    40,
  );
  turned(
    sculpt,
    foot,
    [
      [0.9, 0.3],
      [0.7, 0.5],
      [0.35, 1.1],
      [0.4, 1.3],
      [1.3, 1.6],
      [1.35, 1.7],
    ],
    paintOf('pale-stone'),
    24,
  );
  turned(
    sculpt,
    foot,
    [
      [0.22, 1.6],
      [0.2, 2.1],
      [0.6, 2.35],
      [0.62, 2.42],
    ],
    paintOf('pale-stone'),
    20,
  );
};

const statue: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-1, 1], forward: [-1, 1], up: [0, 0.4] }, paintOf('dark-stone'));
  box(sculpt, foot, { right: [-0.7, 0.7], forward: [-0.7, 0.7], up: [0.4, 1.6] }, paintOf('pale-stone'));
  const ring: Vector[] = Array.from({ length: 17 }, (_, step) => {
    const turn = (step / 16) * 2 * Math.PI;
    return from(foot, [0.9 * Math.cos(turn), 0.25 * Math.sin(2 * turn), 2.8 + 1.05 * Math.sin(turn)]);
  });
  tube(sculpt, { points: ring, radiiM: [0.16], sides: 10, isCapped: false }, paintOf('steel'));
};

/** An arched stone bridge along the foot's right, `lengthM` from bank to bank. */
const bridge: Build = (sculpt, foot, { lengthM = 50 }) => {
  const half = lengthM / 2;
  const stone = paintOf('pale-stone');
  const [deck, water] = [3.2, -2.6];
  const crown = (right: number) => deck - 1.4 * (right / half) ** 2;
  const arches = 3;
  const span = lengthM / arches;
  const steps = 36;
  for (const forward of [-4, 4]) {
    for (let step = 0; step < steps; step++) {
      const [a, b] = [-half + (lengthM * step) / steps, -half + (lengthM * (step + 1)) / steps];
      const under = (right: number) => {
        const inArch = (((right + half) % span) / span - 0.5) * 2.3;
        return Math.abs(inArch) > 1 ? water : water + 3.6 * Math.sqrt(1 - inArch * inArch);
      };
      const face: Vector[] = [
        [a, forward, under(a)],
        [b, forward, under(b)],
        [b, forward, crown(b)],
        [a, forward, crown(a)],
      ];
      sheet(
        sculpt,
        face.map((point) => from(foot, point)),
        stone,
      );
      box(
        sculpt,
        foot,
        { right: [a, b], forward: [forward - 0.15, forward + 0.15], up: [crown(a) + 0.05, crown(a) + 1] },
        stone,
      );
    }
  }
  for (let step = 0; step < steps; step++) {
    const [a, b] = [-half + (lengthM * step) / steps, -half + (lengthM * (step + 1)) / steps];
    const deckPiece: Vector[] = [
      [a, -4, crown(a)],
      [b, -4, crown(b)],
      [b, 4, crown(b)],
      [a, 4, crown(a)],
    ];
    sculpt.face(
      deckPiece.map((point) => from(foot, point)),
      paintOf('asphalt'),
    );
  }
};

const boat: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-1.1, 1.1], forward: [-3.6, 3.2], up: [0, 0.7] }, paintOf('wood'));
  box(sculpt, foot, { right: [-0.8, 0.8], forward: [3.2, 4.2], up: [0.2, 0.75] }, paintOf('wood'));
  box(sculpt, foot, { right: [-0.95, 0.95], forward: [-2.4, 1.6], up: [0.7, 1.9] }, paintOf('window'));
  box(sculpt, foot, { right: [-1.15, 1.15], forward: [-2.7, 2], up: [1.9, 2.1] }, paintOf('roof-tile'));
};

const cones: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-0.2, 0.2], forward: [-0.2, 0.2], up: [0, 0.04] }, paintOf('rubber'));
  turned(
    sculpt,
    { ...foot, z: foot.z + 0.04 },
    [
      [0.15, 0],
      [0.11, 0.22],
    ],
    paintOf('plastic-orange'),
    10,
  );
  turned(
    sculpt,
    { ...foot, z: foot.z + 0.26 },
    [
      [0.11, 0],
      [0.08, 0.18],
    ],
    paintOf('plastic-white'),
    10,
  );
  turned(
    sculpt,
    { ...foot, z: foot.z + 0.44 },
    [
      [0.08, 0],
      [0.035, 0.25],
    ],
    paintOf('plastic-orange'),
    10,
  );
};

const playground: Build = (sculpt, foot) => {
  for (const [right, forward] of [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const)
    tube(
      sculpt,
      { points: [from(foot, [right, forward, 0]), from(foot, [right, forward, 3])], radiiM: [0.07], sides: 7 },
      paintOf('plastic-blue'),
    );
  box(sculpt, foot, { right: [-1, 1], forward: [-1, 1], up: [1.4, 1.5] }, paintOf('plastic-yellow'));
  const top = from(foot, [0, 0, 4]);
  const corners = [
    [-1.2, -1.2],
    [1.2, -1.2],
    [1.2, 1.2],
    [-1.2, 1.2],
  ].map(([right, forward]) => from(foot, [right!, forward!, 3]));
  for (const [index, corner] of corners.entries())
    sheet(sculpt, [corner, corners[(index + 1) % 4]!, top], paintOf('plastic-orange'));
  sheet(
    sculpt,
    [from(foot, [-0.4, 1, 1.5]), from(foot, [-0.4, 3.6, 0.3]), from(foot, [0.4, 3.6, 0.3]), from(foot, [0.4, 1, 1.5])],
    paintOf('fruit-red'),
  );
};

const steps: Build = (sculpt, foot, { lengthM = 14 }) => {
  for (let step = 0; step < 4; step++)
    box(
      sculpt,
      foot,
      { right: [-lengthM / 2, lengthM / 2], forward: [step * 0.36, 4], up: [step * 0.15, (step + 1) * 0.15] },
      paintOf('pale-stone'),
    );
};

const wheelStop: Build = (sculpt, foot) =>
  box(sculpt, foot, { right: [-0.9, 0.9], forward: [-0.08, 0.08], up: [0, 0.11] }, paintOf('plastic-yellow'));
const speedHump: Build = (sculpt, foot, { lengthM = 5 }) => {
  for (let right = -lengthM / 2, index = 0; right < lengthM / 2 - 0.1; right += 0.5, index++) {
    box(
      sculpt,
      foot,
      { right: [right, right + 0.5], forward: [-0.18, 0.18], up: [0, 0.045] },
      paintOf(index % 2 === 0 ? 'rubber' : 'plastic-yellow'),
    );
  }
};
const charger: Build = (sculpt, foot) => {
  box(sculpt, foot, { right: [-0.22, 0.22], forward: [-0.16, 0.16], up: [0, 1.55] }, paintOf('plastic-white'));
  box(sculpt, foot, { right: [-0.17, 0.17], forward: [0.16, 0.17], up: [1, 1.4] }, paintOf('plastic-green'));
};

export const LANDMARKS = {
  'gate-boom': boom,
  'guard-booth': booth,
  'sliding-gate': slidingGate,
  'estate-gate': estateGate,
  'school-gate': schoolGate,
  'market-stall': stall,
  crates,
  'awning-cart': cart,
  containers,
  pallets,
  fountain,
  statue,
  'bridge-arch': bridge,
  boat,
  cones,
  playground,
  'stage-steps': steps,
  'wheel-stop': wheelStop,
  'speed-hump': speedHump,
  charger,
} as const;
