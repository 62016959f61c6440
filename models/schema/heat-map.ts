/** What the API answers when asked how much was where. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';
import { Kind } from './kind.ts';

export const MEASURES = ['presence', 'tracks', 'concurrency', 'peak', 'speed', 'dwell'] as const;

export const Measure = Type.Enum(MEASURES, {
  description:
    'presence: seconds that things were there; tracks: distinct tracks seen; concurrency: things at once, mean over the time watched; peak: most things at once, as the mean of a minute; speed: m/s; dwell: seconds of presence per track',
});
export type Measure = Static<typeof Measure>;

/** A number, or null where it is not known or not told. One schema with two types, which is written fast. */
export const MaybeNumber = (description: string) =>
  Type.Unsafe<number | null>({ type: ['number', 'null'], description });

const figure = {
  value: MaybeNumber('null: not known (the speed where nothing was), or suppressed'),
  observedS: Type.Number({ description: 'Camera-seconds that it was watched; 0 of 0 is "not observed"' }),
  errorM: Type.Optional(
    MaybeNumber('How sure places are: 1-sigma of position, metres, mean over presence; null: nothing there'),
  ),
  compareValue: Type.Optional(MaybeNumber('The same of the second period')),
  compareObservedS: Type.Optional(Type.Number({ description: 'The same of the second period' })),
  normal: Type.Optional(
    MaybeNumber('Median of the same hours of earlier weeks, for as long as was watched now; null: under three weeks'),
  ),
  spread: Type.Optional(MaybeNumber('Robust sigma of it (1.4826 MAD, with a floor)')),
  departure: Type.Optional(MaybeNumber('(value - normal) / spread')),
  isPartial: Type.Optional(
    Type.Boolean({ description: 'Public: some days or kinds of it were too few, and are left out' }),
  ),
  isSuppressed: Type.Optional(Type.Boolean({ description: 'Too few to be told in public, or it would give one away' })),
};

/** `observedS` is how long any camera watched the cell; a rate divides by it, and 0 of 0 is "not observed". */
export const HeatCell = Type.Object({ cell: Type.String({ description: 'H3 index' }), ...figure });
export type HeatCell = Static<typeof HeatCell>;

/** What was asked, as it was understood; shared by cells and areas. */
const asked = {
  fromMs: TimeMs,
  toMs: TimeMs,
  kind: Type.Union([Kind, Type.Null()]),
  measure: Measure,
  weekHours: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 167 }))),
  zone: Type.Optional(Type.String({ description: 'IANA time zone of the hours of the week' })),
  compare: Type.Optional(Type.Object({ fromMs: TimeMs, toMs: TimeMs })),
  normal: Type.Optional(
    Type.Object({
      weeks: Type.Integer({ description: 'Earlier weeks that were asked for' }),
      holidays: Type.Array(Type.String(), { description: 'Days of them left out, YYYY-MM-DD' }),
    }),
  ),
  missingHours: Type.Optional(
    Type.Integer({
      description:
        'Hours of this time that a former version closed without what is asked for: it is missing in the figure. They are closed anew, the newest first',
    }),
  ),
  smallNumberMin: Type.Optional(Type.Integer({ description: 'Fewer distinct tracks than this are not told' })),
};

export const HeatMap = Type.Object({
  ...asked,
  resolution: Type.Integer({ minimum: 0, maximum: 13 }),
  cells: Type.Array(HeatCell),
});
export type HeatMap = Static<typeof HeatMap>;

export const AreaFigure = Type.Object({
  area: Id,
  name: Type.String({ description: 'The id, where the area is gone' }),
  parent: Type.Union([Id, Type.Null()]),
  ...figure,
  coveredCells: Type.Integer({ description: 'H3 cells (resolution 13) of it that a camera saw in this time' }),
  observedShare: MaybeNumber('Of the time and of those cells the part that was watched, 0 to 1; null: no such cells'),
});
export type AreaFigure = Static<typeof AreaFigure>;

/** The same per area. What could not be placed on the ground is in no area's figure. */
export const AreaFigures = Type.Object({
  ...asked,
  level: Type.Enum(['city', 'district', 'street', 'village', 'grid']),
  division: Type.String({ description: 'then, now, or the number of a published division' }),
  areas: Type.Array(AreaFigure),
});
export type AreaFigures = Static<typeof AreaFigures>;
