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
/** What comes up so soon after a gap, and not at the picture's edge, was there: the detector had not been sure of it. */
const SOON_MS = 1000;

/** The last look that was taken in, and when the last gap ended. */
type Order = {
  revision: number;
  sequence: number;
  lastAtMs: number;
  calibrationVersion: number;
  gapEndedAtMs: number;
};
export type CameraState = Order & { things: ThingsState };

/** A look that was taken in, by the one before it. Good until the next one is. */
export type Admitted = {
  sinceMs: number;
  isAfterGap: boolean;
  before: {
    atMs: number;
    /** Placed by the same calibration. */
    isSameView: boolean;
    /** The first after a gap, or shortly after it. */
    isAtGap: boolean;
    isSoonAfterGap: boolean;
  };
};

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
  admit: (look: Look) => Admitted | undefined;
  /** The very look that was taken in last, told again. */
  isLast: (look: Look) => boolean;
  /** The last look that was taken in, or passed over because of its time. */
  last: () => { revision: number; sequence: number };
  save: () => CameraState;
  load: (state: CameraState) => void;
};

export function runCamera(id: string): CameraRun {
  const things = createThings(ASPECT);
  let facts: CameraFacts | undefined;
  let calibration: Calibration | undefined;
  let plane: TangentPlane | undefined;
  let project: ReturnType<typeof groundProjector> | undefined;
  // Filled again at each look: there are millions.
  const order: Order = { revision: -1, sequence: -1, lastAtMs: 0, calibrationVersion: 0, gapEndedAtMs: 0 };
  const before = { atMs: 0, isSameView: false, isAtGap: false, isSoonAfterGap: false };
  const admitted: Admitted = { sinceMs: 0, isAfterGap: false, before };
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
    isLast: ({ revision, sequence, capturedAtMs }) =>
      revision === order.revision && sequence === order.sequence && capturedAtMs === order.lastAtMs,
    last: () => order,
    admit({ revision, sequence, capturedAtMs, calibrationVersion }) {
      const { lastAtMs, gapEndedAtMs } = order;
      const isNewLease = revision > order.revision;
      if (revision < order.revision || (!isNewLease && sequence <= order.sequence)) return undefined;
      const isSetBack = capturedAtMs < lastAtMs - SET_BACK_MS;
      if (capturedAtMs <= lastAtMs && !isSetBack) {
        // In order of its lease, but not of time: the next one that is later counts.
        order.revision = revision;
        order.sequence = sequence;
        return undefined;
      }
      const sinceMs = lastAtMs === 0 || isSetBack ? 0 : capturedAtMs - lastAtMs;
      admitted.sinceMs = sinceMs;
      admitted.isAfterGap = sinceMs === 0 || sinceMs > GAP_MS;
      before.atMs = lastAtMs;
      before.isSameView = calibrationVersion === order.calibrationVersion;
      before.isAtGap = lastAtMs === gapEndedAtMs;
      before.isSoonAfterGap = lastAtMs - gapEndedAtMs <= SOON_MS;
      order.revision = revision;
      order.sequence = sequence;
      order.lastAtMs = capturedAtMs;
      order.calibrationVersion = calibrationVersion;
      if (admitted.isAfterGap) order.gapEndedAtMs = capturedAtMs;
      return admitted;
    },
    save: () => ({ ...order, things: things.save() }),
    load({ things: saved, ...rest }) {
      Object.assign(order, rest);
      things.load(saved);
    },
  };
}
