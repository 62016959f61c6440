/** Coverage: which ground is seen by day and by night, planned and observed, what stays blind, and what would help. */
import { Readable } from 'node:stream';
import { cellToLatLng } from 'h3-js';
import Type from 'typebox';
import { LIGHTS } from '#models/registry/sight/recall.ts';
import { CoverageCells, CoverageReport, type SuggestionLine } from '#models/schema/coverage.ts';
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { asCells, asUnion, cellsOf } from '../coverage/cells.ts';
import { type CoverageDesk, openCoverageDesk } from '../coverage/desk.ts';
import { type PlanFacts, type PlanWanted, suggest } from '../coverage/plan/suggest.ts';
import { reportOf } from '../coverage/report.ts';
import { askFigure } from '../figures/ask.ts';
import { readBbox, readPeriod } from '../figures/period.ts';
import { openStream } from '../live/open-stream.ts';
import { authorize, isInScope, type Principal } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import { addCoverageImportRoutes } from './coverage-imports.ts';

const tags = ['coverage'];
const CELLS_MAX = 100_000;
const WEEK_MS = 7 * 24 * 3_600_000;

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds; the last seven days without' });
const asked = {
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  area: Type.Optional(Id),
};
const ReportQuery = Type.Object(asked, { additionalProperties: false });
const Box = Type.String({ maxLength: 200, description: 'west,south,east,north in degrees' });
const CellsQuery = Type.Object({ ...asked, bbox: Type.Optional(Box) }, { additionalProperties: false });
const ExportQuery = Type.Object(
  {
    ...asked,
    shape: Type.Optional(Type.Enum(['cells', 'union'], { description: 'Every cell with its figures, or one shape' })),
    at: Type.Optional(
      Type.Enum(LIGHTS, { description: 'For the one shape: seen by day (unless said otherwise) or by night' }),
    ),
  },
  { additionalProperties: false },
);
const SuggestionsInput = Type.Object(
  {
    area: Type.Optional(Id),
    at: Type.Optional(Type.Enum(LIGHTS)),
    cameras: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 50, description: 'New cameras, 3 unless said otherwise' }),
    ),
    turns: Type.Optional(Type.Integer({ minimum: 0, maximum: 50, description: 'Turns that are told, 3 likewise' })),
    poles: Type.Optional(
      Type.Array(
        Type.Object({
          lon: Type.Number({ minimum: -180, maximum: 180 }),
          lat: Type.Number({ minimum: -90, maximum: 90 }),
        }),
        { maxItems: 3000, description: 'Where new cameras could stand; along borders and round key places otherwise' },
      ),
    ),
  },
  { additionalProperties: false },
);

type Query = { from?: string; to?: string; area?: string };

export function addCoverageRoutes(app: App, context: Context): void {
  const desk = openCoverageDesk(context);
  addCoverageImportRoutes(app, context, desk);

  app.get('/coverage', {
    config: { action: 'coverage.read' },
    schema: {
      tags,
      operationId: 'readCoverage',
      summary:
        'Per area, camera and key place: how much ground is seen by day and by night, and how long it was watched',
      querystring: ReportQuery,
      response: { 200: CoverageReport },
    },
    handler: async (request, reply) => {
      const { period, scope } = whichOf(request.query, principalOf(request), context);
      return askFigure({ request, reply, context }, async (signal) =>
        reportOf({ ...(await desk.read(period, signal)), period, scope }, context),
      );
    },
  });

  app.get('/coverage/cells', {
    config: { action: 'coverage.read' },
    schema: {
      tags,
      operationId: 'readCoverageCells',
      summary: 'Cells that are in the picture of a camera at least, hidden ones as well',
      querystring: CellsQuery,
      response: { 200: CoverageCells },
    },
    handler: async (request, reply) => {
      const { period, scope, area } = whichOf(request.query, principalOf(request), context);
      const bbox = readBbox(request.query.bbox);
      return askFigure({ request, reply, context }, async (signal) => {
        const { planned, watched } = await desk.read(period, signal);
        const cells = cellsOf(planned, { watched, scope, area, bbox });
        if (cells.length <= CELLS_MAX) return { ...period, cells };
        const cure = 'Ask for a smaller bbox or an area.';
        throw new FaultError('invalid-value', `these are ${cells.length} cells, more than ${CELLS_MAX}`, { cure });
      });
    },
  });

  app.get('/coverage/export', {
    config: { action: 'coverage.export' },
    schema: {
      tags,
      operationId: 'exportCoverage',
      summary: 'The same cells, or their union, as GeoJSON',
      querystring: ExportQuery,
      produces: ['application/geo+json'],
    },
    handler: async (request, reply) => {
      const { period, scope, area } = whichOf(request.query, principalOf(request), context);
      const { shape = 'cells', at = 'day' } = request.query;
      const collection = await askFigure({ request, reply, context }, async (signal) => {
        const { planned, watched } = await desk.read(period, signal);
        const cells = cellsOf(planned, { watched, scope, area });
        return shape === 'cells' ? asCells(cells) : asUnion(cells, at);
      });
      return reply
        .type('application/geo+json')
        .header('content-disposition', `attachment; filename="coverage-${shape}.geojson"`)
        .send(JSON.stringify(collection));
    },
  });

  addSuggestions(app, context, desk);
}

/** The period, the areas that the asker may see, and the one that is asked for. */
function whichOf(query: Query, principal: Principal, context: Context) {
  const { area } = query;
  if (area !== undefined) {
    if (context.areas.get(area) === undefined) throw new FaultError('not-found', `there is no area "${area}"`);
    authorize(principal, 'coverage.read', { area, tree: context.tree() });
  }
  const nowMs = Date.now();
  const from = query.from ?? (query.to === undefined ? String(nowMs - WEEK_MS) : undefined);
  const period = readPeriod({ ...query, ...(from === undefined ? {} : { from }) }, nowMs);
  return { period, area, scope: area === undefined ? principal.user.scope : [area] };
}

function addSuggestions(app: App, context: Context, desk: CoverageDesk): void {
  app.post('/coverage/suggestions', {
    config: { action: 'coverage.read' },
    schema: {
      tags,
      operationId: 'suggestCameras',
      summary:
        'Which camera to turn and where one more helps most; a line of JSON for each, and for how far the search is',
      description: 'The last line has `end`. Closing the connection ends the search.',
      body: SuggestionsInput,
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { at: light = 'day', cameras = 3, turns = 3, area, poles } = request.body;
      const { scope } = whichOf(area === undefined ? {} : { area }, principal, context);
      const signal = openStream('searches', reply, { principal, context });
      const facts = await factsFor(scope, { context, desk, signal });
      const lines = asLines(facts, { light, cameras, turns, poles }, signal);
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(lines, { objectMode: false }));
    },
  });
}

type Known = { context: Context; desk: CoverageDesk; signal: AbortSignal };

async function factsFor(scope: readonly string[], { context, desk, signal }: Known): Promise<PlanFacts> {
  const planned = await desk.planned(signal);
  const ground = desk.ground();
  const tree = context.tree();
  const isWanted = (lon: number, lat: number) =>
    scope.length === 0 || ground.pathAt(lon, lat).some((area) => scope.includes(area));
  const isWantedCell = (cell: string) => {
    const [lat, lon] = cellToLatLng(cell);
    return isWanted(lon, lat);
  };
  const cameras = context.cameras.list().flatMap(({ id, name, area, position, placement }) => {
    const calibration = context.calibrations.get(id);
    if (calibration === undefined || !isInScope(scope, { area, tree })) return [];
    const mounting = { position, heightM: placement?.heightM };
    return [{ id, name, calibration, surroundings: { mounting, walls: ground.walls } }];
  });
  const areas = context.areas.list().filter(({ id }) => isInScope(scope, { area: id, tree }));
  return { planned, ground, areas, places: context.keyPlaces.list(), cameras, isWanted, isWantedCell };
}

async function* asLines(facts: PlanFacts, wanted: PlanWanted, signal: AbortSignal): AsyncGenerator<string> {
  try {
    for await (const line of suggest(facts, wanted, signal)) yield `${JSON.stringify(line)}\n`;
  } catch (error) {
    const code = faultCodeOf(error);
    const { message, cure = FAULTS[code].cure } = error as Error & { cure?: string };
    yield `${JSON.stringify({ end: true, code, message, cure } satisfies SuggestionLine)}\n`;
  }
}
