/** How figures are asked for: which things, when, against what, and how public. */
import Type, { type Static } from 'typebox';
import { AreaLevel } from './area.ts';
import { Measure } from './heat-map.ts';
import { Id } from './id.ts';
import { Kind } from './kind.ts';

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds' });

export const FIGURE_RESOLUTION = { least: 9, most: 13, usual: 12 } as const;

const selection = {
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  kind: Type.Optional(Kind),
  measure: Type.Optional(Measure),
  weekHours: Type.Optional(
    Type.String({
      maxLength: 800,
      description:
        'Hours of the week, 0 is Monday from 00:00 to 01:00; a comma list of hours and of ranges with both ends: 7-9 is from 07:00 to 10:00',
    }),
  ),
  zone: Type.Optional(Type.String({ maxLength: 60, description: 'IANA time zone of weekHours and of the weeks' })),
};

const against = {
  compareFrom: Type.Optional({ ...Time, description: 'Begin of a second period to compare with' }),
  compareTo: Type.Optional({ ...Time, description: 'End of a second period to compare with' }),
  versus: Type.Optional(
    Type.Enum(['normal'], { description: 'normal: the same hours of up to eight earlier weeks, at least three' }),
  ),
  public: Type.Optional(
    Type.Boolean({ description: 'Leaves out what is too small to be published (smallNumberMin), and what reveals it' }),
  ),
};

const resolution = Type.Optional(
  Type.Integer({
    minimum: FIGURE_RESOLUTION.least,
    maximum: FIGURE_RESOLUTION.most,
    default: FIGURE_RESOLUTION.usual,
    description: 'H3 resolution',
  }),
);
const bbox = Type.Optional(Type.String({ maxLength: 200, description: 'west,south,east,north in degrees' }));
const division = Type.Optional(
  Type.String({
    pattern: '^(then|now|[1-9][0-9]{0,8})$',
    description:
      'then: areas as they were when it was counted; now: cells in the areas of today; N: in those of published division N',
  }),
);

export const HeatMapQuery = Type.Object(
  { ...selection, resolution, bbox, ...against },
  { additionalProperties: false },
);
export type HeatMapQuery = Static<typeof HeatMapQuery>;

export const AreaFiguresQuery = Type.Object(
  {
    level: AreaLevel,
    ...selection,
    within: Type.Optional({ ...Id, description: 'Only areas below this one' }),
    division,
    ...against,
  },
  { additionalProperties: false },
);
export type AreaFiguresQuery = Static<typeof AreaFiguresQuery>;

export const FIGURE_FORMATS = ['geojson', 'csv', 'parquet'] as const;

export const FigureExportQuery = Type.Object(
  {
    format: Type.Enum(FIGURE_FORMATS),
    level: Type.Optional(Type.Enum(['cell', 'city', 'district', 'street', 'village', 'grid'], { default: 'cell' })),
    ...selection,
    resolution,
    bbox,
    within: AreaFiguresQuery.properties.within,
    division,
    ...against,
  },
  { additionalProperties: false },
);
export type FigureExportQuery = Static<typeof FigureExportQuery>;

/** The longest period whose time line may be asked for hour by hour. */
export const HOURLY_DAYS_MAX = 35;

export const WhyQuery = Type.Object(
  {
    ...selection,
    step: Type.Optional(
      Type.Enum(['hour'], {
        description: `Of the time line: hours, of ${HOURLY_DAYS_MAX} days at most; absent: steps that give about a hundred points`,
      }),
    ),
  },
  { additionalProperties: false },
);
export type WhyQuery = Static<typeof WhyQuery>;
