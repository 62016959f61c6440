/** Times in the site's zone, wherever the browser is. */
import { expect, it } from 'vitest';
import {
  chosenS,
  fromZoneInput,
  hourOfWeek,
  midnightAfter,
  midnightBefore,
  offsetText,
  toZoneInput,
} from '#dashboards/src/workspace/zone-time.ts';

const at = (text: string) => Date.parse(text);
const [SHANGHAI, BERLIN] = ['Asia/Shanghai', 'Europe/Berlin'];

it('counts the hours of the week from Monday midnight of the zone', () => {
  expect(hourOfWeek(at('2026-11-22T16:00:00Z'), SHANGHAI)).toBe(0);
  expect(hourOfWeek(at('2026-11-22T15:59:59Z'), SHANGHAI)).toBe(167);
  expect(hourOfWeek(at('2026-07-05T22:00:00Z'), BERLIN)).toBe(0);
  expect(hourOfWeek(at('2026-11-22T23:00:00Z'), BERLIN)).toBe(0);
});

it('finds the midnights of days that are 23 and 25 hours long', () => {
  const [spring, autumn] = [at('2026-03-29T10:00:00Z'), at('2026-10-25T10:00:00Z')];
  expect(midnightBefore(spring, BERLIN)).toBe(at('2026-03-28T23:00:00Z'));
  expect(midnightAfter(spring, BERLIN)).toBe(at('2026-03-29T22:00:00Z'));
  expect(midnightAfter(autumn, BERLIN) - midnightBefore(autumn, BERLIN)).toBe(25 * 3_600_000);
});

it('reads back what it writes into an input, as the wall clock of the zone', () => {
  const time = at('2026-11-26T01:30:00Z');
  expect(toZoneInput(time, SHANGHAI)).toBe('2026-11-26T09:30');
  for (const zone of [SHANGHAI, BERLIN, 'Asia/Kolkata', 'America/St_Johns'])
    expect(fromZoneInput(toZoneInput(time, zone), zone)).toBe(time);
});

it('counts only the chosen hours of a span', () => {
  const week = { fromMs: at('2026-11-15T16:00:00Z'), toMs: at('2026-11-22T16:00:00Z') };
  expect(chosenS(week, [], SHANGHAI)).toBe(168 * 3600);
  expect(chosenS(week, [7, 8, 31], SHANGHAI)).toBe(3 * 3600);
  const half = { fromMs: at('2026-11-15T23:30:00Z'), toMs: at('2026-11-16T00:10:00Z') };
  expect(chosenS(half, [7], SHANGHAI)).toBe(1800);
});

it('names how far the zone is from UTC', () => {
  expect(offsetText(at('2026-11-26T00:00:00Z'), SHANGHAI)).toBe('UTC+08:00');
  expect(offsetText(at('2026-11-26T00:00:00Z'), 'America/St_Johns')).toBe('UTC−03:30');
});
