/** Cameras by the hundred: a sheet in, with what became of each row, and a sheet out that can be imported again. */
import Type, { type Static } from 'typebox';
import {
  ROWS_MAX,
  readSheet,
  SHEET_FORMATS,
  SHEET_MAX_BYTES,
  type SheetFormat,
} from '#models/registry/sheet/read-sheet.ts';
import { sheetFields, writeSheet } from '#models/registry/sheet/write-sheet.ts';
import { ImportOutcome, ImportRow, type RowOutcome } from '#models/schema/camera-import.ts';
import { Id } from '#models/schema/id.ts';
import type { App } from '../app.ts';
import { applyImport, revertImport } from '../cameras/import/apply.ts';
import { type PlannedRow, planImport } from '../cameras/import/plan.ts';
import { selectCameras } from '../cameras/select.ts';
import type { Context } from '../context.ts';
import { principalOf } from '../rights/enforce.ts';

const tags = ['cameras'];
const SHEET_TYPES: Readonly<Record<string, SheetFormat>> = { 'text/csv': 'csv', 'application/yaml': 'yaml' };
const ANSWER_TYPES = { csv: 'text/csv', yaml: 'application/yaml', json: 'application/json' } as const;

const Rows = Type.Object(
  { rows: Type.Array(ImportRow, { minItems: 1, maxItems: ROWS_MAX }) },
  { additionalProperties: false },
);

type SentSheet = { sheet: Uint8Array; format: SheetFormat };

/** Bytes, which only reading the sheet can check. */
const SheetText = Type.Unknown({ description: 'The sheet as it is: docs/cameras.md lists its columns' });

export function addCameraSheetRoutes(app: App, context: Context): void {
  for (const [type, format] of Object.entries(SHEET_TYPES)) {
    app.addContentTypeParser(
      type,
      { parseAs: 'buffer', bodyLimit: SHEET_MAX_BYTES },
      async (_request: unknown, sheet: Buffer) => ({ sheet, format }),
    );
  }
  addImporting(app, context);
  addExporting(app, context);
}

function addImporting(app: App, context: Context): void {
  app.post('/cameras/import', {
    config: { action: 'camera.change' },
    bodyLimit: SHEET_MAX_BYTES,
    schema: {
      tags,
      operationId: 'importCameras',
      summary: 'Add and change many cameras by rows, or by a sheet as text/csv or application/yaml; safe to run again',
      querystring: Type.Object(
        {
          dryRun: Type.Optional(Type.Boolean({ description: 'Say what would change, and change nothing' })),
          allOrNothing: Type.Optional(Type.Boolean({ description: 'One refused row refuses all' })),
        },
        { additionalProperties: false },
      ),
      body: {
        content: {
          'application/json': { schema: Rows },
          'text/csv': { schema: SheetText },
          'application/yaml': { schema: SheetText },
        },
      },
      response: { 200: ImportOutcome },
    },
    handler: async (request) => {
      const principal = principalOf(request);
      const { rows, refused, notices } = readBody(request.body as Static<typeof Rows> | SentSheet);
      const plan = [...planImport(rows, principal, context), ...refused].sort((a, b) => a.outcome.row - b.outcome.row);
      const isDryRun = request.query.dryRun === true;
      const isBlocked = request.query.allOrNothing === true && plan.some(isRefused);
      let done = plan;
      let isApplied = !isDryRun && !isBlocked;
      if (isApplied) done = await applyImport(plan, { principal, context });
      if (isApplied && request.query.allOrNothing === true && done.some(isRefused)) {
        await revertImport(done, { principal, context });
        isApplied = false;
      }
      const outcome = {
        isDryRun,
        isApplied,
        counts: countsOf(done),
        notices,
        rows: done.map(({ outcome }) => outcome),
      };
      request.auditNote = { isDryRun, isApplied, ...outcome.counts };
      return outcome;
    },
  });
}

const isRefused = ({ outcome }: PlannedRow) => outcome.verdict === 'refused';

type Body = { rows: ImportRow[]; refused: PlannedRow[]; notices: string[] };

function readBody(body: Static<typeof Rows> | SentSheet): Body {
  if ('rows' in body) return { rows: body.rows, refused: [], notices: [] };
  const { rows, notices } = readSheet(body.sheet, body.format);
  const refused = rows.flatMap(({ row, faults: [fault] }): PlannedRow[] => {
    if (fault === undefined) return [];
    const { field, message } = fault;
    const cure = 'Correct the cell that is named.';
    return [
      { outcome: { row, verdict: 'refused', field, code: 'invalid-value', message: `${field}: ${message}`, cure } },
    ];
  });
  return {
    rows: rows.filter(({ faults }) => faults.length === 0).map(({ row, fields }) => ({ row, fields })),
    refused,
    notices,
  };
}

function countsOf(rows: readonly PlannedRow[]): ImportOutcome['counts'] {
  const counts = { added: 0, changed: 0, unchanged: 0, refused: 0 };
  for (const { outcome } of rows) counts[outcome.verdict as RowOutcome['verdict']]++;
  return counts;
}

function addExporting(app: App, context: Context): void {
  app.get('/cameras/export', {
    config: { action: 'camera.export' },
    schema: {
      tags,
      operationId: 'exportCameras',
      summary: 'Cameras as a sheet that can be imported again; no password is in it',
      querystring: Type.Object(
        {
          format: Type.Optional(Type.Enum([...SHEET_FORMATS], { default: 'csv' })),
          headers: Type.Optional(Type.Enum(['en', 'zh'], { default: 'en', description: 'Language of a CSV’s header' })),
          area: Type.Optional(Id),
          tag: Type.Optional(Type.String({ maxLength: 64 })),
        },
        { additionalProperties: false },
      ),
    },
    handler: async (request, reply) => {
      const { format = 'csv', headers = 'en', area, tag } = request.query;
      const cameras = selectCameras({ area, tag }, principalOf(request), context);
      request.auditNote = { format, cameras: cameras.length, area, tag };
      return reply
        .type(`${ANSWER_TYPES[format]}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="cameras.${format}"`)
        .serializer(String)
        .send(writeSheet(cameras.map(sheetFields), format, headers));
    },
  });
}
