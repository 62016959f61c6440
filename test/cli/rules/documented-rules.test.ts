import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRules } from '#cli/rules/read-rules.ts';
import { checkRule } from '#models/registry/rule-check.ts';
import { CONDITION_TYPES } from '#models/schema/rule-condition.ts';
import { ROOT_DIR } from '#system/config.ts';

const page = readFileSync(resolve(ROOT_DIR, 'docs/alerts.md'), 'utf8');
const rules = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text)
  .filter((text) => text.startsWith('id:'))
  .flatMap((text) => readRules(text, 'docs/alerts.md').map(({ draft }) => draft));

describe('the rules of docs/alerts.md', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is a rule that can be meant', (_id, rule) => {
    expect(checkRule(rule)).toEqual([]);
  });

  it('show every condition that there is', () => {
    expect(new Set(rules.map(({ when }) => when.type))).toEqual(new Set(CONDITION_TYPES));
  });
});
