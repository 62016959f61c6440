/** A panel of a dashboard, as it is declared: a question, the SQL that answers it, when it is worth showing, how it is drawn. */
import Type, { type Static } from 'typebox';
import { AreaLevel } from './area.ts';
import { Id } from './id.ts';
import { Role } from './user.ts';

/** Both languages, always. */
export const Bilingual = Type.Object(
  { en: Type.String({ minLength: 1, maxLength: 300 }), zh: Type.String({ minLength: 1, maxLength: 300 }) },
  { additionalProperties: false },
);
export type Bilingual = Static<typeof Bilingual>;

/** What a dashboard is of. */
export const SUBJECT_TYPES = ['area', 'camera', 'rule'] as const;
export const SubjectType = Type.Enum(SUBJECT_TYPES);
export type SubjectType = Static<typeof SubjectType>;

export const CHARTS = ['headline', 'lines', 'bars', 'carpet', 'strips', 'table', 'heat-map'] as const;

export const Chart = Type.Enum(CHARTS, {
  description:
    'headline: one row of figures, each with what is normal; lines: over time, one line per series; bars: one per label; ' +
    'carpet: hour of the week; strips: one line of states per label; table: rows as they are; heat-map: the map with cells',
});
export type Chart = Static<typeof Chart>;

export const COLUMN_PARTS = [
  'time',
  'hour-of-week',
  'label',
  'series',
  'value',
  'normal',
  'spread',
  'observed-share',
  'compare',
  'state',
] as const;

export const PANEL_UNITS = ['s', 'min', 'h', 'm', 'm/s', 'share', 'count', 'per h', 'at once', 'ms', 'bytes'] as const;

export const PanelColumn = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9_]*$', maxLength: 60 }),
    part: Type.Enum(COLUMN_PARTS),
    title: Bilingual,
    unit: Type.Optional(Type.Enum(PANEL_UNITS)),
    /** What a label or series stands for: its name is looked up, and a click leads there. */
    names: Type.Optional(Type.Enum(['area', 'camera', 'kind', 'rule', 'severity', 'measure', 'state'])),
  },
  { additionalProperties: false },
);
export type PanelColumn = Static<typeof PanelColumn>;

/** What must hold in the answer for the panel to be worth its place; the rest makes it rank higher. */
export const PanelWhen = Type.Object(
  {
    minRows: Type.Integer({ minimum: 0, default: 1 }),
    minTotal: Type.Number({ minimum: 0, default: 0, description: 'Sum of the first value column' }),
    minObservedShare: Type.Number({ minimum: 0, maximum: 1, default: 0 }),
    needs: Type.Array(Type.Enum(['calibration', 'normal', 'departures', 'children', 'rules']), {
      default: [],
      description: 'departures: its rows are what departs from normal, so that none of them means that nothing does',
    }),
  },
  { additionalProperties: false },
);
export type PanelWhen = Static<typeof PanelWhen>;

export const PANEL_SIZES = ['third', 'half', 'full'] as const;

export const PanelSpec = Type.Object(
  {
    id: Id,
    title: Bilingual,
    question: Bilingual,
    subjects: Type.Array(SubjectType, { minItems: 1 }),
    levels: Type.Optional(Type.Array(AreaLevel, { minItems: 1, description: 'Of areas: only at these levels' })),
    roles: Type.Array(Role, { description: 'Whom it serves first: it ranks higher for them' }),
    chart: Chart,
    size: Type.Enum(PANEL_SIZES),
    /** ClickHouse SQL over the documented views and tables: see models/panels/sql.ts for what it may name. */
    sql: Type.String({ minLength: 10, maxLength: 8000 }),
    columns: Type.Array(PanelColumn, { minItems: 1, maxItems: 20 }),
    when: PanelWhen,
    weight: Type.Number({ minimum: 0, maximum: 10, description: 'Worth before the data speaks; 1 is usual' }),
  },
  { additionalProperties: false },
);
export type PanelSpec = Static<typeof PanelSpec>;
