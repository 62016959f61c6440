/** The street net: a lattice of crossings, turned, uneven and bent like a quarter that grew; its faces are the grids. */
import type { Point } from '../origin.ts';

export const COLUMNS = 8;
export const ROWS = 5;

/** Distances of the net's lines before they are turned, metres. Blocks of 125 to 165 m hold 300 to 500 households. */
const EAST_M = [0, 148, 296, 452, 612, 760, 905, 1065, 1215];
const NORTH_M = [0, 128, 262, 388, 524, 655];
/** The quarter is not square to north, and the lines are not square to each other. */
const TURN = (-7 * Math.PI) / 180;
const START: Point = [40, 190];

/** A crossing. The southern edge follows the river's bend, the north-eastern corner an old wall. */
export function crossing(column: number, row: number): Point {
  const east = EAST_M[column] ?? 0;
  const north = NORTH_M[row] ?? 0;
  const bend = row === 0 ? 14 * Math.sin(east / 260) : 5 * Math.sin(column * 1.9 + row * 0.7);
  const lean = 6 * Math.sin(row * 1.4 + column * 0.5) + (row > 3 && column > 5 ? 10 : 0);
  const x = east + lean;
  const y = north + bend;
  return [START[0] + x * Math.cos(TURN) - y * Math.sin(TURN), START[1] + x * Math.sin(TURN) + y * Math.cos(TURN)];
}

export type RoadClass = 'avenue' | 'street' | 'lane';

export type RoadLine = { id: string; class: RoadClass; isNorthSouth: boolean; line: number; points: Point[] };

const NORTH_SOUTH_CLASS: Record<number, RoadClass> = {
  0: 'street',
  2: 'street',
  4: 'avenue',
  6: 'street',
  8: 'street',
};
const EAST_WEST_CLASS: Record<number, RoadClass> = { 0: 'street', 2: 'avenue', 5: 'street' };

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Every line of the net from edge to edge. */
export function roadLines(): RoadLine[] {
  const northSouth = upTo(COLUMNS + 1).map((line): RoadLine => {
    const points = upTo(ROWS + 1).map((row) => crossing(line, row));
    return { id: `ns-${line + 1}`, class: NORTH_SOUTH_CLASS[line] ?? 'lane', isNorthSouth: true, line, points };
  });
  const eastWest = upTo(ROWS + 1).map((line): RoadLine => {
    const points = upTo(COLUMNS + 1).map((column) => crossing(column, line));
    return { id: `ew-${line + 1}`, class: EAST_WEST_CLASS[line] ?? 'lane', isNorthSouth: false, line, points };
  });
  return [...northSouth, ...eastWest];
}

/** The closed ring around columns [west, east) and rows [south, north), anticlockwise, through every crossing on it. */
export function ringAround([west, south, east, north]: readonly [number, number, number, number]): Point[] {
  const points: Point[] = [];
  for (let column = west; column < east; column++) points.push(crossing(column, south));
  for (let row = south; row < north; row++) points.push(crossing(east, row));
  for (let column = east; column > west; column--) points.push(crossing(column, north));
  for (let row = north; row > south; row--) points.push(crossing(west, row));
  return [...points, crossing(west, south)];
}

/** A place inside the face at (column, row): u eastwards, v northwards, both 0..1. */
export function inFace(column: number, row: number, u: number, v: number): Point {
  const [a, b] = [crossing(column, row), crossing(column + 1, row)];
  const [c, d] = [crossing(column, row + 1), crossing(column + 1, row + 1)];
  const mix = (axis: 0 | 1) => (a[axis] * (1 - u) + b[axis] * u) * (1 - v) + (c[axis] * (1 - u) + d[axis] * u) * v;
  return [mix(0), mix(1)];
}

/** Along the edge from one crossing to the next: its middle (or `share` of it) and its bearing, degrees from north. */
export function alongEdge(from: Point, to: Point, share = 0.5): { xM: number; yM: number; bearingDeg: number } {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return {
    xM: from[0] + dx * share,
    yM: from[1] + dy * share,
    bearingDeg: ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360,
  };
}

type Node = readonly [column: number, row: number];

/** Along the road from one crossing of the net to the next. */
export function onRoad(from: Node, to: Node, share = 0.5): { xM: number; yM: number; bearingDeg: number } {
  return alongEdge(crossing(...from), crossing(...to), share);
}
