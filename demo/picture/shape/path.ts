/** A bent line through joints, rounded at each, with rings that turn along it without twisting. */
import type { Ring } from './tube.ts';
import { along, carried, cross, mixed, squaredTo, subtract, unit, type Vec3 } from './vector.ts';

/** Radii at a place on the line: 0 is the first joint, 1 the second, and so on; `depth` goes front and back. */
export interface Girth {
  readonly at: number;
  readonly side: number;
  readonly depth?: number;
}

/** The point at `t` (in joints), with a rounded bend of `roundness` (share of the joint's segments) at each inner joint. */
export function pointAlong(joints: readonly Vec3[], t: number, roundness: number): Vec3 {
  const last = joints.length - 1;
  const nearest = Math.round(t);
  if (nearest > 0 && nearest < last && Math.abs(t - nearest) < roundness) {
    const share = (t - nearest + roundness) / (2 * roundness);
    const before = mixed(joints[nearest]!, joints[nearest - 1]!, roundness);
    const after = mixed(joints[nearest]!, joints[nearest + 1]!, roundness);
    return mixed(mixed(before, joints[nearest]!, share), mixed(joints[nearest]!, after, share), share);
  }
  const segment = Math.max(0, Math.min(last - 1, Math.floor(t)));
  return mixed(joints[segment]!, joints[segment + 1]!, t - segment);
}

/** Rings along the line, `count` of them evenly from the first to the last girth; `front` is where the first ring faces. */
export function ringsAlong(
  joints: readonly Vec3[],
  girths: readonly Girth[],
  options: { count: number; front: Vec3; roundness?: number },
): Ring[] {
  const { count, roundness = 0.22 } = options;
  const start = girths[0]!.at;
  const end = girths.at(-1)!.at;
  let direction: Vec3 | undefined;
  let front = options.front;
  return Array.from({ length: count }, (_, s) => {
    const t = start + ((end - start) * s) / (count - 1);
    const ahead = pointAlong(joints, t + 0.02, roundness);
    const heading = unit(subtract(ahead, pointAlong(joints, t - 0.02, roundness)));
    front = squaredTo(direction === undefined ? front : carried(front, direction, heading), heading);
    direction = heading;
    const { side, depth } = girthAt(girths, t);
    const centre = pointAlong(joints, t, roundness);
    return { centre, right: cross(front, heading), front, side, fore: depth, back: depth };
  });
}

function girthAt(girths: readonly Girth[], t: number): { side: number; depth: number } {
  let i = 0;
  while (i < girths.length - 2 && t > girths[i + 1]!.at) i++;
  const [a, b] = [girths[i]!, girths[i + 1]!];
  const share = Math.max(0, Math.min(1, (t - a.at) / (b.at - a.at)));
  const eased = share * share * (3 - 2 * share);
  const blend = (from: number, to: number) => from + (to - from) * eased;
  return { side: blend(a.side, b.side), depth: blend(a.depth ?? a.side, b.depth ?? b.side) };
}

/** Where the middle joint of a two-bone limb stands when its end reaches for `target`, bent towards `pole`. */
export function reach(
  root: Vec3,
  target: Vec3,
  bones: readonly [number, number],
  pole: Vec3,
): { middle: Vec3; end: Vec3 } {
  const [upper, lower] = bones;
  const span = subtract(target, root);
  const wanted = Math.hypot(...span);
  const length = Math.max(Math.abs(upper - lower) * 1.001, Math.min(wanted, (upper + lower) * 0.999));
  const direction = unit(span);
  const foot = (upper * upper - lower * lower + length * length) / (2 * length);
  const height = Math.sqrt(Math.max(0, upper * upper - foot * foot));
  const middle = along(along(root, direction, foot), squaredTo(pole, direction), height);
  return { middle, end: along(root, direction, length) };
}
