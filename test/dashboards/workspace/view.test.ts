/** Which view an address names. */
import { expect, it } from 'vitest';
import { hrefOf, readPlace, VIEWS } from '#dashboards/src/workspace/view.ts';

it('reads back every address that it makes, also of a place whose id has a slash', () => {
  for (const view of VIEWS) expect(readPlace(hrefOf(view))).toEqual({ view, rest: '', query: '' });
  expect(readPlace(hrefOf('health', 'a/b c'))).toEqual({ view: 'health', rest: 'a/b c', query: '' });
});

it('takes an address that names no view for the map', () => {
  for (const hash of ['', '#', '#/', '#/nothing', '#sign-in=abc', '#/health%2F..']) {
    expect(readPlace(hash)).toEqual({ view: 'map', rest: '', query: '' });
  }
});

it('does not fall over an address that is cut in the middle of a character', () => {
  expect(readPlace('#/health/%E4%B8')).toEqual({ view: 'health', rest: '', query: '' });
});

it('keeps what stands behind a question mark apart from the place', () => {
  expect(readPlace('#/map?kind=car&from=1')).toEqual({ view: 'map', rest: '', query: 'kind=car&from=1' });
  expect(readPlace('#/health/gate-3?x')).toEqual({ view: 'health', rest: 'gate-3', query: 'x' });
});
