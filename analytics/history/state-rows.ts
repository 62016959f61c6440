/** A worker's word on a camera → rows of its history. The same word twice gives the same rows; a later one lengthens them. */
import type { CameraState } from '#models/schema/camera.ts';

/** A row of `camera_states`. */
export type StateRow = {
  camera: string;
  fromMs: number;
  toMs: number;
  areaPath: string;
  state: CameraState;
  /** `down` all the while that a camera is tried again and again. */
  condition: CameraState['state'];
};

const DAY_MS = 86_400_000;
/** A state that is older than this is told from here on: what was before was told in its time. */
const DAYS_MAX = 8;

export type StateRows = {
  /** undefined where the word's clock is more than `offMaxMs` from the broker's. */
  of: (state: CameraState, about: { areaPath: string; publishedAtMs: number }) => StateRow[] | undefined;
};

/**
 * Each word claims an interval: so it is from `reasonSinceMs` to `updatedAtMs`. The interval is cut at midnights, UTC.
 * What is over at a midnight is told once and remembered (one entry per camera), and told again after a restart.
 */
export function createStateRows({ offMaxMs }: { offMaxMs: number }): StateRows {
  const told = new Map<string, { sinceMs: number; day: number }>();
  return {
    of(state, { areaPath, publishedAtMs }) {
      if (Math.abs(state.updatedAtMs - publishedAtMs) > offMaxMs) return undefined;
      const toMs = state.updatedAtMs;
      const sinceMs = Math.min(state.reasonSinceMs ?? state.sinceMs, toMs);
      const today = Math.floor(toMs / DAY_MS);
      const last = told.get(state.camera);
      const firstDay = Math.max(
        Math.floor(sinceMs / DAY_MS),
        today - DAYS_MAX,
        last?.sinceMs === sinceMs ? Math.min(last.day, today) : 0,
      );
      told.set(state.camera, { sinceMs, day: today });
      const condition = state.downSinceMs === undefined ? state.state : 'down';
      return Array.from({ length: today - firstDay + 1 }, (_, index) => {
        const day = firstDay + index;
        const fromMs = Math.max(sinceMs, day * DAY_MS);
        return {
          camera: state.camera,
          fromMs,
          toMs: Math.min(toMs, (day + 1) * DAY_MS),
          areaPath,
          state,
          condition,
        };
      });
    },
  };
}
