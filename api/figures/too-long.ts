/** What is not there at `figureTimeoutS`: as a fault, and counted, since to the store its query looks like one whose client left. */
import { FaultError } from '#models/schema/fault.ts';
import type { Metrics } from '#system/metrics.ts';
import type { Context } from '../context.ts';

export function openTooLongCount(metrics: Metrics): () => void {
  const late = metrics.counter(
    'sharp_eyes_figures_too_long_total',
    'Figures and dashboards that were not there in time',
  );
  return () => late.inc();
}

type Late = { context: Pick<Context, 'config' | 'countTooLong'>; cause: unknown; narrower: string };

export function tooLong(what: 'figure' | 'dashboard', { context, cause, narrower }: Late): FaultError {
  const { config, countTooLong } = context;
  countTooLong();
  return new FaultError('query-too-long', `the ${what} was not there within ${config.figureTimeoutS} seconds`, {
    cause,
    cure: `${narrower}, or raise SHARP_EYES_FIGURE_TIMEOUT_S.`,
  });
}
