/** The check of a division: of the areas that are registered, or as they would be after importing a file. */
import { checkDivision } from '#models/registry/division/check.ts';
import type { Area } from '#models/schema/area.ts';
import { AreaImportQuery } from '#models/schema/area-import.ts';
import { DivisionReport } from '#models/schema/division.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import { AreaImportBody, planOf } from './area-import.ts';

const BODY_MAX_BYTES = 64 * 1024 * 1024;
const SAID_MAX = 5;
const TOLD_MAX = 500;

export type DivisionCheck = {
  /** Of the areas as they are; computed once for each state of them. */
  ofRegistered: () => Promise<DivisionReport>;
  /** One at a time: a check takes a core for seconds. */
  of: (areas: readonly Area[]) => Promise<DivisionReport>;
};

/** States: idle → checking; a second asker of the same areas waits for the same answer, of others for its turn. */
export function openDivisionCheck(context: Pick<Context, 'areas' | 'tree' | 'signal'>): DivisionCheck {
  let known: { tree: unknown; report: Promise<DivisionReport> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const of = async (areas: readonly Area[]) => {
    if (waiting >= WAITING_MAX)
      throw new FaultError('too-many-queries', 'other checks of areas are on their way', { about: { waitS: 10 } });
    waiting++;
    const turn = last.then(() => checkDivision(areas, { signal: context.signal }));
    last = turn.catch(() => {});
    return turn.finally(() => waiting--);
  };
  return {
    of,
    ofRegistered() {
      const tree = context.tree();
      if (known?.tree === tree) return known.report;
      const report = of(context.areas.list());
      known = { tree, report };
      report.catch(() => {
        known = undefined;
      });
      return report;
    },
  };
}

const WAITING_MAX = 3;

export function addAreaCheckRoutes(app: App, context: Context, check: DivisionCheck): void {
  const tags = ['areas'];
  app.get('/area-check', {
    config: { action: 'area.read' },
    schema: {
      tags,
      operationId: 'checkAreas',
      summary: 'Gaps, overlaps, slivers, wrong parents and missing figures of the areas, each with its place',
      response: { 200: DivisionReport },
    },
    handler: async (request) => {
      const { scope } = principalOf(request).user;
      const report = await check.ofRegistered();
      if (scope.length === 0) return report;
      const tree = context.tree();
      // What lies half outside of somebody's areas tells of others' ground; the own orphan is theirs by right.
      const faults = report.faults.filter(({ areas }) => areas.every((area) => isInScope(scope, { area, tree })));
      const areas = context.areas.list().filter(({ id }) => isInScope(scope, { area: id, tree })).length;
      return { ...report, areas, faults, counts: countsOf(faults) };
    },
  });

  app.post('/area-check', {
    config: { action: 'area.change' },
    bodyLimit: BODY_MAX_BYTES,
    schema: {
      tags,
      operationId: 'checkAreaFile',
      summary: 'The same as it would be after importing this FeatureCollection; changes nothing',
      querystring: AreaImportQuery,
      body: AreaImportBody,
      response: { 200: DivisionReport },
    },
    handler: async (request) => {
      const { plan } = await planOf(request.body.features, request.query, context);
      const { problems, read } = plan;
      request.auditNote = { isTrial: true, problems: problems.length };
      if (problems.length > 0) {
        const said = problems.slice(0, SAID_MAX).map(({ id, message }) => `${id}: ${message}`);
        throw new FaultError('polygon-invalid', `the file cannot be imported as it is. ${said.join('; ')}`, {
          about: { problems: problems.slice(0, TOLD_MAX) },
        });
      }
      const after = new Map(context.areas.list().map((area) => [area.id, area]));
      for (const area of read) after.set(area.id, area);
      return check.of([...after.values()]);
    },
  });
}

function countsOf(faults: DivisionReport['faults']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of faults) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
