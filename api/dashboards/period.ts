/** The times of a dashboard: whole hours that are closed, what they are compared with, and the weeks that normal is made of. */
import { NORMAL_DAYS_MAX, samplesOf } from '#analytics/store/figures/normal.ts';
import { floorTo, HOUR_MS, type Range } from '#analytics/store/time-ranges.ts';
import { DAY_MS, WEEK_MS, weeksEarlier, type Zone } from '#analytics/store/zones.ts';
import type { PanelValues, Period } from '#models/panels/sql.ts';

export type Times = Pick<PanelValues, 'fromMs' | 'toMs' | 'compare' | 'historyFromMs' | 'samples'>;

const HISTORY_WEEKS = 8;

type Asked = Period & {
  compare: Period | undefined;
  zone: Zone;
  holidays: readonly string[];
  closedUntilMs: number | null;
  nowMs: number;
};

/** An hour that ended longer ago than this and has no rows was not watched; before, it is only not counted yet. */
const CLOSING_MS = 600_000;

/**
 * Widened to whole hours, and cut where hours are not closed yet. Without a period to compare with it is the same hours so
 * many weeks earlier as the period is long.
 */
export function timesOf({ fromMs, toMs, compare, zone, holidays, closedUntilMs, nowMs }: Asked): Times {
  const begin = floorTo(fromMs, HOUR_MS);
  const whole = Math.ceil(toMs / HOUR_MS) * HOUR_MS;
  const known = Math.max(closedUntilMs ?? 0, floorTo(nowMs - CLOSING_MS, HOUR_MS));
  const end = known > begin ? Math.min(whole, known) : whole;
  const weeks = Math.max(1, Math.ceil((end - begin) / WEEK_MS));
  const before = compare ?? { fromMs: weeksEarlier(begin, weeks, zone), toMs: weeksEarlier(end, weeks, zone) };
  return {
    fromMs: begin,
    toMs: end,
    compare: { fromMs: floorTo(before.fromMs, HOUR_MS), toMs: Math.ceil(before.toMs / HOUR_MS) * HOUR_MS },
    historyFromMs: floorTo(weeksEarlier(begin, HISTORY_WEEKS, zone), HOUR_MS),
    samples: samples({ fromMs: begin, toMs: end }, zone, holidays),
  };
}

/** Each with whole hours: hours of zones that lie a half apart belong to the sample in which they begin. */
function samples({ fromMs, toMs }: Period, zone: Zone, holidays: readonly string[]): Times['samples'] {
  if (toMs - fromMs > NORMAL_DAYS_MAX * DAY_MS) return [];
  const { begins, ranges } = samplesOf({ fromMs, toMs, ranges: [[fromMs, toMs]] }, zone, holidays);
  return begins.map((beginMs, index) => {
    const untilMs = begins[index + 1] ?? Number.POSITIVE_INFINITY;
    const own: Range[] = ranges.filter(([from]) => from >= beginMs && from < untilMs);
    return { beginMs, ranges: own, elapsedMs: own.reduce((sum, [from, to]) => sum + to - from, 0) };
  });
}
