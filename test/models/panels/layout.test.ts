import { describe, expect, it } from 'vitest';
import { emptyReason, type SubjectFacts } from '#models/panels/empty.ts';
import { layOut } from '#models/panels/layout.ts';
import { readPanels } from '#models/panels/read.ts';
import { scoreOf } from '#models/panels/score.ts';

const facts: SubjectFacts = {
  cameras: 2,
  calibrated: 1,
  observedS: 7200,
  observedShare: 1,
  rules: 1,
  hasChildren: true,
  earlierWeeks: 5,
};
const headline = readPanels().panels.find(({ id }) => id === 'places-below')!;

describe('panels', () => {
  it('fill every row, the best first, those without figures last', () => {
    const panel = (id: string, size: 'third' | 'half' | 'full', score: number) => ({
      id,
      size,
      score,
      empty: score === 0 ? {} : null,
    });
    const laid = layOut([
      ...[
        panel('a', 'half', 9),
        panel('b', 'full', 8),
        panel('c', 'third', 7),
        panel('d', 'third', 6),
        panel('e', 'full', 5),
      ],
      ...[panel('f', 'third', 4), panel('none', 'half', 0), panel('g', 'third', 4), panel('h', 'half', 3)],
    ]);
    expect(laid.map(({ id, size }) => `${id} ${size}`)).toEqual([
      ...['a half', 'c half', 'b full', 'd third', 'f third', 'g third', 'e full', 'h full', 'none half'],
    ]);
    expect(layOut([...laid].reverse().map((each) => ({ ...each })))).toHaveLength(laid.length);
  });

  it('say in which way they are empty: what is needed first, then who watched, then what was seen', () => {
    const reason = (
      rows: (string | number | null)[][],
      more: Partial<SubjectFacts> = {},
      failed: string | null = null,
    ) => emptyReason(headline, { rows, failed }, { ...facts, ...more })?.code ?? null;
    const row = ['dikou', 5, 4, 1, 1];
    expect(reason([row, row])).toBeNull();
    expect(reason([], { hasChildren: false })).toBe('no-children');
    expect(reason([], {}, 'x')).toBe('failed');
    expect(reason([], { observedS: 0 })).toBe('not-observed');
    expect(reason([])).toBe('nothing-seen');
    expect(reason([row])).toBe('too-few');
  });

  it('of what departs from normal say that nothing does only where normal is known', () => {
    const unusual = readPanels().panels.find(({ id }) => id === 'unusual-hours')!;
    const reason = (earlierWeeks: number, observedS = 7200) =>
      emptyReason(unusual, { rows: [], failed: null }, { ...facts, earlierWeeks, observedS })?.code;
    expect(reason(2)).toBe('no-normal-yet');
    expect(reason(3)).toBe('nothing-unusual');
    expect(reason(3, 0)).toBe('not-observed');
  });

  it('say of figures how much of the period was watched, whatever was before it', () => {
    const figures = readPanels().panels.find(({ id }) => id === 'headline')!;
    const row = (share: number | null) =>
      figures.columns.map(({ part }) => (part === 'observed-share' ? share : part === 'value' ? 1 : null));
    const { shownBecause } = scoreOf(figures, { rows: [row(0.04), row(1)], empty: null }, { facts, role: 'analyst' });
    expect(shownBecause.en).toContain(', 4 % of the time was watched');
  });

  it('are worth more for the role that they serve, where more was watched, and where something departs from normal', () => {
    const score = (sigmas: number, more: Partial<SubjectFacts> = {}, role: 'analyst' | 'operator' = 'analyst') =>
      scoreOf(
        headline,
        {
          rows: [
            ['a', 4 + sigmas, 4, 1, sigmas],
            ['b', 4, 4, 1, 0],
          ],
          empty: null,
        },
        { facts: { ...facts, ...more }, role },
      );
    expect(score(0).score).toBeGreaterThan(score(0, {}, 'operator').score);
    expect(score(0).score).toBeGreaterThan(score(0, { observedShare: 0.2 }).score);
    expect(score(5).score).toBeGreaterThan(score(0).score);
    expect(score(5).shownBecause.en).toContain('5.0 sigmas');
    expect(score(5).shownBecause.zh).toContain('5.0σ');
    expect(score(5)).toEqual(score(5));
  });
});
