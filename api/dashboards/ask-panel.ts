/** One panel's question to the store: its rows in the order of its columns, or why there are none. */
import type { Panel } from '#models/panels/read.ts';
import { type PanelValues, toSql } from '#models/panels/sql.ts';
import type { PanelValue } from '#models/schema/dashboard.ts';
import { DATABASE } from '#system/store-client.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';

export type Asked = { sql: string; rows: PanelValue[][]; isCut: boolean; tookMs: number; failed: string | null };

/** More are drawn by nobody. */
export const ROWS_MAX = 5000;

type Asking = { reader: Context['reader']; values: PanelValues; signal: AbortSignal; rowsMax?: number };

/** Throws only when the request is over; what the store says of one panel is told in it. */
export async function askPanel(panel: Panel, { reader, values, signal, rowsMax = ROWS_MAX }: Asking): Promise<Asked> {
  const sql = toSql(panel.sql, values, { isGuarded: panel.isOwn });
  const began = performance.now();
  const tookMs = () => Math.round(performance.now() - began);
  try {
    const found = await askRows(reader, sql, signal);
    const rows = inOrder(panel, found);
    return { sql, rows: rows.slice(0, rowsMax), isCut: rows.length > rowsMax, tookMs: tookMs(), failed: null };
  } catch (error) {
    signal.throwIfAborted();
    const fault = storeFault(error, { isOurs: !panel.isOwn });
    if (!panel.isOwn) throw fault;
    return { sql, rows: [], isCut: false, tookMs: tookMs(), failed: fault.message };
  }
}

type Found = { meta: { name: string; type: string }[]; data: unknown[][] };

/** `LIMIT` is the panel's own affair; beyond this the engine stops and says so. */
const RESULT_ROWS_MAX = 200_000;

export async function askRows(reader: Context['reader'], query: string, signal: AbortSignal): Promise<Found> {
  const result = await reader.query({
    query,
    format: 'JSONCompact',
    abort_signal: signal,
    clickhouse_settings: {
      database: DATABASE,
      date_time_output_format: 'unix_timestamp',
      output_format_json_quote_64bit_integers: 0,
      output_format_json_quote_denormals: 0,
      max_result_rows: `${RESULT_ROWS_MAX}`,
    },
  });
  const { meta = [], data } = (await result.json()) as unknown as { meta?: Found['meta']; data: unknown[][] };
  return { meta, data };
}

/** Throws where the SQL has no such column: ours have, and a test runs each. */
function inOrder(panel: Panel, { meta, data }: Found): PanelValue[][] {
  const columns = panel.columns.map(({ name }) => {
    const at = meta.findIndex((one) => one.name === name);
    if (at < 0)
      throw new Error(
        `panel ${panel.id}: its SQL has no column "${name}", only ${meta.map((one) => one.name).join(', ')}`,
      );
    return { at, isTime: /DateTime/.test(meta[at]!.type) };
  });
  return data.map((row) => columns.map(({ at, isTime }) => cellOf(row[at], isTime)));
}

function cellOf(value: unknown, isTime: boolean): PanelValue {
  if (value === null || value === undefined) return null;
  if (isTime) return Math.round(Number(value) * 1000);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
