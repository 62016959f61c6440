/** Rows of a panel as what is drawn: lines with what nobody watched, strips of states, bars, headline figures, and their words. */
import { describe, expect, it } from 'vitest';
import { barPoints } from '#dashboards/src/dashboard/charts/bar-points.ts';
import { axisEnd } from '#dashboards/src/dashboard/charts/bars-option.ts';
import { departureOf, headlineFigures } from '#dashboards/src/dashboard/charts/headline-figures.ts';
import { linePoints } from '#dashboards/src/dashboard/charts/line-points.ts';
import { sharesOf, stripsOf } from '#dashboards/src/dashboard/charts/strip-runs.ts';
import { tickText, timeTicks } from '#dashboards/src/dashboard/charts/time-ticks.ts';
import { cellText, type Telling } from '#dashboards/src/dashboard/panel-rows.ts';
import { DESK, rowSpans, WALL } from '#dashboards/src/dashboard/row-spans.ts';
import { asTimeMs, unitText } from '#dashboards/src/dashboard/value-text.ts';
import { chinese } from '#dashboards/src/words/chinese.ts';
import { english } from '#dashboards/src/words/english.ts';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { FROM_MS, MADE_PANELS, TO_MS } from '../made-dashboard.ts';

const HOUR_MS = 3_600_000;
const telling: Telling = {
  ...{ words: english, zone: 'Asia/Shanghai', fromMs: FROM_MS, toMs: TO_MS, isCompared: true },
  names: { area: new Map([['street-0', 'First Street']]), camera: new Map(), rule: new Map() },
};
const panel = (id: string): PanelAnswer => MADE_PANELS.find((each) => each.id === id)!;

describe('a panel of lines', () => {
  it('tells a step that was not watched from one in which nothing was there', () => {
    const { unwatched, series } = linePoints(panel('flow-by-kind'), telling);
    expect(unwatched).toEqual([[FROM_MS + 60 * HOUR_MS, FROM_MS + 66 * HOUR_MS]]);
    expect(series.map(({ name }) => name)).toEqual(['People', 'Bicycles', 'Motorcycles', 'Cars', 'Buses', 'Trucks']);
    expect(series[0]?.values[62]).toBeNull();
  });

  it('counts steps without any row as not watched, within the period, at its ends and between', () => {
    const flow = panel('flow-of-people');
    const kept = flow.rows.filter(
      ([at]) => (Number(at) - FROM_MS) / HOUR_MS >= 3 && (Number(at) - FROM_MS) / HOUR_MS !== 30,
    );
    const { unwatched } = linePoints({ ...flow, rows: kept }, telling);
    expect(unwatched.map(([from, to]) => [(from - FROM_MS) / HOUR_MS, (to - FROM_MS) / HOUR_MS])).toEqual([
      [0, 3],
      [30, 31],
      [60, 66],
    ]);
  });

  it('says nothing of watching where the rows do not', () => {
    const speed = panel('speed');
    expect(linePoints({ ...speed, rows: speed.rows.slice(5) }, telling).unwatched).toEqual([]);
  });
});

describe('the axis of time', () => {
  it('has its ticks at the hours and midnights of the zone, also where the clocks change', () => {
    const zone = 'Europe/Berlin';
    const fromMs = Date.parse('2026-10-24T00:00:00+02:00');
    const days = timeTicks({ fromMs, toMs: Date.parse('2026-10-27T00:00:00+01:00') }, 400, zone);
    expect(days.at.map((each) => tickText(each, days, { words: english, zone }))).toEqual([
      'Sat 24 Oct',
      'Sun 25 Oct',
      'Mon 26 Oct',
      'Tue 27 Oct',
    ]);
    const hours = timeTicks(
      { fromMs: Date.parse('2026-10-25T00:00:00+02:00'), toMs: Date.parse('2026-10-25T12:00:00+01:00') },
      500,
      zone,
    );
    expect(hours.at.map((each) => tickText(each, hours, { words: english, zone }))).toEqual([
      'Sun 25 Oct',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
    ]);
  });
});

describe('a panel of strips', () => {
  it('lets a state last until the next, and the last until the end', () => {
    const [first] = stripsOf(panel('availability'), telling);
    expect(
      first?.runs.map(({ state, fromMs, toMs }) => [state, (fromMs - FROM_MS) / HOUR_MS, (toMs - FROM_MS) / HOUR_MS]),
    ).toEqual([
      ['live', 0, 20],
      ['down', 20, 30],
      ['live', 30, 168],
    ]);
    expect(sharesOf(first!).map(({ state, share }) => [state, Math.round(share * 168)])).toEqual([
      ['live', 158],
      ['down', 10],
    ]);
  });
});

describe('a panel of bars', () => {
  it('names its labels, and knows where each leads', () => {
    const { labels, series, normal } = barPoints(panel('places-below'), telling);
    expect(labels[0]).toEqual({ id: 'street-0', name: 'First Street', to: { type: 'area', id: 'street-0' } });
    expect(labels[1]?.name).toBe('street-1');
    expect(series[0]?.values.slice(0, 2)).toEqual([40, 37]);
    expect(normal[1]).toBe(34);
  });

  it('has an axis that ends at all of it where its values are shares', () => {
    expect(axisEnd({ unit: 'share' })).toEqual({ max: 1 });
    expect(axisEnd({ unit: 'h' })).toEqual({});
  });
});

describe('headline figures', () => {
  it('take what is normal and the compared period from the columns and the row that follow', () => {
    const [presence, atOnce] = headlineFigures(panel('headline'), telling);
    expect(presence).toMatchObject({ value: 1712, normal: 1400, spread: 90, before: 1520 });
    expect(atOnce).toMatchObject({ value: 3.4, normal: 2.9, before: 3 });
    expect(headlineFigures(panel('headline'), { ...telling, isCompared: false })[0]?.before).toBeNull();
  });

  it('are called unlike normal beyond two spreads only', () => {
    const [presence] = headlineFigures(panel('headline'), telling);
    expect(departureOf(presence!)).toBe(1);
    expect(departureOf({ ...presence!, value: 1570 })).toBe(0);
    expect(departureOf({ ...presence!, value: 1200 })).toBe(-1);
    expect(departureOf({ ...presence!, spread: 0 })).toBe(0);
  });
});

describe('the rows of a dashboard', () => {
  it('are full: the last panel of each grows into what is left', () => {
    expect(rowSpans(['full', 'half', 'third', 'half', 'half', 'third'], DESK)).toEqual([6, 3, 3, 3, 3, 6]);
    expect(rowSpans(['half', 'half', 'half', 'full', 'third'], WALL)).toEqual([2, 2, 2, 4, 2]);
    expect(rowSpans([], DESK)).toEqual([]);
  });
});

describe('the words of a cell', () => {
  it('bear the unit, in both languages', () => {
    expect(unitText(1712, 'h', english)).toBe('1,712 h');
    expect(unitText(0.5, 'h', english)).toBe('30 min');
    expect(unitText(-90, 's', english)).toBe('−1 min 30 s');
    expect(unitText(0.934, 'share', english)).toBe('93%');
    expect(unitText(1.234, 'm/s', chinese)).toBe('1.23 米/秒');
    expect(unitText(2.984, 'at once', english)).toBe('2.98');
    expect(unitText(0.0786, 'at once', english)).toBe('0.0786');
    expect(unitText(3_210_000, 'bytes', english)).toBe('3.2 MB');
  });

  it('are the zone’s time, the name of what an id stands for, and a dash for what is not known', () => {
    const [time, area] = panel('unusual-hours').columns;
    expect(cellText('2026-11-16 16:00:00', time!, telling)).toBe('17 Nov, 00:00');
    expect(cellText('street-0', area!, telling)).toBe('First Street');
    expect(cellText(null, area!, telling)).toBe('–');
    expect(asTimeMs('2026-11-16 16:00:00.000')).toBe(FROM_MS);
  });
});
