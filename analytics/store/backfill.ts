/**
 * Hours that were closed before peaks, areas, motion and certainty were kept: closed anew, one a turn, the newest first,
 * as long as what they were made of is there. Until an hour's closing is marked its former rows count, and what
 * was done shows in the versions of the marks: a process that was ended goes on where it was.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { closeHours, closeMinutes } from './close.ts';
import { figures as figuresMigration } from './migrations/0005-figures.ts';
import { readFloor } from './retention.ts';
import type { Settings } from './roll-up.ts';
import { HOUR_MS, inRanges, type Range } from './time-ranges.ts';

/** What was closed with a lower version lacks them. */
const KEPT_SINCE = `(SELECT toUInt64(toUnixTimestamp(min(applied_at))) * 1000000000 FROM ${DATABASE}.schema_migrations
  WHERE number = ${figuresMigration.number})`;

/** Begins (ms) of closed hours in the ranges that lack peaks, areas, motion and certainty. */
export async function readStaleHours(
  client: ClickHouseClient,
  ranges: readonly Range[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number[]> {
  if (ranges.length === 0) return [];
  const result = await client.query({
    query: `SELECT toUnixTimestamp(hour) AS begin_s FROM ${DATABASE}.hours WHERE ${inRanges('hour', ranges)} GROUP BY hour
      HAVING maxIf(version, is_closed) > maxIf(version, NOT is_closed) AND maxIf(version, is_closed) < ${KEPT_SINCE} ORDER BY hour`,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return (await result.json<{ begin_s: number }>()).map(({ begin_s }) => begin_s * 1000);
}

type Options = { settings: Settings; nowMs?: () => number };

/** Does one hour at each call, and says which (ms); undefined when none is left that can be. */
export function createBackfill(client: ClickHouseClient, { settings, nowMs = Date.now }: Options) {
  // An hour that cannot be closed, because a minute of it was opened, is left to whoever closes that.
  let belowMs = Number.POSITIVE_INFINITY;
  let isDone = false;
  return async function backfillOne(): Promise<number | undefined> {
    if (isDone) return undefined;
    const floorMs = (await readFloor(client, ['cells_minute', 'observed_minute']))(nowMs());
    const toMs = Math.min(belowMs, nowMs());
    const stale = floorMs < toMs ? await readStaleHours(client, [[Math.ceil(floorMs / HOUR_MS) * HOUR_MS, toMs]]) : [];
    const hour = stale.at(-1);
    isDone = hour === undefined;
    if (hour === undefined) return undefined;
    belowMs = hour;
    // From its minutes alone an hour gets its peaks and areas; motion and certainty stand in the base only.
    const baseMs = (await readFloor(client, ['sightings', 'looks', 'cells_minute', 'observed_minute']))(nowMs());
    if (hour >= baseMs) await closeMinutes(client, await closedMinutes(client, hour), settings);
    await closeHours(client, [hour], settings);
    return hour;
  };
}

/** Those of the hour that are closed; an open one is closed by those who watch for that. */
async function closedMinutes(client: ClickHouseClient, hourMs: number): Promise<number[]> {
  const result = await client.query({
    query: `SELECT toUnixTimestamp(minute) AS begin_s FROM ${DATABASE}.minutes WHERE ${inRanges('minute', [[hourMs, hourMs + HOUR_MS]])}
      GROUP BY minute HAVING maxIf(version, is_closed) > maxIf(version, NOT is_closed) ORDER BY minute`,
    format: 'JSONEachRow',
  });
  return (await result.json<{ begin_s: number }>()).map(({ begin_s }) => begin_s * 1000);
}
