/** The administrative tree: read as GeoJSON, and which area holds a place. */
import Type from 'typebox';
import { type AreaIndex, buildAreaIndex } from '#models/registry/polygon.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { AreaCollection, AreaFeature, asFeature } from '../areas/feature.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['areas'];

export function addAreaRoutes(app: App, context: Context): void {
  const { areas } = context;

  app.get('/areas', {
    config: { action: 'area.read' },
    schema: { tags, operationId: 'listAreas', summary: 'Every area, GeoJSON', response: { 200: AreaCollection } },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const tree = context.tree();
      const seen = areas.list().filter(({ id }) => isInScope(scope, { area: id, tree }));
      return { type: 'FeatureCollection' as const, features: seen.map(asFeature) };
    },
  });

  addLocating(app, context);

  app.get('/areas/:id', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'readArea',
      summary: 'One area, GeoJSON',
      params: Type.Object({ id: Id }),
      response: { 200: AreaFeature },
    },
    handler: async (request) => {
      const { id } = request.params;
      const area = areas.get(id);
      const { scope } = principalOf(request).user;
      if (area === undefined || !isInScope(scope, { area: id, tree: context.tree() })) {
        throw new FaultError('not-found', `there is no area "${id}"`, { about: { area: id } });
      }
      return asFeature(area);
    },
  });
}

/** Its own path, so that an area may have any id. */
function addLocating(app: App, context: Context): void {
  let known: { tree: unknown; index: AreaIndex } | undefined;
  const indexNow = () => {
    const tree = context.tree();
    if (known?.tree !== tree) known = { tree, index: buildAreaIndex(context.areas.list()) };
    return known.index;
  };
  app.get('/area-at', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'locateArea',
      summary: 'The deepest area that holds a place, null where none does',
      querystring: Type.Object(
        { lon: Type.Number({ minimum: -180, maximum: 180 }), lat: Type.Number({ minimum: -90, maximum: 90 }) },
        { additionalProperties: false },
      ),
      response: { 200: Type.Object({ area: Type.Union([Id, Type.Null()]) }) },
    },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const area = indexNow().locate(request.query.lon, request.query.lat);
      return { area: area !== null && isInScope(scope, { area, tree: context.tree() }) ? area : null };
    },
  });
}
