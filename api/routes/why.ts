/** Why a figure is what it is: of a cell or an area, down to cameras, tracks and the SQL. */
import { getResolution, isValidCell } from 'h3-js';
import Type from 'typebox';
import type { Where } from '#analytics/store/figures/question.ts';
import { readWhy, type WhyQuestion } from '#analytics/store/figures/why.ts';
import { FaultError } from '#models/schema/fault.ts';
import { AreaFiguresQuery, FIGURE_RESOLUTION, HOURLY_DAYS_MAX, WhyQuery } from '#models/schema/figure-query.ts';
import { Id } from '#models/schema/id.ts';
import { Why } from '#models/schema/why.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { divisionOf } from '../figures/areas.ts';
import { askFigure } from '../figures/ask.ts';
import { readQuestion, readZone } from '../figures/question.ts';
import { isInScope } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['figures'];
const HOUR_S = 3600;
const DAY_MS = 86_400_000;
const description =
  'The sql computes the value of the measure from single sightings and runs as it is, as long as these are kept. At most 20 tracks are drawn, the latest first.';

export function addWhyRoutes(app: App, context: Context): void {
  app.get('/cells/:cell/why', {
    config: { action: 'figure.explain' },
    schema: {
      tags,
      operationId: 'explainCell',
      summary: 'Why the figure of a cell is what it is',
      description,
      params: Type.Object({ cell: Type.String({ maxLength: 20, description: 'H3 index of resolution 9 to 13' }) }),
      querystring: WhyQuery,
      response: { 200: Why },
    },
    handler: async (request, reply) => {
      const cell = request.params.cell.toLowerCase();
      const resolution = isValidCell(cell) ? getResolution(cell) : -1;
      if (resolution < FIGURE_RESOLUTION.least || resolution > FIGURE_RESOLUTION.most) {
        throw new FaultError('invalid-value', `"${cell}" is no H3 cell of resolution 9 to 13`, {
          cure: 'Take a cell of the heat map.',
        });
      }
      const { scope } = principalOf(request).user;
      const question = asking(
        { where: { resolution, only: cell }, place: cell },
        { query: request.query, context, scope },
      );
      return askFigure({ request, reply, context }, async (signal) => {
        const why = await readWhy(context.reader, question, { signal });
        return { cell, ...why, cameras: named(why.cameras, { context, scope }) };
      });
    },
  });

  app.get('/areas/:id/why', {
    config: { action: 'figure.explain' },
    schema: {
      tags,
      operationId: 'explainArea',
      summary: 'Why the figure of an area is what it is',
      description,
      params: Type.Object({ id: Id }),
      querystring: Type.Object(
        { ...WhyQuery.properties, division: AreaFiguresQuery.properties.division },
        { additionalProperties: false },
      ),
      response: { 200: Why },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { division: divisionName = 'then', ...query } = request.query;
      const { scope } = principalOf(request).user;
      const { division, areaOf, tree } = await divisionOf(divisionName, context);
      const area = areaOf(id);
      if (area === undefined || !isInScope(scope, { area: id, tree }))
        throw new FaultError('not-found', `there is no area "${id}"`, { about: { area: id } });
      const where = { level: area.level, division, within: id };
      const question = asking({ where, place: id }, { query, context, scope });
      return askFigure({ request, reply, context }, async (signal) => {
        const why = await readWhy(context.reader, question, { signal });
        return { area: id, name: area.name, ...why, cameras: named(why.cameras, { context, scope }) };
      });
    },
  });
}

type From = { query: WhyQuery; context: Context; scope: readonly string[] };

function asking(place: { where: Where; place: string }, { query, context, scope }: From): WhyQuestion {
  const { step, ...figures } = query;
  const question = readQuestion(figures, context, scope);
  if (step === 'hour' && question.toMs - question.fromMs > HOURLY_DAYS_MAX * DAY_MS)
    throw new FaultError('invalid-value', `hours are told of ${HOURLY_DAYS_MAX} days at most`, {
      cure: 'Ask for a shorter time, or without step.',
    });
  return { ...question, ...place, zoneName: readZone(figures, context), stepS: step === 'hour' ? HOUR_S : undefined };
}

type Cameras = Awaited<ReturnType<typeof readWhy>>['cameras'];
type Seen = { context: Context; scope: readonly string[] };

/** With names and grades; of cameras that stand elsewhere, somebody limited to areas is not told. */
function named(cameras: Cameras, { context, scope }: Seen): Why['cameras'] {
  const tree = context.tree();
  return cameras.flatMap((one) => {
    const camera = context.cameras.get(one.camera);
    if (scope.length > 0 && !isInScope(scope, { area: camera?.area ?? null, tree })) return [];
    return [{ ...one, name: camera?.name ?? one.camera, grade: gradeOf(one, context) }];
  });
}

function gradeOf({ camera, calibrationVersion }: Cameras[number], { calibrations }: Context): string | null {
  const calibration = calibrations.get(camera);
  const all = calibration === undefined ? [] : [calibration, ...(calibration.others ?? [])];
  return all.find(({ version }) => version === calibrationVersion)?.grade ?? null;
}
