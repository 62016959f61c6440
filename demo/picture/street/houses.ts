/** Houses: walls with windows above, shops below, and what makes a wall a street: signs, awnings, balconies, ledges. */
import { between, pickOne, type Random, randomStream } from '#demo/world/random.ts';
import type { Building, FacadeStyle, Side, Stage } from '#demo/world/stages/stage.ts';
import { paintOf } from './paints.ts';
import type { Sculpt, Vector } from './sculpt.ts';
import { box, type Foot, from, sheet, tube } from './solids.ts';

const STYLE_COUNT: Record<FacadeStyle, number> = {
  tile: 3,
  brick: 3,
  plaster: 4,
  stone: 2,
  glass: 2,
  concrete: 2,
  old: 2,
};

/** Street level: shop fronts with their boards end here. */
const SHOP_M = 3.6;
/** Farther away nothing small is built. */
const DETAIL_M = 75;

export function buildHouses(sculpt: Sculpt, stage: Stage, eye: { x: number; y: number }): void {
  for (const building of stage.buildings) buildHouse(sculpt, building, eye);
}

type Wall = { foot: Foot; widthM: number; heightM: number; side: Side };

/** A wall's foot: its left end seen from outside, `right` along the wall, `forward` into the house. */
function wallsOf({ at: [x0, y0, x1, y1], heightM }: Building): Wall[] {
  const wall = (side: Side, x: number, y: number, heading: number, widthM: number): Wall => ({
    foot: { x, y, z: 0, heading },
    widthM,
    heightM,
    side,
  });
  return [
    wall('south', x0, y0, 0, x1 - x0),
    wall('east', x1, y0, -Math.PI / 2, y1 - y0),
    wall('north', x1, y1, Math.PI, x1 - x0),
    wall('west', x0, y1, Math.PI / 2, y1 - y0),
  ];
}

function buildHouse(sculpt: Sculpt, building: Building, eye: { x: number; y: number }): void {
  const random = randomStream(building.seed, 'house');
  const paint = paintOf(`${building.style}-${1 + Math.floor(random() * STYLE_COUNT[building.style])}`);
  const [x0, y0, x1, y1] = building.at;
  const away = Math.hypot(Math.max(x0 - eye.x, 0, eye.x - x1), Math.max(y0 - eye.y, 0, eye.y - y1));
  for (const wall of wallsOf(building)) {
    const hasShops = building.shops?.includes(wall.side) === true;
    const from0 = hasShops ? SHOP_M : 0;
    wallPiece(sculpt, wall, { paint, low: from0, high: building.heightM, shift: Math.floor(random() * 4) * 7.3 });
    if (hasShops) shopWall(sculpt, wall, random, away);
    if (away > DETAIL_M) continue;
    if (building.balconies?.includes(wall.side) === true) balconies(sculpt, wall, { random, low: from0, eye });
    ledges(sculpt, wall, from0);
  }
  roof(sculpt, building, random);
}

type Piece = { paint: number; low: number; high: number; shift: number };

/** uv: metres along the wall and above the piece's own foot, so that storeys start there. */
function wallPiece(sculpt: Sculpt, { foot, widthM }: Wall, { paint, low, high, shift }: Piece): void {
  const corner = (right: number, up: number) => from(foot, [right, 0, up]);
  const uv = (right: number, up: number) => [right + shift, up - low] as const;
  sculpt.face([corner(0, low), corner(widthM, low), corner(widthM, high), corner(0, high)], paint, [
    uv(0, low),
    uv(widthM, low),
    uv(widthM, high),
    uv(0, high),
  ]);
}

function shopWall(sculpt: Sculpt, wall: Wall, random: Random, away: number): void {
  const seed = 1 + Math.floor(random() * 6);
  wallPiece(sculpt, wall, {
    paint: paintOf(`shop-${seed}`),
    low: 0,
    high: SHOP_M,
    shift: Math.floor(random() * 9) * 4.1,
  });
  if (away > DETAIL_M) return;
  const bay = 3.4 + seed * 0.35;
  for (let at = 0.3; at + bay < wall.widthM; at += bay) {
    if (random() < 0.45) awning(sculpt, wall, { from: at, to: at + bay - 0.3, random });
    if (random() < 0.35) bladeSign(sculpt, wall, at + bay - 0.1, random);
  }
}

const AWNINGS = [
  'cloth-red',
  'cloth-green',
  'cloth-blue',
  'cloth-sand',
  'cloth-red-white',
  'cloth-green-white',
  'cloth-blue-white',
];

function awning(
  sculpt: Sculpt,
  { foot }: Wall,
  { from: left, to: right, random }: { from: number; to: number; random: Random },
): void {
  const paint = paintOf(pickOne(random, AWNINGS));
  const reach = between(random, 0.9, 1.5);
  const [low, high] = [2.35, 2.85];
  const at = (r: number, f: number, u: number) => from(foot, [r, f, u]);
  const steps = 4;
  for (let step = 0; step < steps; step++) {
    const [a, b] = [left + ((right - left) * step) / steps, left + ((right - left) * (step + 1)) / steps];
    sheet(sculpt, [at(a, -reach, low), at(b, -reach, low), at(b, -0.02, high), at(a, -0.02, high)], paint);
    sheet(
      sculpt,
      [at(a, -reach, low - 0.22), at(b, -reach, low - 0.22), at(b, -reach, low), at(a, -reach, low)],
      paint,
    );
  }
}

function bladeSign(sculpt: Sculpt, { foot }: Wall, right: number, random: Random): void {
  const tall = between(random, 1.2, 2.6);
  const bottom = between(random, 3.7, 4.4);
  const paint = paintOf(
    pickOne(random, ['sign-red', 'sign-blue', 'sign-green', 'sign-gold', 'neon-red', 'neon-blue', 'sign-white']),
  );
  box(sculpt, foot, { right: [right - 0.1, right + 0.1], forward: [-0.95, -0.15], up: [bottom, bottom + tall] }, paint);
}

const FLOOR_M = 3.1;
/** Nearer ones would hang in the picture from above. */
const NEAREST_BALCONY_M = 22;

/** Real ledges cast real shadows; the painted windows lie between them. */
function ledges(sculpt: Sculpt, { foot, widthM, heightM }: Wall, low: number): void {
  const stone = paintOf('pale-stone');
  box(
    sculpt,
    foot,
    { right: [-0.12, widthM + 0.12], forward: [-0.14, 0], up: [heightM - 0.05, heightM + 0.75] },
    stone,
  );
  if (low > 0) box(sculpt, foot, { right: [0, widthM], forward: [-0.18, 0], up: [low - 0.05, low + 0.14] }, stone);
  for (const right of [0.12, widthM - 0.12]) {
    const [bottom, top] = [from(foot, [right, -0.07, Math.max(low, 0.1)]), from(foot, [right, -0.07, heightM])];
    tube(sculpt, { points: [bottom, top], radiiM: [0.055], sides: 5, isCapped: false }, paintOf('plastic-grey'));
  }
}

type Balconies = { random: Random; low: number; eye: { x: number; y: number } };

function balconies(sculpt: Sculpt, { foot, widthM, heightM }: Wall, { random, low, eye }: Balconies): void {
  const every = between(random, 3.6, 5.4);
  const reach = between(random, 0.9, 1.3);
  const isGlazed = random() < 0.5;
  const rail = paintOf(pickOne(random, ['white-metal', 'dark-metal', 'plain-plaster', 'rust']));
  for (let at = every * 0.35; at + 2.6 < widthM; at += every) {
    const [x, y] = from(foot, [at, 0, 0]);
    if (random() < 0.15 || Math.hypot(x - eye.x, y - eye.y) < NEAREST_BALCONY_M) continue;
    for (let floor = low + (low > 0 ? 0 : FLOOR_M); floor + FLOOR_M < heightM; floor += FLOOR_M) {
      balcony(sculpt, foot, { at, floor, reach, rail, isGlazed: isGlazed && random() < 0.8, random });
    }
  }
}

type Balcony = { at: number; floor: number; reach: number; rail: number; isGlazed: boolean; random: Random };

function balcony(sculpt: Sculpt, foot: Foot, { at, floor, reach, rail, isGlazed, random }: Balcony): void {
  const right = [at, at + 2.5] as const;
  box(sculpt, foot, { right, forward: [-reach, 0], up: [floor, floor + 0.14] }, paintOf('plain-plaster'));
  box(sculpt, foot, { right, forward: [-reach, -reach + 0.06], up: [floor + 0.14, floor + 1.05] }, rail);
  for (const edge of [at, at + 2.44]) {
    box(sculpt, foot, { right: [edge, edge + 0.06], forward: [-reach, 0], up: [floor + 0.14, floor + 1.05] }, rail);
  }
  if (isGlazed) {
    box(
      sculpt,
      foot,
      { right: [at + 0.03, at + 2.47], forward: [-reach + 0.03, 0], up: [floor + 1.05, floor + 2.75] },
      paintOf('window'),
    );
    for (const bar of [at, at + 0.83, at + 1.66, at + 2.45]) {
      box(
        sculpt,
        foot,
        { right: [bar, bar + 0.05], forward: [-reach, -reach + 0.05], up: [floor + 1.05, floor + 2.78] },
        paintOf('white-metal'),
      );
    }
    box(sculpt, foot, { right, forward: [-reach, 0], up: [floor + 2.75, floor + 2.85] }, paintOf('white-metal'));
  } else if (random() < 0.55) laundry(sculpt, foot, { at, floor, reach, random });
}

function laundry(
  sculpt: Sculpt,
  foot: Foot,
  { at, floor, reach, random }: Pick<Balcony, 'at' | 'floor' | 'reach' | 'random'>,
): void {
  for (let right = at + 0.2; right < at + 2; right += between(random, 0.45, 0.8)) {
    const paint = paintOf(
      pickOne(random, ['cloth-red', 'cloth-blue', 'cloth-sand', 'cloth-green', 'plastic-white', 'cloth-blue-white']),
    );
    const [low, high] = [floor + between(random, 1.15, 1.4), floor + 2];
    const corner = (r: number, up: number): Vector => from(foot, [r, -reach + 0.1, up]);
    sheet(
      sculpt,
      [corner(right, low), corner(right + 0.4, low), corner(right + 0.4, high), corner(right, high)],
      paint,
    );
  }
}

function roof(sculpt: Sculpt, { at: [x0, y0, x1, y1], heightM, hasGable }: Building, random: Random): void {
  const paint = paintOf('roof');
  const top = (x: number, y: number, z = heightM): Vector => [x, y, z];
  sculpt.face([top(x0, y0), top(x1, y0), top(x1, y1), top(x0, y1)], paint);
  if (hasGable !== true) {
    for (let count = 0; count < 3; count++) {
      const [x, y] = [between(random, x0 + 1.5, x1 - 2.5), between(random, y0 + 1.5, y1 - 2.5)];
      const size = between(random, 1, 2.4);
      box(
        sculpt,
        { x, y, z: heightM, heading: 0 },
        { right: [0, size], forward: [0, size], up: [0, between(random, 0.9, 2.6)] },
        paintOf(pickOne(random, ['plastic-grey', 'plain-plaster', 'steel'])),
      );
    }
    return;
  }
  const tiles = paintOf('roof-tile');
  const ridge = heightM + Math.min(x1 - x0, y1 - y0) * 0.28;
  const eaves = 0.5;
  const isAlongY = y1 - y0 > x1 - x0;
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const [a, b, c, d] = [
    top(x0 - eaves, y0 - eaves),
    top(x1 + eaves, y0 - eaves),
    top(x1 + eaves, y1 + eaves),
    top(x0 - eaves, y1 + eaves),
  ];
  const [r0, r1] = isAlongY
    ? [top(mx, y0 - eaves, ridge), top(mx, y1 + eaves, ridge)]
    : [top(x0 - eaves, my, ridge), top(x1 + eaves, my, ridge)];
  const faces = isAlongY
    ? [
        [b, c, r1, r0],
        [d, a, r0, r1],
        [a, b, r0],
        [c, d, r1],
      ]
    : [
        [a, b, r1, r0],
        [c, d, r0, r1],
        [b, c, r1],
        [d, a, r0],
      ];
  for (const face of faces) sculpt.face(face as Vector[], tiles);
}
