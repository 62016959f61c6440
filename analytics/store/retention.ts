/** How long tables keep their rows, brought up to date with the configuration; and how far back rows may still come. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DETECTIONS_STREAM } from '#models/wire/streams.ts';
import type { Config } from '#system/config.ts';
import { DATABASE } from '#system/store-client.ts';
import { type Dialect, dialectOf } from './dialect.ts';

type Kept = { table: string; column: string; days: number };

const DAY_MS = 86_400_000;
const STREAM_DAYS = Math.ceil(DETECTIONS_STREAM.maxAgeS / 86_400);
/** A row that arrives this close to the end of its keeping is too late: its bucket could lose rows while it is rebuilt. */
const MARGIN_MS = 3_600_000;

function wanted(config: Config): Kept[] {
  const { sightingsTtlDays, minutesTtlDays, hoursTtlDays, healthTtlDays, alertsTtlDays } = config;
  return [
    { table: 'sightings', column: 'captured_at', days: sightingsTtlDays },
    { table: 'looks', column: 'watched_from', days: sightingsTtlDays },
    { table: 'quarantine', column: 'quarantined_at', days: sightingsTtlDays },
    { table: 'cells_slice', column: 'slice', days: slicesDays(config) },
    { table: 'observed_slice', column: 'slice', days: slicesDays(config) },
    { table: 'minutes', column: 'minute', days: minutesTtlDays },
    { table: 'cells_minute', column: 'minute', days: minutesTtlDays },
    { table: 'observed_minute', column: 'minute', days: minutesTtlDays },
    { table: 'cells_hour', column: 'hour', days: hoursTtlDays },
    { table: 'cell_totals_hour', column: 'hour', days: hoursTtlDays },
    { table: 'kinds_hour', column: 'hour', days: hoursTtlDays },
    { table: 'areas_hour', column: 'hour', days: hoursTtlDays },
    { table: 'totals_hour', column: 'hour', days: hoursTtlDays },
    { table: 'peaks_hour', column: 'hour', days: hoursTtlDays },
    { table: 'observed_hour', column: 'hour', days: hoursTtlDays },
    { table: 'hours', column: 'hour', days: hoursTtlDays },
    { table: 'camera_states', column: 'state_from', days: healthTtlDays },
    { table: 'alerts', column: 'at', days: alertsTtlDays },
    { table: 'incidents', column: 'last_at', days: alertsTtlDays },
    { table: 'incident_work', column: 'changed_at', days: alertsTtlDays },
    { table: 'deliveries', column: 'at', days: alertsTtlDays },
    { table: 'evidence', column: 'changed_at', days: alertsTtlDays },
  ];
}

/** As long as late data may open a minute again: the reader then takes its slices until it is closed. */
function slicesDays({ quarantineHours, sightingsTtlDays }: Config): number {
  return Math.min(sightingsTtlDays, Math.ceil(quarantineHours / 24) + STREAM_DAYS + 1);
}

/** The statement that keeps the history: what was kept how long from when on. Made with the migrations. */
export function retentionTable({ onCluster, replacing }: Dialect): string {
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.retention${onCluster} (
  kept String COMMENT 'Table',
  since DateTime('UTC') COMMENT 'From when on',
  days UInt32 COMMENT 'Days that its rows are kept'
) ENGINE = ${replacing('retention')} ORDER BY (kept, since)
COMMENT 'How long rows were kept, and since when: nothing older is rebuilt from what is gone'`;
}

/** Alters the tables whose time to live differs from the configuration, and notes since when. */
export async function ensureRetention(client: ClickHouseClient, config: Config): Promise<void> {
  const { onCluster } = dialectOf(config);
  const current = await currentDays(client);
  for (const { table, column, days } of wanted(config)) {
    if (current.get(table) === days) continue;
    await client.command({
      query: `ALTER TABLE ${DATABASE}.${table}${onCluster} MODIFY TTL toDateTime(${column}) + INTERVAL ${days} DAY`,
    });
    // A second change within a second comes a second later, so that it does not take the place of the first.
    await client.command({
      query: `INSERT INTO ${DATABASE}.retention
        SELECT {table:String}, greatest(now(), max(since) + 1), {days:UInt32} FROM ${DATABASE}.retention WHERE kept = {table:String}`,
      query_params: { table, days },
    });
  }
}

export async function isRetentionCurrent(client: ClickHouseClient, config: Config): Promise<boolean> {
  const current = await currentDays(client);
  return wanted(config).every(({ table, days }) => current.get(table) === days);
}

async function currentDays(client: ClickHouseClient): Promise<Map<string, number>> {
  const result = await client.query({
    query: `SELECT kept, argMax(days, since) AS days FROM ${DATABASE}.retention GROUP BY kept`,
    format: 'JSONEachRow',
  });
  return new Map((await result.json<{ kept: string; days: number }>()).map((row) => [row.kept, row.days]));
}

/** What a late row is counted in. */
const REBUILT = ['sightings', 'looks', 'cells_slice', 'observed_slice', 'cells_minute', 'observed_minute'];

/**
 * The oldest time from which these tables, else base, slices and minutes, are whole (ms). A row before it must not be counted: its
 * bucket would be rebuilt from what is left. Where a time to live was lengthened, what had gone before stays gone.
 */
export async function readFloor(
  client: ClickHouseClient,
  tables: readonly string[] = REBUILT,
): Promise<(nowMs: number) => number> {
  const result = await client.query({
    query: `SELECT kept, toUnixTimestamp(since) AS since_s, days FROM ${DATABASE}.retention
            WHERE kept IN {tables:Array(String)} ORDER BY kept, since`,
    query_params: { tables: [...tables] },
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ kept: string; since_s: number; days: number }>();
  const past = rows.map((row, index) => {
    const next = rows[index + 1];
    return next?.kept === row.kept ? next.since_s * 1000 - row.days * DAY_MS : Number.NEGATIVE_INFINITY;
  });
  const current = rows.filter((row, index) => rows[index + 1]?.kept !== row.kept).map((row) => row.days);
  const gone = Math.max(Number.NEGATIVE_INFINITY, ...past);
  const days = Math.min(36_500, ...current);
  return (nowMs) => Math.max(gone, nowMs - days * DAY_MS) + MARGIN_MS;
}
