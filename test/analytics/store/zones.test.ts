import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#analytics/store/time-ranges.ts';
import {
  daysOf,
  dayText,
  isZone,
  rangeOfDay,
  WEEK_MS,
  weekHourRanges,
  weeksEarlier,
  zoneOf,
} from '#analytics/store/zones.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

describe('local time', () => {
  const [berlin, shanghai, kolkata] = ['Europe/Berlin', 'Asia/Shanghai', 'Asia/Kolkata'].map(zoneOf) as [
    ReturnType<typeof zoneOf>,
    ReturnType<typeof zoneOf>,
    ReturnType<typeof zoneOf>,
  ];

  it('takes Monday from seven to nine where the clocks show it, before and after they change', () => {
    const hours = new Set([7, 8]);
    const month = [at('2026-03-20T00:00:00Z'), at('2026-04-01T00:00:00Z')] as const;
    expect(weekHourRanges(month, hours, berlin).map((range) => range.map(iso))).toEqual([
      ['2026-03-23T06:00:00.000Z', '2026-03-23T08:00:00.000Z'],
      ['2026-03-30T05:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ]);
    expect(weekHourRanges(month, hours, shanghai).map(([from]) => iso(from))).toEqual([
      '2026-03-22T23:00:00.000Z',
      '2026-03-29T23:00:00.000Z',
    ]);
    expect(weekHourRanges(month, hours, kolkata).map(([from]) => iso(from))[0]).toBe('2026-03-23T01:30:00.000Z');
  });

  it('has no hour that was jumped over and two of one that came twice', () => {
    const sundayAtTwo = new Set([6 * 24 + 2]);
    const length = (from: string, to: string) =>
      weekHourRanges([at(from), at(to)], sundayAtTwo, berlin).reduce((sum, [begin, end]) => sum + end - begin, 0);
    expect(length('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toBe(0);
    expect(length('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toBe(2 * HOUR_MS);
    expect(length('2026-07-04T12:00:00Z', '2026-07-05T12:00:00Z')).toBe(HOUR_MS);
  });

  it('knows every hour of a week once, and all hours make the whole range', () => {
    const week = [at('2026-05-06T10:17:00Z'), at('2026-05-06T10:17:00Z') + WEEK_MS] as const;
    const all = new Set(Array.from({ length: 168 }, (_, hour) => hour));
    for (const zone of [berlin, shanghai, kolkata]) {
      expect(weekHourRanges(week, all, zone)).toEqual([week]);
      const each = [...all].map((hour) => weekHourRanges(week, new Set([hour]), zone).flat());
      expect(each.every((edges) => edges.length === 2 || edges.length === 4)).toBe(true);
    }
  });

  it('goes weeks back to the same time on the clock', () => {
    expect(iso(weeksEarlier(at('2026-03-30T05:00:00Z'), 1, berlin))).toBe('2026-03-23T06:00:00.000Z');
    expect(iso(weeksEarlier(at('2026-10-26T06:00:00Z'), 1, berlin))).toBe('2026-10-19T05:00:00.000Z');
    expect(weeksEarlier(at('2026-10-26T06:00:00Z'), 1, shanghai)).toBe(at('2026-10-19T06:00:00Z'));
  });

  it('says days as the clocks there do, of 23 and of 25 hours too', () => {
    expect(dayText(at('2026-03-01T16:30:00Z'), shanghai)).toBe('2026-03-02');
    const hoursOf = (day: string) => rangeOfDay(day, berlin).reduce((from, to) => (to - from) / HOUR_MS);
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map(hoursOf)).toEqual([24, 23, 25]);
    const days = daysOf([at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z')], berlin);
    expect(days.map(iso)).toEqual(['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  });

  it('tells names of zones from others', () => {
    expect(['Asia/Shanghai', 'UTC', 'Mars/Olympus', ''].map(isZone)).toEqual([true, true, false, false]);
  });
});
