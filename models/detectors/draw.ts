/** Draws detections into a picture: a box in the colour of its kind, with the kind and the score above it. */
import type { Detection } from '../schema/detection.ts';
import type { Kind } from '../schema/kind.ts';
import { dotsOf, LETTER } from './letters.ts';

/** Red, green and blue of each pixel; `stride` bytes from row to row. */
export type Canvas = { data: Uint8Array; width: number; height: number; stride: number };

type Colour = readonly [red: number, green: number, blue: number];

const COLOURS: Record<Kind, Colour> = {
  person: [255, 196, 0],
  bicycle: [0, 200, 120],
  motorcycle: [190, 110, 255],
  car: [60, 160, 255],
  bus: [255, 110, 70],
  truck: [255, 90, 170],
};
const INK: Colour = [16, 16, 16];

/** Labels come last, so that no box crosses one. */
export function drawDetections(canvas: Canvas, detections: readonly Detection[]): void {
  const dot = Math.max(1, Math.round(canvas.height / 480));
  const labels = detections.map(({ kind, score, box }): Label => {
    const left = Math.round(box[0] * canvas.width);
    const top = Math.round(box[1] * canvas.height);
    const width = Math.round(box[2] * canvas.width);
    const height = Math.round(box[3] * canvas.height);
    const line = 2 * dot;
    const colour = COLOURS[kind];
    fill(canvas, { left, top, width, height: line }, colour);
    fill(canvas, { left, top: top + height - line, width, height: line }, colour);
    fill(canvas, { left, top, width: line, height }, colour);
    fill(canvas, { left: left + width - line, top, width: line, height }, colour);
    return { text: `${kind} ${score.toFixed(2)}`, left, top, dot, colour };
  });
  for (const label of labels) drawLabel(canvas, label);
}

type Label = { text: string; left: number; top: number; dot: number; colour: Colour };

/** Above the box, or inside where it would leave the picture. */
function drawLabel(canvas: Canvas, { text, left, top, dot, colour }: Label): void {
  const height = (LETTER.height + 2) * dot;
  const width = (text.length * (LETTER.width + 1) + 1) * dot;
  const from = { left: Math.max(0, Math.min(left, canvas.width - width)), top: top >= height ? top - height : top };
  fill(canvas, { ...from, width, height }, colour);
  for (const [column, row] of dotsOf(text)) {
    const at = { left: from.left + (column + 1) * dot, top: from.top + (row + 1) * dot };
    fill(canvas, { ...at, width: dot, height: dot }, INK);
  }
}

type Area = { left: number; top: number; width: number; height: number };

function fill({ data, width, height, stride }: Canvas, area: Area, [red, green, blue]: Colour): void {
  const right = Math.min(width, area.left + area.width);
  const bottom = Math.min(height, area.top + area.height);
  for (let row = Math.max(0, area.top); row < bottom; row++) {
    for (let column = Math.max(0, area.left); column < right; column++) {
      const at = row * stride + column * 3;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}
