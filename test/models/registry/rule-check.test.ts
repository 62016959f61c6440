import { describe, expect, it } from 'vitest';
import { checkRule, demandRule, type RuleWorld } from '#models/registry/rule-check.ts';
import { checker } from '#models/schema/check.ts';
import { RuleDraft } from '#models/schema/rule.ts';
import type { Condition } from '#models/schema/rule-condition.ts';

const check = checker('the rule', RuleDraft);
const LINE: [number, number][] = [
  [0.1, 0.5],
  [0.9, 0.5],
];
const line = (points: number[][], space: 'picture' | 'ground' = 'picture') => ({ space, points });

function faultsOf(when: Condition, more: Partial<RuleDraft> = {}, world?: RuleWorld): string[] {
  const rule = check({
    ...{ id: 'r1', name: 'r1', isEnabled: true, where: { cameras: ['gate'] }, when, severity: 'minor' },
    ...more,
  });
  return checkRule(rule, world).map(({ code, path }) => `${code} ${path}`);
}

const WORLD: RuleWorld = {
  camera: (id) => ({ gate: { isCalibrated: false }, square: { isCalibrated: true } })[id],
  hasArea: (id) => id === 'g-1' || id === 'g-2',
  camerasOf: (id) => (id === 'g-1' ? ['gate'] : ['gate', 'square']),
};

describe('checkRule', () => {
  it('passes a line that is one', () => {
    expect(faultsOf({ type: 'line', line: line(LINE) }, {}, WORLD)).toEqual([]);
  });

  it('names the point of a line that has no length there', () => {
    const points = [...LINE, [0.9, 0.5]];
    expect(faultsOf({ type: 'line', line: line(points) })).toEqual(['rule-shape /when/line/points/2']);
  });

  it('names the points of a zone that lie outside of the picture', () => {
    const points = [[0.2, 0.2], [1.2, 0.2], [0.5, -0.1]]; // biome-ignore format: one triangle
    expect(faultsOf({ type: 'zone', zone: line(points), event: 'entry' })).toEqual([
      'rule-outside-picture /when/zone/points/1',
      'rule-outside-picture /when/zone/points/2',
    ]);
  });

  it('refuses a zone whose sides cross, closed or not', () => {
    const bow = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]; // biome-ignore format: one zone
    for (const points of [bow, [...bow, bow[0]!]])
      expect(faultsOf({ type: 'dwell', zone: line(points), overS: 5 })[0]).toBe('rule-shape /when/zone');
  });

  it('refuses bounds between which there is nothing, and a rule without any', () => {
    expect(faultsOf({ type: 'count', above: 5, below: 6, forS: 1 })).toEqual(['rule-contradiction /when']);
    expect(faultsOf({ type: 'count', above: 4, below: 6, forS: 1 })).toEqual([]);
    expect(faultsOf({ type: 'area-total', below: 0, forS: 1 })).toEqual(['rule-contradiction /when/below']);
    expect(faultsOf({ type: 'count', forS: 1 })).toEqual(['rule-limit-missing /when']);
    expect(faultsOf({ type: 'speed', aboveKmh: 50, belowKmh: 50 })).toEqual(['rule-contradiction /when']);
    expect(faultsOf({ type: 'flow-imbalance', line: line(LINE), windowS: 60, shareAbove: 1, countMin: 5 })).toEqual([
      'rule-contradiction /when/shareAbove',
    ]);
  });

  it('looks into both parts of a sequence', () => {
    const first = { type: 'count', forS: 1 } as const;
    const next = { type: 'area-total', above: 3, forS: 1 } as const;
    expect(faultsOf({ type: 'sequence', first, next, withinS: 10, same: 'camera' })).toEqual([
      'rule-limit-missing /when/first',
      'rule-contradiction /when/next',
    ]);
  });

  it('refuses what is drawn on a picture for a whole area, and takes it from the ground', () => {
    const ground = [[117, 36.6], [117.001, 36.6], [117, 36.601]]; // biome-ignore format: one triangle
    const where = { area: 'g-2' };
    expect(faultsOf({ type: 'line', line: line(LINE) }, { where }, WORLD)).toEqual(['rule-scope /when/line']);
    expect(faultsOf({ type: 'dwell', zone: line(ground, 'ground'), overS: 9 }, { where }, WORLD)).toEqual([]);
  });

  it('asks for a calibration where speed, density or the ground is needed', () => {
    expect(faultsOf({ type: 'speed', aboveKmh: 50 }, {}, WORLD)).toEqual(['rule-uncalibrated /when']);
    expect(faultsOf({ type: 'speed', aboveKmh: 50 }, { where: { area: 'g-1' } }, WORLD)).toEqual([
      'rule-uncalibrated /when',
    ]);
    expect(faultsOf({ type: 'speed', aboveKmh: 50 }, { where: { area: 'g-2' } }, WORLD)).toEqual([]);
  });

  it('names cameras and areas that do not exist', () => {
    const when = { type: 'count', above: 3, forS: 1 } as const;
    expect(faultsOf(when, { where: { cameras: ['gate', 'gone'] } }, WORLD)).toEqual([
      'rule-camera-unknown /where/cameras/1',
    ]);
    expect(faultsOf(when, { where: { area: 'gone' } }, WORLD)).toEqual(['rule-area-unknown /where/area']);
  });

  it('refuses a time zone that does not exist, a span that begins at its end of day, and an unknown field', () => {
    const when = { type: 'count', above: 3, forS: 1 } as const;
    const schedule = { zone: 'Asia/Atlantis', spans: [{ from: '24:00', to: '06:00' }] };
    expect(faultsOf(when, { schedule, text: '{count} at {wherever}' })).toEqual([
      'rule-time-zone /schedule/zone',
      'rule-schedule /schedule/spans/0/from',
      'rule-text /text',
    ]);
  });
});

it('throws one fault that names all', () => {
  const rule = check({
    ...{ id: 'r1', name: 'r1', isEnabled: true, where: { cameras: ['gate'] }, severity: 'minor' },
    when: { type: 'count', forS: 1 },
    text: '{who}',
  });
  expect(() => demandRule(rule)).toThrow(
    /rule "r1": \/when: it has neither above nor below.*\/text: \{who\} is no field/,
  );
});
