/** How well letters fit names: the order in which a search tells what it found. */
import { describe, expect, it } from 'vitest';
import { fitOf, wordsOf } from '#api/search/match.ts';

const wellOf = (text: string, ...names: string[]) => fitOf(wordsOf(text), names);

describe('a few letters', () => {
  it('fit best what they are, then what begins with them, then a word inside, then anything inside', () => {
    const names = ['gate', 'gate-3', 'north gate', 'floodgates'];
    const fits = names.map((name) => wellOf('gate', name));
    expect(fits.every((value) => value > 0)).toBe(true);
    expect(fits).toEqual([...fits].sort((a, b) => b - a));
    expect(new Set(fits).size).toBe(4);
  });

  it('find Chinese names by some of their characters in order, and ids by their letters and digits', () => {
    expect(wellOf('历东', '历下区东门')).toBeGreaterThan(0);
    expect(wellOf('东历', '历下区东门')).toBe(0);
    expect(wellOf('cam12', 'cam-0012')).toBeGreaterThan(0);
  });

  it('do not find nearly everything by two scattered letters', () => {
    expect(wellOf('ge', 'great square')).toBe(0);
  });

  it('take full-width letters and capitals for the same', () => {
    expect(wellOf('ＧＡＴＥ', 'gate')).toBe(wellOf('gate', 'gate'));
  });

  it('must all be found, each in any of the texts', () => {
    expect(wellOf('gate lixia', 'north gate', 'cam-1', 'Lixia')).toBeGreaterThan(0);
    expect(wellOf('gate huaiyin', 'north gate', 'cam-1', 'Lixia')).toBe(0);
  });

  it('fit nothing where there are none', () => {
    expect(wellOf('  ', 'gate')).toBe(0);
  });
});
