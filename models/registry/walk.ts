/** A person who walked a known path, against where the calibration places them. */
import type { Calibration } from '../schema/calibration.ts';
import type { WalkCheck } from '../schema/calibration-check.ts';
import type { Box } from '../schema/detection.ts';
import { groundProjector } from './homography.ts';
import { tangentPlane } from './tangent-plane.ts';

export type WalkerBox = { track: string; box: Box; atMs: number };
type Spot = { eastM: number; northM: number; lon: number; lat: number; atMs: number };

const TRACKS_MAX = 20;
const POINTS_MAX = 500;
/** Whoever comes no farther stood about. */
const WALK_MIN_M = 2;

type Wanted = { path: readonly (readonly number[])[]; track?: string | undefined };

export function checkWalk(
  calibration: Calibration,
  boxes: readonly WalkerBox[],
  { path, track }: Wanted,
): Omit<WalkCheck, 'fromMs' | 'toMs'> {
  const [lon = 0, lat = 0] = path[0] ?? [];
  const plane = tangentPlane(lon, lat);
  const project = groundProjector(calibration);
  const corners = path.map(([x = 0, y = 0]) => plane.toMetres(x, y));
  const walks = new Map<string, Spot[]>();
  for (const { track: of, box, atMs } of boxes) {
    const [x, y, width, height] = box;
    // Feet below the picture's edge are not seen.
    const place = y + height > 0.99 ? undefined : project(x + width / 2, y + height);
    if (place === undefined) continue;
    const [eastM, northM] = plane.toMetres(place.lon, place.lat);
    walks.set(of, [...(walks.get(of) ?? []), { eastM, northM, lon: place.lon, lat: place.lat, atMs }]);
  }
  const tracks = [...walks]
    .map(([of, spots]) => ({ track: of, spots, lengthM: reachOf(spots), offM: meanOff(spots, corners) }))
    .filter(({ track: of, lengthM }) => of === track || lengthM >= WALK_MIN_M)
    .sort((a, b) => b.lengthM - a.lengthM);
  // The longest way that is nearest to the path: passers-by elsewhere are none.
  const chosen = track ?? tracks.toSorted((a, b) => b.lengthM / (1 + b.offM) - a.lengthM / (1 + a.offM))[0]?.track;
  const spots = walks.get(chosen ?? '') ?? [];
  const offs = spots.map((spot) => offPath(spot, corners));
  const sorted = offs.toSorted((a, b) => a - b);
  return {
    tracks: tracks.slice(0, TRACKS_MAX).map(({ track: of, spots: its, lengthM }) => ({
      ...{ track: of, lengthM: round(lengthM) },
      ...{ fromMs: its[0]!.atMs, toMs: its.at(-1)!.atMs },
    })),
    track: spots.length === 0 ? null : (chosen ?? null),
    points: spots.slice(0, POINTS_MAX).map((spot, index) => ({
      ...{ lon: spot.lon, lat: spot.lat, atMs: spot.atMs, offM: round(offs[index]!) },
    })),
    medianM: sorted.length === 0 ? null : round(sorted[Math.floor(sorted.length / 2)]!),
    worstM: sorted.length === 0 ? null : round(sorted.at(-1)!),
  };
}

/** How far it came from where it began, at most. */
const reachOf = (spots: readonly Spot[]) =>
  Math.max(...spots.map((spot) => Math.hypot(spot.eastM - spots[0]!.eastM, spot.northM - spots[0]!.northM)));

const meanOff = (spots: readonly Spot[], corners: readonly (readonly number[])[]) =>
  spots.reduce((sum, spot) => sum + offPath(spot, corners), 0) / spots.length;

/** Metres to the nearest place of the path. */
function offPath({ eastM, northM }: Spot, corners: readonly (readonly number[])[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, [fromE = 0, fromN = 0]] of corners.slice(0, -1).entries()) {
    const [toE = 0, toN = 0] = corners[index + 1]!;
    const [stepE, stepN] = [toE - fromE, toN - fromN];
    const square = stepE * stepE + stepN * stepN;
    const share = square === 0 ? 0 : ((eastM - fromE) * stepE + (northM - fromN) * stepN) / square;
    const at = Math.max(0, Math.min(1, share));
    least = Math.min(least, Math.hypot(eastM - fromE - at * stepE, northM - fromN - at * stepN));
  }
  return least;
}

const round = (value: number) => Math.round(value * 100) / 100;
