import { expect, test } from 'vitest';
import { atScore, bestPoint, judge } from '#models/detectors/evaluate/average-precision.ts';
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

test('what lies for the better half inside a region counts neither way, unless it is right', () => {
  const regions: Box[] = [[0, 0, 100, 10]];
  const accuracy = judge([
    { found: [found(0.9, 0), found(0.8, 60), found(0.7, 96)], labels: [{ box: box(0) }], regions },
  ]);
  expect(accuracy.judged).toEqual([
    { score: 0.9, isRight: true },
    { score: 0.7, isRight: false },
  ]);
});

test('what is optional counts only where it is right', () => {
  const optional = [found(0.9, 50), found(0.8, 0)].map((each) => ({ ...each, isOptional: true }));
  expect(judge([{ found: optional, labels: [{ box: box(0) }] }]).judged).toEqual([{ score: 0.8, isRight: true }]);
});

test('the best point has the largest harmonic mean of precision and recall', () => {
  const labels = [{ box: box(0) }, { box: box(20) }];
  const accuracy = judge([{ found: [found(0.9, 0), found(0.7, 20), found(0.5, 70)], labels }]);
  expect(bestPoint(accuracy)).toEqual({ scoreMin: 0.7, precision: 1, recall: 1, f1: 1 });
  expect(bestPoint(judge([]))).toMatchObject({ f1: 0, recall: 0 });
});
