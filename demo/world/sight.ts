/** Which ground a view's camera sees at a place of its picture: the exact model backwards, distortion undone. */
import { axesOf, type Camera, PICTURE } from './camera.ts';
import { type Point, toLonLat } from './origin.ts';
import { toCity } from './placement.ts';
import { groundHeight } from './stages/ground.ts';
import type { Stage } from './stages/stage.ts';
import type { View } from './view.ts';

const STEPS = 12;

/** Distorted → straight, in normalised units: fixed-point steps of Brown's formula, which converge for weak lenses. */
function straighten({ k1, k2 }: Camera, [u, v]: Point): Point {
  let [x, y] = [u, v];
  for (let step = 0; step < STEPS; step++) {
    const square = x * x + y * y;
    const bend = 1 + k1 * square + k2 * square * square;
    [x, y] = [u / bend, v / bend];
  }
  return [x, y];
}

/**
 * In the stage's metres; x and y as fractions of the picture; undefined at and above the horizon. A river counts as high
 * as its banks, because whoever maps a picture knows the banks.
 */
export function groundAt(camera: Camera, stage: Stage, { x, y }: { x: number; y: number }): Point | undefined {
  const distorted: Point = [
    ((x - 0.5) * PICTURE.widthPx) / camera.focalPx,
    ((y - 0.5) * PICTURE.heightPx) / camera.focalPx,
  ];
  const [u, v] = straighten(camera, distorted);
  const { right, down, forward } = axesOf(camera.yawDeg, camera.pitchDeg);
  const ray = ([0, 1, 2] as const).map((axis) => forward[axis] + u * right[axis] + v * down[axis]);
  const drop = -ray[2]!;
  if (drop < 1e-3) return undefined;
  let height = 0;
  let at: Point = [0, 0];
  // Pavements lie a kerb higher than the road: where the ray ends decides how high the ground is there.
  for (let step = 0; step < 3; step++) {
    const reach = (camera.heightM - height) / drop;
    at = [camera.x + reach * ray[0]!, camera.y + reach * ray[1]!];
    height = Math.max(0, groundHeight(stage, at[0], at[1]));
  }
  return at;
}

export function lonLatAt(
  { camera, stage }: View,
  at: { x: number; y: number },
): [lon: number, lat: number] | undefined {
  const ground = groundAt(camera, stage, at);
  return ground === undefined ? undefined : toLonLat(toCity(stage.place, ground));
}

/** A place of the stage on the map. */
export const stageLonLat = ({ stage }: View, at: Point): [lon: number, lat: number] =>
  toLonLat(toCity(stage.place, at));
