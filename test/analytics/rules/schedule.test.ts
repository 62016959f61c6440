import { describe, expect, it } from 'vitest';
import { awakeBy } from '#analytics/rules/schedule.ts';
import { checker } from '#models/schema/check.ts';
import { Schedule } from '#models/schema/rule.ts';
import { fired, rectangle, stay, told } from './scene.ts';

const check = checker('the schedule', Schedule);

function awakeAt(schedule: unknown, times: readonly string[], holidays: readonly string[] = []): boolean[] {
  const isHoliday = (day: string) => holidays.includes(day);
  const awake = awakeBy(check(schedule), { zone: 'Asia/Shanghai', isHoliday });
  return times.map((time) => awake(Date.parse(time)));
}

describe('a schedule', () => {
  it('goes on into the next day where its end is not after its begin, and counts the day on which it began', () => {
    // 2026-11-23 is a Monday; Shanghai is eight hours ahead.
    const night = { spans: [{ days: [1], from: '22:00', to: '06:00' }] };
    const times = ['2026-11-23T13:59:00Z', '2026-11-23T14:00:00Z', '2026-11-23T21:59:00Z', '2026-11-23T22:00:00Z'];
    expect(awakeAt(night, times)).toEqual([false, true, true, false]);
    // The small hours of Monday belong to Sunday's night.
    expect(awakeAt(night, ['2026-11-22T21:00:00Z'])).toEqual([false]);
  });

  it('ends a day at 24:00, and is a whole day from a time to the same time', () => {
    const evening = { spans: [{ days: [1], from: '20:00', to: '24:00' }] };
    expect(awakeAt(evening, ['2026-11-23T15:59:59Z', '2026-11-23T16:00:00Z'])).toEqual([true, false]);
    const whole = { spans: [{ days: [1], from: '08:00', to: '08:00' }] };
    expect(awakeAt(whole, ['2026-11-23T00:00:00Z', '2026-11-23T23:59:00Z', '2026-11-24T00:00:00Z'])).toEqual([
      ...[true, true, false],
    ]);
  });

  it('follows the clock on the wall: an hour that is skipped is not there, one that comes twice is there twice', () => {
    // Paris skips from 02:00 to 03:00 on 2026-03-29, 01:00 UTC, and has 02:00 to 03:00 twice on 2026-10-25.
    const skipped = { zone: 'Europe/Paris', spans: [{ from: '02:15', to: '02:45' }] };
    expect(awakeAt(skipped, ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'])).toEqual([
      ...[false, false, false],
    ]);
    expect(awakeAt(skipped, ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00Z'])).toEqual([
      ...[true, true, false],
    ]);
    const into = { zone: 'Europe/Paris', spans: [{ from: '02:30', to: '04:00' }] };
    expect(awakeAt(into, ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'])).toEqual([
      ...[false, true, false],
    ]);
  });

  it('knows holidays of the calendar by the day on which a span begins', () => {
    const times = ['2026-11-23T02:00:00Z', '2026-11-24T02:00:00Z'];
    const spans = [{ from: '08:00', to: '18:00' }];
    expect(awakeAt({ spans, holidays: 'only' }, times, ['2026-11-23'])).toEqual([true, false]);
    expect(awakeAt({ spans, holidays: 'never' }, times, ['2026-11-23'])).toEqual([false, true]);
    expect(awakeAt({ spans }, times, ['2026-11-23'])).toEqual([true, true]);
  });
});

it('tells of who is there at a forbidden time also when they came before it', () => {
  // The scene begins at 12:00 local.
  const presence = { type: 'zone', zone: rectangle(0.4, 0.4, 0.6, 0.8), event: 'presence' } as const;
  const schedule = { spans: [{ from: '12:01', to: '13:00' }] };
  expect(told(fired(presence, [{ at: stay(0.5, 0.6, 0, 90) }], { toS: 90, more: { schedule } }))).toEqual(['begin 60']);
});
