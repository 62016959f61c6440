/** Lines and zones in a plane: crossings, distances and areas. Units are those of the points. */

export type Point = readonly [x: number, y: number];
export type Bounds = { minX: number; minY: number; maxX: number; maxY: number };

export function boundsOf(points: readonly Point[], margin: number): Bounds {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return {
    minX: Math.min(...xs) - margin,
    minY: Math.min(...ys) - margin,
    maxX: Math.max(...xs) + margin,
    maxY: Math.max(...ys) + margin,
  };
}

/** Positive on the side that lies left of the way from a to b where y points up, and right of it where y points down. */
const side = (a: Point, b: Point, x: number, y: number) => (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);

/**
 * How often the step from (x0, y0) to (x1, y1) crosses the line, with its sign: +1 from the positive side to the other.
 * A point on the line belongs to its positive side, and a step through a corner crosses one of the two pieces only.
 */
export function crossingsOf(line: readonly Point[], x0: number, y0: number, x1: number, y1: number): number {
  let net = 0;
  for (let index = 1; index < line.length; index++) {
    const [a, b] = [line[index - 1]!, line[index]!];
    const [before, after] = [side(a, b, x0, y0) >= 0, side(a, b, x1, y1) >= 0];
    if (before === after) continue;
    const from: Point = [x0, y0];
    const to: Point = [x1, y1];
    // The ends of a piece lie on different sides of the step, each end counted to one piece.
    if (side(from, to, a[0], a[1]) >= 0 === side(from, to, b[0], b[1]) >= 0) continue;
    net += before ? 1 : -1;
  }
  return net;
}

/** To the nearest point of the line's pieces; `isClosed` joins the last point to the first. */
export function distanceTo(points: readonly Point[], isClosed: boolean, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = isClosed ? 0 : 1; index < points.length; index++) {
    const a = points[index === 0 ? points.length - 1 : index - 1]!;
    const b = points[index]!;
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const square = dx * dx + dy * dy;
    const share = square === 0 ? 0 : ((x - a[0]) * dx + (y - a[1]) * dy) / square;
    const at = Math.max(0, Math.min(1, share));
    const offX = x - a[0] - at * dx;
    const offY = y - a[1] - at * dy;
    const off = offX * offX + offY * offY;
    if (off < least) least = off;
  }
  return Math.sqrt(least);
}

// No arrays in what is asked for every thing near a shape: millions of them were a good part of what it cost.
export function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let index = 0, last = points.length - 1; index < points.length; last = index++) {
    const a = points[index]!;
    const b = points[last]!;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

export function areaOf(points: readonly Point[]): number {
  let twice = 0;
  for (let index = 0, last = points.length - 1; index < points.length; last = index++) {
    const [a, b] = [points[last]!, points[index]!];
    twice += a[0] * b[1] - b[0] * a[1];
  }
  return Math.abs(twice) / 2;
}

/** Share of both boxes together that both cover: 0 to 1. */
export function overlapOf(a: readonly number[], b: readonly number[]): number {
  const width = Math.min(a[0]! + a[2]!, b[0]! + b[2]!) - Math.max(a[0]!, b[0]!);
  const height = Math.min(a[1]! + a[3]!, b[1]! + b[3]!) - Math.max(a[1]!, b[1]!);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a[2]! * a[3]! + b[2]! * b[3]! - both);
}
