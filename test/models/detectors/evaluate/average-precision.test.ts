import { expect, test } from 'vitest';
import { atScore, judge } from '#models/detectors/evaluate/average-precision.ts';
import type { Box } from '#models/schema/detection.ts';

const box = (x: number): Box => [x, 0, 10, 10];
const found = (score: number, x: number) => ({ score, box: box(x) });

test('right, wrong, right of three labels gives the area under the envelope of its curve', () => {
  const labels = [{ box: box(0) }, { box: box(20) }, { box: box(40) }];
  const accuracy = judge([{ found: [found(0.9, 0), found(0.8, 70), found(0.7, 20)], labels }]);
  // Recall 1/3 at precision 1, recall 2/3 at precision 2/3, never 1.
  expect(accuracy.averagePrecision).toBeCloseTo(1 / 3 + (1 / 3) * (2 / 3), 9);
  expect(atScore(accuracy, 0.8)).toEqual({ scoreMin: 0.8, precision: 0.5, recall: 1 / 3 });
  expect(atScore(accuracy, 0.95)).toEqual({ scoreMin: 0.95, precision: 1, recall: 0 });
});

test('a second detection of one label is wrong', () => {
  const accuracy = judge([{ found: [found(0.9, 0), found(0.8, 1)], labels: [{ box: box(0) }] }]);
  expect(accuracy.curve.map(({ precision }) => precision)).toEqual([1, 0.5]);
});

test('an overlap below the least is no match', () => {
  const picture = { found: [found(0.9, 4)], labels: [{ box: box(0) }] };
  // 60 of 140.
  expect(judge([picture]).averagePrecision).toBe(0);
  expect(judge([picture], { iouMin: 0.4 }).averagePrecision).toBe(1);
});

test('what lies on an ignored label counts neither way', () => {
  const labels = [{ box: box(0) }, { box: box(50), isIgnored: true }];
  const accuracy = judge([{ found: [found(0.95, 50), found(0.9, 0), found(0.8, 51)], labels }]);
  expect(accuracy).toMatchObject({ averagePrecision: 1, labels: 1 });
});

test('labels of one picture are not found in another', () => {
  const accuracy = judge([
    { found: [found(0.9, 0)], labels: [] },
    { found: [], labels: [{ box: box(0) }] },
  ]);
  expect(accuracy.averagePrecision).toBe(0);
});
