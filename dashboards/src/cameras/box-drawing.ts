/** Draws boxes over a picture: a colour and a word per kind; dashed while a track is held, not seen. */
import type { Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { KIND_COLOURS } from '../kinds.ts';

type DrawOptions = { width: number; height: number; scale: number; kindNames: Record<Kind, string> };

const LABEL_HEIGHT = 14;
const LABEL_FONT = 9.5;
/** In smaller boxes a word would hide what it names. */
const LABEL_BOX_MIN = 26;

/** `width` and `height` in canvas pixels, `scale` canvas pixels per point. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  sightings: readonly Sighting[],
  options: DrawOptions,
): void {
  const { width, height, scale } = options;
  context.save();
  context.lineJoin = 'round';
  for (const { box, kind, isHeld } of sightings) {
    const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
    context.setLineDash(isHeld ? [5 * scale, 4 * scale] : []);
    context.strokeStyle = 'rgb(0 0 0 / 55%)';
    context.lineWidth = 3.5 * scale;
    context.strokeRect(x, y, w, h);
    context.strokeStyle = KIND_COLOURS[kind];
    context.lineWidth = 1.75 * scale;
    context.strokeRect(x, y, w, h);
    if (Math.max(w, h) >= LABEL_BOX_MIN * scale) drawLabel(context, options.kindNames[kind], { x, y, kind, options });
  }
  context.restore();
}

type LabelPlace = { x: number; y: number; kind: Kind; options: DrawOptions };

function drawLabel(context: CanvasRenderingContext2D, text: string, { x, y, kind, options }: LabelPlace): void {
  const { scale, width } = options;
  context.font = `600 ${LABEL_FONT * scale}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textBaseline = 'middle';
  const labelWidth = context.measureText(text).width + 6 * scale;
  const labelHeight = LABEL_HEIGHT * scale;
  const left = Math.min(Math.max(x - 0.875 * scale, 0), width - labelWidth);
  const top = y - labelHeight < 0 ? y : y - labelHeight;
  context.fillStyle = KIND_COLOURS[kind];
  context.fillRect(left, top, labelWidth, labelHeight);
  context.fillStyle = '#101418';
  context.fillText(text, left + 3 * scale, top + labelHeight / 2 + 0.5 * scale);
}
