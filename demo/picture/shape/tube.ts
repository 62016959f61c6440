/** Lofts a closed smooth tube through oval rings: every soft part of a body is one. */
import { addTriangle, addVertex, type Surface } from './surface.ts';
import { add, along, cross, dot, scaled, subtract, unit, type Vec3 } from './vector.ts';

/** One ring: its middle, two square unit directions, and its half sizes in metres to the side, the front and the back. */
export interface Ring {
  readonly centre: Vec3;
  readonly right: Vec3;
  readonly front: Vec3;
  readonly side: number;
  readonly fore: number;
  readonly back: number;
  /** 1 draws an ellipse, less a rounded box. */
  readonly squareness?: number;
}

export interface TubeOptions {
  /** How many corners a ring has. */
  readonly corners: number;
  /** A material for all, or one for each strip (ring number, corner number). */
  readonly material: number | ((ring: number, corner: number) => number);
  /** Wrinkle depth as a share of the radius, and which wrinkles. */
  readonly wrinkle?: number;
  readonly seed?: number;
  /** Moves one point of one ring, in metres along right, front and right x front. */
  readonly shift?: (ring: number, angle: number) => Vec3;
}

const STILL: Vec3 = [0, 0, 0];

/** Adds the tube to the surface, closed at both ends. Rings may be given in either order. */
export function addTube(surface: Surface, given: readonly Ring[], options: TubeOptions): void {
  const rings = inOrder(given);
  const { corners } = options;
  const isTurned = rings !== given;
  const points = rings.map((ring, s) => ringPoints(ring, isTurned ? rings.length - 1 - s : s, options));
  const first = surface.positions.length / 3;
  points.forEach((row, s) => {
    row.forEach((point, i) => {
      addVertex(surface, point, normalAt(points, s, i));
    });
  });
  const materialAt = (s: number, i: number) => {
    if (typeof options.material === 'number') return options.material;
    return options.material(isTurned ? rings.length - 2 - s : s, i);
  };
  for (let s = 0; s < rings.length - 1; s++) {
    for (let i = 0; i < corners; i++) {
      const [a, b] = [first + s * corners + i, first + s * corners + ((i + 1) % corners)];
      addTriangle(surface, [a, b, a + corners], materialAt(s, i));
      addTriangle(surface, [a + corners, b, b + corners], materialAt(s, i));
    }
  }
  addCap(surface, rings[0]!, first, corners, -1, materialAt(0, 0));
  const last = rings.length - 1;
  addCap(surface, rings[last]!, first + last * corners, corners, 1, materialAt(last - 1, 0));
}

function addCap(surface: Surface, ring: Ring, first: number, corners: number, sign: 1 | -1, material: number): void {
  const normal = scaled(cross(ring.right, ring.front), sign);
  const middle = addVertex(surface, ring.centre, normal);
  for (let i = 0; i < corners; i++) {
    const [a, b] = [first + i, first + ((i + 1) % corners)];
    addTriangle(surface, sign > 0 ? [middle, a, b] : [middle, b, a], material);
  }
}

/** The rings in the order in which right x front points along the tube, so that its outside is out. */
function inOrder(rings: readonly Ring[]): readonly Ring[] {
  let advance = 0;
  for (let s = 0; s + 1 < rings.length; s++) {
    const step = subtract(rings[s + 1]!.centre, rings[s]!.centre);
    advance += dot(step, cross(rings[s]!.right, rings[s]!.front));
  }
  return advance >= 0 ? rings : rings.toReversed();
}

function ringPoints(ring: Ring, ringNumber: number, options: TubeOptions): Vec3[] {
  const { corners, wrinkle = 0, seed = 0, shift } = options;
  const power = ring.squareness ?? 1;
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI;
    const bulge = 1 + wrinkle * wrinkleAt(ringNumber, angle, seed);
    const cos = curved(Math.cos(angle), power) * bulge;
    const sin = curved(Math.sin(angle), power) * bulge;
    const [sideways, forward, up] = shift?.(ringNumber, angle) ?? STILL;
    const depth = sin >= 0 ? ring.fore : ring.back;
    const flat = along(along(ring.centre, ring.right, cos * ring.side + sideways), ring.front, sin * depth + forward);
    return up === 0 ? flat : along(flat, cross(ring.right, ring.front), up);
  });
}

function curved(value: number, power: number): number {
  return Math.sign(value) * Math.abs(value) ** power;
}

function wrinkleAt(ring: number, angle: number, seed: number): number {
  return (
    Math.sin(ring * 2.1 + angle * 3 + seed) +
    0.7 * Math.sin(ring * 1.3 - angle * 2 + seed * 2.3) +
    0.5 * Math.sin(angle * 5 + ring * 0.7 + seed)
  );
}

function normalAt(points: readonly Vec3[][], s: number, i: number): Vec3 {
  const row = points[s]!;
  const around = subtract(row[(i + 1) % row.length]!, row[(i + row.length - 1) % row.length]!);
  const before = points[Math.max(0, s - 1)]![i]!;
  const after = points[Math.min(points.length - 1, s + 1)]![i]!;
  return unit(cross(around, subtract(after, before)));
}

/** An egg-shaped blob: `radii` along right, front and the axis that both span. */
export function blobRings(frame: { at: Vec3; right: Vec3; front: Vec3 }, radii: Vec3, count = 5): Ring[] {
  const up = cross(frame.right, frame.front);
  return Array.from({ length: count }, (_, s) => {
    const angle = ((s + 0.25) / (count - 0.5) - 0.5) * Math.PI;
    const width = Math.cos(angle);
    const centre = add(frame.at, scaled(up, Math.sin(angle) * radii[2]));
    const depth = radii[1] * width;
    return { centre, right: frame.right, front: frame.front, side: radii[0] * width, fore: depth, back: depth };
  });
}
