/** An area as a GeoJSON feature. */
import Type, { type Static } from 'typebox';
import { AREA_FACTS, type Area, AreaForm, AreaLevel, MultiPolygon, Polygon } from '#models/schema/area.ts';
import { Id } from '#models/schema/id.ts';

export const AreaFeature = Type.Object({
  type: Type.Literal('Feature'),
  properties: Type.Object({
    id: Id,
    name: Type.String(),
    level: AreaLevel,
    parent: Type.Union([Id, Type.Null()]),
    households: Type.Optional(Type.Integer()),
    form: Type.Optional(AreaForm),
    leaders: Type.Optional(Type.Integer()),
    fullTimeWorkers: Type.Optional(Type.Integer()),
    partTimeWorkers: Type.Optional(Type.Integer()),
  }),
  geometry: Type.Union([Polygon, MultiPolygon]),
});
export type AreaFeature = Static<typeof AreaFeature>;

export const AreaCollection = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(AreaFeature),
});

export function asFeature(area: Area): AreaFeature {
  const { id, name, level, parent, geometry } = area;
  const facts = Object.fromEntries(
    AREA_FACTS.flatMap((fact) => (area[fact] === undefined ? [] : [[fact, area[fact]]])),
  );
  return { type: 'Feature', properties: { id, name, level, parent, ...facts }, geometry };
}
