/** Trunk and what is worn on it: pelvis, top garment, vest, hood, skirt and coat tails. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { addTube, type Ring } from '#demo/picture/shape/tube.ts';
import { along, cross, lengthOf, mixed, subtract, UP, unit, type Vec3 } from '#demo/picture/shape/vector.ts';
import { type Build, type Figure, skeletonOf } from './figure.ts';
import { type Frame, type Leg, type Pose, upOf } from './pose.ts';

/** [height above the hip joint, half width, front, back] in metres for a body of 1.72 m. */
type Contour = readonly (readonly [number, number, number, number])[];

const MAN: Contour = [
  [-0.1, 0.15, 0.09, 0.115],
  [-0.05, 0.163, 0.102, 0.128],
  [0.01, 0.168, 0.108, 0.128],
  [0.08, 0.16, 0.11, 0.104],
  [0.14, 0.15, 0.108, 0.09],
  [0.21, 0.152, 0.106, 0.09],
  [0.29, 0.164, 0.112, 0.099],
  [0.36, 0.175, 0.12, 0.108],
  [0.42, 0.18, 0.114, 0.108],
  [0.465, 0.172, 0.096, 0.1],
  [0.5, 0.145, 0.078, 0.086],
  [0.527, 0.108, 0.066, 0.074],
  [0.55, 0.075, 0.06, 0.064],
  [0.575, 0.06, 0.055, 0.058],
];

const WOMAN: Contour = [
  [-0.1, 0.158, 0.09, 0.125],
  [-0.05, 0.172, 0.102, 0.138],
  [0.01, 0.172, 0.106, 0.132],
  [0.08, 0.153, 0.102, 0.1],
  [0.14, 0.13, 0.096, 0.082],
  [0.21, 0.13, 0.098, 0.082],
  [0.29, 0.145, 0.116, 0.09],
  [0.355, 0.155, 0.132, 0.098],
  [0.42, 0.158, 0.108, 0.098],
  [0.465, 0.15, 0.086, 0.09],
  [0.5, 0.128, 0.07, 0.078],
  [0.527, 0.095, 0.058, 0.066],
  [0.55, 0.066, 0.052, 0.056],
  [0.575, 0.052, 0.047, 0.05],
];

const CONTOURS: Record<Build, Contour> = { man: MAN, woman: WOMAN, child: MAN };
const SPINE_M = 0.48;
const CORNERS = 16;

/** Half width, front and back of the bare body at a height above the hip joint, in metres of this figure. */
export function bodyAt(figure: Figure, heightM: number): { side: number; fore: number; back: number } {
  const { k } = skeletonOf(figure);
  const contour = CONTOURS[figure.build];
  const height = heightM / k;
  const i = Math.max(
    1,
    contour.findIndex(([at]) => at >= height),
  );
  const [from, to] = height > contour.at(-1)![0] ? [contour.at(-2)!, contour.at(-1)!] : [contour[i - 1]!, contour[i]!];
  const share = Math.max(0, Math.min(1, (height - from[0]) / (to[0] - from[0])));
  const blend = (which: 1 | 2 | 3) => (from[which] + (to[which] - from[which]) * share) * k;
  const isChest = height > 0.44;
  const wide = isChest ? 1 + (figure.girth - 1) * 0.4 : figure.girth;
  const belly = Math.max(0, figure.girth - 1) * 0.28 * Math.exp(-(((height - 0.1) / 0.14) ** 2)) * k;
  return { side: blend(1) * wide, fore: blend(2) * (0.4 + 0.6 * wide) + belly, back: blend(3) * (0.4 + 0.6 * wide) };
}

/** The spine's frame at a height above the hip joint: it bends and twists evenly from the pelvis to the chest. */
export function spineAt(pose: Pick<Pose, 'pelvis' | 'chest'>, figure: Figure, heightM: number): Frame {
  const { k } = skeletonOf(figure);
  const share = heightM / (SPINE_M * k);
  const { pelvis, chest } = pose;
  const pelvisUp = upOf(pelvis);
  const chestUp = unit(upOf(chest));
  const knee = along(chest.at, chestUp, -0.23 * k);
  const at =
    share < 0
      ? along(pelvis.at, pelvisUp, heightM)
      : share > 1
        ? along(chest.at, chestUp, heightM - SPINE_M * k)
        : bent(pelvis.at, knee, chest.at, share);
  const twist = Math.max(0, Math.min(1, share));
  const right = unit(mixed(pelvis.right, chest.right, twist));
  const lean = share < 0 ? pelvisUp : unit(mixed(unit(subtract(knee, pelvis.at)), chestUp, twist));
  return { at, right, front: unit(cross(lean, right)) };
}

function bent(from: Vec3, over: Vec3, to: Vec3, share: number): Vec3 {
  return mixed(mixed(from, over, share), mixed(over, to, share), share);
}

function ringAt(pose: Pose, figure: Figure, heightM: number, outM: number): Ring {
  const frame = spineAt(pose, figure, heightM);
  const { side, fore, back } = bodyAt(figure, heightM);
  return {
    centre: frame.at,
    right: frame.right,
    front: frame.front,
    side: side + outM,
    fore: fore + outM,
    back: back + outM,
    squareness: 0.86,
  };
}

/** The hips in the cloth of the trousers or the skirt, up to the waist. */
export function addPelvis(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const rings = [-0.125, -0.1, -0.06, -0.02, 0.03, 0.08, 0.13, 0.15].map((height, i) => {
    const ring = ringAt(pose, figure, height * k, i === 0 ? -0.045 : 0.004);
    return i === 7 ? { ...ring, side: ring.side * 0.9, fore: ring.fore * 0.9, back: ring.back * 0.9 } : ring;
  });
  addTube(surface, rings, { corners: 12, material: numberOf(figure.bottom.material) });
}

const SEATED_DOT = 0.5;

/** True where the thighs lie forward, so that nothing may hang below the hips. */
function isSeated(leg: Leg): boolean {
  return unit(subtract(leg.knee, leg.hip))[1] > SEATED_DOT;
}

/** The top from its hem to the collar, an undershirt's stripe in front where it is open, and hood and vest. */
export function addTop(surface: Surface, figure: Figure, pose: Pose, seed: number): void {
  const { k } = skeletonOf(figure);
  const { top } = figure;
  const lowest = figure.bottom.kind === 'skirt' ? 0 : isSeated(pose.legs[1]) ? -0.05 : -0.1;
  const hem = Math.max(lowest, -top.hemM);
  const heights = [
    hem,
    hem + 0.012,
    0.02,
    0.08,
    0.14,
    0.2,
    0.26,
    0.31,
    0.355,
    0.4,
    0.44,
    0.475,
    0.505,
    0.53,
    0.555,
    0.582,
  ];
  const rings = heights.map((height, i) => {
    const loose = i === 0 ? top.looseM - 0.01 : i >= 11 ? top.looseM * 0.45 + 0.004 : top.looseM;
    const ring = ringAt(pose, figure, height * k, loose * k);
    return height < 0 && !isSeated(pose.legs[1]) ? roundLegs(pose, ring, 0, thighRoom(figure) + loose * k) : ring;
  });
  const cloth = numberOf(top.material);
  const second = numberOf('second-cloth');
  const front = Math.round(CORNERS / 4);
  const material = (ring: number, corner: number) => {
    const isFront = corner === front || corner === front - 1;
    if (top.isOpen && isFront && ring > 0) return second;
    if (top.isVest && ring > 1 && ring < 12) return second;
    return cloth;
  };
  addTube(surface, rings, { corners: CORNERS, material, wrinkle: 0.011, seed });
  if (top.hasHood) addHood(surface, figure, pose);
}

function addHood(surface: Surface, figure: Figure, pose: Pose): void {
  const { k } = skeletonOf(figure);
  const profile = [
    [0.43, 0.07, 0.02, 0.03],
    [0.46, 0.115, 0.03, 0.07],
    [0.5, 0.125, 0.05, 0.085],
    [0.54, 0.11, 0.06, 0.08],
    [0.57, 0.085, 0.05, 0.06],
    [0.585, 0.05, 0.03, 0.03],
  ] as const;
  const rings = profile.map(([height, side, fore, back]) => {
    const frame = spineAt(pose, figure, height * k);
    const centre = along(frame.at, frame.front, -0.055 * k);
    return { centre, right: frame.right, front: frame.front, side: side * k, fore: fore * k, back: back * k };
  });
  addTube(surface, rings, { corners: 12, material: numberOf(figure.top.material), wrinkle: 0.03 });
}

/** Cloth that hangs round both legs from the waist down: a skirt, or the tails of a coat. */
export function addHanging(
  surface: Surface,
  figure: Figure,
  pose: Pose,
  drape: { material: number; fromM: number; lengthM: number; flareM: number; outM: number; seed: number },
): void {
  const { k } = skeletonOf(figure);
  const count = 9;
  const rings: Ring[] = [];
  if (isSeated(pose.legs[1])) {
    rings.push(...lapRings(figure, pose, drape.lengthM, count));
  } else {
    for (let i = 0; i < count; i++) {
      const height = drape.fromM - ((drape.fromM + drape.lengthM) * i) / (count - 1);
      const ring = ringAt(pose, figure, Math.max(height, -0.06 * k), drape.outM);
      const flare = Math.max(0, -height / drape.lengthM) * drape.flareM;
      const centre = along(ring.centre, UP, Math.min(0, height + 0.06 * k));
      rings.push(roundLegs(pose, { ...ring, centre }, flare, drape.outM + 0.1 * k));
    }
    const hem = rings.at(-1)!;
    const inner = { side: hem.side * 0.9, fore: hem.fore * 0.9, back: hem.back * 0.9 };
    rings[count - 1] = { ...hem, ...inner };
  }
  addTube(surface, rings, {
    corners: 16,
    material: drape.material,
    wrinkle: 0.014,
    seed: drape.seed,
  });
}

/** The room a thigh takes in its cloth, from its middle line. */
function thighRoom(figure: Figure): number {
  const { bottom, girth } = figure;
  const loose = bottom.kind === 'trousers' ? bottom.looseM * 0.5 : 0.008;
  return (0.086 * (0.5 + 0.5 * girth) + loose) * skeletonOf(figure).k;
}

/** Widens a level ring so that both legs pass inside it. */
function roundLegs(pose: Pose, ring: Ring, flareM: number, legM: number): Ring {
  const places = pose.legs.flatMap((leg) => {
    const place = legAtHeight(leg, ring.centre[2]);
    return place === undefined ? [] : [place];
  });
  const wider = { ...ring, side: ring.side + flareM, fore: ring.fore + flareM * 0.6, back: ring.back + flareM * 0.6 };
  if (places.length === 0) return wider;
  const side = Math.max(wider.side, ...places.map((place) => Math.abs(place[0] - ring.centre[0]) + legM * 0.97));
  const fore = Math.max(wider.fore, ...places.map((place) => place[1] + legM - ring.centre[1]));
  const back = Math.max(wider.back, ...places.map((place) => ring.centre[1] - place[1] + legM));
  return { ...wider, side, fore, back, right: [1, 0, 0], front: [0, 1, 0] };
}

function legAtHeight(leg: Leg, z: number): Vec3 | undefined {
  for (const [from, to] of [
    [leg.hip, leg.knee],
    [leg.knee, leg.ankle],
  ] as const) {
    if ((z - from[2]) * (z - to[2]) <= 0 && from[2] !== to[2])
      return mixed(from, to, (z - from[2]) / (to[2] - from[2]));
  }
  return undefined;
}

/** A skirt over the lap of someone who sits: from the waist along the thighs. */
function lapRings(figure: Figure, pose: Pose, lengthM: number, count: number): Ring[] {
  const { k, hipHalfM } = skeletonOf(figure);
  const knees = mixed(pose.legs[0].knee, pose.legs[1].knee, 0.5);
  const span = subtract(knees, pose.pelvis.at);
  const ahead = unit(span);
  const reachM = Math.min(lengthM, lengthOf(span) * 1.02);
  const kneeHalfM = Math.abs(pose.legs[1].knee[0] - pose.legs[0].knee[0]) / 2;
  const right: Vec3 = [1, 0, 0];
  return Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    const centre = along(along(pose.pelvis.at, ahead, -0.05 * k + (reachM + 0.05 * k) * share), UP, 0.01);
    const side = (hipHalfM + (kneeHalfM - hipHalfM) * share + 0.09 * k) * (i === 0 ? 0.8 : 1);
    const high = (0.1 - 0.02 * share) * k * (i === 0 ? 0.7 : 1);
    return { centre, right, front: unit(cross(right, ahead)), side, fore: high, back: high };
  });
}
