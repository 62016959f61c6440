/** Reads when each lease of each camera began, for the fence. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import type { RevisionRow } from './rows.ts';

export async function readRevisions(client: ClickHouseClient): Promise<RevisionRow[]> {
  const result = await client.query({
    query: `SELECT camera, toFloat64(revision) AS revision, toFloat64(toUnixTimestamp64Milli(min(first_captured_at))) AS firstCapturedAtMs
      FROM ${DATABASE}.revisions GROUP BY camera, revision ORDER BY camera, revision DESC LIMIT 64 BY camera`,
    format: 'JSONEachRow',
  });
  return result.json<RevisionRow>();
}
