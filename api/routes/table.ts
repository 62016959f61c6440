/** One table: every figure of an area and of those below it; totals come in by a sheet. */
import Type, { type Static } from 'typebox';
import { decodeText } from '#models/registry/sheet/read-sheet.ts';
import { AreaTable } from '#models/schema/area-table.ts';
import { FaultError } from '#models/schema/fault.ts';
import { Id } from '#models/schema/id.ts';
import { TotalsOutcome } from '#models/schema/total.ts';
import { TABLE_AREAS_MAX } from '#models/schema/total-figures.ts';
import type { App } from '../app.ts';
import type { Context } from '../context.ts';
import { askFigure } from '../figures/ask.ts';
import { readPeriod } from '../figures/period.ts';
import { CSV_TYPE } from '../http/csv.ts';
import { authorize } from '../rights/authorize.ts';
import { principalOf } from '../rights/enforce.ts';
import { importTotals } from '../table/import-totals.ts';
import { readTable } from '../table/read-table.ts';
import { tableCsv } from '../table/table-csv.ts';

const tags = ['table'];
const SHEET_MAX_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

const Time = Type.String({ maxLength: 40, description: 'ISO 8601, or UTC milliseconds; the last 24 hours without' });
const AreaParams = Type.Object({ area: Id });
const period = { from: Type.Optional(Time), to: Type.Optional(Time) };
const PeriodQuery = Type.Object(period, { additionalProperties: false });
const TableQuery = Type.Object(
  {
    ...period,
    skip: Type.Optional(
      Type.Integer({ minimum: 0, default: 0, description: 'Leave out so many of the areas right below, by name' }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: TABLE_AREAS_MAX,
        default: TABLE_AREAS_MAX,
        description: 'Tell at most so many of the areas right below',
      }),
    ),
  },
  { additionalProperties: false },
);
const SheetText = Type.Object({ csv: Type.String({ maxLength: SHEET_MAX_BYTES }) }, { additionalProperties: false });

export function addTableRoutes(app: App, context: Context): void {
  addReading(app, context);
  addImporting(app, context);
}

/** A day, where nothing is said; the period's own rules hold otherwise. */
function periodOf(query: Static<typeof PeriodQuery>) {
  const period = readPeriod(query);
  return query.from === undefined ? { ...period, fromMs: period.toMs - DAY_MS } : period;
}

function addReading(app: App, context: Context): void {
  type Wanted = { query: Static<typeof PeriodQuery>; below?: { skip: number; limit: number } };
  const read = (id: string, asked: Parameters<typeof askFigure>[0], { query, ...wanted }: Wanted) => {
    const principal = principalOf(asked.request);
    const area = context.areas.get(id);
    if (area === undefined) throw new FaultError('not-found', `there is no area "${id}"`);
    authorize(principal, 'table.read', { area: id, tree: context.tree() });
    const question = { area, ...periodOf(query), ...wanted, scope: principal.user.scope };
    return askFigure(asked, (signal) => readTable(question, context, signal));
  };

  app.get('/areas/:area/table', {
    config: { action: 'table.read' },
    schema: {
      tags,
      operationId: 'readAreaTable',
      summary: 'People, place, event, thing and situation of an area and of those right below it',
      params: AreaParams,
      querystring: TableQuery,
      response: { 200: AreaTable },
    },
    handler: (request, reply) => {
      const { skip = 0, limit = TABLE_AREAS_MAX, ...query } = request.query;
      return read(request.params.area, { request, reply, context }, { query, below: { skip, limit } });
    },
  });

  app.get('/areas/:area/table.csv', {
    config: { action: 'table.export' },
    schema: {
      tags,
      operationId: 'exportAreaTable',
      summary: 'The same as CSV, a row for each figure of each area, with all areas right below',
      params: AreaParams,
      querystring: PeriodQuery,
      produces: [CSV_TYPE],
    },
    handler: async (request, reply) => {
      const table = await read(request.params.area, { request, reply, context }, { query: request.query });
      const name = `table-${request.params.area}.csv`;
      return reply.type(CSV_TYPE).header('content-disposition', `attachment; filename="${name}"`).send(tableCsv(table));
    },
  });
}

function addImporting(app: App, context: Context): void {
  app.post('/totals/import', {
    config: { action: 'total.change' },
    bodyLimit: SHEET_MAX_BYTES,
    schema: {
      tags,
      operationId: 'importTotals',
      summary: 'Import totals per area and day by a sheet, all of it or nothing; a file of persons is refused',
      querystring: Type.Object(
        { dryRun: Type.Optional(Type.Boolean({ description: 'Say what would change, and change nothing' })) },
        { additionalProperties: false },
      ),
      body: {
        content: {
          'application/json': { schema: SheetText },
          'text/csv': { schema: Type.Unknown({ description: 'The sheet as it is, UTF-8 or GBK: docs/table.md' }) },
        },
      },
      response: { 200: TotalsOutcome },
    },
    handler: async (request) => {
      const body = request.body as Static<typeof SheetText> | { sheet: Uint8Array };
      const text = 'csv' in body ? body.csv : decodeText(body.sheet);
      const outcome = await importTotals(text, request.query.dryRun === true, context);
      const { isDryRun, rows, added, changed } = outcome;
      request.auditNote = { isDryRun, rows, added, changed };
      return outcome;
    },
  });
}
