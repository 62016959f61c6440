import { describe, expect, it } from 'vitest';
import { robust, samplesOf } from '#analytics/store/figures/normal.ts';
import { HOUR_MS } from '#analytics/store/time-ranges.ts';
import { zoneOf } from '#analytics/store/zones.ts';

const at = (text: string) => Date.parse(text);
const period = (from: string, to: string) => ({
  fromMs: at(from),
  toMs: at(to),
  ranges: [[at(from), at(to)] as const],
});
const floor = { measure: 'tracks', observedS: 3600 } as const;

describe('what is normal', () => {
  it('are the same hours on the clock of eight earlier weeks, also across a change of the clock', () => {
    const { begins, ranges, elapsedMs, weeks } = samplesOf(
      period('2026-04-01T06:00:00Z', '2026-04-01T08:00:00Z'),
      zoneOf('Europe/Berlin'),
      [],
    );
    expect([begins.length, weeks]).toEqual([8, 8]);
    expect(new Date(begins.at(-1)!).toISOString()).toBe('2026-03-25T07:00:00.000Z');
    expect(new Date(begins[0]!).toISOString()).toBe('2026-02-04T07:00:00.000Z');
    expect(ranges.map(([from]) => from)).toEqual(begins);
    expect(new Set(elapsedMs)).toEqual(new Set([2 * HOUR_MS]));
  });

  it('leaves holidays out and says which', () => {
    const holidays = ['2026-10-01', '2026-10-02', '2026-05-01'];
    const week = samplesOf(period('2026-10-14T16:00:00Z', '2026-10-16T16:00:00Z'), zoneOf('Asia/Shanghai'), holidays);
    expect(week.begins).toHaveLength(7);
    expect(week.holidays).toEqual(['2026-10-01', '2026-10-02']);
    const half = samplesOf(period('2026-10-15T16:00:00Z', '2026-10-17T16:00:00Z'), zoneOf('Asia/Shanghai'), holidays);
    expect(half.begins).toHaveLength(8);
    expect(half.elapsedMs.filter((ms) => ms === 24 * HOUR_MS)).toHaveLength(1);
  });

  it('compares more than a week with as many weeks before it, three times at the least', () => {
    const { begins, weeks } = samplesOf(period('2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z'), zoneOf('UTC'), []);
    expect([begins.length, weeks]).toEqual([3, 15]);
    expect(new Date(begins.at(-1)!).toISOString()).toBe('2026-04-27T00:00:00.000Z');
  });

  it('is the median with a spread that one wild week does not move', () => {
    expect(robust([100, 104, 96, 100, 5000], floor)).toEqual({ normal: 100, spread: 10 });
    expect(robust([100, 160, 40, 130, 70], floor).spread).toBeCloseTo(1.4826 * 30, 9);
  });

  it('has a floor, so that four equal weeks make no sensation of the next passer-by', () => {
    expect(robust([0, 0, 0, 0], floor)).toEqual({ normal: 0, spread: 1 });
    expect(robust([4, 4, 4], floor)).toEqual({ normal: 4, spread: 2 });
    expect(robust([0, 0, 0], { measure: 'presence', observedS: 60 }).spread).toBe(10);
    expect(robust([1.4, 1.4, 1.4], { measure: 'speed', observedS: 60 }).spread).toBe(0.2);
  });
});
