/** The newest published division for everybody, where the site says so: outlines, names and levels, and nothing else. */
import Type from 'typebox';
import { AreaLevel, MultiPolygon, Polygon } from '#models/schema/area.ts';
import { FaultError } from '#models/schema/fault.ts';
import { TimeMs } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';

const PublicDivision = Type.Object({
  type: Type.Literal('FeatureCollection'),
  version: Type.Integer(),
  publishedAtMs: TimeMs,
  timeZone: Type.String({ description: 'IANA zone of the areas' }),
  features: Type.Array(
    Type.Object({
      type: Type.Literal('Feature'),
      properties: Type.Object({ name: Type.String(), level: AreaLevel }),
      geometry: Type.Union([Polygon, MultiPolygon]),
    }),
  ),
});

export function addPublicDivisionRoute(app: App, context: Context): void {
  let known: { version: number; text: string } | undefined;

  app.get('/public-division', {
    config: { action: 'public' },
    schema: {
      tags: ['areas'],
      operationId: 'readPublicDivision',
      summary: 'The newest published division, for everybody, where `publicDivision` is switched on',
      response: { 200: PublicDivision },
    },
    handler: async (_request, reply) => {
      if (!context.config.publicDivision)
        throw new FaultError('not-found', 'this site does not show its division to everybody');
      const latest = (await context.published.versions()).at(-1);
      if (latest === undefined) throw new FaultError('not-found', 'no division has been published yet');
      if (known?.version !== latest.version) {
        const areas = (await context.published.areasOf(latest.version)) ?? [];
        const features = areas.map(({ name, level, geometry }) => ({
          type: 'Feature',
          properties: { name, level },
          geometry,
        }));
        const { version, publishedAtMs } = latest;
        const { timeZone } = context.config;
        const told = { type: 'FeatureCollection', version, publishedAtMs, timeZone, features };
        known = { version, text: JSON.stringify(told) };
      }
      // Written once and sent as it is: anybody may ask for it.
      return reply
        .type('application/json; charset=utf-8')
        .serializer(String)
        .send(known.text as never);
    },
  });
}
