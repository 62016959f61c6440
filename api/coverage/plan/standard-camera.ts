/** The camera that a plan puts up: a declared pinhole on a pole, and which ground it would see well enough. */
import { PERSON_M } from '#models/registry/sight/eye.ts';
import { type Light, leastPx } from '#models/registry/sight/recall.ts';

/** A common fixed camera of a street: its upper edge looks just below the horizon, its lower edge at the ground 5 m ahead. */
export const STANDARD_CAMERA = { heightM: 6, tiltDeg: 25, fieldOfViewDeg: 75, aspect: 16 / 9 } as const;

const PICTURE_PX = 720;
const REACH_MAX_M = 150;
const RADIANS = Math.PI / 180;
const FOCAL = STANDARD_CAMERA.aspect / (2 * Math.tan((STANDARD_CAMERA.fieldOfViewDeg / 2) * RADIANS));

/**
 * Whether ground `aheadM` metres before the pole and `asideM` to its right is in the picture, with people at least as tall
 * as the light needs. Distances in the picture are in units of its height.
 */
export function isSeenAhead(aheadM: number, asideM: number, light: Light): boolean {
  const foot = project(aheadM, asideM, 0);
  if (foot === undefined || Math.abs(foot.x) > STANDARD_CAMERA.aspect / 2 || Math.abs(foot.y) > 0.5) return false;
  const head = project(aheadM, asideM, PERSON_M);
  return head !== undefined && (foot.y - head.y) * PICTURE_PX >= leastPx(light);
}

function project(aheadM: number, asideM: number, upM: number): { x: number; y: number } | undefined {
  const [sin, cos] = [Math.sin(STANDARD_CAMERA.tiltDeg * RADIANS), Math.cos(STANDARD_CAMERA.tiltDeg * RADIANS)];
  const below = STANDARD_CAMERA.heightM - upM;
  const depth = aheadM * cos + below * sin;
  if (depth < 0.5) return undefined;
  return { x: (asideM / depth) * FOCAL, y: ((below * cos - aheadM * sin) / depth) * FOCAL };
}

/** Straight ahead, where people look tallest: ground farther than this is not seen well enough anywhere in the picture. */
export function reachOf(light: Light): number {
  for (let aheadM = REACH_MAX_M; aheadM > 0; aheadM--) if (isSeenAhead(aheadM, 0, light)) return aheadM + 1;
  return 0;
}
