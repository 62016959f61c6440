/** How long each camera really looked, by the ledger, and what kept those that hardly did. */
import { timelineOf } from '#analytics/store/availability.ts';
import { readStates } from '#analytics/store/camera-states.ts';
import { readWatchedCameras } from '#analytics/store/coverage.ts';
import type { Context } from '../context.ts';
import type { Period } from '../figures/period.ts';

/** Less than this share of the period is hardly watched. */
export const WATCHED_MIN = 0.5;
/** A calibration younger than this says nothing of how long it is watched under. */
const AGE_MIN_MS = 60_000;

/** `share` is null where the calibration is too young to tell. */
export type Watched = { share: number | null; reason?: string };

/** By camera; the period begins for each when its calibration did. */
export async function readWatched(
  { reader, calibrations }: Pick<Context, 'reader' | 'calibrations'>,
  period: Period,
  signal: AbortSignal,
): Promise<Map<string, Watched>> {
  const since = new Map<string, number>();
  const versions = new Map<string, Set<number>>();
  for (const { camera, version, createdAtMs, others = [] } of calibrations.list()) {
    const all = [{ version, createdAtMs }, ...others];
    since.set(camera, Math.max(period.fromMs, Math.min(...all.map((one) => one.createdAtMs))));
    versions.set(camera, new Set(all.map((one) => one.version)));
  }
  const watchedMs = new Map<string, number>();
  for (const { camera, calibrationVersion, ms } of await readWatchedCameras(reader, period, { signal })) {
    if (versions.get(camera)?.has(calibrationVersion) !== true) continue;
    watchedMs.set(camera, (watchedMs.get(camera) ?? 0) + ms);
  }
  const shares = new Map<string, Watched>();
  for (const [camera, fromMs] of since) {
    const lengthMs = period.toMs - fromMs;
    if (lengthMs < AGE_MIN_MS) shares.set(camera, { share: null, reason: 'new' });
    else shares.set(camera, { share: Math.min(1, (watchedMs.get(camera) ?? 0) / lengthMs) });
  }
  const hardly = [...shares].filter(([, { share }]) => share !== null && share < WATCHED_MIN);
  const names = hardly.map(([camera]) => camera);
  const said = names.length === 0 ? new Map() : await readStates(reader, { cameras: names, ...period }, { signal });
  for (const [camera, watched] of hardly) {
    const span = { fromMs: since.get(camera)!, toMs: period.toMs };
    watched.reason = longestReason(timelineOf(said.get(camera) ?? [], span));
  }
  return shares;
}

/** What lasted longest of all that was not well; `unknown` where nobody knows. */
function longestReason(line: ReturnType<typeof timelineOf>): string {
  const lasted = new Map<string, number>();
  for (const { condition, reason, fromMs, toMs } of line) {
    if (condition === 'live' && reason === '') continue;
    const name = reason !== '' ? reason : condition === 'disabled' ? 'disabled' : 'unknown';
    lasted.set(name, (lasted.get(name) ?? 0) + toMs - fromMs);
  }
  return [...lasted].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown';
}

/** Of the camera that looked longest; null where none of them is there long enough to tell. */
export function longestWatched(cameras: Iterable<string>, watched: ReadonlyMap<string, Watched>): number | null {
  const shares = [...cameras].flatMap((camera) => watched.get(camera)?.share ?? []);
  return shares.length === 0 ? null : Math.max(...shares);
}
