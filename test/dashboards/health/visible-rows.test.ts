/** Which rows of a long list are drawn and asked about. */
import { expect, it } from 'vitest';
import { askedRows, scrollTo, visibleRows } from '#dashboards/src/health/visible-rows.ts';

it('draws what is in view and little beyond, at the begin, in the middle and at the end of a thousand', () => {
  expect(visibleRows({ top: 0, height: 560 }, 56, 1000)).toEqual({ first: 0, end: 16 });
  expect(visibleRows({ top: 5600, height: 560 }, 56, 1000)).toEqual({ first: 94, end: 116 });
  expect(visibleRows({ top: 55_440, height: 560 }, 56, 1000)).toEqual({ first: 984, end: 1000 });
  expect(visibleRows({ top: 55_440, height: 560 }, 56, 3)).toEqual({ first: 3, end: 3 });
  expect(visibleRows({ top: 0, height: 560 }, 56, 0)).toEqual({ first: 0, end: 0 });
});

it('asks in whole steps, so that a small move asks nothing new', () => {
  expect(askedRows({ first: 94, end: 116 }, 1000)).toEqual({ first: 75, end: 125 });
  expect(askedRows({ first: 97, end: 119 }, 1000)).toEqual({ first: 75, end: 125 });
  expect(askedRows({ first: 984, end: 1000 }, 1000)).toEqual({ first: 975, end: 1000 });
});

it('scrolls no further than it must', () => {
  const view = { top: 560, height: 560 };
  expect(scrollTo(12, view, 56)).toBe(560);
  expect(scrollTo(3, view, 56)).toBe(168);
  expect(scrollTo(30, view, 56)).toBe(1176);
});
