/** What the API answers when asked how much was where. */
import Type, { type Static } from 'typebox';
import { TimeMs } from './id.ts';
import { Kind } from './kind.ts';

export const MEASURES = ['presence', 'tracks'] as const;

export const Measure = Type.Enum(MEASURES, {
  description: 'presence: seconds that things were there; tracks: distinct tracks seen',
});
export type Measure = Static<typeof Measure>;

/** `observedS` is how long any camera watched the cell; a rate divides by it, and 0 of 0 is "not observed". */
export const HeatCell = Type.Object({
  cell: Type.String({ description: 'H3 index' }),
  value: Type.Number(),
  observedS: Type.Number(),
});
export type HeatCell = Static<typeof HeatCell>;

export const HeatMap = Type.Object({
  fromMs: TimeMs,
  toMs: TimeMs,
  kind: Type.Union([Kind, Type.Null()]),
  measure: Measure,
  resolution: Type.Integer({ minimum: 0, maximum: 13 }),
  cells: Type.Array(HeatCell),
});
export type HeatMap = Static<typeof HeatMap>;
