import { describe, expect, it } from 'vitest';
import { RENDERED } from '#demo/score/incidents/rendered.ts';
import { countsOf, incidentPage, recallAndPrecision } from '#demo/score/incidents/report.ts';
import { scoreLines, scoreScripts } from '#demo/score/incidents/score.ts';
import { INCIDENTS } from '#demo/world/incidents/all.ts';
import { film } from '#demo/world/incidents/film.ts';
import { VIEWS } from '#demo/world/views.ts';
import { checkRule } from '#models/registry/rule-check.ts';
import { CONDITION_TYPES } from '#models/schema/rule-condition.ts';

const real = INCIDENTS.filter(({ isDecoy }) => !isDecoy);

describe('scripted incidents', () => {
  it('are at least sixty, and as many decoys, of every condition, by day, by night and in rain', () => {
    expect(real.length).toBeGreaterThanOrEqual(60);
    expect(INCIDENTS.length - real.length).toBeGreaterThanOrEqual(60);
    expect(new Set(real.map(({ rule }) => rule.when.type))).toEqual(new Set(CONDITION_TYPES));
    for (const light of ['day', 'night', 'rain'])
      expect(real.filter((incident) => incident.light === light).length).toBeGreaterThan(15);
    expect(new Set(INCIDENTS.map(({ id }) => id)).size).toBe(INCIDENTS.length);
    expect(INCIDENTS.flatMap(({ rule }) => checkRule(rule))).toEqual([]);
  });

  it('are the same at every time, and show in the picture', () => {
    const [incident] = real;
    expect([...film(incident!)]).toEqual([...film(incident!)]);
    for (const one of INCIDENTS.filter(({ actors }) => actors.length > 0))
      expect(
        [...film(one)].some(({ things }) => things.length > 0),
        one.id,
      ).toBe(true);
  });

  it('are found with a recall of 0.95 and a precision of 0.9 when the engine is fed with true tracks', () => {
    const verdicts = scoreScripts();
    const { recall, precision } = recallAndPrecision(verdicts.map(countsOf));
    const wrong = verdicts.filter((one) => one.missed.length + one.wrong.length > 0).map(({ incident }) => incident.id);
    expect(recall, wrong.join(' ')).toBeGreaterThanOrEqual(0.95);
    expect(precision, wrong.join(' ')).toBeGreaterThanOrEqual(0.9);
    expect(incidentPage({ scripted: verdicts, lines: [], rendered: undefined }, 0)).toContain('| sequence | 3 | 3 |');
  });
});

describe('the lines of the city’s views', () => {
  it('are counted within two percent when the engine is fed with the truth of the clips', () => {
    const lines = scoreLines();
    const [crossings, off] = lines.reduce(
      ([all, wrong], one) => [all + one.true, wrong + one.missed + one.doubled],
      [0, 0],
    );
    expect(crossings).toBeGreaterThan(400);
    expect(off / crossings).toBeLessThanOrEqual(0.02);
  });
});

describe('incidents in rendered clips', () => {
  it('are at least twelve, each of a clip that there is', () => {
    const clips = VIEWS.flatMap(({ id, variants }) => variants.map((variant) => `${id}-${variant.id}`));
    expect(Object.keys(RENDERED).length).toBeGreaterThanOrEqual(12);
    expect(clips).toEqual(expect.arrayContaining(Object.keys(RENDERED)));
  });
});
