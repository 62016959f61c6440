/** How much boxes overlap, and which kinds may be one thing. */
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';

/** Intersection over union. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

/** The box grown by `share` of its size on each side (Yang et al., "C-BIoU", arXiv:2211.14317). */
export function grown([left, top, width, height]: Box, share: number): Box {
  return [left - share * width, top - share * height, width * (1 + 2 * share), height * (1 + 2 * share)];
}

const FAMILY: Record<Kind, string> = {
  person: 'person',
  bicycle: 'two wheels',
  motorcycle: 'two wheels',
  car: 'four wheels',
  bus: 'four wheels',
  truck: 'four wheels',
};

/** A detector may call a van a car now and a truck then; it does not take a car for a person. */
export const mayBeOne = (a: Kind, b: Kind): boolean => FAMILY[a] === FAMILY[b];
