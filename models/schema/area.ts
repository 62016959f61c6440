/** The administrative tree: city > district > street > village > grid, each a node with a polygon. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';

export const AREA_LEVELS = ['city', 'district', 'street', 'village', 'grid'] as const;

export const AreaLevel = Type.Enum(AREA_LEVELS);
export type AreaLevel = Static<typeof AreaLevel>;

/** What a grid follows: a block between roads, an estate, one building, a business quarter, a village group. */
export const AREA_FORMS = ['road-block', 'estate', 'building', 'business-quarter', 'village-group'] as const;

export const AreaForm = Type.Enum(AREA_FORMS);
export type AreaForm = Static<typeof AreaForm>;

/** [lon, lat] in degrees, WGS-84. */
export const Position = Type.Array(Type.Number(), { minItems: 2, maxItems: 3 });
export type Position = Static<typeof Position>;

const Ring = Type.Array(Position, { minItems: 4 });

export const Polygon = Type.Object({ type: Type.Literal('Polygon'), coordinates: Type.Array(Ring, { minItems: 1 }) });
export type Polygon = Static<typeof Polygon>;

export const MultiPolygon = Type.Object({
  type: Type.Literal('MultiPolygon'),
  coordinates: Type.Array(Type.Array(Ring, { minItems: 1 }), { minItems: 1 }),
});
export type MultiPolygon = Static<typeof MultiPolygon>;

/**
 * The way from city to grid as five ids, `_` where a level is unknown.
 * It is what subjects carry (`sharpeyes.detections.<five tokens>.<camera>`) and what rights are checked against.
 */
export const AreaPath = Type.Array(Type.String({ pattern: '^(_|[a-z0-9-]{1,64})$' }), { minItems: 5, maxItems: 5 });
export type AreaPath = Static<typeof AreaPath>;

export const UNKNOWN_AREA_PATH: readonly string[] = ['_', '_', '_', '_', '_'];

export const Area = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    level: AreaLevel,
    parent: Type.Union([Id, Type.Null()], { description: 'The area one level above; null for a city' }),
    households: Type.Optional(Type.Integer({ minimum: 0 })),
    form: Type.Optional(AreaForm),
    /** Counts of people who serve here; never who they are. */
    leaders: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    fullTimeWorkers: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    partTimeWorkers: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    geometry: Type.Union([Polygon, MultiPolygon]),
    version: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);
export type Area = Static<typeof Area>;

/** Properties of an area that may be absent, in the order in which they are written. */
export const AREA_FACTS = ['households', 'form', 'leaders', 'fullTimeWorkers', 'partTimeWorkers'] as const;
export type AreaFact = (typeof AREA_FACTS)[number];
