/** Neck, head and face; hair and hats are in hair.ts. */
import { numberOf } from '#demo/picture/job/library-materials.ts';
import type { Surface } from '#demo/picture/shape/surface.ts';
import { addTube, blobRings, type Ring } from '#demo/picture/shape/tube.ts';
import { along, cross, mixed, type Vec3 } from '#demo/picture/shape/vector.ts';
import { type Figure, skeletonOf } from './figure.ts';
import { type Frame, type Pose, upOf } from './pose.ts';
import { spineAt } from './torso.ts';

/** [height above the middle of the skull, half width, front, back] in metres at 1.72 m. */
const SKULL = [
  [-0.118, 0.022, 0.072, -0.018],
  [-0.112, 0.034, 0.083, -0.006],
  [-0.095, 0.046, 0.088, 0.02],
  [-0.07, 0.056, 0.087, 0.056],
  [-0.04, 0.064, 0.088, 0.078],
  [-0.012, 0.068, 0.088, 0.089],
  [0.015, 0.071, 0.088, 0.094],
  [0.042, 0.073, 0.09, 0.096],
  [0.068, 0.07, 0.084, 0.09],
  [0.09, 0.06, 0.068, 0.076],
  [0.106, 0.044, 0.046, 0.054],
  [0.116, 0.02, 0.02, 0.024],
] as const;

/** A place on or in the head: to the right, forward and up from the middle of the skull, metres at 1.72 m. */
export function headPlace(frame: Frame, scale: number, [x, y, z]: Vec3): Vec3 {
  return along(along(along(frame.at, frame.right, x * scale), frame.front, y * scale), upOf(frame), z * scale);
}

export function addHead(surface: Surface, figure: Figure, pose: Pose): void {
  const { headScale } = skeletonOf(figure);
  addNeck(surface, figure, pose);
  const { head } = pose;
  const rings: Ring[] = SKULL.map(([z, side, fore, back]) => ({
    centre: headPlace(head, headScale, [0, (fore - back) / 2, z]),
    right: head.right,
    front: head.front,
    side: side * 1.04 * headScale,
    fore: ((fore + back) / 2) * headScale,
    back: ((fore + back) / 2) * headScale,
    squareness: 0.92,
  }));
  const corners = 16;
  const shift = (ring: number, angle: number): Vec3 => {
    const isMiddle = Math.abs(angle - Math.PI / 2) < 0.1;
    const isSocket = Math.abs(Math.abs(angle - Math.PI / 2) - Math.PI / 8) < 0.1;
    if (isMiddle && ring === 4) return [0, 0.019 * headScale, 0];
    if (isMiddle && ring === 5) return [0, 0.014 * headScale, 0];
    if (isMiddle && ring === 3) return [0, 0.004 * headScale, 0];
    if (isSocket && ring === 6) return [0, -0.007 * headScale, 0];
    return [0, 0, 0];
  };
  addTube(surface, rings, { corners, material: numberOf('skin'), shift });
  addFace(surface, figure, pose);
}

function addNeck(surface: Surface, figure: Figure, pose: Pose): void {
  const { k, headScale } = skeletonOf(figure);
  const base = spineAt(pose, figure, 0.54 * k);
  const top = headPlace(pose.head, headScale, [0, -0.015, -0.06]);
  const half = (figure.build === 'man' ? 0.058 : 0.05) * (0.8 + 0.2 * figure.girth) * k;
  const rings = [0, 0.33, 0.66, 1].map((share) => ({
    centre: mixed(base.at, top, share),
    right: pose.head.right,
    front: cross(cross(pose.head.right, base.front), pose.head.right),
    side: half * (1.06 - 0.12 * share),
    fore: half,
    back: half,
  }));
  addTube(surface, rings, { corners: 10, material: numberOf('skin') });
}

function addFace(surface: Surface, figure: Figure, { head }: Pose): void {
  const { headScale } = skeletonOf(figure);
  const blob = (at: Vec3, radii: Vec3, material: number, corners = 4) => {
    const frame = { at: headPlace(head, headScale, at), right: head.right, front: head.front };
    const size: Vec3 = [radii[0] * headScale, radii[1] * headScale, radii[2] * headScale];
    addTube(surface, blobRings(frame, size, 3), { corners, material });
  };
  for (const side of [-1, 1]) {
    blob([side * 0.03, 0.076, 0.013], [0.013, 0.006, 0.006], numberOf('eye'));
    blob([side * 0.031, 0.081, 0.031], [0.018, 0.005, 0.004], numberOf('hair'));
    blob([side * 0.073, -0.008, -0.005], [0.008, 0.017, 0.03], numberOf('skin'));
  }
  blob([0, 0.086, -0.068], [0.022, 0.006, 0.006], numberOf('lip'));
}
