/** What the coverage page asks the API. */
import type { CoverageCells, CoverageReport, SuggestionLine } from '#models/schema/coverage.ts';
import { apiUrl, json, postLines } from '../api-client.ts';

export type Light = 'day' | 'night';

const PERIOD_MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
export type PeriodName = keyof typeof PERIOD_MS;
export const PERIODS = Object.keys(PERIOD_MS) as PeriodName[];

export type CoverageQuestion = { area: string | null; period: PeriodName };

type Signal = { signal: AbortSignal };

const asked = ({ area, period }: CoverageQuestion) => ({ area, from: Date.now() - PERIOD_MS[period], to: Date.now() });

export const coverageApi = {
  readReport: (question: CoverageQuestion, options: Signal) =>
    json<CoverageReport>(apiUrl('coverage', asked(question)), options),
  readCells: (question: CoverageQuestion, bbox: readonly number[], options: Signal) =>
    json<CoverageCells>(apiUrl('coverage/cells', { ...asked(question), bbox: bbox.join(',') }), options),
  suggest: (wanted: { area: string | null; at: Light; cameras: number }, options: Signal) => {
    const { area, ...rest } = wanted;
    return postLines<SuggestionLine>('coverage/suggestions', { ...rest, ...(area === null ? {} : { area }) }, options);
  },
  exportHref: (question: CoverageQuestion, shape: 'cells' | 'union', at: Light) =>
    apiUrl('coverage/export', { ...asked(question), shape, at }).href,
};
