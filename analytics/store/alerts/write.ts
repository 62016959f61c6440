/** Events of the alerts stream into their tables; the same event again changes nothing. */
import type { ClickHouseClient } from '@clickhouse/client';
import { EVENT_TYPES, type StreamEvent } from '#models/schema/alert.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { areaPathOf } from '#models/wire/events.ts';
import type { Config } from '#system/config.ts';
import { DATABASE } from '#system/store-client.ts';
import { writeSettings } from '../dialect.ts';
import { alertRow, deliveryRow, evidenceRow, incidentRow, type Row, workRow } from './rows.ts';

/** An event and where it stood in the stream. */
export type Sequenced = { event: StreamEvent; sequence: number };

/** An incident is told with its latest alert, which so is there before it. */
const TABLES = ['alerts', 'evidence', 'incidents', 'incident_work'] as const;
type Table = (typeof TABLES)[number];

function rowOf({ event, sequence }: Sequenced): { table: Table; row: Row } {
  const placed = { areaPath: areaPathOf(event), sequence };
  switch (event.type) {
    case EVENT_TYPES.alert:
      return { table: 'alerts', row: alertRow(event.data, placed) };
    case EVENT_TYPES.incident:
      return { table: 'incidents', row: incidentRow(event.data, placed) };
    case EVENT_TYPES.work:
      return { table: 'incident_work', row: workRow(event.data, { ...placed, event: event.id }) };
    case EVENT_TYPES.evidence:
      return { table: 'evidence', row: evidenceRow(event.data, { ...placed, atMs: Date.parse(event.time) }) };
  }
}

/** Throws what the client throws; one insert per table that has rows. */
export async function writeEvents(
  client: ClickHouseClient,
  config: Config,
  events: readonly Sequenced[],
): Promise<void> {
  const rows = Map.groupBy(events.map(rowOf), ({ table }) => table);
  for (const table of TABLES) {
    const values = (rows.get(table) ?? []).map(({ row }) => row);
    if (values.length > 0) await insert(client, config, { table, values });
  }
}

export async function writeDeliveries(
  client: ClickHouseClient,
  config: Config,
  deliveries: readonly Delivery[],
): Promise<void> {
  if (deliveries.length > 0) await insert(client, config, { table: 'deliveries', values: deliveries.map(deliveryRow) });
}

async function insert(client: ClickHouseClient, config: Config, { table, values }: { table: string; values: Row[] }) {
  await client.insert({
    table: `${DATABASE}.${table}`,
    values,
    format: 'JSONEachRow',
    clickhouse_settings: writeSettings(config),
  });
}
