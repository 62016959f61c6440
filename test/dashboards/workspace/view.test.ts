/** Which view an address names. */
import { expect, it } from 'vitest';
import { hrefOf, readPlace, VIEWS } from '#dashboards/src/workspace/view.ts';

it('reads back every address that it makes, also of a place whose id has a slash', () => {
  for (const view of VIEWS) expect(readPlace(hrefOf(view))).toEqual({ view, rest: '' });
  expect(readPlace(hrefOf('health', 'a/b c'))).toEqual({ view: 'health', rest: 'a/b c' });
});

it('takes an address that names no view for the map', () => {
  for (const hash of ['', '#', '#/', '#/nothing', '#sign-in=abc', '#/health%2F..']) {
    expect(readPlace(hash)).toEqual({ view: 'map', rest: '' });
  }
});

it('does not fall over an address that is cut in the middle of a character', () => {
  expect(readPlace('#/health/%E4%B8')).toEqual({ view: 'health', rest: '' });
});
