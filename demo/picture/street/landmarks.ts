/** What makes a place: gates, market stalls, containers, a fountain, a bridge. */
import { between, pickOne, randomStream } from '#demo/world/random.ts';
import { paintOf } from './paints.ts';
import type { Build } from './poles.ts';
import type { Vector } from './sculpt.ts';
import { box, from, sheet, tube, turned } from './solids.ts';

/** A raised bar over the way in; its post at the foot, the bar to the right, `heightM` 0 = closed. */
const boom: Build = (sculpt, foot, { lengthM = 3.4, heightM = 0 }) => {
  box(sculpt, foot, { right: [-0.18, 0.18], forward: [-0.18, 0.18], up: [0, 1.05] }, paintOf('plastic-orange'));
  const parts = 8;
  for (let part = 0; part < parts; part++) {
    const [a, b] = [(part / parts) * lengthM, ((part + 1) / parts) * lengthM];
    const rise = (right: number) => 0.92 + right * heightM;
    const points = [from(foot, [a + 0.1, 0, rise(a)]), from(foot, [b + 0.1, 0, rise(b)])];
    tube(sculpt, { points, radiiM: [0.045], sides: 6 }, paintOf(part % 2 === 0 ? 'fruit-red' : 'plastic-white'));
  }
};

const booth: Build = (sculpt, foot) => {
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
const slidingGate: Build = (sculpt, foot, { lengthM = 6 }) => {
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
const estateGate: Build = (sculpt, foot, { lengthM = 11 }) => {
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

const schoolGate: Build = (sculpt, foot, { lengthM = 8 }) => {
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
const stall: Build = (sculpt, foot, { seed = 1 }) => {
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

const crates: Build = (sculpt, foot, { seed = 1 }) => {
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

const cart: Build = (sculpt, foot, { seed = 1 }) => {
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
const containers: Build = (sculpt, foot, { seed = 1, lengthM = 6.06 }) => {
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

const pallets: Build = (sculpt, foot, { seed = 1 }) => {
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
