/** What was said of a camera becomes how it was, and how available. */
import { expect, it } from 'vitest';
import { addInto, availabilityOf, emptyTally, stripOf, timelineOf, within } from '#analytics/store/availability.ts';
import type { SaidState } from '#analytics/store/camera-states.ts';

const MINUTE_MS = 60_000;
const at = (minutes: number) => minutes * MINUTE_MS;
const said = (from: number, to: number, state: string, reason = ''): SaidState => ({
  camera: 'a',
  fromMs: at(from),
  toMs: at(to),
  state,
  reason,
});
const hour = { fromMs: at(0), toMs: at(60) };
const brief = (words: SaidState[]) =>
  timelineOf(words, hour).map(({ condition, reason, fromMs, toMs }) =>
    [condition, reason, fromMs / MINUTE_MS, toMs / MINUTE_MS].filter((part) => part !== '').join(' '),
  );
const availability = (words: SaidState[]) => availabilityOf(addInto(emptyTally(), timelineOf(words, hour)));

it('holds a word until the next one that comes in time', () => {
  expect(brief([said(-30, 19.8, 'live'), said(20, 29.8, 'down', 'camera-frozen'), said(30, 59.9, 'live')])).toEqual([
    'live 0 20',
    'down camera-frozen 20 30',
    'live 30 60',
  ]);
  expect(availability([said(-30, 19.8, 'live'), said(20, 29.8, 'down', 'x'), said(30, 60, 'live')])).toBeCloseTo(5 / 6);
});

it('tells a time that nobody watched apart from a time down, and counts it for neither', () => {
  const words = [said(0, 15, 'live'), said(40, 60, 'down', 'camera-refused')];
  expect(brief(words)).toEqual(['live 0 16', 'unknown 16 40', 'down camera-refused 40 60']);
  expect(availability(words)).toBeCloseTo(16 / 36);
  expect(brief([])).toEqual(['unknown 0 60']);
  expect(availability([])).toBeNull();
});

it('does not count the time that a camera is switched off', () => {
  const words = [said(0, 30, 'live'), said(30, 58, 'disabled')];
  expect(brief(words)).toEqual(['live 0 30', 'disabled 30 60']);
  expect(availability(words)).toBe(1);
});

it('does not know of a camera that waits for a worker or is connected for the first time', () => {
  expect(brief([said(0, 5, 'waiting'), said(5, 6, 'connecting'), said(6, 60, 'live')])).toEqual([
    'unknown 0 6',
    'live 6 60',
  ]);
});

it('believes the word that began later where two overlap', () => {
  expect(brief([said(0, 60, 'live'), said(20, 60, 'down', 'camera-ended')])).toEqual([
    'live 0 20',
    'down camera-ended 20 60',
  ]);
});

it('joins what midnight has cut, and leaves nothing out and nothing twice', () => {
  const words = [said(0, 10, 'live'), said(10, 20, 'live'), said(20, 25, 'down', 'a'), said(25, 40, 'down', 'b')];
  expect(brief(words)).toEqual(['live 0 20', 'down a 20 25', 'down b 25 41', 'unknown 41 60']);
  const line = timelineOf(words, hour);
  expect(line.every((interval, index) => index === 0 || line[index - 1]!.toMs === interval.fromMs)).toBe(true);
  const total = Object.values(addInto(emptyTally(), line)).reduce((sum, ms) => sum + ms, 0);
  expect(total).toBe(at(60));
});

it('cuts to a span, and draws a strip on which a short time down is not lost', () => {
  const line = timelineOf([said(0, 29.9, 'live'), said(30, 31, 'down', 'a'), said(31, 60, 'live')], hour);
  expect(within(line, at(25), at(30.5)).map(({ condition }) => condition)).toEqual(['live', 'down']);
  expect(stripOf(line, { ...hour, steps: 6 })).toBe('llldll');
  expect(stripOf(timelineOf([said(0, 20, 'live')], hour), { ...hour, steps: 3 })).toBe('luu');
});
