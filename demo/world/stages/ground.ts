/** How high the ground of a stage is: kerbs are ramped over half a step, so that nobody jumps. */
import type { Rectangle, Stage } from './stage.ts';

const isInside = ([x0, y0, x1, y1]: Rectangle, x: number, y: number) => x >= x0 && x <= x1 && y >= y0 && y <= y1;

/** The last slab that holds the place is on top. */
function slabHeight({ slabs }: Stage, x: number, y: number): number {
  let height = 0;
  for (const slab of slabs) if (isInside(slab.at, x, y)) height = slab.z;
  return height;
}

const REACH_M = 0.2;

export function groundHeight(stage: Stage, x: number, y: number): number {
  const here = slabHeight(stage, x, y);
  const round = [
    slabHeight(stage, x + REACH_M, y),
    slabHeight(stage, x - REACH_M, y),
    slabHeight(stage, x, y + REACH_M),
    slabHeight(stage, x, y - REACH_M),
  ];
  return (2 * here + round.reduce((sum, height) => sum + height, 0)) / 6;
}
