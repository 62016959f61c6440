/**
 * The last whole hour, reconciled in the background when somebody looks and what is known is old: one at a time, with a
 * deadline, and again while it differs, since what a worker still had in its spool may have come meanwhile.
 */
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import type { Reconciliation } from '#models/schema/reconciliation.ts';
import type { Context } from '../context.ts';
import { reconcileTime, SETTLED_MS } from './reconcile.ts';

const FRESH_MS = 5 * MINUTE_MS;
const DEADLINE_MS = MINUTE_MS;

export type RecentCounts = {
  /** What is known now; undefined until the first look has ended. */
  look: () => Reconciliation | undefined;
};

type Parts = Pick<Context, 'broker' | 'reader' | 'logger' | 'metrics' | 'signal'>;

export function watchRecentCounts(context: Parts): RecentCounts {
  const { logger, metrics, signal } = context;
  let known: Reconciliation | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let isAsking = false;

  async function ask(toMs: number): Promise<void> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      known = await reconcileTime(context, { fromMs: toMs - HOUR_MS, toMs, signal: deadline });
    } catch (error) {
      // Store or broker are away: findings say so; what was known stays, with its time.
      logger.debug({ error: (error as Error).message }, 'last hour not reconciled');
    } finally {
      isAsking = false;
    }
  }

  function look(): Reconciliation | undefined {
    const toMs = floorTo(Date.now() - SETTLED_MS, HOUR_MS);
    const isCurrent = known?.toMs === toMs && known.isWhole;
    if (!isAsking && !isCurrent && !signal.aborted && performance.now() - askedAtMs > FRESH_MS) {
      isAsking = true;
      askedAtMs = performance.now();
      void ask(toMs);
    }
    return known;
  }

  const differences = metrics.gauge(
    'sharp_eyes_reconciliation_differences',
    'Differences between what was published, stored and rolled up in the last whole hour; at most 100',
  );
  const collect = () => {
    const found = look();
    if (found !== undefined) differences.set(found.discrepancies.length + (found.broker.dropped > 0 ? 1 : 0));
  };
  Object.assign(differences, { collect });
  return { look };
}
