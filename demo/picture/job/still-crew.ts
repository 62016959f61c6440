/** Who is in a still: a moment of one of the view's loops in new clothes, riders, rows of parked machines and strangers. */
import { type Camera, isInPicture } from '#demo/world/camera.ts';
import { between, pickOne, type Random } from '#demo/world/random.ts';
import { rehearse } from '#demo/world/rehearse.ts';
import { furnitureOf } from '#demo/world/stages/furniture.ts';
import { groundHeight } from '#demo/world/stages/ground.ts';
import { type Body, VEHICLES, type VehicleBody } from '#demo/world/traffic/figures.ts';
import type { AgentAt, CastMember, Pose } from '#demo/world/traffic/motion.ts';
import { edgeDistance, type Footprint } from '#demo/world/traffic/occupancy.ts';
import type { View } from '#demo/world/view.ts';

export type Crew = { cast: CastMember[]; agents: AgentAt[] };

/** The way of a bicycle that stands as those in the streets' rows do, in a mesh of its own. */
export const STANDING = 'standing';

/** Height in pixels of a picture 1280 wide that a thing of 1.6 m gets: strangers are as often small as large. */
const TALL_PX = [20, 200] as const;
const TALL_M = 1.6;
const [STOCK, SEEDS] = [24, 900];
/** What is farther is too small to be asked for. */
const FARTHEST_M = 85;

type Wanted = { camera: Camera; random: Random; taken: Footprint[] };
type Making = Wanted & { view: View; crew: Crew };

export function crewOf(view: View, { camera, random, index }: { camera: Camera; random: Random; index: number }): Crew {
  const motion = rehearse(view, pickOne(random, view.variants));
  const moment = pickOne(random, motion.frames);
  // Clothes come from a stock: a job of thousands of pictures stays small.
  const shift = (index % STOCK) * 7919;
  const cast: CastMember[] = motion.cast.map((member) => ({ ...member, seed: member.seed + shift }));
  const all = moment.map((at) => ({ ...at, age: 0 }));
  const once = all.filter((at, place) => all.findIndex(({ member }) => member === at.member) === place);
  const crew: Crew = { cast, agents: once.filter((at) => isAhead(camera, at)) };
  const taken = [...furnitureOf(view.stage), ...once.map((at) => footprintOf(cast[at.member]!.body, at))];
  const making: Making = { view, crew, camera, random, taken };
  for (let rows = pickOne(random, [0, 0, 1, 1, 2, 3]); rows > 0; rows--) addRow(making);
  for (let stranger = Math.floor(between(random, 3, 20)); stranger > 0; stranger--) addStranger(making);
  return crew;
}

/** Within sight and before the camera; what stands beside it throws no shadow that matters. */
function isAhead(camera: Camera, { x, y }: { x: number; y: number }): boolean {
  const [right, forward] = [x - camera.x, y - camera.y];
  const away = Math.hypot(right, forward);
  const turn = (camera.yawDeg * Math.PI) / 180;
  return away > 2 && away < FARTHEST_M && (right * Math.sin(turn) + forward * Math.cos(turn)) / away > 0.45;
}

const BODIES: readonly Body[] = [
  ...(['person', 'person', 'person', 'person', 'person'] as const),
  ...(['bicycle', 'bicycle', 'bicycle', 'bicycle', 'motorcycle', 'motorcycle', 'motorcycle', 'motorcycle'] as const),
  ...(['car', 'van', 'truck', 'bus'] as const),
];
const POSES: readonly Pose[] = ['walk', 'walk', 'walk', 'stand', 'phone', 'talk', 'look'];
const isMachine = (body: Body) => body === 'bicycle' || body === 'motorcycle';

/** One person, one vehicle, or a machine with its rider: one in five stands without. */
function addStranger(making: Making): void {
  const { random, taken, crew } = making;
  const body = pickOne(random, BODIES);
  const isOnRoad = !isMachine(body) ? body !== 'person' : random() < 0.6;
  for (let tries = 0; tries < 12; tries++) {
    const spot = spotFor(making, isOnRoad);
    if (spot === undefined) continue;
    const isAnyWay = body === 'person' || random() < (isMachine(body) ? 0.6 : 0.2);
    const heading = isAnyWay
      ? between(random, 0, 2 * Math.PI)
      : pickOne(random, [0, Math.PI, Math.PI / 2, -Math.PI / 2]);
    const own = footprintOf(body, { ...spot, heading });
    if (isTaken(taken, own)) continue;
    const pose: Pose =
      body === 'person' ? pickOne(random, POSES) : isMachine(body) && random() < 0.8 ? 'ride' : 'drive';
    const isStanding = body === 'bicycle' && pose === 'drive' && random() < 0.5;
    const at = { ...spot, heading, pose, travelledM: between(random, 0, 90), isBraking: random() < 0.3 };
    put(crew, { body, seed: Math.floor(random() * SEEDS), way: isStanding ? STANDING : 'stranger' }, at);
    taken.push(own);
    // Riders come side by side and behind one another.
    if (pose === 'ride' && random() < 0.3) addCompanion(making, body, at);
    return;
  }
}

function addCompanion({ view, crew, random, taken }: Making, body: Body, at: Omit<Standing, 'z'>): void {
  const [right, forward] = [between(random, 0.75, 1.3) * pickOne(random, [-1, 1]), between(random, -1.6, 1.6)];
  const place = shifted(at, right, forward);
  const own = footprintOf(body, place);
  if (taken.filter((box) => edgeDistance(box, place) < 0.3).length > 0) return;
  const z = groundHeight(view.stage, place.x, place.y);
  const seed = Math.floor(random() * SEEDS);
  put(crew, { body, seed, way: 'stranger' }, { ...at, ...place, z, travelledM: between(random, 0, 90) });
  taken.push(own);
}

/** Machines side by side, as people leave them: evenly or not, and of one make or several. */
function addRow(making: Making): void {
  const { view, random, taken, crew } = making;
  const body: VehicleBody = random() < 0.65 ? 'bicycle' : 'motorcycle';
  const isStanding = body === 'bicycle' && random() < 0.7;
  const [apart, lean] = [between(random, 0.48, 0.85), between(random, 0.03, 0.3)];
  const across = random() < 0.5 ? between(random, 0, 2 * Math.PI) : pickOne(random, [0, Math.PI / 2, Math.PI]);
  for (let tries = 0; tries < 12; tries++) {
    const spot = spotFor(making, false);
    if (spot === undefined) continue;
    const middle = { ...spot, heading: across };
    const count = Math.floor(between(random, 2, 14));
    if (isTaken(taken, { ...middle, halfWidthM: (count * apart) / 2, halfLengthM: 0.95 })) continue;
    for (let index = 0; index < count; index++) {
      if (random() < 0.08) continue;
      const place = shifted(middle, (index - (count - 1) / 2) * apart, between(random, -0.14, 0.14));
      const heading = across + between(random, -lean, lean);
      const z = groundHeight(view.stage, place.x, place.y);
      const at = { ...place, z, heading, pose: 'drive', travelledM: between(random, 0, 9), isBraking: false } as const;
      put(crew, { body, seed: Math.floor(random() * SEEDS), way: isStanding ? STANDING : 'row' }, at);
      taken.push(footprintOf(body, at));
    }
    return;
  }
}

type Standing = Pick<AgentAt, 'x' | 'y' | 'z' | 'heading' | 'pose' | 'travelledM' | 'isBraking'>;

function put({ cast, agents }: Crew, member: Omit<CastMember, 'stays'>, at: Standing): void {
  cast.push({ ...member, stays: false });
  agents.push({ ...at, member: cast.length - 1, age: 0, speedMs: 1 });
}

function shifted({ x, y, heading }: Pick<Standing, 'x' | 'y' | 'heading'>, right: number, forward: number) {
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  return { x: x + right * cos + forward * sin, y: y - right * sin + forward * cos, heading };
}

/** In the picture, on the ground, not on water; on the road where that is wanted. */
function spotFor({ view, camera, random }: Making, isOnRoad: boolean): { x: number; y: number; z: number } | undefined {
  const tallPx = TALL_PX[0] * (TALL_PX[1] / TALL_PX[0]) ** random();
  const away = Math.min(FARTHEST_M, Math.max(4, (camera.focalPx * TALL_M) / tallPx));
  const turn =
    (camera.yawDeg * Math.PI) / 180 + Math.atan(((between(random, -1, 1) * 0.5 * 1280) / camera.focalPx) * 1.05);
  const [x, y] = [camera.x + away * Math.sin(turn), camera.y + away * Math.cos(turn)];
  const z = groundHeight(view.stage, x, y);
  if (z < -0.5 || (isOnRoad && z > 0.03) || !isInPicture(camera, { x, y, z: z + 0.7 }, 120)) return undefined;
  return { x, y, z };
}

/** Whether something stands within a hand's breadth of a footprint, by discs along it. */
function isTaken(taken: readonly Footprint[], { x, y, heading, halfWidthM, halfLengthM }: Footprint): boolean {
  const [long, short] = [Math.max(halfWidthM, halfLengthM), Math.min(halfWidthM, halfLengthM)];
  const turn = halfLengthM >= halfWidthM ? heading : heading + Math.PI / 2;
  const radiusM = short + 0.12;
  const steps = Math.max(1, Math.ceil((long - short) / short));
  for (let step = -steps; step <= steps; step++) {
    const along = ((long - short) * step) / steps;
    const at = { x: x + along * Math.sin(turn), y: y + along * Math.cos(turn) };
    if (taken.some((box) => edgeDistance(box, at) < radiusM)) return true;
  }
  return false;
}

function footprintOf(body: Body, { x, y, heading }: { x: number; y: number; heading: number }): Footprint {
  if (body === 'person') return { x, y, heading, halfWidthM: 0.3, halfLengthM: 0.3 };
  const { lengthM, widthM } = VEHICLES[body as VehicleBody];
  return { x, y, heading, halfWidthM: widthM / 2, halfLengthM: lengthM / 2 };
}
