/** What the dashboard's page asks the API. */
import type { Dashboard, KeptView } from '#models/schema/dashboard.ts';
import type { Kind } from '#models/schema/kind.ts';
import { ApiProblemError, apiUrl, figureDeadline, json, request } from '../api-client.ts';
import type { Span } from '../workspace/time-range.ts';
import type { SubjectRef } from './asked.ts';

export type DashboardQuestion = SubjectRef & Span & { zone: string; compare: Span | null; kind: Kind | null };

const pathOf = ({ type, id }: SubjectRef) => `dashboards/${type}/${encodeURIComponent(id)}`;

const queryOf = ({ fromMs, toMs, zone, compare, kind }: DashboardQuestion) => ({
  ...{ from: fromMs, to: toMs, zone, kind },
  ...(compare === null ? {} : { compareFrom: compare.fromMs, compareTo: compare.toMs }),
});

type Reading = {
  signal: AbortSignal;
  /** Of the answer that is held: the API does not send it twice. */
  etag?: string | null | undefined;
  /** The first bytes have come. */
  onAnswer: () => void;
};

export type Answered = { dashboard: Dashboard; etag: string | null };

/** Null where what is held is still right. Throws ApiProblemError, UnreachableError, or the abort reason of `signal`. */
async function read(question: DashboardQuestion, { signal, etag, onAnswer }: Reading): Promise<Answered | null> {
  const within = AbortSignal.any([signal, figureDeadline()]);
  const headers: Record<string, string> = etag == null ? {} : { 'if-none-match': etag };
  try {
    const response = await request(apiUrl(pathOf(question), queryOf(question)), { signal: within, headers });
    onAnswer();
    return { dashboard: (await response.json()) as Dashboard, etag: response.headers.get('etag') };
  } catch (error) {
    if (error instanceof ApiProblemError && error.problem.status === 304) return null;
    throw error;
  }
}

export const dashboardApi = {
  read,
  csvUrl: (question: DashboardQuestion, panel: string): string =>
    apiUrl(`${pathOf(question)}/panels/${encodeURIComponent(panel)}.csv`, queryOf(question)).href,
  readKept: async (options: { signal?: AbortSignal } = {}) =>
    (await json<{ keptViews: KeptView[] }>(apiUrl('kept-views'), options)).keptViews,
  keep: (view: Pick<KeptView, 'name' | 'isShared' | 'address'>) =>
    json<KeptView>(apiUrl('kept-views'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(view),
    }),
  forget: async (id: string) => void (await request(apiUrl(`kept-views/${id}`), { method: 'DELETE' })),
};
