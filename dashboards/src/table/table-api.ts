/** What the one table asks the API. */
import type { AreaTable } from '#models/schema/area-table.ts';
import { apiUrl, json } from '../api-client.ts';

const SPAN_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
export type TableSpan = keyof typeof SPAN_MS;
export const TABLE_SPANS = Object.keys(SPAN_MS) as TableSpan[];

const asked = (span: TableSpan) => ({ from: Date.now() - SPAN_MS[span] });

export const tableApi = {
  read: (area: string, { span, skip }: { span: TableSpan; skip: number }, options: { signal: AbortSignal }) =>
    json<AreaTable>(apiUrl(`areas/${encodeURIComponent(area)}/table`, { ...asked(span), skip }), options),
  csv: (area: string, span: TableSpan) => apiUrl(`areas/${encodeURIComponent(area)}/table.csv`, asked(span)).href,
};
