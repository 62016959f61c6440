/** Vehicles on one lane: the Intelligent Driver Model (Treiber, Hennecke, Helbing 2000) with stop lines and halts. */
import type { Halt, Lane } from '../stages/stage.ts';
import { FOLLOWING, VEHICLES, type VehicleBody } from './figures.ts';
import { colourAt, type SignalPlan } from './signals.ts';

export type Spawn = { index: number; body: VehicleBody; atS: number; speedShare: number };

type Driver = Spawn & { bornStep: number; s: number; v: number; a: number; haltsLeft: Halt[]; haltedS: number };

/** One vehicle at one step: which spawn, how many loops ago it was born, where on the lane (its middle), how fast. */
export type OnLane = { spawn: number; age: number; distanceM: number; speedMs: number; isBraking: boolean };

export type LaneRun = {
  lane: Lane;
  lengthM: number;
  spawns: readonly Spawn[];
  plan: SignalPlan;
  loopS: number;
  stepsPerS: number;
};

const LOOPS = 5;
const STANDING_STEP_S = 1e-3;
/** Of the loop. */
const LONGEST_HALT = 0.3;

/** The last of several loops, one list of vehicles a step; the earlier ones let the traffic settle: nobody is on the way longer. */
export function runLane({ lane, lengthM, spawns, plan, loopS, stepsPerS }: LaneRun): OnLane[][] {
  const steps = Math.round(loopS * stepsPerS);
  const stepS = 1 / stepsPerS;
  const haltedS = (lane.halts ?? []).reduce((sum, { seconds }) => sum + seconds, 0);
  const loops = Math.max(LOOPS, Math.ceil((lengthM / Math.min(lane.speedMs ?? 6, 6) + haltedS) / loopS) + 3);
  let drivers: Driver[] = [];
  const waiting: Driver[] = [];
  const last: OnLane[][] = [];
  for (let step = 0; step < steps * loops; step++) {
    const timeS = step * stepS;
    for (const spawn of spawns) {
      if (Math.round(spawn.atS * stepsPerS) === step % steps) waiting.push(born(spawn, step, { lane, loopS }));
    }
    const first = waiting[0];
    if (first !== undefined && hasRoom(drivers.at(-1), first)) {
      first.v = Math.min(freeSpeed(first, lane), entrySpeed(drivers.at(-1), first));
      drivers.push(first);
      waiting.shift();
    }
    if (step >= steps * (loops - 1)) last.push(drivers.map((driver) => snapshot(driver, step, steps)));
    for (const [index, driver] of drivers.entries()) {
      driver.a = accelerationOf(driver, { leader: drivers[index - 1], lane, plan, timeS, stepS });
    }
    for (const driver of drivers) advance(driver, stepS);
    drivers = drivers.filter(({ s }) => s < lengthM);
  }
  return last;
}

function born(spawn: Spawn, bornStep: number, { lane, loopS }: Pick<LaneRun, 'lane' | 'loopS'>): Driver {
  const own = (lane.halts ?? []).filter(({ bodies }) => bodies === undefined || bodies.includes(spawn.body));
  // In a short loop the next one comes soon: a long halt would never end the queue behind it.
  const haltsLeft = own.map((halt) => ({ ...halt, seconds: Math.min(halt.seconds, loopS * LONGEST_HALT) }));
  return { ...spawn, bornStep, s: 0, v: 0, a: 0, haltsLeft, haltedS: 0 };
}

function snapshot(driver: Driver, step: number, steps: number): OnLane {
  const age = Math.floor(step / steps) - Math.floor(driver.bornStep / steps);
  const isBraking = driver.a < -0.4 || driver.v < 0.3;
  return { spawn: driver.index, age, distanceM: driver.s, speedMs: driver.v, isBraking };
}

const lengthOf = ({ body }: Spawn) => VEHICLES[body].lengthM;

const freeSpeed = (driver: Spawn, lane: Lane) =>
  Math.min(VEHICLES[driver.body].speedMs, lane.speedMs ?? Number.POSITIVE_INFINITY) * driver.speedShare;

const gapTo = (leader: Driver, follower: Driver) => leader.s - follower.s - (lengthOf(leader) + lengthOf(follower)) / 2;

const hasRoom = (leader: Driver | undefined, next: Driver) =>
  leader === undefined || gapTo(leader, next) > FOLLOWING.gapM;

/** Slow enough to stay behind whoever is ahead. */
function entrySpeed(leader: Driver | undefined, next: Driver): number {
  if (leader === undefined) return Number.POSITIVE_INFINITY;
  return leader.v + Math.max(0, gapTo(leader, next) - FOLLOWING.gapM) / (2 * FOLLOWING.timeGapS);
}

type Around = { leader: Driver | undefined; lane: Lane; plan: SignalPlan; timeS: number; stepS: number };

function accelerationOf(driver: Driver, around: Around): number {
  const { leader, lane } = around;
  const full = VEHICLES[driver.body].accelerationMs2;
  const free = full * (1 - (driver.v / freeSpeed(driver, lane)) ** FOLLOWING.exponent);
  const obstacles: { gapM: number; speedMs: number }[] = stopsAhead(driver, around);
  if (leader !== undefined) obstacles.push({ gapM: gapTo(leader, driver), speedMs: leader.v });
  return obstacles.reduce((least, { gapM, speedMs }) => {
    const closing = (driver.v * (driver.v - speedMs)) / (2 * Math.sqrt(full * FOLLOWING.brakingMs2));
    const wanted = FOLLOWING.gapM + Math.max(0, driver.v * FOLLOWING.timeGapS + closing);
    return Math.min(least, free - full * (wanted / Math.max(gapM, 0.1)) ** 2);
  }, free);
}

/** Lights that are not green (unless it is too late to brake) and the next halt, each as something that stands there. */
function stopsAhead(driver: Driver, { lane, plan, timeS, stepS }: Around): { gapM: number; speedMs: number }[] {
  const front = driver.s + lengthOf(driver) / 2;
  const ahead: { gapM: number; speedMs: number }[] = [];
  for (const { atM, group } of lane.stops ?? []) {
    const roomM = atM - front;
    if (roomM < 0 || colourAt(plan, group, timeS) === 'green') continue;
    const isTooLate = colourAt(plan, group, timeS) === 'amber' && driver.v ** 2 / (2 * Math.max(roomM, 0.1)) > 3;
    if (!isTooLate) ahead.push({ gapM: roomM + 1, speedMs: 0 });
  }
  const halt = driver.haltsLeft[0];
  if (halt === undefined) return ahead;
  const roomM = halt.atM - front;
  if (roomM < 1.5 && driver.v < 0.2) driver.haltedS += stepS;
  if (driver.haltedS >= halt.seconds - STANDING_STEP_S) {
    driver.haltsLeft.shift();
    driver.haltedS = 0;
  } else ahead.push({ gapM: roomM + 1, speedMs: 0 });
  return ahead;
}

function advance(driver: Driver, stepS: number): void {
  const next = Math.max(0, driver.v + driver.a * stepS);
  driver.s += ((driver.v + next) / 2) * stepS;
  driver.v = next;
}
