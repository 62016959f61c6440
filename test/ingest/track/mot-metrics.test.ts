import { expect, test } from 'vitest';
import type { Box } from '#models/schema/detection.ts';
import { type MotFrame, scoreTracks } from '../../bench/judging/mot-metrics.ts';

const box = (x: number): Box => [x, 0, 10, 10];
const frames = (count: number, frame: (index: number) => MotFrame) => Array.from({ length: count }, (_, i) => frame(i));

test('tracks that are the truth score 1', () => {
  const score = scoreTracks(
    frames(10, () => ({
      truth: [
        { id: 1, box: box(0) },
        { id: 2, box: box(50) },
      ],
      tracks: [
        { id: 'a', box: box(0) },
        { id: 'b', box: box(50) },
      ],
    })),
  );
  expect(score).toMatchObject({ mota: 1, idf1: 1, switches: 0, misses: 0, falseAlarms: 0 });
});

test('an id that changes half way is one switch, and halves IDF1', () => {
  const score = scoreTracks(
    frames(10, (i) => ({ truth: [{ id: 1, box: box(0) }], tracks: [{ id: i < 5 ? 'a' : 'b', box: box(0) }] })),
  );
  expect(score).toMatchObject({ switches: 1, misses: 0, falseAlarms: 0, mota: 0.9, idf1: 0.5 });
});

test('misses and false alarms are counted, and a gap is a fragment', () => {
  const score = scoreTracks(
    frames(10, (i) => ({
      truth: [{ id: 1, box: box(0) }],
      tracks: i === 4 ? [{ id: 'c', box: box(90) }] : [{ id: 'a', box: box(0) }],
    })),
  );
  expect(score).toMatchObject({ misses: 1, falseAlarms: 1, switches: 0, fragments: 1, mota: 0.8, idf1: 0.9 });
});

test('a pair stays while it overlaps, even where another track is nearer', () => {
  const score = scoreTracks(
    frames(4, (i) => ({
      truth: [{ id: 1, box: box(0) }],
      tracks: [{ id: 'a', box: box(i === 0 ? 0 : 2) }, ...(i === 0 ? [] : [{ id: 'b', box: box(0) }])],
    })),
  );
  expect(score).toMatchObject({ switches: 0, falseAlarms: 3 });
});
