/** Writes the registry's totals into the store, from the start and at every change: repeats replace, nothing is doubled. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Table } from '#models/registry/table.ts';
import type { AreaTotals } from '#models/schema/total.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { DATABASE } from '#system/store-client.ts';

type Options = { client: ClickHouseClient; totals: Table<AreaTotals>; logger: Logger; signal: AbortSignal };

/** Ends when the signal aborts. A watch or a write that fails begins again with all that there is. */
export async function keepTotals({ client, totals, logger, signal }: Options): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      for await (const change of totals.watch({ signal })) {
        if (change.type !== 'put') continue;
        const { area, totals: rows } = change.value;
        await client.insert({
          table: `${DATABASE}.area_totals`,
          values: rows.map(({ figure, value, asOf, source }) => ({
            ...{ area, figure, as_of: asOf, value, source },
            version: change.revision,
          })),
          format: 'JSONEachRow',
        });
        attempt = 0;
      }
    } catch (error) {
      if (!signal.aborted) logger.error({ error: (error as Error).message }, 'totals were not written');
    }
    await pause(backoffMs(attempt, { baseMs: 500, capMs: 30_000 }), signal);
  }
}
