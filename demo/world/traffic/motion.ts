/** All that moves and stands in one variant of a view, frame by frame, over a loop that closes. */
import type { Camera } from '../camera.ts';
import { isInPicture } from '../camera.ts';
import { between, type Random, randomStream } from '../random.ts';
import { furnitureOf } from '../stages/furniture.ts';
import { groundHeight } from '../stages/ground.ts';
import type { Crowd, Lane, Parked, Stage } from '../stages/stage.ts';
import type { Extra } from '../view.ts';
import { runLane, type Spawn } from './car-following.ts';
import { type Body, isRidden, PERSON_RADIUS_M, VEHICLES, type VehicleBody } from './figures.ts';
import { type Footprint, makeOccupancy, type Occupancy } from './occupancy.ts';
import { makePath } from './path.ts';
import type { SignalPlan } from './signals.ts';
import type { WalkPose } from './walk-plan.ts';
import { planWalkers } from './walkers.ts';

/**
 * Somebody or something of a loop; `seed` chooses its looks, `way` is the lane, walk or spot it came by. Who `stays` is
 * there from loop to loop; the others are somebody else every time.
 */
export type CastMember = { body: Body; seed: number; way: string; stays: boolean };

export type Pose = WalkPose | 'ride' | 'drive';

/** `age`: how many times the loop has ended since it came, so (member, age) at the end is (member, age + 1) at the start. */
export type AgentAt = {
  member: number;
  age: number;
  x: number;
  y: number;
  z: number;
  heading: number;
  speedMs: number;
  travelledM: number;
  pose: Pose;
  isBraking: boolean;
};

export type Motion = { seconds: number; fps: number; cast: readonly CastMember[]; frames: readonly AgentAt[][] };

export const FPS = 15;

export type MotionWanted = {
  stage: Stage;
  camera: Camera;
  seed: number;
  seconds: number;
  crowd: Crowd;
  signals: SignalPlan;
  extra?: Extra;
};

type Rehearsal = {
  wanted: MotionWanted;
  cast: CastMember[];
  frames: AgentAt[][];
  occupancy: Occupancy;
  random: (concern: string) => Random;
};

export function simulate(wanted: MotionWanted): Motion {
  const { stage, seconds, seed } = wanted;
  const count = Math.round(seconds * FPS);
  const rehearsal: Rehearsal = {
    wanted,
    cast: [],
    frames: Array.from({ length: count }, () => []),
    occupancy: makeOccupancy(count, furnitureOf(stage, wanted.extra?.props)),
    random: (concern) => randomStream(seed, concern),
  };
  for (const parked of [...stage.parked, ...(wanted.extra?.parked ?? [])]) park(rehearsal, parked);
  for (const lane of stage.lanes) drive(rehearsal, lane);
  stand(rehearsal);
  walk(rehearsal);
  return { seconds, fps: FPS, cast: rehearsal.cast, frames: rehearsal.frames };
}

function join({ cast }: Rehearsal, member: CastMember): number {
  cast.push(member);
  return cast.length - 1;
}

function footprint(body: VehicleBody, at: { x: number; y: number; heading: number }): Footprint {
  const { lengthM, widthM } = VEHICLES[body];
  return { ...at, halfLengthM: lengthM / 2, halfWidthM: widthM / 2 };
}

function park(rehearsal: Rehearsal, { body, x, y, heading, seed }: Parked): void {
  const { stage } = rehearsal.wanted;
  const member = join(rehearsal, {
    body,
    seed: seed ?? Math.round((x * 31 + y * 17) * 10),
    way: 'parked',
    stays: true,
  });
  const place = { x, y, z: groundHeight(stage, x, y), heading };
  for (const [index, frame] of rehearsal.frames.entries()) {
    frame.push({ member, age: 0, ...place, speedMs: 0, travelledM: 0, pose: 'drive', isBraking: false });
    rehearsal.occupancy.addVehicle(index, footprint(body, place));
  }
}

/** A lane's starts are shifted until its vehicles meet nobody on other lanes, then thinned out. */
const SHIFTS = 12;

type LaneDraft = { spawns: Spawn[]; frames: (AgentAt & { body: VehicleBody })[][]; clashes: number };

function drive(rehearsal: Rehearsal, lane: Lane): void {
  const { frames, occupancy, random } = rehearsal;
  queue(rehearsal, lane);
  const draft = bestDraft(rehearsal, lane);
  const lookOf = random(`looks ${lane.id}`);
  const members = draft.spawns.map(({ body }) =>
    join(rehearsal, { body, seed: Math.floor(lookOf() * 1e6), way: lane.id, stays: false }),
  );
  for (const [index, vehicles] of draft.frames.entries()) {
    for (const { body, ...at } of vehicles) {
      frames[index]!.push({ ...at, member: members[at.member]! });
      occupancy.addVehicle(index, footprint(body, at));
    }
  }
}

function bestDraft(rehearsal: Rehearsal, lane: Lane): LaneDraft {
  const { wanted, random } = rehearsal;
  const all = spawnsOf(lane, wanted, random(`lane ${lane.id}`));
  let best: LaneDraft | undefined;
  for (let count = all.length; count >= 0; count--) {
    for (let shift = 0; shift < (count === 0 ? 1 : SHIFTS); shift++) {
      const shiftS = (shift * wanted.seconds) / SHIFTS;
      const spawns = all.slice(0, count).map((spawn) => ({ ...spawn, atS: (spawn.atS + shiftS) % wanted.seconds }));
      const draft = draftLane(rehearsal, lane, spawns);
      if (draft.clashes === 0) return draft;
      if (best === undefined || draft.clashes < best.clashes) best = draft;
    }
  }
  return best!;
}

function draftLane({ wanted, random, occupancy }: Rehearsal, lane: Lane, spawns: Spawn[]): LaneDraft {
  const path = makePath(lane.points, lane.radiusM ?? 4);
  const asideOf = random(`aside ${lane.id}`);
  const aside = spawns.map(() => between(asideOf, -0.5, 0.5) * (lane.spreadM ?? 0.3));
  const { signals: plan, seconds: loopS } = wanted;
  const run = runLane({ lane, lengthM: path.lengthM, spawns, plan, loopS, stepsPerS: FPS });
  let clashes = 0;
  const frames = run.map((vehicles, index) =>
    vehicles.map(({ spawn, age, distanceM, speedMs, isBraking }) => {
      const { body } = spawns[spawn]!;
      const on = path.at(distanceM);
      const side = aside[spawn]!;
      const [x, y] = [on.x + side * Math.cos(on.heading), on.y - side * Math.sin(on.heading)];
      const place = { x, y, z: groundHeight(wanted.stage, x, y), heading: on.heading };
      if (index % 3 === 0 && !occupancy.isClear(index, footprint(body, place))) clashes++;
      const pose: Pose = isRidden(body) ? 'ride' : 'drive';
      return { body, member: spawn, age, ...place, speedMs, travelledM: distanceM, pose, isBraking };
    }),
  );
  return { spawns, frames, clashes };
}

/** Evenly spread starts with a little unrest, bodies in the lane's own order; none where the light never turns green. */
function spawnsOf(lane: Lane, { seconds, crowd, signals }: MotionWanted, random: Random): Spawn[] {
  if (lane.stops?.some(({ group }) => signals.green[group] === undefined)) return [];
  const count = Math.round((lane.perMinute * crowd.traffic * seconds) / 60);
  const offsetS = (lane.offsetS ?? 0) * Math.min(1, seconds / 60);
  return Array.from({ length: count }, (_, index) => ({
    index,
    body: lane.bodies[index % lane.bodies.length]!,
    atS: (((index + between(random, 0.1, 0.6)) * seconds) / count + offsetS) % seconds,
    speedShare: between(random, 0.88, 1.08),
  }));
}

/** Those who stand before a light that stays red as long as the loop lasts. */
function queue(rehearsal: Rehearsal, lane: Lane): void {
  const stop = lane.stops?.[0];
  if (stop === undefined || lane.queue === undefined) return;
  if (rehearsal.wanted.signals.green[stop.group] !== undefined) return;
  const path = makePath(lane.points, lane.radiusM ?? 4);
  const random = rehearsal.random(`queue ${lane.id}`);
  let front = stop.atM - 0.6;
  for (let index = 0; index < Math.round(lane.queue * Math.min(1, rehearsal.wanted.crowd.traffic)); index++) {
    const body = lane.bodies[index % lane.bodies.length]!;
    const { lengthM } = VEHICLES[body];
    const on = path.at(front - lengthM / 2);
    const seed = Math.floor(random() * 1e6);
    front -= lengthM + between(random, 1.6, 2.4);
    if (front < 0) return;
    const member = join(rehearsal, { body, seed, way: lane.id, stays: true });
    const z = groundHeight(rehearsal.wanted.stage, on.x, on.y);
    for (const [frame, agents] of rehearsal.frames.entries()) {
      const pose = isRidden(body) ? 'ride' : 'drive';
      agents.push({ member, age: 0, ...on, z, speedMs: 0, travelledM: 0, pose, isBraking: true });
      rehearsal.occupancy.addVehicle(frame, footprint(body, on));
    }
  }
}

/** Whole numbers of slow sways, so that they close with the loop. */
const SWAY_S = 7.5;
const SWAY_RAD = 0.05;

function stand(rehearsal: Rehearsal): void {
  const { wanted, random, frames, occupancy } = rehearsal;
  const isThere = random('spots');
  const lookOf = random('spot looks');
  const extra = wanted.extra?.spots ?? [];
  for (const spot of [...wanted.stage.spots, ...extra]) {
    const share = extra.includes(spot) ? 1 : spot.share * wanted.crowd.spots;
    const [draw, seed, sway] = [isThere(), Math.floor(lookOf() * 1e6), lookOf() * 2 * Math.PI];
    if (draw >= share) continue;
    const place = { x: spot.x, y: spot.y, radiusM: PERSON_RADIUS_M };
    if (frames.some((_, index) => index % 3 === 0 && !occupancy.isFree(index, place))) continue;
    const member = join(rehearsal, { body: 'person', seed, way: 'spot', stays: true });
    const z = spot.z ?? groundHeight(wanted.stage, spot.x, spot.y);
    for (const [index, frame] of frames.entries()) {
      const heading = spot.heading + SWAY_RAD * Math.sin((index / FPS / SWAY_S) * 2 * Math.PI + sway);
      const at = { member, age: 0, x: spot.x, y: spot.y, z, heading, pose: spot.pose };
      frame.push({ ...at, speedMs: 0, travelledM: 0, isBraking: false });
      occupancy.addPerson(index, place);
    }
  }
}

function walk(rehearsal: Rehearsal): void {
  const { wanted, frames, occupancy, random } = rehearsal;
  const { stage, camera, crowd, signals: plan } = wanted;
  const isInSight = (x: number, y: number) => isInPicture(camera, { x, y, z: 0.9 });
  const common = { plan, frames: frames.length, fps: FPS, occupancy, isInSight };
  const called = (wanted.extra?.walks ?? []).flatMap((way) =>
    planWalkers({ ...common, walks: [way], people: way.share, random: random(`walk ${way.id}`) }),
  );
  const usual =
    stage.walks.length === 0
      ? []
      : planWalkers({ ...common, walks: stage.walks, people: crowd.people, random: random('walks') });
  const lookOf = random('walker looks');
  for (const { walk: way, startFrame, steps } of [...called, ...usual]) {
    const member = join(rehearsal, { body: 'person', seed: Math.floor(lookOf() * 1e6), way, stays: false });
    for (const [index, step] of steps.entries()) {
      const at = startFrame + index;
      const age = Math.floor(at / frames.length);
      const z = groundHeight(stage, step.x, step.y);
      frames[at % frames.length]!.push({ member, age, ...step, z, isBraking: false });
    }
  }
}
