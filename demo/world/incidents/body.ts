/** How large things are, and the box round one in a view's picture. */
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { insideBox } from '../truth/clip-truth.ts';
import type { Frame, Spot } from './frame.ts';

/** Metres. A rider belongs to the machine. */
const BODIES: Record<Kind, { length: number; width: number; height: number }> = {
  person: { length: 0.35, width: 0.5, height: 1.7 },
  bicycle: { length: 1.75, width: 0.6, height: 1.7 },
  motorcycle: { length: 2, width: 0.7, height: 1.65 },
  car: { length: 4.5, width: 1.8, height: 1.5 },
  bus: { length: 11, width: 2.5, height: 3.1 },
  truck: { length: 7, width: 2.3, height: 2.8 },
};

/** `headingRad` clockwise from "ahead". Undefined where it is out of the picture. */
export function boxOf(
  frame: Frame,
  kind: Kind,
  { spot, headingRad }: { spot: Spot; headingRad: number },
): Box | undefined {
  const { length, width, height } = BODIES[kind];
  const [sin, cos] = [Math.sin(headingRad), Math.cos(headingRad)];
  const corners = [-0.5, 0.5].flatMap((along) =>
    [-0.5, 0.5].flatMap((across) =>
      [0, height].map((z) => {
        const [forward, right] = [along * length, across * width];
        return frame.toPicture([spot[0] + forward * sin + right * cos, spot[1] + forward * cos - right * sin], z);
      }),
    ),
  );
  const seen = corners.filter((corner) => corner !== undefined);
  if (seen.length < corners.length) return undefined;
  const [xs, ys] = [seen.map(([x]) => x), seen.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return insideBox([left, top, Math.max(...xs) - left, Math.max(...ys) - top]);
}
