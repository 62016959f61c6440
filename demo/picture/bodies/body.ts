/** A posed figure as one surface: flesh, clothes, hair and what it carries. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import { emptySurface, type Surface } from '#demo/picture/shape/surface.ts';
import { addCarried } from './carried.ts';
import { type Figure, skeletonOf } from './figure.ts';
import { addHair } from './hair.ts';
import { addHead } from './head.ts';
import { addArms, addLegs } from './limbs.ts';
import type { Pose } from './pose.ts';
import { addHanging, addPelvis, addTop } from './torso.ts';

/** Builds the surface; `seed` chooses the wrinkles, which stay on the cloth from pose to pose. */
export function bodySurface(figure: Figure, pose: Pose, seed: number): Surface {
  const surface = emptySurface();
  const { k } = skeletonOf(figure);
  addPelvis(surface, figure, pose);
  addTop(surface, figure, pose, seed);
  addLegs(surface, figure, pose, seed);
  addArms(surface, figure, pose, seed);
  addHead(surface, figure, pose);
  addHair(surface, figure, pose, seed);
  const { bottom, top } = figure;
  if (bottom.kind === 'skirt') {
    const material = numberOf(bottom.material);
    addHanging(surface, figure, pose, {
      material,
      fromM: 0.13 * k,
      lengthM: bottom.lengthM,
      flareM: 0.05,
      outM: top.looseM * k + 0.006,
      seed,
    });
  }
  if (top.hemM > 0.1) {
    const material = numberOf(top.material);
    const outM = top.looseM * k + 0.004;
    addHanging(surface, figure, pose, {
      material,
      fromM: 0.1 * k,
      lengthM: top.hemM,
      flareM: 0.03,
      outM,
      seed: seed + 9,
    });
  }
  addCarried(surface, figure, pose);
  return surface;
}
