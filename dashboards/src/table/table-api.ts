/** What the one table asks the API. */
import type { AreaTable } from '#models/schema/area-table.ts';
import { apiUrl, figureDeadline, json } from '../api-client.ts';
import type { Span } from '../workspace/time-range.ts';

const asked = ({ fromMs, toMs }: Span) => ({ from: fromMs, to: toMs });

export const tableApi = {
  read: (area: string, { skip, ...span }: Span & { skip: number }, options: { signal: AbortSignal }) =>
    json<AreaTable>(apiUrl(`areas/${encodeURIComponent(area)}/table`, { ...asked(span), skip }), {
      ...options,
      deadline: figureDeadline(),
    }),
  csv: (area: string, span: Span) => apiUrl(`areas/${encodeURIComponent(area)}/table.csv`, asked(span)).href,
};
