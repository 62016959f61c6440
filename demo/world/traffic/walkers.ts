/**
 * Walkers of a loop, planned one after the other: each tries ways, speeds and starts until its whole way is free of
 * everybody planned before, in space and time (prioritised planning, Erdmann and Lozano-Pérez 1987). So the loop closes
 * by construction and nobody walks through anybody.
 */
import type { Point } from '../origin.ts';
import { between, normal, pickOne, type Random } from '../random.ts';
import type { Pause, StandPose, Walk } from '../stages/stage.ts';
import { PERSON_RADIUS_M, WALKING } from './figures.ts';
import type { Occupancy } from './occupancy.ts';
import { makePath } from './path.ts';
import { type SignalPlan, waitForGreen } from './signals.ts';
import { planWalk, type Step, type WalkStop } from './walk-plan.ts';

/** `startFrame`: where in the loop the first step stands; steps may run over the loop's end several times. */
export type Walker = { walk: string; startFrame: number; steps: Step[] };

export type WalkersWanted = {
  walks: readonly Walk[];
  /** Wanted mean number of people in sight. */
  people: number;
  isInSight: (x: number, y: number) => boolean;
  plan: SignalPlan;
  frames: number;
  fps: number;
  occupancy: Occupancy;
  random: Random;
};

const TRIES = 1600;
const CHECK_EVERY = 2;
/** Most clashes show at a coarse look. */
const LOOK_FIRST_EVERY = 16;
/** Two walk side by side this far apart (Moussaïd et al. 2010 measured 0.7 to 0.8 m). */
const SIDE_BY_SIDE_M = 0.68;
const CORNER_M = 0.9;

export function planWalkers(wanted: WalkersWanted): Walker[] {
  const { frames, people } = wanted;
  const walkers: Walker[] = [];
  let seen = 0;
  const lanes = new Map(wanted.walks.map((walk) => [walk.id, openLanes(walk, wanted.occupancy)]));
  for (let attempt = 0; attempt < TRIES && seen < people * frames; attempt++) {
    const group = tryGroup(wanted, lanes);
    if (group === undefined) continue;
    for (const walker of group) seen += walker.steps.filter(({ x, y }) => wanted.isInSight(x, y)).length;
    walkers.push(...group);
  }
  return walkers;
}

const LANE_M = 0.17;

/** How far to the right of a walk's middle one can walk from end to end without meeting furniture, metres. */
export function openLanes(walk: Walk, { isOpen }: Pick<Occupancy, 'isOpen'>): number[] {
  const half = Math.floor(walk.spreadM / 2 / LANE_M);
  const lanes = Array.from({ length: 2 * half + 1 }, (_, index) => (index - half) * LANE_M);
  return lanes.filter((aside) => {
    const path = makePath(shifted(walk.points, aside), CORNER_M);
    for (let s = 0; s < path.lengthM; s += 0.2) {
      if (!isOpen({ ...path.at(s), radiusM: PERSON_RADIUS_M })) return false;
    }
    return true;
  });
}

/** Neighbouring lanes for a group; undefined where the walk has no room for it. */
function pickLanes(open: readonly number[], size: number, random: Random): number[] | undefined {
  if (open.length === 0) return undefined;
  const first = pickOne(random, open);
  const lanes = Array.from({ length: size }, (_, place) => first + place * SIDE_BY_SIDE_M);
  return lanes.every((lane) => open.some((aside) => Math.abs(aside - lane) < 1e-6)) ? lanes : undefined;
}

function tryGroup(
  { walks, plan, frames, fps, occupancy, random }: WalkersWanted,
  lanesOf: ReadonlyMap<string, readonly number[]>,
): Walker[] | undefined {
  const walk = byShare(walks, random);
  const isBack = walk.isOneWay !== true && random() < 0.5;
  const size = walk.spreadM < 1 ? 1 : pickSize(random);
  const lanes = pickLanes(lanesOf.get(walk.id) ?? [], size, random);
  if (lanes === undefined) return undefined;
  const wish = normal(random, WALKING.meanMs, WALKING.deviationMs);
  const freeMs = walk.speedMs ?? Math.min(Math.max(wish, WALKING.lowMs), WALKING.highMs);
  const speedMs = freeMs * (size > 1 ? 0.9 : 1);
  const [earliestS, latestS] = walk.startS ?? [0, frames / fps];
  const startFrame = Math.floor(between(random, earliestS, latestS) * fps);
  const pauses = (walk.pauses ?? []).filter(({ share }) => random() < share);
  const waits = pauses.map((pause) => ({ pause, seconds: between(random, ...pause.seconds) }));
  const reaction = between(random, 0.4, 1.6);
  const earlierM = between(random, 0, 3.6);
  const group = lanes.map((aside): Walker | undefined => {
    const way = shifted(walk.points, aside);
    const points = isBack ? way.toReversed() : way;
    const stops = stopsOf({ walk, isBack, waits, plan, startS: startFrame / fps, speedMs, reaction, earlierM });
    const steps = planWalk({ points, speedMs, stops, stepsPerS: fps });
    return steps === undefined ? undefined : { walk: walk.id, startFrame, steps };
  });
  const planned = group.filter((walker) => walker !== undefined);
  if (
    planned.length < size ||
    !planned.every((walker) => isFree(walker, { occupancy, frames, aboardM: walk.aboardM ?? 0 }))
  )
    return undefined;
  if (planned.some((walker, index) => planned.slice(index + 1).some((other) => isTooClose(walker, other))))
    return undefined;
  for (const { steps, startFrame: start } of planned) {
    for (const [index, { x, y }] of steps.entries())
      occupancy.addPerson(start + index, { x, y, radiusM: PERSON_RADIUS_M });
  }
  return planned;
}

/** Six of ten walk alone (Moussaïd et al. 2010 counted fewer; towns differ). */
function pickSize(random: Random): number {
  const draw = random();
  return draw < 0.62 ? 1 : draw < 0.93 ? 2 : 3;
}

function byShare(walks: readonly Walk[], random: Random): Walk {
  let left = random() * walks.reduce((sum, { share }) => sum + share, 0);
  for (const walk of walks) {
    left -= walk.share;
    if (left < 0) return walk;
  }
  return pickOne(random, walks);
}

/** The same way, `aside` metres to its right. */
function shifted(points: readonly Point[], aside: number): Point[] {
  return points.map((point, index) => {
    const [before, after] = [points[Math.max(index - 1, 0)]!, points[Math.min(index + 1, points.length - 1)]!];
    const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
    const length = Math.hypot(dx, dy) || 1;
    return [point[0] + (dy / length) * aside, point[1] - (dx / length) * aside];
  });
}

type StopsOf = {
  walk: Walk;
  isBack: boolean;
  waits: { pause: Pause; seconds: number }[];
  plan: SignalPlan;
  startS: number;
  speedMs: number;
  reaction: number;
  /** How far from the kerb to wait: the first come stands nearest. */
  earlierM: number;
};

function stopsOf({ walk, isBack, waits, plan, startS, speedMs, reaction, earlierM }: StopsOf): WalkStop[] {
  const last = walk.points.length - 1;
  const place = (after: number) => (isBack ? last - after : after);
  const lights = (walk.signals ?? []).map(({ after, group, acrossM }): WalkStop => {
    const needsS = (acrossM + earlierM) / speedMs + reaction;
    const waitS = (sinceStartS: number) => {
      const wait = waitForGreen(plan, group, { timeS: startS + sinceStartS, needsS });
      return wait === 0 ? 0 : wait + reaction;
    };
    // The kerb to wait at is the one before the crossing: on the way back that is its other end.
    return { after: isBack ? last - (after + 1) : after, waitS, pose: 'stand', earlierM };
  });
  const rests = waits.map(({ pause, seconds }): WalkStop => {
    const pose: StandPose = pause.pose ?? 'look';
    const heading = pause.heading === undefined ? {} : { heading: pause.heading };
    return { after: place(pause.after), waitS: () => seconds, pose, ...heading };
  });
  return [...lights, ...rests].sort((a, b) => a.after - b.after);
}

type Room = { occupancy: Occupancy; frames: number; aboardM: number };

function isFree(walker: Walker, room: Room): boolean {
  return isFreeEvery(walker, room, LOOK_FIRST_EVERY) && isFreeEvery(walker, room, CHECK_EVERY);
}

function isFreeEvery({ steps, startFrame }: Walker, { occupancy, frames, aboardM }: Room, every: number): boolean {
  const aboardFrom = (steps.at(-1)?.travelledM ?? 0) - aboardM;
  for (let index = 0; index < steps.length; index += every) {
    const { x, y, travelledM } = steps[index]!;
    const isAboard = aboardM > 0 && travelledM > aboardFrom;
    if (!occupancy.isFree(startFrame + index, { x, y, radiusM: PERSON_RADIUS_M }, isAboard)) return false;
    const later = steps[index + frames];
    if (later !== undefined && Math.hypot(later.x - x, later.y - y) < 2 * PERSON_RADIUS_M) return false;
  }
  return true;
}

function isTooClose(walker: Walker, other: Walker): boolean {
  return walker.steps.some(({ x, y }, index) => {
    const step = other.steps[index];
    return step !== undefined && Math.hypot(step.x - x, step.y - y) < 0.5;
  });
}
