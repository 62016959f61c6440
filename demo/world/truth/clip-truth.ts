/** The truth of a clip: what is in every frame, where in the picture, how much of it is seen, and where on the ground. */
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { VariantId } from '../view.ts';

/**
 * A rider is three boxes: the rider (a person), the machine, and both together under the machine's kind. A bicycle that
 * stands in a row as furniture of the street is `parked`.
 */
export type Part = 'whole' | 'rider' | 'machine' | 'both' | 'parked';

export type TruthAgent = {
  /** Within the clip; a thing that crosses the loop's end has another one at the start (`agent-id.ts`). */
  id: number;
  kind: Kind;
  part: Part;
  /** There as long as the loop is played: parked, sitting, waiting. */
  stays: boolean;
  /** Of the whole silhouette as if nothing stood before it, as fractions of the picture; it may leave the picture. */
  box: Box;
  /** What is really seen of the silhouette inside the picture, 0 to 1. */
  visible: number;
  /** The middle of its footprint, degrees. */
  lon: number;
  lat: number;
};

export type ClipTruth = {
  view: string;
  variant: VariantId;
  fps: number;
  frames: readonly (readonly TruthAgent[])[];
};

export const clipName = (view: string, variant: string): string => `${view}-${variant}`;

/** People and vehicles each once: `both` only helps to judge boxes. */
export const isThing = ({ part }: TruthAgent): boolean => part !== 'both';

/** The part of a box that lies inside the picture; undefined where none does. */
export function insideBox([x, y, width, height]: Box): Box | undefined {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(1, x + width), Math.min(1, y + height)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}

/** The smallest box round two. */
export function unionBox(a: Box, b: Box): Box {
  const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  const [right, bottom] = [Math.max(a[0] + a[2], b[0] + b[2]), Math.max(a[1] + a[3], b[1] + b[3])];
  return [left, top, right - left, bottom - top];
}
