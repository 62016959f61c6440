import { expect, test } from 'vitest';
import { calibrationError, reliabilityOf } from '#models/detectors/evaluate/reliability.ts';

const judged = (score: number, ...rights: number[]) => rights.map((right) => ({ score, isRight: right === 1 }));

test('a score of 0.75 that comes true three times in four is off by nothing', () => {
  const bins = reliabilityOf(judged(0.75, 1, 1, 1, 0));
  expect(bins).toEqual([{ from: 0.7, to: 0.8, count: 4, meanScore: 0.75, right: 0.75 }]);
  expect(calibrationError(bins)).toBe(0);
});

test('bins are weighed by what is in them, and a score of 1 has one', () => {
  const bins = reliabilityOf([...judged(1, 1, 1, 1), ...judged(0.55, 0)]);
  expect(bins.map(({ from, count }) => [from, count])).toEqual([
    [0.5, 1],
    [0.9, 3],
  ]);
  expect(calibrationError(bins)).toBeCloseTo(0.55 / 4, 9);
});

test('nothing found is off by nothing', () => {
  expect(calibrationError(reliabilityOf([]))).toBe(0);
});
