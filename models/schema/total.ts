/** Totals per area that others count: people, homes, staff, events of a day. Figures, never a person's record. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';

export const TABLE_GROUPS = ['people', 'place', 'event', 'thing', 'situation'] as const;
export type TableGroup = (typeof TABLE_GROUPS)[number];

type FigureFacts = {
  group: TableGroup;
  unit: string;
  english: string;
  chinese: string;
  /** Of one day, and a period's is their sum; else it stands until a newer one comes. */
  isDaily?: true;
};

/** What may be imported; a sheet names it by its id or in either language. */
export const TOTALS = {
  population: { group: 'people', unit: 'people', english: 'Residents', chinese: '常住人口' },
  'floating-population': { group: 'people', unit: 'people', english: 'Floating population', chinese: '流动人口' },
  households: { group: 'people', unit: 'households', english: 'Households', chinese: '户数' },
  leaders: { group: 'people', unit: 'people', english: 'Grid leaders', chinese: '网格长' },
  'full-time-workers': { group: 'people', unit: 'people', english: 'Full-time workers', chinese: '专职网格员' },
  'part-time-workers': { group: 'people', unit: 'people', english: 'Part-time workers', chinese: '兼职网格员' },
  'housing-units': { group: 'place', unit: 'units', english: 'Housing units', chinese: '房屋套数' },
  'rental-units': { group: 'place', unit: 'units', english: 'Rented units', chinese: '出租房屋' },
  shops: { group: 'place', unit: 'shops', english: 'Shops', chinese: '商铺' },
  'events-reported': { group: 'event', unit: 'events', english: 'Events reported', chinese: '上报事件', isDaily: true },
  'events-closed': { group: 'event', unit: 'events', english: 'Events closed', chinese: '办结事件', isDaily: true },
  'events-overdue': { group: 'event', unit: 'events', english: 'Events overdue', chinese: '超期事件', isDaily: true },
  'parking-spaces': { group: 'thing', unit: 'spaces', english: 'Parking spaces', chinese: '停车位' },
} as const satisfies Record<string, FigureFacts>;

export type TotalFigure = keyof typeof TOTALS;
export const TOTAL_FIGURES = Object.keys(TOTALS) as TotalFigure[];

export const factsOfTotal = (figure: TotalFigure): FigureFacts => TOTALS[figure];

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
