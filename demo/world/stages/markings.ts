/** Paint on the road: lines, crossings, arrows, boxes. Widths follow GB 5768.3 (lines 0.15 m, zebra bars 0.45 m). */
import type { Point } from '../origin.ts';
import type { Mark, Paint, Rectangle } from './stage.ts';

const LINE_M = 0.15;

export function box([x0, y0, x1, y1]: Rectangle, paint: Paint = 'white'): Mark {
  return {
    points: [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ],
    paint,
  };
}

/** A straight line of paint between two points. */
export function line([x0, y0]: Point, [x1, y1]: Point, options: { widthM?: number; paint?: Paint } = {}): Mark {
  const { widthM = LINE_M, paint = 'white' } = options;
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [nx, ny] = [((y1 - y0) / length) * (widthM / 2), (-(x1 - x0) / length) * (widthM / 2)];
  return {
    points: [
      [x0 + nx, y0 + ny],
      [x1 + nx, y1 + ny],
      [x1 - nx, y1 - ny],
      [x0 - nx, y0 - ny],
    ],
    paint,
  };
}

export type Dashes = { onM?: number; offM?: number; paint?: Paint; widthM?: number };

export function dashes([x0, y0]: Point, [x1, y1]: Point, { onM = 2, offM = 4, ...look }: Dashes = {}): Mark[] {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const marks: Mark[] = [];
  for (let at = 0; at < length; at += onM + offM) {
    const end = Math.min(at + onM, length);
    marks.push(line([x0 + dx * at, y0 + dy * at], [x0 + dx * end, y0 + dy * end], look));
  }
  return marks;
}

/** Bars of a zebra that fills the rectangle; `along` is the way the cars go. */
export function zebra([x0, y0, x1, y1]: Rectangle, along: 'x' | 'y'): Mark[] {
  const [start, end] = along === 'y' ? [x0, x1] : [y0, y1];
  const marks: Mark[] = [];
  for (let at = start + 0.35; at + 0.45 < end; at += 1.05) {
    marks.push(box(along === 'y' ? [at, y0, at + 0.45, y1] : [x0, at, x1, at + 0.45]));
  }
  return marks;
}

/** A straight-on arrow, 4.5 m long, that points to `heading` (radians clockwise from forward). */
export function arrow([x, y]: Point, heading: number, turn: 'none' | 'left' | 'right' = 'none'): Mark[] {
  const side = turn === 'left' ? -1 : 1;
  const place = (right: number, forward: number): Point => [
    x + right * Math.cos(heading) + forward * Math.sin(heading),
    y - right * Math.sin(heading) + forward * Math.cos(heading),
  ];
  const polygon = (points: readonly (readonly [number, number])[]): Mark => ({
    points: points.map(([right, forward]) => place(right, forward)),
    paint: 'white',
  });
  const shaft = polygon([
    [-0.08, 0],
    [0.08, 0],
    [0.08, 2.9],
    [-0.08, 2.9],
  ]);
  if (turn === 'none')
    return [
      shaft,
      polygon([
        [-0.32, 2.7],
        [0.32, 2.7],
        [0, 4.5],
      ]),
    ];
  const arm = [
    [0, 2.75],
    [0.5 * side, 3.1],
    [0.5 * side, 3.3],
    [0, 2.95],
  ] as const;
  const head = [
    [0.45 * side, 2.75],
    [1.1 * side, 3.3],
    [0.45 * side, 3.75],
  ] as const;
  const turned = (points: readonly (readonly [number, number])[]) => (side > 0 ? points : points.toReversed());
  return [shaft, polygon(turned(arm)), polygon(turned(head))];
}

/** A row of parking bays along x or y: their side lines. */
export function bays([x0, y0, x1, y1]: Rectangle, along: 'x' | 'y', pitchM: number): Mark[] {
  const [start, end] = along === 'y' ? [y0, y1] : [x0, x1];
  const marks: Mark[] = [];
  for (let at = start; at <= end + 0.01; at += pitchM) {
    marks.push(along === 'y' ? line([x0, at], [x1, at]) : line([at, y0], [at, y1]));
  }
  return marks;
}

/** Manhole covers and patches: what every road has. */
export function cover([x, y]: Point, radiusM = 0.36): Mark {
  const points = Array.from({ length: 14 }, (_, index): Point => {
    const turn = (index / 14) * 2 * Math.PI;
    return [x + radiusM * Math.cos(turn), y + radiusM * Math.sin(turn)];
  });
  return { points, paint: 'cover' };
}
