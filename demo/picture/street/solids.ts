/** Boxes, tubes, cones and the like for street furniture. */
import type { Sculpt, Vector } from './sculpt.ts';

/** Where a piece stands: furniture is built round its own foot and turned. */
export type Foot = { x: number; y: number; z: number; heading: number };

/** From right, forward and up of the foot to the stage. */
export function from({ x, y, z, heading }: Foot, [right, forward, up]: Vector): Vector {
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  return [x + right * cos + forward * sin, y - right * sin + forward * cos, z + up];
}

export type BoxSize = {
  right: readonly [number, number];
  forward: readonly [number, number];
  up: readonly [number, number];
};

/** A box between the given bounds in the foot's own directions; `tops`: another paint for its lid. */
export function box(sculpt: Sculpt, foot: Foot, { right, forward, up }: BoxSize, paint: number, lid = paint): void {
  const [r0, r1] = right;
  const [f0, f1] = forward;
  const [u0, u1] = up;
  const at = (r: number, f: number, u: number) => from(foot, [r, f, u]);
  const side = (a: readonly [number, number], b: readonly [number, number]) =>
    sculpt.face([at(...a, u0), at(...b, u0), at(...b, u1), at(...a, u1)], paint);
  side([r0, f0], [r1, f0]);
  side([r1, f0], [r1, f1]);
  side([r1, f1], [r0, f1]);
  side([r0, f1], [r0, f0]);
  sculpt.face([at(r0, f0, u1), at(r1, f0, u1), at(r1, f1, u1), at(r0, f1, u1)], lid);
  if (u0 > 0.02) sculpt.face([at(r0, f1, u0), at(r1, f1, u0), at(r1, f0, u0), at(r0, f0, u0)], paint);
}

export type Tube = { points: readonly Vector[]; radiiM: readonly number[]; sides?: number; isCapped?: boolean };

/** A round bar along points in the stage's metres, one radius a point. */
export function tube(sculpt: Sculpt, { points, radiiM, sides = 8, isCapped = true }: Tube, paint: number): void {
  const rows = points.map((point, index) => {
    const before = points[Math.max(index - 1, 0)]!;
    const after = points[Math.min(index + 1, points.length - 1)]!;
    const axis = unit([after[0] - before[0], after[1] - before[1], after[2] - before[2]]);
    const helper: Vector = Math.abs(axis[2]) > 0.8 ? [1, 0, 0] : [0, 0, 1];
    const u = unit(cross(helper, axis));
    const v = cross(axis, u);
    const radius = radiiM[Math.min(index, radiiM.length - 1)]!;
    return Array.from({ length: sides + 1 }, (_, side) => {
      const turn = (side / sides) * 2 * Math.PI;
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const normal: Vector = [u[0] * c + v[0] * s, u[1] * c + v[1] * s, u[2] * c + v[2] * s];
      return {
        at: [point[0] + normal[0] * radius, point[1] + normal[1] * radius, point[2] + normal[2] * radius] as Vector,
        normal,
      };
    });
  });
  sculpt.patch(rows, paint);
  if (!isCapped) return;
  sculpt.face(
    rows
      .at(-1)!
      .slice(0, -1)
      .map(({ at }) => at),
    paint,
  );
  sculpt.face(
    rows[0]!
      .slice(0, -1)
      .map(({ at }) => at)
      .toReversed(),
    paint,
  );
}

export type Profile = readonly (readonly [radiusM: number, upM: number])[];

/** A turned shape round the foot's upright: radii and heights from below. */
export function turned(sculpt: Sculpt, foot: Foot, profile: Profile, paint: number, sides = 12): void {
  const rows = profile.map(([radius, up], index) => {
    const [r0, z0] = profile[Math.max(index - 1, 0)]!;
    const [r1, z1] = profile[Math.min(index + 1, profile.length - 1)]!;
    const [dz, dr] = [z1 - z0, r1 - r0];
    const length = Math.hypot(dz, dr) || 1;
    return Array.from({ length: sides + 1 }, (_, side) => {
      const turn = (side / sides) * 2 * Math.PI;
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const normal: Vector = [(c * dz) / length, (s * dz) / length, -dr / length];
      return { at: [foot.x + c * radius, foot.y + s * radius, foot.z + up] as Vector, normal };
    });
  });
  sculpt.patch(rows, paint);
  const [topRadius, topUp] = profile.at(-1)!;
  if (topRadius < 0.01) return;
  const rim = Array.from({ length: sides }, (_, side): Vector => {
    const turn = (side / sides) * 2 * Math.PI;
    return [foot.x + topRadius * Math.cos(turn), foot.y + topRadius * Math.sin(turn), foot.z + topUp];
  });
  sculpt.face(rim, paint);
}

/** Seen from both sides: a sheet, a card, a sign. */
export function sheet(sculpt: Sculpt, points: readonly Vector[], paint: number, back = paint): void {
  sculpt.face(points, paint);
  sculpt.face(points.toReversed(), back);
}

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function unit([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
