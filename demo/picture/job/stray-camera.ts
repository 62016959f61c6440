/** Cameras that stray from a view's own, in other light, to train on what no camera of the city sees. */
import { type Camera, isInPicture } from '#demo/world/camera.ts';
import { between, type Random } from '#demo/world/random.ts';
import type { Look, View } from '#demo/world/view.ts';
import { lampsOf } from './lamps.ts';
import { type TraceLook, traceLook } from './look.ts';

/** How far it strays: near the view's own place, or well into the street, lower or higher, with a shorter or longer lens. */
type Reach = {
  xM: number;
  yM: readonly [number, number];
  heightM: readonly [number, number];
  yawDeg: number;
  pitchDeg: readonly [number, number];
  focal: readonly [number, number];
};

const NEAR: Reach = { xM: 4, yM: [-3, 9], heightM: [3.2, 8.2], yawDeg: 22, pitchDeg: [7, 27], focal: [0.62, 1.5] };
const WIDE: Reach = { xM: 9, yM: [-4, 17], heightM: [2.5, 12], yawDeg: 38, pitchDeg: [6, 36], focal: [0.55, 2.1] };
const WIDE_SHARE = 0.45;

/** Not in a house or a tree's crown. */
export function strayCamera({ camera, stage }: View, random: Random): Camera {
  const reach = random() < WIDE_SHARE ? WIDE : NEAR;
  for (let tries = 0; ; tries++) {
    const part = tries < 60 ? 1 : 0.2;
    const stray: Camera = {
      x: camera.x + between(random, -reach.xM, reach.xM) * part,
      y: camera.y + between(random, ...reach.yM) * part,
      heightM: between(random, ...reach.heightM),
      yawDeg: camera.yawDeg + between(random, -reach.yawDeg, reach.yawDeg) * part,
      pitchDeg: between(random, ...reach.pitchDeg),
      focalPx: 1280 * between(random, ...reach.focal),
      k1: between(random, -0.16, 0.01),
      k2: between(random, 0, 0.03),
    };
    const isWalled = stage.buildings.some(
      ({ at: [x0, y0, x1, y1] }) => stray.x > x0 - 1.5 && stray.x < x1 + 1.5 && stray.y > y0 - 1 && stray.y < y1 + 1,
    );
    const isHidden = stage.props.some(
      ({ kind, x, y }) =>
        /tree|willow|lamp|signal|pole|canopy|parasol/.test(kind) && isRightBefore(stray, { x, y }, kind),
    );
    if ((!isWalled && !isHidden) || tries > 90) return stray;
  }
}

function isRightBefore(camera: Camera, { x, y }: { x: number; y: number }, kind: string): boolean {
  const away = Math.hypot(x - camera.x, y - camera.y);
  if (/tree|willow/.test(kind)) return away < 5 || (away < 10 && isInPicture(camera, { x, y, z: 4.5 }));
  return away < 3.5 && isInPicture(camera, { x, y, z: 1.5 });
}

type Stray = { lookName: Look; camera: Camera; random: Random };

export function strayLook(view: View, { lookName, camera, random }: Stray): TraceLook {
  const look = traceLook(lookName, { bearingDeg: 0, sunFromDeg: between(random, 0, 360) }, lampsOf(view.stage, camera));
  return {
    ...look,
    exposure: look.exposure * between(random, 0.82, 1.22),
    contrast: look.contrast * between(random, 0.92, 1.08),
    saturation: look.saturation * between(random, 0.75, 1.12),
    noiseSigma: look.noiseSigma * between(random, 0.5, 2),
    blurPx: between(random, 0.35, 0.95),
    vignette: between(random, 0, 0.35),
    fogDensity: look.fogDensity * between(random, 0.5, 1.6),
  };
}
