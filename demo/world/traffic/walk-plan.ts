/** One walker's way in time: steady steps, gentle starts and stops, waits at lights, pauses. */
import type { Point } from '../origin.ts';
import type { StandPose } from '../stages/stage.ts';
import { WALKING } from './figures.ts';
import { makePath, shortestTurn } from './path.ts';

export type WalkPose = 'walk' | StandPose;

export type Step = { x: number; y: number; heading: number; speedMs: number; travelledM: number; pose: WalkPose };

/** Stops at a waypoint: `untilS` answers how long to stand, asked at arrival with the time since the start. */
export type WalkStop = {
  after: number;
  waitS: (sinceStartS: number) => number;
  heading?: number;
  pose: StandPose;
  earlierM?: number;
};

export type WalkPlan = { points: readonly Point[]; speedMs: number; stops: readonly WalkStop[]; stepsPerS: number };

const MAX_S = 200;
const TURN_RAD_S = 3;

/** One step a frame, or undefined where a wait never ends. */
export function planWalk({ points, speedMs, stops, stepsPerS }: WalkPlan): Step[] | undefined {
  const path = makePath(points, 0.9);
  const waits = stops.map((stop) => ({
    ...stop,
    atM: (path.passes[stop.after] ?? path.lengthM) - (stop.earlierM ?? 0),
  }));
  const steps: Step[] = [];
  const stepS = 1 / stepsPerS;
  let [s, v, standS, next] = [0, speedMs, 0, 0];
  let heading = path.at(0).heading;
  while (s < path.lengthM) {
    const place = path.at(s);
    const stop = waits[next];
    const isStanding = standS > 0;
    const wanted = isStanding ? (waits[next - 1]?.heading ?? place.heading) : place.heading;
    heading += clamp(shortestTurn(heading, wanted), TURN_RAD_S * stepS);
    const pose = isStanding && v < 0.15 ? (waits[next - 1]?.pose ?? 'stand') : 'walk';
    steps.push({ x: place.x, y: place.y, heading, speedMs: v, travelledM: s, pose });
    if (steps.length > MAX_S * stepsPerS) return undefined;
    if (isStanding) {
      standS = Math.max(0, standS - stepS);
      v = 0;
      continue;
    }
    const roomM = stop === undefined ? Number.POSITIVE_INFINITY : stop.atM - s;
    if (stop !== undefined && roomM < 0.05) {
      standS = stop.waitS(steps.length * stepS);
      if (!Number.isFinite(standS)) return undefined;
      next++;
      continue;
    }
    const target = Math.min(speedMs, Math.sqrt(2 * WALKING.accelerationMs2 * Math.max(roomM, 0)) + 0.05);
    v += clamp(target - v, WALKING.accelerationMs2 * stepS * (target < v ? 3 : 1));
    s += Math.max(v, 0.02) * stepS;
  }
  return steps;
}

const clamp = (value: number, most: number) => Math.max(-most, Math.min(most, value));
