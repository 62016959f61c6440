/** Ground and paint: slabs with kerb stones, marks a few millimetres above them, and a plain below everything. */
import type { Mark, Rectangle, Slab, Stage } from '#demo/world/stages/stage.ts';
import { markPaint, paintOf, pavingPaint } from './paints.ts';
import type { Sculpt, Vector } from './sculpt.ts';

type Flat = readonly [number, number];

const KERB_WIDTH_M = 0.15;
const MARK_ABOVE_M = 0.004;
/** The plain lies below roads, so that what nobody paved is still ground. */
const PLAIN_Z_M = -0.03;
const CORNER_STEPS = 7;

export function pave(sculpt: Sculpt, stage: Stage): void {
  const water = stage.slabs.find(({ paving }) => paving === 'water');
  if (water === undefined) level(sculpt, rectangle([-160, -60, 160, 240]), PLAIN_Z_M, paintOf('concrete'));
  for (const slab of stage.slabs) lay(sculpt, slab);
}

/** Marks take the height of the slab that they lie on. */
export function paintMarks(sculpt: Sculpt, stage: Stage): void {
  for (const mark of stage.marks)
    level(sculpt, mark.points, markHeight(stage, mark) + MARK_ABOVE_M, markPaint(mark.paint));
}

function markHeight({ slabs }: Stage, { points, z }: Mark): number {
  if (z !== undefined) return z;
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  const under = slabs.filter(({ at: [x0, y0, x1, y1] }) => x >= x0 && x <= x1 && y >= y0 && y <= y1);
  return under.at(-1)?.z ?? 0;
}

function lay(sculpt: Sculpt, { at, z, paving, corners = [0, 0, 0, 0] }: Slab): void {
  const outline = rounded(at, corners);
  if (z < 0.03) {
    level(sculpt, outline, z, pavingPaint(paving));
    return;
  }
  const inside = rounded(
    shrunk(at),
    corners.map((radius) => Math.max(0, radius - KERB_WIDTH_M)) as unknown as typeof corners,
  );
  level(sculpt, inside, z, pavingPaint(paving));
  const kerb = paintOf('kerb');
  for (const [index, a] of outline.entries()) {
    const next = (index + 1) % outline.length;
    const [b, c, d] = [outline[next]!, inside[next]!, inside[index]!];
    const at3 = (point: Flat, up: number): Vector => [point[0], point[1], up];
    sculpt.face([at3(a, z), at3(b, z), at3(c, z), at3(d, z)], kerb);
    sculpt.face([at3(a, PLAIN_Z_M), at3(b, PLAIN_Z_M), at3(b, z), at3(a, z)], kerb);
  }
}

const shrunk = ([x0, y0, x1, y1]: Rectangle): Rectangle => [
  x0 + KERB_WIDTH_M,
  y0 + KERB_WIDTH_M,
  x1 - KERB_WIDTH_M,
  y1 - KERB_WIDTH_M,
];

const rectangle = ([x0, y0, x1, y1]: Rectangle): Flat[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

function level(sculpt: Sculpt, points: readonly Flat[], z: number, paint: number): void {
  sculpt.face(
    points.map(([x, y]): Vector => [x, y, z]),
    paint,
  );
}

/** Always as many points a corner, so that two outlines match point by point. */
function rounded([x0, y0, x1, y1]: Rectangle, corners: readonly [number, number, number, number]): Flat[] {
  const centres: Flat[] = [
    [x0 + corners[0], y0 + corners[0]],
    [x1 - corners[1], y0 + corners[1]],
    [x1 - corners[2], y1 - corners[2]],
    [x0 + corners[3], y1 - corners[3]],
  ];
  return centres.flatMap(([x, y], corner) => {
    const radius = corners[corner]!;
    const steps = corners.some((other) => other > 0) ? CORNER_STEPS : 0;
    return Array.from({ length: steps + 1 }, (_, step): Flat => {
      const turn = Math.PI + (corner + (steps === 0 ? 0 : step / steps)) * (Math.PI / 2);
      return [x + radius * Math.cos(turn), y + radius * Math.sin(turn)];
    });
  });
}
