/** What the page of alerts asks the API. */
import type { Alert, Evidence, Incident, IncidentWork, Mark } from '#models/schema/alert.ts';
import type { AlertWhy, IncidentView as Answered, IncidentPage } from '#models/schema/alert-query.ts';
import type { QuietInput } from '#models/schema/rule-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import { apiUrl, json } from '../api-client.ts';

/** In the order of their keys 1, 2, 3. */
export const MARKS: readonly Mark[] = ['right', 'wrong', 'useless'];

export type IncidentState = IncidentWork['state'];
export type IncidentFilter = {
  state: IncidentState;
  area: string | null;
  severity: Severity | null;
  text: string | null;
};
export type WorkChange = { state?: IncidentState; mark?: Mark; note?: string };

/** An incident as the page holds it: with its latest alert, what was done, and the pictures. */
export type IncidentView = {
  incident: Incident;
  work: IncidentWork | null;
  alert: Alert;
  evidence: Evidence | null;
};

export type Incidents = Pick<IncidentPage, 'counts' | 'upTo'> & { incidents: IncidentView[] };

function viewOf({ work, workRevision: _revision, latest, evidence, ...incident }: Answered): IncidentView[] {
  return latest === null ? [] : [{ incident, work, alert: latest, evidence }];
}

type Signal = { signal?: AbortSignal };

const ROWS_MAX = 500;

const sending = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const alertsApi = {
  readIncidents: async ({ text: _text, ...asked }: IncidentFilter, options: Signal): Promise<Incidents> => {
    const page = await json<IncidentPage>(apiUrl('incidents', { ...asked, limit: ROWS_MAX }), options);
    return { ...page, incidents: page.incidents.flatMap(viewOf) };
  },
  readWhy: (alert: string, options: Signal) => json<AlertWhy>(apiUrl(`alerts/${alert}/why`), options),
  work: (incident: Incident['id'], change: WorkChange) =>
    json<Answered>(apiUrl(`incidents/${incident}/work`), sending('POST', change)),
  /** A link to the pictures as they are, for a short while; it leaves an audit entry with the reason. */
  unblur: (alert: string, reason: string) =>
    json<{ clip: string; still: string }>(apiUrl(`alerts/${alert}/unblurred`), sending('POST', { reason })),
  snooze: (quiet: QuietInput) => json<unknown>(apiUrl('quiets'), sending('POST', quiet)),
  clipUrl: (alert: string) => apiUrl(`alerts/${alert}/clip`).href,
  stillUrl: (alert: string) => apiUrl(`alerts/${alert}/still`).href,
  capUrl: (alert: string) => apiUrl(`alerts/${alert}/cap`).href,
};
