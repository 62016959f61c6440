/** Times that hold a simulated past, as the store's own table tells them. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import type { Settings } from './roll-up.ts';
import type { Range } from './time-ranges.ts';

/** What is stored and rolled up whole; sorted, neighbours joined. */
export async function readSimulated(client: ClickHouseClient): Promise<Range[]> {
  const result = await client.query({
    query: `SELECT toFloat64(toUnixTimestamp64Milli(simulated_from)) AS fromMs, toFloat64(toUnixTimestamp64Milli(simulated_to)) AS toMs
      FROM ${DATABASE}.simulated FINAL ORDER BY simulated_from`,
    format: 'JSONEachRow',
  });
  const joined: [number, number][] = [];
  for (const { fromMs, toMs } of await result.json<{ fromMs: number; toMs: number }>()) {
    const last = joined.at(-1);
    if (last !== undefined && fromMs <= last[1]) last[1] = Math.max(last[1], toMs);
    else joined.push([fromMs, toMs]);
  }
  return joined;
}

type Written = { range: Range; sightings: number; looks: number };

export async function noteSimulated(client: ClickHouseClient, settings: Settings, written: Written): Promise<void> {
  const { range, sightings, looks } = written;
  await client.command({
    query: `INSERT INTO ${DATABASE}.simulated (simulated_from, simulated_to, sightings, looks)
      SELECT fromUnixTimestamp64Milli({from:Int64}, 'UTC'), fromUnixTimestamp64Milli({to:Int64}, 'UTC'), {sightings:UInt64}, {looks:UInt64}`,
    query_params: { from: range[0], to: range[1], sightings, looks },
    clickhouse_settings: settings,
  });
}

/** When the first look of a real camera began (ms); undefined where none is stored. Leases begin with revision 1. */
export async function readLiveBegin(client: ClickHouseClient): Promise<number | undefined> {
  const result = await client.query({
    query: `SELECT toFloat64(count()) AS looks, toFloat64(toUnixTimestamp64Milli(min(watched_from))) AS beginMs
      FROM ${DATABASE}.looks WHERE revision > 0`,
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ looks: number; beginMs: number }>();
  return row === undefined || row.looks === 0 ? undefined : row.beginMs;
}
