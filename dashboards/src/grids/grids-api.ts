/** What the page of grids asks the API. */
import type { AreaImportAnswer, AreaImportQuery } from '#models/schema/area-import.ts';
import type { Division, DivisionDifference, DivisionReport } from '#models/schema/division.ts';
import { apiUrl, json, request } from '../api-client.ts';
import type { DivisionAreas } from './division.ts';

type Signal = { signal?: AbortSignal };

/** A check of a large city takes as long as the API gives it; an import of one, a little more. */
const LONG_MS = 120_000;

/** Not by `json`, whose deadline is that of a quick answer. */
async function long<Answer>(url: URL, init: RequestInit, { signal }: Signal = {}): Promise<Answer> {
  const deadline = AbortSignal.timeout(LONG_MS);
  const both = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  return (await (await request(url, { ...init, signal: both })).json()) as Answer;
}

const sending = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const query = ({ crs, swap, dryRun }: AreaImportQuery) => ({
  ...(crs === undefined ? {} : { crs }),
  ...(swap === true ? { swap: 'true' } : {}),
  ...(dryRun === true ? { dryRun: 'true' } : {}),
});

export const gridsApi = {
  readAreas: (options: Signal = {}) => json<DivisionAreas>(apiUrl('areas'), options),
  check: (options: Signal = {}) => long<DivisionReport>(apiUrl('area-check'), {}, options),
  /** `text` is the file as it was read. */
  importFile: (text: string, options: AreaImportQuery) =>
    long<AreaImportAnswer>(apiUrl('areas', query(options)), sending('PUT', text)),
  publish: (note: string, withFaults: boolean) =>
    long<Division>(apiUrl('divisions'), sending('POST', { note, ...(withFaults ? { withFaults } : {}) })),
  readVersions: async (options: Signal = {}) =>
    (await json<{ divisions: Division[] }>(apiUrl('divisions'), options)).divisions,
  readVersion: (version: number, options: Signal = {}) =>
    long<DivisionAreas>(apiUrl(`divisions/${version}`), {}, options),
  compare: (from: number, to: number, options: Signal = {}) =>
    long<DivisionDifference>(apiUrl('division-changes', { from, to }), {}, options),
};
