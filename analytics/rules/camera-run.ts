/** One camera as the engine knows it: the order of its looks, its things, and which rules watch it. */
import { groundProjector } from '#models/registry/homography.ts';
import { type TangentPlane, tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { CameraFacts } from './engine.ts';
import type { Point } from './geometry.ts';
import type { Look } from './look.ts';
import { createThings, type Things, type ThingsState } from './things.ts';

const ASPECT = 16 / 9;
/** After so long without a word nobody knows what happened meanwhile. */
const GAP_MS = 60_000;
/** A clock that was set back by more is believed; by less, the look is out of order. */
const SET_BACK_MS = 60_000;

export type CameraState = { revision: number; sequence: number; lastAtMs: number; things: ThingsState };

export type CameraRun = {
  id: string;
  facts: () => CameraFacts | undefined;
  setFacts: (facts: CameraFacts | undefined) => void;
  isCalibrated: () => boolean;
  setCalibration: (calibration: Calibration | undefined) => void;
  aspect: () => number;
  onPlane: (space: 'picture' | 'ground', point: readonly number[]) => Point;
  onGround: (x: number, y: number) => Point | undefined;
  things: Things;
  lastAtMs: () => number;
  /** undefined for a look that is repeated, out of order, or of a lease that was taken over. */
  admit: (look: Look) => { sinceMs: number; isAfterGap: boolean } | undefined;
  save: () => CameraState;
  load: (state: CameraState) => void;
};

export function runCamera(id: string): CameraRun {
  const things = createThings(ASPECT);
  let facts: CameraFacts | undefined;
  let calibration: Calibration | undefined;
  let plane: TangentPlane | undefined;
  let project: ReturnType<typeof groundProjector> | undefined;
  let order = { revision: -1, sequence: -1, lastAtMs: 0 };
  return {
    id,
    things,
    facts: () => facts,
    setFacts(next) {
      facts = next;
    },
    isCalibrated: () => calibration !== undefined,
    setCalibration(next) {
      calibration = next;
      plane = next === undefined ? undefined : tangentPlane(next.originLon, next.originLat);
      project = next === undefined ? undefined : groundProjector(next);
      things.setPlane(plane);
    },
    aspect: () => ASPECT,
    onPlane(space, [x = 0, y = 0]) {
      if (space === 'picture') return [x * ASPECT, y];
      return plane?.toMetres(x, y) ?? [Number.NaN, Number.NaN];
    },
    onGround(x, y) {
      const place = project?.(x, y);
      return place === undefined ? undefined : plane?.toMetres(place.lon, place.lat);
    },
    lastAtMs: () => order.lastAtMs,
    admit({ revision, sequence, capturedAtMs }) {
      const { lastAtMs } = order;
      const isNewLease = revision > order.revision;
      if (revision < order.revision || (!isNewLease && sequence <= order.sequence)) return undefined;
      const isSetBack = capturedAtMs < lastAtMs - SET_BACK_MS;
      if (capturedAtMs <= lastAtMs && !isSetBack) {
        // In order of its lease, but not of time: the next one that is later counts.
        order = { revision, sequence, lastAtMs };
        return undefined;
      }
      order = { revision, sequence, lastAtMs: capturedAtMs };
      const sinceMs = lastAtMs === 0 || isSetBack ? 0 : capturedAtMs - lastAtMs;
      return { sinceMs, isAfterGap: sinceMs === 0 || sinceMs > GAP_MS };
    },
    save: () => ({ ...order, things: things.save() }),
    load({ revision, sequence, lastAtMs, things: saved }) {
      order = { revision, sequence, lastAtMs };
      things.load(saved);
    },
  };
}
