/** Whether a place of the picture counts: things stand only in the drawn ground, and nobody looks into a privacy mask. */
import type { Camera } from '../schema/camera.ts';
import type { PictureRings } from '../schema/mask.ts';

/** In any of the rings: a ray to the right crosses its outline an odd number of times. */
export function isInRings(rings: PictureRings, x: number, y: number): boolean {
  return rings.some((ring) => {
    let isIn = false;
    for (const [index, [fromX, fromY]] of ring.entries()) {
      const [toX, toY] = ring[(index + 1) % ring.length]!;
      if (fromY! > y !== toY! > y && x < fromX! + ((y - fromY!) / (toY! - fromY!)) * (toX! - fromX!)) isIn = !isIn;
    }
    return isIn;
  });
}

/** Undefined where nothing was drawn. */
export function standingGround({
  groundMask = [],
  privacyMasks = [],
}: Pick<Camera, 'groundMask' | 'privacyMasks'>): ((x: number, y: number) => boolean) | undefined {
  if (groundMask.length === 0 && privacyMasks.length === 0) return undefined;
  return (x, y) => (groundMask.length === 0 || isInRings(groundMask, x, y)) && !isInRings(privacyMasks, x, y);
}
