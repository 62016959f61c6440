/** The output formats of the engine, asked for once: an unknown one is refused with the nearest that there is. */
import type { ClickHouseClient } from '@clickhouse/client';
import { FaultError } from '#models/schema/fault.ts';
import { nearest } from '#system/config.ts';

export type FormatCheck = (format: string, signal: AbortSignal) => Promise<void>;

export function checkFormats(client: ClickHouseClient): FormatCheck {
  let known: readonly string[] | undefined;
  return async (format, signal) => {
    known ??= await readFormats(client, signal);
    if (known.includes(format)) return;
    const near = nearest(format, known);
    throw new FaultError('invalid-value', `body.format: ClickHouse has no output format "${format}"`, {
      cure: near === undefined ? 'JSONEachRow, CSVWithNames and PrettyCompact are some.' : `Did you mean "${near}"?`,
    });
  };
}

async function readFormats(client: ClickHouseClient, signal: AbortSignal): Promise<string[]> {
  const query = 'SELECT name FROM system.formats WHERE is_output';
  const result = await client.query({ query, format: 'JSONEachRow', abort_signal: signal });
  return (await result.json<{ name: string }>()).map(({ name }) => name);
}
