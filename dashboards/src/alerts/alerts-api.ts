/** What the page of alerts asks the API. */
import type { Incident, IncidentWork, Mark } from '#models/schema/alert.ts';
import type { AlertWhy, IncidentList } from '#models/schema/alert-view.ts';
import type { QuietInput } from '#models/schema/rule-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import { apiUrl, json } from '../api-client.ts';
import { spanOf, type TimeRange } from '../workspace/time-range.ts';

/** In the order of their keys 1, 2, 3. */
export const MARKS: readonly Mark[] = ['right', 'wrong', 'useless'];

export type IncidentState = IncidentWork['state'];
/** What the page of alerts chooses for itself; place and time stand in the address. */
export type OwnFilter = { state: IncidentState; severity: Severity | null; text: string | null };
export type IncidentFilter = OwnFilter & { area: string | null; range: TimeRange };
export type WorkChange = { state?: IncidentState; mark?: Mark; note?: string };

type Signal = { signal?: AbortSignal };

const ROWS_MAX = 500;

const sending = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Whether nothing that begins now can belong to it. */
export const isPast = (range: TimeRange, zone: string): boolean => spanOf(range, zone).toMs < Date.now() - 1000;

export const alertsApi = {
  readIncidents: ({ range, ...filter }: IncidentFilter, zone: string, options: Signal) => {
    const { fromMs, toMs } = spanOf(range, zone);
    const period = { from: fromMs, ...(isPast(range, zone) ? { to: toMs } : {}) };
    return json<IncidentList>(apiUrl('incidents', { ...filter, ...period, limit: ROWS_MAX }), options);
  },
  readWhy: (alert: string, options: Signal) => json<AlertWhy>(apiUrl(`alerts/${alert}/why`), options),
  work: (incident: Incident['id'], change: WorkChange) =>
    json<IncidentWork>(apiUrl(`incidents/${incident}/work`), sending('POST', change)),
  /** A link to the pictures as they are, for a short while; it leaves an audit entry with the reason. */
  unblur: (alert: string, reason: string) =>
    json<{ clip: string; still: string }>(apiUrl(`alerts/${alert}/unblurred`), sending('POST', { reason })),
  snooze: (quiet: QuietInput) => json<unknown>(apiUrl('quiets'), sending('POST', quiet)),
  clipUrl: (alert: string) => apiUrl(`alerts/${alert}/clip`).href,
  stillUrl: (alert: string) => apiUrl(`alerts/${alert}/still`).href,
  capUrl: (alert: string) => apiUrl(`alerts/${alert}/cap`).href,
};
