/** Lines and zones of scripted rules, drawn by metres ahead of the camera, in its picture or on the ground. */
import type { RuleLine, RuleZone } from '#models/schema/rule-shape.ts';
import type { Frame, Spot } from './frame.ts';

export type Space = 'picture' | 'ground';

export function pointsOf(frame: Frame, space: Space, spots: readonly Spot[]): number[][] {
  return spots.map((spot) => {
    if (space === 'ground') return frame.toLonLat(spot);
    const [x, y] = frame.toPicture(spot) ?? [0, 0];
    return [within(x), within(y)];
  });
}

const within = (share: number) => Math.min(1, Math.max(0, share));

/** Across the view at a distance, from left to right: who walks away from the camera crosses it from its right to its left. */
export const lineAcross = (frame: Frame, space: Space, { ahead, half }: { ahead: number; half: number }): RuleLine => ({
  space,
  points: pointsOf(frame, space, [
    [-half, ahead],
    [half, ahead],
  ]),
});

export const square = (
  frame: Frame,
  space: Space,
  { left, right, near, far }: { left: number; right: number; near: number; far: number },
): RuleZone => ({
  space,
  points: pointsOf(frame, space, [
    [left, near],
    [right, near],
    [right, far],
    [left, far],
  ]),
});
