/** Totals per area that others count: people, homes, staff, events of a day. Figures, never a person's record. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';
import { TOTAL_FIGURES } from './total-figures.ts';

/** The day that it is of, by the calendar of whoever counted. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export const Total = Type.Object(
  {
    figure: Type.Enum(TOTAL_FIGURES),
    value: Type.Number({ minimum: 0, maximum: 1e12 }),
    asOf: Day,
    source: Type.String({ maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type Total = Static<typeof Total>;

/** So many totals of one area are kept: a year of days of each daily one, two years of months of the others. */
export const TOTALS_MAX = 2000;

/** All totals of one area, the oldest first. */
export const AreaTotals = Type.Object(
  { area: Id, totals: Type.Array(Total, { maxItems: TOTALS_MAX }) },
  { additionalProperties: false },
);
export type AreaTotals = Static<typeof AreaTotals>;

export const TotalsProblem = Type.Object({ row: Type.Integer(), column: Type.String(), message: Type.String() });
export type TotalsProblem = Static<typeof TotalsProblem>;

export const TotalsOutcome = Type.Object({
  isDryRun: Type.Boolean(),
  rows: Type.Integer(),
  added: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  areas: Type.Integer(),
  problems: Type.Array(TotalsProblem),
  problemCount: Type.Integer(),
});
export type TotalsOutcome = Static<typeof TotalsOutcome>;
