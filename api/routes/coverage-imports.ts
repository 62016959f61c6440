/** Buildings and key places: imported from GeoJSON, all of it or nothing, and read back. */
import Type from 'typebox';
import { CRS_NAMES } from '#models/schema/division.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { KeyPlace } from '#models/schema/key-place.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { featuresIn } from '../coverage/crs.ts';
import type { CoverageDesk } from '../coverage/desk.ts';
import { type ImportProblem, planBuildings } from '../coverage/import-buildings.ts';
import { planPlaces } from '../coverage/import-places.ts';
import { centreOf } from '../coverage/places.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['coverage'];
const IMPORT_MAX_BYTES = 64 * 1024 * 1024;
const WRITES_AT_ONCE = 32;
const SAID_MAX = 5;
const TOLD_MAX = 500;
const PLACES_MAX = 5000;

const importBody = (maxItems: number) =>
  Type.Object({
    type: Type.Literal('FeatureCollection'),
    features: Type.Array(Type.Unknown(), { minItems: 1, maxItems }),
  });
const BuildingsBody = importBody(500_000);
const PlacesBody = importBody(PLACES_MAX);
const ImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean()),
    crs: Type.Optional(
      Type.Enum(CRS_NAMES, { description: 'What the coordinates are in; wgs84 unless said otherwise' }),
    ),
  },
  { additionalProperties: false },
);
const Imported = Type.Object({
  imported: Type.Integer({ description: 'What was written, or would be' }),
  problems: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), message: Type.String() })),
});

export function addCoverageImportRoutes(app: App, context: Context, desk: CoverageDesk): void {
  addBuildings(app, context);
  addKeyPlaces(app, context, desk);
}

function addBuildings(app: App, context: Context): void {
  const { buildings } = context;

  app.put('/buildings', {
    config: { action: 'coverage.change' },
    bodyLimit: IMPORT_MAX_BYTES,
    schema: {
      tags,
      operationId: 'importBuildings',
      summary: 'Import a FeatureCollection of buildings with heights in place of those that are there',
      querystring: ImportQuery,
      body: BuildingsBody,
      response: { 200: Imported },
    },
    handler: async (request) => {
      const { dryRun = false, crs = 'wgs84' } = request.query;
      const plan = planBuildings(featuresIn(request.body.features, crs));
      const imported = plan.problems.length > 0 ? 0 : plan.buildings;
      request.auditNote = { isTrial: dryRun, imported, problems: plan.problems.length };
      if (dryRun) return { imported, problems: plan.problems.slice(0, TOLD_MAX) };
      if (plan.problems.length > 0) throw refusal(plan.problems);
      await inTurns(plan.tiles, (tile) => buildings.put(tile.tile, tile));
      const named = new Set(plan.tiles.map(({ tile }) => tile));
      const gone = buildings.list().filter(({ tile }) => !named.has(tile));
      await inTurns(gone, ({ tile }) => buildings.remove(tile));
      return { imported, problems: [] };
    },
  });

  app.delete('/buildings', {
    config: { action: 'coverage.change' },
    schema: { tags, operationId: 'removeBuildings', summary: 'Forget all buildings', response: { 204: Type.Null() } },
    handler: async (_request, reply) => {
      await inTurns(buildings.list(), ({ tile }) => buildings.remove(tile));
      return reply.code(204).send(null);
    },
  });

  app.get('/buildings', {
    config: { action: 'coverage.read' },
    schema: {
      tags,
      operationId: 'listBuildings',
      summary: 'The buildings that may hide ground, GeoJSON',
      produces: ['application/geo+json'],
    },
    handler: async (_request, reply) => {
      const features = buildings
        .list()
        .flatMap((tile) => tile.buildings)
        .map(({ geometry, heightM }) => ({ type: 'Feature', properties: { heightM }, geometry }));
      return reply.type('application/geo+json').send(JSON.stringify({ type: 'FeatureCollection', features }));
    },
  });
}

const PlaceFeature = Type.Object({
  type: Type.Literal('Feature'),
  properties: Type.Omit(KeyPlace, ['geometry']),
  geometry: KeyPlace.properties.geometry,
});

function addKeyPlaces(app: App, context: Context, desk: CoverageDesk): void {
  const { keyPlaces } = context;

  app.get('/key-places', {
    config: { action: 'coverage.read' },
    schema: {
      tags,
      operationId: 'listKeyPlaces',
      summary: 'Key areas and checkpoints, GeoJSON',
      response: { 200: Type.Object({ type: Type.Literal('FeatureCollection'), features: Type.Array(PlaceFeature) }) },
    },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const seen = keyPlaces.list().filter(({ geometry }) => isInSight(centreOf(geometry), scope));
      const features = seen.map(({ geometry, ...properties }) => ({ type: 'Feature' as const, properties, geometry }));
      return { type: 'FeatureCollection' as const, features };
    },
  });

  const isInSight = ([lon, lat]: [number, number], scope: readonly string[]) =>
    isInScope(scope, { area: desk.ground().areaAt(lon, lat), tree: context.tree() });

  app.put('/key-places', {
    config: { action: 'coverage.change' },
    bodyLimit: IMPORT_MAX_BYTES,
    schema: {
      tags,
      operationId: 'importKeyPlaces',
      summary: 'Import a FeatureCollection of key places, all of it or nothing; places that it does not name stay',
      querystring: ImportQuery,
      body: PlacesBody,
      response: { 200: Imported },
    },
    handler: async (request) => {
      const { dryRun = false, crs = 'wgs84' } = request.query;
      const former = new Map(keyPlaces.list().map((place) => [place.id, place]));
      const plan = planPlaces(featuresIn(request.body.features, crs), former);
      const imported = plan.problems.length > 0 ? 0 : plan.places.length + plan.unchanged;
      request.auditNote = { isTrial: dryRun, imported, problems: plan.problems.length };
      if (dryRun) return { imported, problems: plan.problems.slice(0, TOLD_MAX) };
      if (plan.problems.length > 0) throw refusal(plan.problems);
      const total = new Set([...former.keys(), ...plan.places.map(({ id }) => id)]).size;
      if (total > PLACES_MAX)
        throw new FaultError('invalid-value', `these would be ${total} key places, more than ${PLACES_MAX}`);
      await inTurns(plan.places, (place) => keyPlaces.put(place.id, place));
      return { imported, problems: [] };
    },
  });

  app.delete('/key-places/:id', {
    config: { action: 'coverage.change' },
    schema: {
      tags,
      operationId: 'removeKeyPlace',
      summary: 'Remove a key place',
      params: Type.Object({ id: Id }),
      response: { 204: Type.Null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      if (keyPlaces.get(id) === undefined) throw new FaultError('not-found', `there is no key place "${id}"`);
      await keyPlaces.remove(id);
      return reply.code(204).send(null);
    },
  });
}

async function inTurns<Each>(all: readonly Each[], work: (one: Each) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < all.length; start += WRITES_AT_ONCE)
    await Promise.all(all.slice(start, start + WRITES_AT_ONCE).map(work));
}

function refusal(problems: readonly ImportProblem[]): FaultError {
  const said = problems.slice(0, SAID_MAX).map(({ id, message }) => `${id}: ${message}`);
  const more = problems.length > SAID_MAX ? `; and ${problems.length - SAID_MAX} more` : '';
  const code = problems.some((problem) => problem.code === 'polygon-invalid') ? 'polygon-invalid' : 'invalid-value';
  const about = { imported: 0, problems: problems.slice(0, TOLD_MAX) };
  return new FaultError(code, `nothing was imported. ${said.join('; ')}${more}`, { about });
}
