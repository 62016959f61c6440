/** What stands still in a camera's view, as directions of edges: enough to see that it was turned, and no picture. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';

/** One per light: the day, the night, fog. */
export const REFERENCES_MAX = 6;

/** Means over a minute: who walks or drives by has left nothing in it. */
export const ReferenceView = Type.Object({
  camera: Id,
  calibrationVersion: Type.Integer({ minimum: 0, description: 'The calibration that this view belongs to; 0: none' }),
  columns: Type.Integer({ minimum: 1, maximum: 512 }),
  rows: Type.Integer({ minimum: 1, maximum: 512 }),
  references: Type.Array(
    Type.Object({
      darkest: Type.Number({ description: 'Least median grey level of the lights in which the view is known by it' }),
      brightest: Type.Number(),
      isGrey: Type.Boolean({ description: 'Learned without colour, as under infra-red light' }),
      along: Type.String({ description: 'One signed byte per cell, base64: cosine of the doubled angle' }),
      across: Type.String({ description: 'The same for the sine' }),
    }),
    { maxItems: REFERENCES_MAX },
  ),
  masks: Type.Optional(Type.String({ description: 'Digest of the privacy masks it was learned under; absent: none' })),
  learnedAtMs: TimeMs,
});
export type ReferenceView = Static<typeof ReferenceView>;
