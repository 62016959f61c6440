/** Published versions of the division: publish, list, read, compare; and the one page that needs no sign-in. */
import Type from 'typebox';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { breatheBetween } from '#models/registry/division/breathe.ts';
import { compareDivisions } from '#models/registry/division/compare.ts';
import type { Area } from '#models/schema/area.ts';
import { Division, DivisionDifference, HARD_FAULT_CODES } from '#models/schema/division.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import { AreaCollection, asFeature } from '../areas/feature.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import type { DivisionCheck } from './area-check.ts';

const tags = ['areas'];
const Version = Type.Integer({ minimum: 1 });
/** 0 is the division as it is today. */
const VersionOrToday = Type.Integer({ minimum: 0 });

export function addDivisionRoutes(app: App, context: Context, check: DivisionCheck): void {
  addReading(app, context);
  addComparing(app, context);
  app.post('/divisions', {
    config: { action: 'area.change' },
    schema: {
      tags,
      operationId: 'publishDivision',
      summary: 'Freeze the areas as they are as a new version',
      body: Type.Object(
        {
          note: Type.Optional(Type.String({ maxLength: 500 })),
          withFaults: Type.Optional(Type.Boolean({ description: 'Although it has gaps, overlaps or wrong parents' })),
        },
        { additionalProperties: false },
      ),
      response: { 201: Division },
    },
    handler: async (request, reply) => {
      const { note = '', withFaults = false } = request.body;
      const areas = context.areas.list();
      if (areas.length === 0) throw new FaultError('not-found', 'there are no areas to publish: import some first');
      const { counts } = await check.ofRegistered();
      const hard = HARD_FAULT_CODES.flatMap((code) =>
        counts[code] === undefined ? [] : [`${counts[code]} × ${code}`],
      );
      if (hard.length > 0 && !withFaults)
        throw new FaultError('division-faulty', `the division is not published: it has ${hard.join(', ')}`);
      const last = (await context.published.divisions.list()).map(({ value }) => value.version);
      await refuseUnchanged(areas, context);
      const levels: Record<string, number> = {};
      for (const { level } of areas) levels[level] = (levels[level] ?? 0) + 1;
      const version = Math.max(0, ...last) + 1;
      const by = principalOf(request).user.id;
      request.auditNote = { version, areas: areas.length, faults: hard.length };
      const division = { version, note, publishedAtMs: Date.now(), by, areas: levels, faults: counts };
      return reply.code(201).send(await context.published.publish(division, areas));
    },
  });
}

async function refuseUnchanged(areas: readonly Area[], { published }: Context): Promise<void> {
  const latest = (await published.versions()).at(-1);
  if (latest === undefined) return;
  const frozen = await published.areasOf(latest.version);
  if (JSON.stringify(frozen) !== JSON.stringify(areas)) return;
  throw new FaultError('already-exists', `nothing has changed since version ${latest.version}`, {
    cure: 'Import a new division first.',
  });
}

function addReading(app: App, context: Context): void {
  app.get('/divisions', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'listDivisions',
      summary: 'Published versions, the newest first',
      response: { 200: Type.Object({ divisions: Type.Array(Division) }) },
    },
    handler: async () => ({ divisions: (await context.published.versions()).toReversed() }),
  });

  app.get('/divisions/:version', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'readDivision',
      summary: 'The areas of a published version, GeoJSON',
      params: Type.Object({ version: Version }),
      response: { 200: AreaCollection },
    },
    handler: async (request) => {
      const areas = await areasOf(request.params.version, context);
      const { scope } = principalOf(request).user;
      return { type: 'FeatureCollection' as const, features: inScope(areas, scope).map(asFeature) };
    },
  });
}

function addComparing(app: App, context: Context): void {
  app.get('/division-changes', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'compareDivisions',
      summary: 'What changed from one version to another; 0 is the division as it is today',
      querystring: Type.Object({ from: VersionOrToday, to: VersionOrToday }, { additionalProperties: false }),
      response: { 200: DivisionDifference },
    },
    handler: async (request) => {
      const { from, to } = request.query;
      const { scope } = principalOf(request).user;
      const [before, after] = [await areasOf(from, context), await areasOf(to, context)];
      const breathe = breatheBetween(context.signal);
      const found = await compareDivisions(inScope(before, scope), inScope(after, scope), breathe);
      return { from, to, ...found };
    },
  });
}

async function areasOf(version: number, { areas, published }: Context): Promise<readonly Area[]> {
  if (version === 0) return areas.list();
  const found = await published.areasOf(version);
  if (found === undefined)
    throw new FaultError('not-found', `there is no published version ${version} of the division`);
  return found;
}

/** By the tree of that version: an area's parents may have been others then. */
function inScope(areas: readonly Area[], scope: readonly string[]): readonly Area[] {
  if (scope.length === 0) return areas;
  const tree = buildAreaTree(areas);
  return areas.filter(({ id }) => isInScope(scope, { area: id, tree }));
}
