import { describe, expect, it } from 'vitest';
import { readRules } from '#cli/rules/read-rules.ts';

const LINE = `id: gate
where: { cameras: [gate] }
when:
  type: line
  line:
    space: picture
    points: [[0.1, 0.5], [0.9, 0.5]]
severity: minor
`;

describe('a file of rules', () => {
  it('holds one rule, a list, `rules:` with a list, or several documents; a rule is on and called as its id', () => {
    const [one] = readRules(LINE, 'a.yaml');
    expect(one?.draft).toMatchObject({ id: 'gate', name: 'gate', isEnabled: true, when: { type: 'line' } });
    const list = JSON.stringify([one?.draft, { ...one?.draft, id: 'two' }]);
    for (const text of [list, `rules: ${list}`, `${LINE}---\n${LINE.replace('gate', 'two')}`])
      expect(readRules(text, 'a.yaml').map(({ draft }) => draft.id)).toEqual(['gate', 'two']);
  });

  it.each([
    ['id: [a\n', 'a.yaml:2:1: '],
    [LINE.replace('severity: minor', 'severity: loud'), 'a.yaml:8: severity should be one of critical'],
    [LINE.replace('type: line', 'type: lien'), 'a.yaml:4: when.type "lien" is none of line'],
    [LINE.replace('[0.9, 0.5]', '[0.9]'), 'a.yaml:7: when.line.points.1 must not have fewer than 2'],
    [LINE.replace('severity: minor', 'sevrity: minor'), 'a.yaml:8: sevrity is no field here'],
    [`${LINE}---\n${LINE}`, 'a.yaml:10: "gate" stands there twice'],
    [LINE.replace('where:', 'where: { area: x }\nwhere:'), 'a.yaml:3:1: '],
    ['', 'a.yaml holds no rule'],
    ['just words', 'a.yaml:1: it should be a rule'],
  ])('says the line of what is wrong: %j', (text, words) => {
    expect(() => readRules(text, 'a.yaml')).toThrow(words);
  });

  it('knows the place of everything that others find wrong', () => {
    const [rule] = readRules(`# two lines\n\n${LINE}`, 'b.yaml');
    expect(rule?.placeOf('/when/line/points/1')).toBe('b.yaml:9');
    expect(rule?.placeOf('/where/cameras/0')).toBe('b.yaml:4');
    expect(rule?.placeOf('/schedule/zone')).toBe('b.yaml:3');
  });
});
