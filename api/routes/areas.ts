/** The administrative tree: read as GeoJSON, import from GeoJSON, all of it or nothing. */
import Type from 'typebox';
import { type AreaIndex, buildAreaIndex } from '#models/registry/polygon.ts';
import { type Area, AreaLevel, MultiPolygon, Polygon } from '#models/schema/area.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { type ImportProblem, planImport } from '../areas/import.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['areas'];
const IMPORT_MAX_BYTES = 64 * 1024 * 1024;
const WRITES_AT_ONCE = 32;
const SAID_MAX = 5;
const TOLD_MAX = 500;

const Feature = Type.Object({
  type: Type.Literal('Feature'),
  properties: Type.Object({
    id: Id,
    name: Type.String(),
    level: AreaLevel,
    parent: Type.Union([Id, Type.Null()]),
    households: Type.Optional(Type.Integer()),
  }),
  geometry: Type.Union([Polygon, MultiPolygon]),
});
const Collection = Type.Object({ type: Type.Literal('FeatureCollection'), features: Type.Array(Feature) });

/** What is wrong with a feature is said per feature, so only the frame is checked here. */
const ImportBody = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 200_000 }),
});
const Imported = Type.Object({
  imported: Type.Integer({ description: 'Areas that were written, or would be' }),
  problems: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), message: Type.String() })),
});

export function addAreaRoutes(app: App, context: Context): void {
  const { areas } = context;

  app.get('/areas', {
    config: { action: 'area.read' },
    schema: { tags, operationId: 'listAreas', summary: 'Every area, GeoJSON', response: { 200: Collection } },
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
      response: { 200: Feature },
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

  app.put('/areas', {
    config: { action: 'area.change' },
    bodyLimit: IMPORT_MAX_BYTES,
    schema: {
      tags,
      operationId: 'importAreas',
      summary: 'Import a FeatureCollection, all of it or nothing; areas that it does not name stay',
      querystring: Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
      body: ImportBody,
      response: { 200: Imported },
    },
    handler: async (request) => {
      const former = new Map(areas.list().map((area) => [area.id, area]));
      const plan = planImport(request.body.features, former);
      const isTrial = request.query.dryRun === true;
      const imported = plan.problems.length > 0 ? 0 : plan.areas.length + plan.unchanged;
      request.auditNote = { isTrial, imported, problems: plan.problems.length };
      if (isTrial) return { imported, problems: plan.problems.slice(0, TOLD_MAX) };
      if (plan.problems.length > 0) throw refusal(plan.problems);
      await writeAreas(plan.areas, context);
      return { imported, problems: [] };
    },
  });
}

/**
 * Parents come before their children, so that the tree hangs together at every moment. A broker that goes away in the
 * middle leaves a part, which the same import completes.
 */
async function writeAreas(planned: readonly Area[], { areas }: Context): Promise<void> {
  for (let start = 0; start < planned.length; start += WRITES_AT_ONCE) {
    const some = planned.slice(start, start + WRITES_AT_ONCE);
    await Promise.all(
      some.map((area) => {
        const revision = areas.entry(area.id)?.revision;
        // Guarded by the revision: two imports at once shall not mix.
        return revision === undefined ? areas.create(area.id, area) : areas.put(area.id, area, revision);
      }),
    );
  }
}

function refusal(problems: ImportProblem[]): FaultError {
  const said = problems.slice(0, SAID_MAX).map(({ id, message }) => `${id}: ${message}`);
  const more = problems.length > SAID_MAX ? `; and ${problems.length - SAID_MAX} more` : '';
  const isGeometry = problems.some(({ code }) => code === 'polygon-invalid');
  return new FaultError(
    isGeometry ? 'polygon-invalid' : 'invalid-value',
    `nothing was imported. ${said.join('; ')}${more}`,
    {
      about: { imported: 0, problems: problems.slice(0, TOLD_MAX) },
    },
  );
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

function asFeature({ id, name, level, parent, households, geometry }: Area) {
  const properties = { id, name, level, parent, ...(households === undefined ? {} : { households }) };
  return { type: 'Feature' as const, properties, geometry };
}
