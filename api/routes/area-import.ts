/** Import of areas: a FeatureCollection in declared coordinates, all of it or nothing, a dry run first. */
import Type from 'typebox';
import { breatheBetween } from '#models/registry/division/breathe.ts';
import type { Area } from '#models/schema/area.ts';
import { AreaImportAnswer, type AreaImportProblem, AreaImportQuery } from '#models/schema/area-import.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import { knownGround } from '../areas/former.ts';
import { planImport } from '../areas/import.ts';
import { readFile } from '../areas/read-file.ts';
import type { Context } from '../context.ts';

const IMPORT_MAX_BYTES = 64 * 1024 * 1024;
const WRITES_AT_ONCE = 64;
const SAID_MAX = 5;
const TOLD_MAX = 500;

/** What is wrong with a feature is said per feature, so only the frame is checked here. */
export const AreaImportBody = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 200_000 }),
});

export function addAreaImportRoutes(app: App, context: Context): void {
  app.put('/areas', {
    config: { action: 'area.change' },
    bodyLimit: IMPORT_MAX_BYTES,
    schema: {
      tags: ['areas'],
      operationId: 'importAreas',
      summary: 'Import a FeatureCollection, all of it or nothing; areas that it does not name stay',
      querystring: AreaImportQuery,
      body: AreaImportBody,
      response: { 200: AreaImportAnswer },
    },
    handler: async (request) => {
      const isTrial = request.query.dryRun === true;
      const { plan, warnings } = await planOf(request.body.features, request.query, context);
      const { problems, unchanged } = plan;
      const isGood = problems.length === 0;
      const added = plan.areas.filter(({ version }) => version === 1).length;
      const counts = isGood ? { added, changed: plan.areas.length - added, unchanged } : NOTHING;
      const imported = counts.added + counts.changed + counts.unchanged;
      request.auditNote = { isTrial, imported, problems: problems.length };
      if (!isTrial && !isGood) throw refusal(problems);
      if (!isTrial) await writeAreas(plan.areas, context);
      const told = problems.slice(0, TOLD_MAX);
      return { imported, ...counts, problems: told, problemCount: problems.length, warnings };
    },
  });
}

const NOTHING = { added: 0, changed: 0, unchanged: 0 };

/** What the file holds, in our coordinates and names, and what an import would do with it. */
export async function planOf(features: readonly unknown[], query: AreaImportQuery, context: Context) {
  const known = knownGround(context);
  const breathe = breatheBetween(context.signal);
  const file = await readFile(features, { query, known, breathe });
  const plan = await planImport(file.features, { former: known.areas, breathe });
  // In foreign coordinates every polygon has faults; the one that explains them stands first.
  return { plan: { ...plan, problems: [...file.problems, ...plan.problems] }, warnings: file.warnings };
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

const GROUND_CODES = ['polygon-invalid', 'axes-swapped'];

function refusal(problems: AreaImportProblem[]): FaultError {
  const said = problems.slice(0, SAID_MAX).map(({ id, message }) => `${id}: ${message}`);
  const more = problems.length > SAID_MAX ? `; and ${problems.length - SAID_MAX} more` : '';
  const isForeign = problems.some(({ code }) => code === 'crs-suspected');
  const isGround = problems.some(({ code }) => GROUND_CODES.includes(code));
  return new FaultError(
    isForeign ? 'crs-suspected' : isGround ? 'polygon-invalid' : 'invalid-value',
    `nothing was imported. ${said.join('; ')}${more}`,
    { about: { imported: 0, problems: problems.slice(0, TOLD_MAX) } },
  );
}
