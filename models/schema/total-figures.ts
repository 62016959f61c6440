/** The figures of the one table that others count, and their names. No schema: the page takes it as it is. */

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

/** So many areas right below are told in one answer of the table. */
export const TABLE_AREAS_MAX = 400;
