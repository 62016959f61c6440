/** Dashboards that compose themselves: of an area, a camera or a rule, for any period; and each panel's rows as CSV. */
import Type, { type Static } from 'typebox';
import { Dashboard } from '#models/schema/dashboard.ts';
import { Id } from '#models/schema/id.ts';
import { Kind } from '#models/schema/kind.ts';
import { SubjectType } from '#models/schema/panel.ts';
import { Role } from '#models/schema/user.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { openDashboards } from '../dashboards/dashboards.ts';
import { CSV_TYPE } from '../http/csv.ts';

const tags = ['dashboards'];

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds; widened to whole hours' });
const SubjectParams = Type.Object({ type: SubjectType, id: Id });
const PanelParams = Type.Object({ type: SubjectType, id: Id, panel: Id });
const Query = Type.Object(
  {
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    zone: Type.Optional(Type.String({ maxLength: 60, description: 'IANA time zone; the configured one without' })),
    compareFrom: Type.Optional(Time),
    compareTo: Type.Optional(Time),
    kind: Type.Optional(Kind),
    role: Type.Optional(Role),
  },
  { additionalProperties: false },
);
export type Query = Static<typeof Query>;

export function addDashboardRoutes(app: App, context: Context): void {
  const dashboards = openDashboards(context);

  app.get('/dashboards/:type/:id', {
    config: { action: 'dashboard.read' },
    schema: {
      tags,
      operationId: 'readDashboard',
      summary: 'What the data of an area, a camera or a rule shows: sentences and panels, the best first',
      description:
        'Who asks the same is answered by the same queries. The ETag changes with the data; If-None-Match gives 304.',
      params: SubjectParams,
      querystring: Query,
      response: { 200: Dashboard },
    },
    handler: async (request, reply) => {
      const { body, etag } = await dashboards.answer({ ...request.params, query: request.query }, { request, reply });
      reply.header('etag', etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304 as 200).send(undefined as never);
      return reply
        .type('application/json; charset=utf-8')
        .serializer(asItIs)
        .send(body as never);
    },
  });

  app.get('/dashboards/:type/:id/panels/:panel.csv', {
    config: { action: 'figure.export' },
    schema: {
      tags,
      operationId: 'exportPanel',
      summary: 'All rows of one panel as CSV',
      params: PanelParams,
      querystring: Query,
      produces: [CSV_TYPE],
    },
    handler: async (request, reply) => {
      const { id, panel } = request.params;
      const csv = await dashboards.csv({ ...request.params, query: request.query }, { request, reply });
      const name = `${panel}-${id}.csv`;
      return reply.type(CSV_TYPE).header('content-disposition', `attachment; filename="${name}"`).send(csv);
    },
  });
}

/** It was written as JSON once, for all who ask the same. */
const asItIs = (body: unknown) => body as string;
