import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DIAGNOSIS_PAGE, diagnosisFingerprint } from '#test/bench/diagnosis.ts';

it('docs/diagnosis.md was written about these clips and these rules', () => {
  expect(readFileSync(DIAGNOSIS_PAGE, 'utf8').split('\n')[0]).toContain(diagnosisFingerprint());
});
