/** Figures as a file: GeoJSON, CSV or Parquet, streamed. */
import { Readable } from 'node:stream';
import { AreaFiguresQuery, FigureExportQuery, HeatMapQuery } from '#models/schema/figure-query.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { readAreas } from '../figures/areas.ts';
import { askFigure } from '../figures/ask.ts';
import { readCells } from '../figures/cells.ts';
import { areaRows, asCsv, asGeoJson, cellRows, type ExportRow, TYPES } from '../figures/export.ts';
import { asParquet } from '../figures/parquet.ts';
import { principalOf } from '../rights/enforce.ts';

export function addFigureExport(app: App, context: Context): void {
  app.get('/heat-map/export', {
    config: { action: 'figure.export' },
    schema: {
      tags: ['figures'],
      operationId: 'exportFigures',
      summary: 'The heat map, or figures of areas, as a file',
      description:
        'What GET /heat-map and GET /area-figures tell, a row per cell or area; GeoJSON and CSV carry shapes.',
      querystring: FigureExportQuery,
      produces: Object.values(TYPES),
    },
    handler: async (request, reply) => {
      const { format, level = 'cell', ...query } = request.query;
      const { scope } = principalOf(request).user;
      request.auditNote = { format, level };
      return askFigure({ request, reply, context }, async (signal) => {
        const asking = { context, scope, signal };
        const rows =
          level === 'cell'
            ? cellRows(await readCells(picked(query, HeatMapQuery.properties), asking))
            : await areaRows(
                await readAreas({ level, ...picked(query, AreaFiguresQuery.properties) }, asking),
                context,
              );
        reply
          .type(TYPES[format])
          .header('content-disposition', `attachment; filename="heat-map-${level}.${format}"`)
          .header('x-accel-buffering', 'no');
        return reply.send(Readable.from(WRITERS[format](rows), { objectMode: false }));
      });
    },
  });
}

const WRITERS = { geojson: asGeoJson, csv: asCsv, parquet: asParquet } satisfies Record<
  FigureExportQuery['format'],
  (rows: Iterable<ExportRow>) => Iterable<string> | AsyncIterable<Uint8Array>
>;

/** The fields of a query that another knows as well. */
function picked<Query extends object>(query: Query, known: object): Partial<Query> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => Object.hasOwn(known, name))) as Partial<Query>;
}
