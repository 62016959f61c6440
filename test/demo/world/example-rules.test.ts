/** The rules of a new demo, against the schema and the city that they are drawn on. */
import { describe, expect, it } from 'vitest';
import { exampleRules } from '#demo/world/example-rules.ts';
import { VIEWS } from '#demo/world/views.ts';
import { checker } from '#models/schema/check.ts';
import { RuleDraft } from '#models/schema/rule.ts';

describe('the rules of a new demo', () => {
  it('are rules, each of a name of its own, on cameras that the city has', () => {
    const rules = exampleRules('jinan');
    const check = checker('the rule', RuleDraft);
    const cameras = new Set(VIEWS.map(({ id }) => id));
    for (const rule of rules) {
      expect(check(rule)).toEqual(rule);
      if ('cameras' in rule.where) expect(rule.where.cameras.every((camera) => cameras.has(camera))).toBe(true);
    }
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
