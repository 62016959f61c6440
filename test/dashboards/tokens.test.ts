/** That the sheets of the page stay one system: sizes of type, corners and the look of fields each stand in one place. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_DIR } from '#system/config.ts';

const DIR = resolve(ROOT_DIR, 'dashboards/src/styles');
const SHEETS = readdirSync(DIR).filter((name) => name.endsWith('.css') && name !== 'tokens.css');
/** Its figures are drawn in a picture that is scaled, and on walls. */
const SCALED = ['dash-sizes.css'];
/** Below the smallest token an edge is not seen as round; 0 and circles are no corners. */
const CORNER = /border-radius:\s*(?:[2-9]|\d\d)(?:\.\d+)?px\s*;/g;

const read = (name: string) => readFileSync(resolve(DIR, name), 'utf8');

describe('the sheets of the page', () => {
  it.each(SHEETS.filter((name) => !SCALED.includes(name)))('%s takes sizes of type from the tokens', (name) => {
    expect(read(name).match(/font-size:\s*[1-9][\d.]*px/g) ?? []).toEqual([]);
  });

  it.each(SHEETS)('%s takes corners from the tokens', (name) => {
    expect(read(name).match(CORNER) ?? []).toEqual([]);
  });

  it.each(SHEETS)('%s uses no token that does not exist', (name) => {
    const known = new Set([...read('tokens.css').matchAll(/^\s*(--[\w-]+):/gm)].map(([, token]) => token));
    const own = new Set([...read(name).matchAll(/(--[\w-]+):/g)].map(([, token]) => token));
    const used = [...read(name).matchAll(/var\((--(?:text|radius|space|paper|ink|line|video)[\w-]*)\)/g)];
    expect(used.map(([, token]) => token!).filter((token) => !known.has(token) && !own.has(token))).toEqual([]);
  });

  it('give fields their edge in one place only', () => {
    const edged = SHEETS.filter((name) => name !== 'controls.css').filter((name) =>
      /(?:input|select)[^{}]*\{[^}]*\n\s*border: 1px/.test(read(name)),
    );
    expect(edged).toEqual([]);
  });
});
