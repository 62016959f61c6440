/** Trees, hedges and flower beds: trunks and limbs as tubes, crowns of leaf cards. */
import { between, type Random, randomStream } from '#demo/world/random.ts';
import type { Prop } from '#demo/world/stages/stage.ts';
import { paintOf } from './paints.ts';
import type { Sculpt, Vector } from './sculpt.ts';
import { box, cross, type Foot, tube, unit } from './solids.ts';

type Crown = { middle: Vector; radiusM: Vector; cards: number; cardM: number; leaves: number };

/** Cards lie near the crown's surface, most of them facing out and up, so that light falls on them as on foliage. */
function crown(sculpt: Sculpt, { middle, radiusM, cards, cardM, leaves }: Crown, random: Random): void {
  for (let index = 0; index < cards; index++) {
    const up = between(random, -0.75, 1);
    const turn = random() * 2 * Math.PI;
    const flat = Math.sqrt(1 - Math.min(1, up * up));
    const deep = 0.62 + 0.4 * Math.sqrt(random());
    const out: Vector = [flat * Math.cos(turn), flat * Math.sin(turn), up];
    const at: Vector = [
      middle[0] + out[0] * radiusM[0] * deep,
      middle[1] + out[1] * radiusM[1] * deep,
      middle[2] + out[2] * radiusM[2] * deep,
    ];
    const normal = unit([
      out[0] + between(random, -0.8, 0.8),
      out[1] + between(random, -0.8, 0.8),
      out[2] + between(random, -0.3, 1),
    ]);
    card(sculpt, { at, normal, sizeM: cardM * between(random, 0.75, 1.25), leaves, random });
  }
}

type Card = { at: Vector; normal: Vector; sizeM: number; leaves: number; random: Random };

function card(sculpt: Sculpt, { at, normal, sizeM, leaves, random }: Card): void {
  const u = unit(cross(Math.abs(normal[2]) > 0.9 ? [1, 0, 0] : [0, 0, 1], normal));
  const v = cross(normal, u);
  const half = sizeM / 2;
  const corner = (a: number, b: number): Vector => [
    at[0] + (u[0] * a + v[0] * b) * half,
    at[1] + (u[1] * a + v[1] * b) * half,
    at[2] + (u[2] * a + v[2] * b) * half,
  ];
  const shift = Math.floor(random() * 900) / 7;
  const uv = (a: number, b: number) => [shift + a * half, shift + b * half] as const;
  sculpt.face([corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)], leaves, [
    uv(-1, -1),
    uv(1, -1),
    uv(1, 1),
    uv(-1, 1),
  ]);
}

type TreeShape = {
  trunkM: number;
  trunkRadiusM: number;
  crownM: Vector;
  clumps: number;
  cards: number;
  cardM: number;
  leaves: string;
  bark: string;
};

const SHAPES: Partial<Record<Prop['kind'], TreeShape>> = {
  'plane-tree': {
    trunkM: 4.2,
    trunkRadiusM: 0.2,
    crownM: [2.5, 2.5, 2],
    clumps: 7,
    cards: 95,
    cardM: 0.95,
    leaves: 'leaf-plane',
    bark: 'bark',
  },
  'pagoda-tree': {
    trunkM: 3.4,
    trunkRadiusM: 0.15,
    crownM: [1.9, 1.9, 1.7],
    clumps: 6,
    cards: 85,
    cardM: 0.8,
    leaves: 'leaf-pagoda',
    bark: 'dark-bark',
  },
  'young-tree': {
    trunkM: 2.4,
    trunkRadiusM: 0.06,
    crownM: [1, 1, 1.2],
    clumps: 3,
    cards: 60,
    cardM: 0.6,
    leaves: 'leaf-autumn',
    bark: 'dark-bark',
  },
  willow: {
    trunkM: 3,
    trunkRadiusM: 0.2,
    crownM: [2.4, 2.4, 1.5],
    clumps: 5,
    cards: 60,
    cardM: 0.8,
    leaves: 'leaf-willow',
    bark: 'dark-bark',
  },
};

export function buildTree(sculpt: Sculpt, { kind, x, y, seed = 1 }: Prop, z: number): void {
  const random = randomStream(seed, kind);
  const shape = SHAPES[kind];
  if (shape === undefined) throw new Error(`"${kind}" is no tree`);
  const { trunkM, trunkRadiusM, crownM, clumps, cards, cardM } = shape;
  const size = between(random, 0.88, 1.15);
  const [leanX, leanY] = [between(random, -0.25, 0.25), between(random, -0.25, 0.25)];
  const fork: Vector = [x + leanX, y + leanY, z + trunkM * size * 0.72];
  const [bark, leaves] = [paintOf(shape.bark), paintOf(shape.leaves)];
  const radius = trunkRadiusM * size;
  tube(
    sculpt,
    {
      points: [[x, y, z - 0.1], [x, y, z + 0.25], fork],
      radiiM: [radius * 1.35, radius * 1.05, radius * 0.8],
      sides: 9,
    },
    bark,
  );
  for (let clump = 0; clump < clumps; clump++) {
    const turn = ((clump + random() * 0.6) / clumps) * 2 * Math.PI;
    const reach = clump === 0 ? 0.1 : between(random, 0.45, 0.75);
    const middle: Vector = [
      fork[0] + Math.cos(turn) * crownM[0] * size * reach,
      fork[1] + Math.sin(turn) * crownM[1] * size * reach,
      z + trunkM * size + crownM[2] * size * (clump === 0 ? 0.75 : between(random, 0, 0.5)),
    ];
    tube(
      sculpt,
      {
        points: [fork, [(fork[0] + middle[0]) / 2, (fork[1] + middle[1]) / 2, (fork[2] + middle[2]) / 2 + 0.2], middle],
        radiiM: [radius * 0.5, radius * 0.32, radius * 0.12],
        sides: 5,
        isCapped: false,
      },
      bark,
    );
    const radiusM: Vector = [crownM[0] * size * 0.58, crownM[1] * size * 0.58, crownM[2] * size * 0.55];
    crown(sculpt, { middle, radiusM, cards, cardM, leaves }, random);
  }
  if (kind === 'willow') strands(sculpt, { fork, random, leaves, z });
}

/** A willow's hanging twigs. */
function strands(
  sculpt: Sculpt,
  { fork, random, leaves, z }: { fork: Vector; random: Random; leaves: number; z: number },
): void {
  for (let index = 0; index < 130; index++) {
    const turn = random() * 2 * Math.PI;
    const out = between(random, 0.8, 2.7);
    const [x, y] = [fork[0] + Math.cos(turn) * out, fork[1] + Math.sin(turn) * out];
    const top = z + 4.6 - out * 0.35;
    const low = Math.max(z + 1.9, top - between(random, 1.1, 2.4));
    const [dx, dy] = [Math.cos(turn + 1.5) * 0.22, Math.sin(turn + 1.5) * 0.22];
    const shift = Math.floor(random() * 900) / 7;
    sculpt.face(
      [
        [x - dx, y - dy, low],
        [x + dx, y + dy, low],
        [x + dx, y + dy, top],
        [x - dx, y - dy, top],
      ],
      leaves,
      [
        [shift, 0],
        [shift + 0.44, 0],
        [shift + 0.44, top - low],
        [shift, top - low],
      ],
    );
  }
}

/** Hedges and shrubs: a dark core, cards all over it. */
export function buildHedge(
  sculpt: Sculpt,
  { x, y, heading = 0, lengthM = 2, heightM = 0.9, seed = 1 }: Prop,
  z: number,
): void {
  const random = randomStream(seed + Math.round(x * 7 + y * 13), 'hedge');
  const foot: Foot = { x, y, z, heading };
  box(
    sculpt,
    foot,
    { right: [-lengthM / 2, lengthM / 2], forward: [-0.3, 0.3], up: [0, heightM - 0.12] },
    paintOf('soil'),
  );
  const leaves = paintOf('leaf-hedge');
  for (let index = 0; index < lengthM * 46; index++) {
    const [right, side] = [between(random, -lengthM / 2, lengthM / 2), random()];
    const [forward, up] =
      side < 0.4
        ? [between(random, -0.36, 0.36), heightM - 0.05]
        : [side < 0.7 ? -0.38 : 0.38, between(random, 0.1, heightM - 0.05)];
    const normal = unit([
      between(random, -0.6, 0.6),
      side < 0.4 ? between(random, -0.5, 0.5) : Math.sign(forward),
      between(random, 0.1, 1),
    ]);
    const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
    const at: Vector = [x + right * cos + forward * sin, y - right * sin + forward * cos, z + up];
    const out: Vector = [normal[0] * cos + normal[1] * sin, -normal[0] * sin + normal[1] * cos, normal[2]];
    card(sculpt, { at, normal: out, sizeM: 0.42, leaves, random });
  }
}

/** A round bush or a bed of flowers on soil. */
export function buildBush(sculpt: Sculpt, { kind, x, y, seed = 1 }: Prop, z: number): void {
  const random = randomStream(seed, kind);
  const leaves = paintOf('leaf-hedge');
  if (kind === 'cypress') {
    tube(
      sculpt,
      {
        points: [
          [x, y, z],
          [x, y, z + 3.2],
        ],
        radiiM: [0.09, 0.03],
        sides: 6,
      },
      paintOf('dark-bark'),
    );
    crown(sculpt, { middle: [x, y, z + 1.9], radiusM: [0.55, 0.55, 1.7], cards: 190, cardM: 0.42, leaves }, random);
    return;
  }
  crown(sculpt, { middle: [x, y, z + 0.42], radiusM: [0.5, 0.5, 0.42], cards: 80, cardM: 0.36, leaves }, random);
  if (kind === 'flower-bed')
    crown(
      sculpt,
      { middle: [x, y, z + 0.5], radiusM: [0.5, 0.5, 0.42], cards: 40, cardM: 0.3, leaves: paintOf('leaf-flower') },
      random,
    );
}

export function buildPlanter(sculpt: Sculpt, prop: Prop, z: number): void {
  const { x, y, heading = 0, lengthM = 2, seed = 1 } = prop;
  const foot: Foot = { x, y, z, heading };
  const half = lengthM / 2;
  box(
    sculpt,
    foot,
    { right: [-half, half], forward: [-0.4, 0.4], up: [0, 0.55] },
    paintOf('pale-stone'),
    paintOf('soil'),
  );
  const random = randomStream(seed + Math.round(x * 3 + y * 5), 'planter');
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  for (let right = -half + 0.35; right < half - 0.2; right += 0.45) {
    const middle: Vector = [x + right * cos, y - right * sin, z + 0.75];
    crown(
      sculpt,
      {
        middle,
        radiusM: [0.34, 0.34, 0.3],
        cards: 26,
        cardM: 0.34,
        leaves: paintOf(random() < 0.3 ? 'leaf-flower' : 'leaf-hedge'),
      },
      random,
    );
  }
}

/** Something flat and green far away: a row of tree tops behind the last houses. */
export function buildTreeLine(
  sculpt: Sculpt,
  { x0, x1, y, seed }: { x0: number; x1: number; y: number; seed: number },
): void {
  const random = randomStream(seed, 'tree line');
  for (let x = x0; x < x1; x += 4) {
    crown(
      sculpt,
      {
        middle: [x, y + between(random, -2, 2), between(random, 3, 5)],
        radiusM: [3, 2.5, 3],
        cards: 60,
        cardM: 1.8,
        leaves: paintOf('leaf-pagoda'),
      },
      random,
    );
  }
}
