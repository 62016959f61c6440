/** Plain SQL for analysts: read-only, with an end, streamed as ClickHouse writes it. */
import { Readable } from 'node:stream';
import type { DataFormat } from '@clickhouse/client';
import Type from 'typebox';
import { DATABASE } from '#system/store-client.ts';
import type { App } from '../app.ts';
import { auditedSql } from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { checkFormats, type FormatCheck } from '../figures/formats.ts';
import { storeFault } from '../figures/store-fault.ts';
import { openStream } from '../live/open-stream.ts';
import { principalOf } from '../rights/enforce.ts';

const SqlQuery = Type.Object(
  {
    query: Type.String({ minLength: 1, maxLength: 200_000, description: 'Tables of sharp_eyes need no prefix' }),
    format: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z][A-Za-z0-9]*$',
        maxLength: 60,
        default: 'JSONEachRow',
        description: 'Any output format of ClickHouse; a FORMAT clause in the query wins',
      }),
    ),
  },
  { additionalProperties: false },
);

/** What the browser may be told that it is: never a page that it would run. */
const SAFE_TYPES = /^(application\/(json|x-ndjson|vnd\.apache\.[\w.-]+)|text\/(plain|csv|tab-separated-values))/;

export function addSqlRoute(app: App, context: Context): void {
  const checkFormat = checkFormats(context.analyst);
  app.post('/sql', {
    config: { action: 'sql.run' },
    schema: {
      tags: ['figures'],
      operationId: 'runSql',
      summary: 'Ask ClickHouse; read-only, the answer streams',
      description:
        'Closing the connection ends the query. An error after the first row stands at the end of the text, as ClickHouse writes it.',
      body: SqlQuery,
      produces: ['application/x-ndjson', 'text/plain', 'application/octet-stream'],
    },
    handler: async (request, reply) => {
      const { query, format = 'JSONEachRow' } = request.body;
      request.auditNote = { query: auditedSql(query), format };
      const signal = openStream('queries', reply, { principal: principalOf(request), context });
      const answer = await run(query, { format, checkFormat, signal, context });
      const type = String(answer.type);
      return reply
        .type(SAFE_TYPES.test(type) ? type : 'application/octet-stream')
        .header('x-accel-buffering', 'no')
        .send(answer.rows);
    },
  });
}

type RunOptions = { format: string; checkFormat: FormatCheck; signal: AbortSignal; context: Context };

async function run(query: string, { format, checkFormat, signal, context }: RunOptions) {
  const { analyst } = context;
  try {
    await checkFormat(format, signal);
    const { stream, response_headers } = await analyst.exec({
      query,
      abort_signal: signal,
      clickhouse_settings: {
        database: DATABASE,
        // The engine knows more formats than the client lists.
        default_format: format as DataFormat,
      },
    });
    signal.addEventListener('abort', () => stream.destroy(), { once: true });
    return {
      rows: Readable.from(untilCut(stream), { objectMode: false }),
      type: response_headers['content-type'] ?? '',
    };
  } catch (error) {
    throw storeFault(error, { isOurs: false });
  }
}

/** A store that dies in the middle ends the answer with a sentence, so that half of the rows never look like all. */
async function* untilCut(stream: Readable): AsyncGenerator<Uint8Array | string> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    yield `\nThe answer was cut: ${(error as Error).message}\n`;
  }
}
