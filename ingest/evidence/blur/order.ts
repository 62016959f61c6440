/** What the process that blurs is told, and what it answers: bundles over its standard input and output. */
import Type, { type Static } from 'typebox';
import { checker } from '#models/schema/check.ts';
import { Box } from '#models/schema/detection.ts';
import { PictureRings } from '#models/schema/mask.ts';
import { type Bundle, decodeBundle } from '#models/wire/evidence.ts';

const Span = { fromMs: Type.Number(), toMs: Type.Number() };

/** With the part `clip`: an MP4. */
export const BlurOrder = Type.Object({
  shown: Type.Array(Type.Object({ shownS: Type.Number(), capturedAtMs: Type.Number() })),
  atMs: Type.Number(),
  boxes: Type.Array(Box),
  parts: Type.Array(Type.Object({ ...Span, box: Box })),
  whole: Type.Array(Type.Object(Span)),
  masks: PictureRings,
});
export type BlurOrder = Static<typeof BlurOrder>;

/** With the parts `clip`, `still`, `unblurredStill`, and `unblurredClip` where masks made another one of it. */
export const BlurAnswer = Type.Object({
  stillAtMs: Type.Number(),
  pictures: Type.Integer(),
  blurredWhole: Type.Integer(),
});
export type BlurAnswer = Static<typeof BlurAnswer>;

const checkOrder = checker('the order to blur', BlurOrder);
const checkAnswer = checker('what became of the clip', BlurAnswer);
export const readOrder = (bytes: Buffer): Bundle<BlurOrder> => decodeBundle(bytes, checkOrder);
export const readAnswer = (bytes: Buffer): Bundle<BlurAnswer> => decodeBundle(bytes, checkAnswer);
