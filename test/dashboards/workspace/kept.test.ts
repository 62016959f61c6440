/** Place and time that go along from view to view. */
import { describe, expect, it } from 'vitest';
import { movedSpan, readRange, withRange } from '#dashboards/src/workspace/address-time.ts';
import {
  AREA_VIEWS,
  areaIn,
  hrefWith,
  keptAfter,
  NOTHING_KEPT,
  TIME_VIEWS,
  withArea,
} from '#dashboards/src/workspace/kept.ts';
import { readPlace } from '#dashboards/src/workspace/view.ts';

const LAST_WEEK = 'range=last-week';

describe('what goes along from view to view', () => {
  it('is read back from the address of every view that it was put into', () => {
    const kept = { area: 'li xia/1', time: LAST_WEEK };
    for (const view of AREA_VIEWS) expect(areaIn(readPlace(hrefWith(view, kept)))).toBe('li xia/1');
    for (const view of TIME_VIEWS) {
      const query = new URLSearchParams(readPlace(hrefWith(view, kept)).query);
      expect(readRange(query)).toEqual({ name: 'last-week' });
    }
  });

  it('outlives views that know no place and no time, and a dashboard of one camera', () => {
    const kept = keptAfter(readPlace('#/table/lixia?range=last-week'), NOTHING_KEPT);
    for (const hash of ['#/cameras/gate-1', '#/rules', '#/kit', '#/dashboard/camera/gate-1?range=last-week'])
      expect(keptAfter(readPlace(hash), kept)).toEqual(kept);
    expect(keptAfter(readPlace('#/health/gate-1'), kept)).toEqual({ area: null, time: LAST_WEEK });
  });

  it('is forgotten where a view is opened without it', () => {
    expect(keptAfter(readPlace('#/map'), { area: 'lixia', time: LAST_WEEK })).toEqual(NOTHING_KEPT);
  });

  it('changes with the place, and leaves what else was chosen, but not what was open in the old place', () => {
    const map = readPlace('#/map?measure=speed&camera=gate-1&at=117,36,12&range=day');
    expect(withArea(map, 'lixia')).toBe('#/map?measure=speed&range=day&area=lixia');
    expect(withArea(readPlace('#/dashboard/camera/c1?compare=before'), 'lixia')).toBe(
      '#/dashboard/area/lixia?compare=before',
    );
    expect(withArea(readPlace('#/table/lixia?range=week'), null)).toBe('#/table?range=week');
  });
});

describe('the span in an address', () => {
  it('is written in the shortest form, and leaves the rest of the address as it is', () => {
    const place = readPlace('#/dashboard/area%2Flixia?range=day&kind=car');
    expect(withRange(place, { name: 'week' }, 'week')).toBe('#/dashboard/area/lixia?kind=car');
    const own = { name: 'custom' as const, fromMs: Date.UTC(2026, 9, 1), toMs: Date.UTC(2026, 9, 2, 3, 4) };
    expect(withRange(place, own, 'week')).toBe(
      '#/dashboard/area/lixia?kind=car&from=2026-10-01T00:00Z&to=2026-10-02T03:04Z',
    );
  });

  it('moves by whole days across a change of the clocks, and by its own length otherwise', () => {
    const zone = 'Europe/Berlin';
    // The clocks go back on 25 October 2026: that day has 25 hours.
    const day = { fromMs: Date.UTC(2026, 9, 24, 22), toMs: Date.UTC(2026, 9, 25, 23) };
    expect(movedSpan(day, 1, zone)).toEqual({ fromMs: Date.UTC(2026, 9, 25, 23), toMs: Date.UTC(2026, 9, 26, 23) });
    expect(movedSpan({ fromMs: 1000, toMs: 4000 }, -1, zone)).toEqual({ fromMs: -2000, toMs: 1000 });
  });
});
