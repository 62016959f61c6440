/** What is usual at each hour of the week, and how far the last seven days were from it. */
import { expect, it } from 'vitest';
import { median, weekFigures } from '#dashboards/src/map/week-figures.ts';

const HOUR_MS = 3_600_000;
/** A Monday midnight in UTC, four weeks later again one. */
const FROM_MS = Date.parse('2026-10-26T00:00:00Z');
const END_MS = FROM_MS + 28 * 24 * HOUR_MS;

/** Half as many things by night, one week a little more than the other; `change` makes one hour special. */
function series(change: (hour: number) => Partial<{ presenceS: number; observedS: number }>) {
  return Array.from({ length: 28 * 24 }, (_, hour) => ({
    bucketMs: FROM_MS + hour * HOUR_MS,
    presenceS: (hour % 24 < 6 ? 1800 : 3600) * (1 + 0.1 * Math.floor(hour / 168)),
    tracks: 1,
    observedS: 3600,
    ...change(hour),
  }));
}

it('takes the median of the weeks before the last as usual', () => {
  const { usual } = weekFigures(
    series(() => ({})),
    END_MS,
    'UTC',
  );
  expect(usual[3]).toBeCloseTo(0.55);
  expect(usual[12]).toBeCloseTo(1.1);
});

it('finds the hour of the last week that was unlike the others', () => {
  const special = 3 * 168 + 50;
  const { departure } = weekFigures(
    series((hour) => (hour === special ? { presenceS: 20_000 } : {})),
    END_MS,
    'UTC',
  );
  expect(departure.indexOf(Math.max(...departure))).toBe(50);
  expect(departure[50]).toBeGreaterThan(4);
});

it('does not take an hour that nobody watched for an empty one', () => {
  const { usual, departure } = weekFigures(
    series((hour) => (hour % 168 === 7 && hour > 168 ? { presenceS: 0, observedS: 0 } : {})),
    END_MS,
    'UTC',
  );
  expect(usual[7]).toBeCloseTo(1);
  expect(departure[7]).toBeNaN();
  expect(median([])).toBeNaN();
});
