/** A way through a stage: points with rounded corners, asked by the distance along it. */
import type { Point } from '../origin.ts';
import type { Place } from '../placement.ts';

/** `passes`: the distance at which each waypoint is passed. */
export type Path = { lengthM: number; at: (distanceM: number) => Place; passes: readonly number[] };

const CORNER_STEPS = 8;

const mix = (a: Point, b: Point, share: number): Point => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
const distance = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Corners become parabolas that start up to `radiusM` before them. */
export function makePath(points: readonly Point[], radiusM = 1): Path {
  const { dense, marks } = roundCorners(points, radiusM);
  const ends = [0];
  for (let index = 1; index < dense.length; index++) {
    ends.push((ends[index - 1] ?? 0) + distance(dense[index - 1]!, dense[index]!));
  }
  const lengthM = ends.at(-1) ?? 0;
  return {
    lengthM,
    at: (distanceM) => placeAt(dense, ends, Math.min(Math.max(distanceM, 0), lengthM)),
    passes: marks.map((index) => ends[index] ?? lengthM),
  };
}

function roundCorners(points: readonly Point[], radiusM: number): { dense: Point[]; marks: number[] } {
  const dense: Point[] = [points[0]!];
  const marks = [0];
  const add = (point: Point) => {
    if (distance(dense.at(-1)!, point) > 1e-6) dense.push(point);
  };
  for (let index = 1; index < points.length - 1; index++) {
    const [before, corner, after] = [points[index - 1]!, points[index]!, points[index + 1]!];
    const [into, away] = [distance(before, corner), distance(corner, after)];
    const start = mix(corner, before, Math.min(radiusM / into, 0.5));
    const end = mix(corner, after, Math.min(radiusM / away, 0.5));
    for (let step = 0; step <= CORNER_STEPS; step++) {
      const share = step / CORNER_STEPS;
      add(mix(mix(start, corner, share), mix(corner, end, share), share));
      if (step === CORNER_STEPS / 2) marks.push(dense.length - 1);
    }
  }
  add(points.at(-1)!);
  return { dense, marks: [...marks, dense.length - 1] };
}

/** Headings are mixed between the middles of neighbouring pieces, so that nothing turns by jumps. */
function placeAt(points: readonly Point[], ends: readonly number[], distanceM: number): Place {
  let low = 0;
  let high = ends.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ends[middle]! <= distanceM) low = middle;
    else high = middle - 1;
  }
  const [start, end] = [ends[low]!, ends[low + 1]!];
  const share = (distanceM - start) / (end - start);
  const [x, y] = mix(points[low]!, points[low + 1]!, share);
  const neighbour = share < 0.5 ? low - 1 : low + 1;
  const own = headingOf(points, low);
  if (neighbour < 0 || neighbour > points.length - 2) return { x, y, heading: own };
  return { x, y, heading: own + shortestTurn(own, headingOf(points, neighbour)) * Math.abs(share - 0.5) };
}

function headingOf(points: readonly Point[], piece: number): number {
  const [from, to] = [points[piece]!, points[piece + 1]!];
  return Math.atan2(to[0] - from[0], to[1] - from[1]);
}

/** From one heading to another the short way round, radians. */
export function shortestTurn(from: number, to: number): number {
  return ((((to - from + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;
}
