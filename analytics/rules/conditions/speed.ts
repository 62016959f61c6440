/**
 * Speed over ground: the slope of a straight line through a thing's places of the last second or more, less twice its
 * error. Places are wrong by their ellipses; what they are wrong by together, such as the calibration, cancels out in
 * the slope, except for the share by which it stretches the ground (SCALE_ERROR).
 */
import type { Static } from 'typebox';
import type { SpeedCondition } from '#models/schema/rule-condition.ts';
import type { Thing, TrailPoint } from '../thing.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { membershipOf, watcherOf } from './membership.ts';

const OVER_S = 1;
const PLACES_MIN = 4;
const SURE_SIGMAS = 2;
/** Of a speed, from a calibration's own stretch: docs/accuracy.md. */
const SCALE_ERROR = 0.03;
const KMH = 3.6;

export const speedTrailMs = (when: Static<typeof SpeedCondition>) => (when.overS ?? OVER_S) * 1000 + 1000;

export type Speed = { kmh: number; errorKmh: number; overMs: number };

/** undefined where there are too few places, or over too short a time. */
export function speedOf(trail: readonly TrailPoint[], overMs: number): Speed | undefined {
  const last = trail.at(-1);
  if (last === undefined) return undefined;
  let from = trail.length - 1;
  while (from > 0 && last.atMs - trail[from]!.atMs < overMs) from--;
  const places = trail.slice(from);
  const spanMs = last.atMs - places[0]!.atMs;
  if (spanMs < overMs || places.length < PLACES_MIN) return undefined;
  const [t0, e0, n0] = [
    mean(places, ({ atMs }) => atMs),
    mean(places, ({ east }) => east),
    mean(places, ({ north }) => north),
  ];
  let [tt, te, tn] = [0, 0, 0];
  for (const { atMs, east, north } of places) {
    const seconds = (atMs - t0) / 1000;
    tt += seconds * seconds;
    te += seconds * (east - e0);
    tn += seconds * (north - n0);
  }
  const metresPerS = Math.hypot(te, tn) / tt;
  const error = Math.sqrt(mean(places, ({ varianceM2 }) => varianceM2) / tt + (metresPerS * SCALE_ERROR) ** 2);
  return { kmh: metresPerS * KMH, errorKmh: error * KMH, overMs: spanMs };
}

const mean = (places: readonly TrailPoint[], pick: (place: TrailPoint) => number) =>
  places.reduce((sum, place) => sum + pick(place), 0) / places.length;

export function watchSpeed(when: Static<typeof SpeedCondition>, setting: Setting): Watcher {
  const { emit } = setting;
  const members = when.zone === undefined ? undefined : membershipOf(when.zone, setting);
  const overMs = (when.overS ?? OVER_S) * 1000;
  const isSure = ({ kmh, errorKmh }: Speed) =>
    (when.aboveKmh === undefined || kmh - SURE_SIGMAS * errorKmh > when.aboveKmh) &&
    (when.belowKmh === undefined || kmh + SURE_SIGMAS * errorKmh < when.belowKmh);
  const isOver = ({ kmh }: Speed) =>
    (when.aboveKmh !== undefined && kmh < when.aboveKmh) || (when.belowKmh !== undefined && kmh > when.belowKmh);

  function see(thing: Thing, now: Now): void {
    if (members?.update(thing, now) === 'out') emit.end(thing.id, now.atMs);
    if (!thing.isPlaced || thing.isHeld || thing.trail.length < PLACES_MIN) return;
    if (members !== undefined && members.member(thing.id) === undefined) return;
    if (thing.trail.at(-1)!.atMs !== now.atMs || !setting.accepts(thing, now.atMs)) return;
    const speed = speedOf(thing.trail, overMs);
    if (speed === undefined) return;
    if (emit.isOpen(thing.id)) {
      if (isOver(speed)) emit.end(thing.id, now.atMs);
      return;
    }
    if (!isSure(speed)) return;
    const values = {
      ...{ speedKmh: rounded(speed.kmh), errorKmh: rounded(speed.errorKmh), overS: speed.overMs / 1000 },
      limit: when.aboveKmh ?? when.belowKmh ?? 0,
    };
    emit.begin(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values });
  }

  return watcherOf(members, { see, emit });
}

const rounded = (value: number) => Math.round(value * 10) / 10;
