/** What a dashboard's address says, and which spans that means in the site's zone. */
import { describe, expect, it } from 'vitest';
import {
  type Asked,
  comparedPeriod,
  dashboardAddress,
  FIRST_ASKED,
  periodOf,
  readAsked,
  readSubject,
  writeAsked,
} from '#dashboards/src/dashboard/asked.ts';

const HOUR_MS = 3_600_000;
const BERLIN = 'Europe/Berlin';
const SHANGHAI = 'Asia/Shanghai';
const at = (text: string) => Date.parse(text);
/** A Wednesday. */
const NOW_MS = at('2026-11-25T10:20:30+08:00');

describe('the address of a dashboard', () => {
  const ALL: Asked[] = [
    FIRST_ASKED,
    { range: { name: 'last-week' }, compare: { name: 'year' }, kind: 'bus' },
    {
      range: { name: 'custom', fromMs: at('2026-03-01T00:00:00Z'), toMs: at('2026-03-08T00:00:00Z') },
      compare: { name: 'custom', fromMs: at('2026-02-01T00:00:00Z'), toMs: at('2026-02-08T00:00:00Z') },
      kind: null,
    },
  ];

  it('reads back what it wrote', () => {
    for (const asked of ALL) expect(readAsked(writeAsked(asked))).toEqual(asked);
  });

  it('is short where nothing was chosen, and names place and choices otherwise', () => {
    expect(dashboardAddress({ type: 'area', id: 'lixia' })).toBe('/dashboard/area/lixia');
    expect(dashboardAddress({ type: 'rule', id: 'queue' }, ALL[1])).toBe(
      '/dashboard/rule/queue?range=last-week&compare=year&kind=bus',
    );
  });

  it('takes times as ISO or as milliseconds, and leaves out what cannot be read', () => {
    const fromMs = at('2026-11-01T00:00:00Z');
    expect(readAsked(`from=${fromMs}&to=2026-11-02T00:00Z`).range).toEqual({
      name: 'custom',
      fromMs,
      toMs: at('2026-11-02T00:00:00Z'),
    });
    expect(readAsked('from=2026-11-02&to=2026-11-01&range=never&compare=custom&kind=face')).toEqual(FIRST_ASKED);
    expect(readSubject('area/lixia')).toEqual({ type: 'area', id: 'lixia' });
    expect(readSubject('person/somebody')).toBeNull();
    expect(readSubject('area')).toBeNull();
  });
});

describe('the period of a dashboard', () => {
  it('is made of whole days of the zone where it is named by days', () => {
    expect(periodOf({ name: 'yesterday' }, SHANGHAI, NOW_MS)).toEqual({
      fromMs: at('2026-11-24T00:00:00+08:00'),
      toMs: at('2026-11-25T00:00:00+08:00'),
    });
    expect(periodOf({ name: 'last-week' }, SHANGHAI, NOW_MS)).toEqual({
      fromMs: at('2026-11-16T00:00:00+08:00'),
      toMs: at('2026-11-23T00:00:00+08:00'),
    });
  });

  it('moves with the clock by whole hours, so that many people ask the same question', () => {
    expect(periodOf({ name: 'week' }, SHANGHAI, NOW_MS)).toEqual(
      periodOf({ name: 'week' }, SHANGHAI, NOW_MS + 900_000),
    );
    expect(periodOf({ name: 'this-month' }, SHANGHAI, NOW_MS)).toEqual({
      fromMs: at('2026-11-01T00:00:00+08:00'),
      toMs: at('2026-11-25T10:00:00+08:00'),
    });
  });

  it('has days of 23 and 25 hours where the clocks change', () => {
    const spring = periodOf({ name: 'yesterday' }, BERLIN, at('2026-03-30T12:00:00+02:00'));
    expect((spring.toMs - spring.fromMs) / HOUR_MS).toBe(23);
    const autumn = periodOf({ name: 'yesterday' }, BERLIN, at('2026-10-26T12:00:00+01:00'));
    expect((autumn.toMs - autumn.fromMs) / HOUR_MS).toBe(25);
  });
});

describe('the period that is compared with', () => {
  it('ends where the shown one begins, by days of the zone', () => {
    const period = periodOf({ name: 'last-week' }, BERLIN, at('2026-04-08T12:00:00+02:00'));
    const before = comparedPeriod({ name: 'before' }, period, BERLIN);
    expect(before).toEqual({ fromMs: at('2026-03-23T00:00:00+01:00'), toMs: period.fromMs });
  });

  it('is 52 weeks earlier where a year is asked for, so that weekdays meet', () => {
    const period = periodOf({ name: 'yesterday' }, SHANGHAI, NOW_MS);
    expect(comparedPeriod({ name: 'year' }, period, SHANGHAI)).toEqual({
      fromMs: at('2025-11-25T00:00:00+08:00'),
      toMs: at('2025-11-26T00:00:00+08:00'),
    });
    expect(comparedPeriod({ name: 'off' }, period, SHANGHAI)).toBeNull();
  });

  it('is as long as the shown one where that is no whole number of days', () => {
    const period = { fromMs: NOW_MS, toMs: NOW_MS + 5 * HOUR_MS };
    expect(comparedPeriod({ name: 'before' }, period, SHANGHAI)).toEqual({
      fromMs: NOW_MS - 5 * HOUR_MS,
      toMs: NOW_MS,
    });
  });
});
