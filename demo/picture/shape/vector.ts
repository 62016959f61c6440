/** Points and directions of the rendered city: x right, y forward, z up, in metres. */

export type Vec3 = readonly [number, number, number];

export const RIGHT: Vec3 = [1, 0, 0];
export const FRONT: Vec3 = [0, 1, 0];
export const UP: Vec3 = [0, 0, 1];

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaled(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** `a` moved along `direction` by `distance`. */
export function along(a: Vec3, direction: Vec3, distance: number): Vec3 {
  return [a[0] + direction[0] * distance, a[1] + direction[1] * distance, a[2] + direction[2] * distance];
}

export function mixed(a: Vec3, b: Vec3, share: number): Vec3 {
  return along(scaled(a, 1 - share), b, share);
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function lengthOf(a: Vec3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** The direction of `a`; a vector of no length has none and comes back as it is. */
export function unit(a: Vec3): Vec3 {
  const length = lengthOf(a);
  return length < 1e-12 ? a : scaled(a, 1 / length);
}

/** The part of `a` that stands square on `direction`, at unit length. */
export function squaredTo(a: Vec3, direction: Vec3): Vec3 {
  return unit(along(a, direction, -dot(a, direction)));
}

/** `a` turned about a unit axis, counterclockwise seen from the axis' tip. */
export function turned(a: Vec3, axis: Vec3, angle: number): Vec3 {
  const cos = Math.cos(angle);
  const turnedPart = along(scaled(a, cos), cross(axis, a), Math.sin(angle));
  return along(turnedPart, axis, dot(axis, a) * (1 - cos));
}

/** `v` carried along when the direction `from` swings to `to` the shortest way. */
export function carried(v: Vec3, from: Vec3, to: Vec3): Vec3 {
  const axis = cross(from, to);
  const sine = lengthOf(axis);
  if (sine < 1e-9) return v;
  return turned(v, scaled(axis, 1 / sine), Math.atan2(sine, dot(from, to)));
}
