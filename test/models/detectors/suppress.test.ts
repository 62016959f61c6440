import { expect, test } from 'vitest';
import { Candidates } from '#models/detectors/candidates.ts';
import { suppress } from '#models/detectors/suppress.ts';

const PERSON = 0;
const CAR = 3;

function candidates(
  ...boxes: [kind: number, score: number, left: number, top: number, right: number, bottom: number][]
) {
  const found = new Candidates();
  for (const box of boxes) found.addCorners(...box);
  return found;
}

test('of boxes of a kind that overlap too much the best stays, and the rest is sorted by score', () => {
  const found = candidates([PERSON, 0.5, 0, 0, 10, 10], [PERSON, 0.9, 1, 0, 11, 10], [PERSON, 0.7, 50, 0, 60, 10]);
  expect(suppress(found, 0.5)).toEqual([1, 2]);
});

test('boxes of two kinds do not suppress each other', () => {
  expect(suppress(candidates([PERSON, 0.5, 0, 0, 10, 10], [CAR, 0.9, 0, 0, 10, 10]), 0.5)).toEqual([1, 0]);
});

test('an overlap just below the limit is kept, just above is not', () => {
  // 10 x 10 boxes shifted by 5 share 50 of 150.
  const found = candidates([PERSON, 0.9, 0, 0, 10, 10], [PERSON, 0.8, 5, 0, 15, 10]);
  expect(suppress(found, 0.34)).toEqual([0, 1]);
  expect(suppress(found, 0.33)).toEqual([0]);
});

test('a box that was suppressed suppresses nothing', () => {
  const found = candidates([PERSON, 0.9, 0, 0, 10, 10], [PERSON, 0.8, 4, 0, 14, 10], [PERSON, 0.7, 8, 0, 18, 10]);
  expect(suppress(found, 0.4)).toEqual([0, 2]);
});

test('iouMax 1 keeps every box, and an empty box is none', () => {
  const found = candidates([PERSON, 0.9, 0, 0, 10, 10], [PERSON, 0.8, 0, 0, 10, 10], [PERSON, 0.99, 5, 5, 5, 9]);
  expect(suppress(found, 1)).toEqual([0, 1]);
});

test('more boxes than there is room for are cut, not written past the end', () => {
  const found = new Candidates();
  for (let box = 0; box < 20_000; box++) found.addCorners(PERSON, 0.5, box * 20, 0, box * 20 + 10, 10);
  expect(found.count).toBeLessThan(20_000);
  expect(suppress(found, 0.5).length).toBe(300);
});
