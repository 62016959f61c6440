/** A worker's word becomes rows of the history. */
import { expect, it } from 'vitest';
import { createStateRows } from '#analytics/history/state-rows.ts';
import type { CameraState } from '#models/schema/camera.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
const COUNTS = { reconnects: 0, packets: 0, decoded: 0, skipped: 0, looked: 0, dropped: 0, failed: 0, timeJumps: 0 };
const word = (sinceMs: number, updatedAtMs: number, more: Partial<CameraState> = {}): CameraState => ({
  ...{ camera: 'gate-1', state: 'live', worker: 'worker-1', sinceMs, reasonSinceMs: sinceMs, updatedAtMs },
  ...COUNTS,
  ...more,
});
const rowsOf = (words: CameraState[]) => {
  const rows = createStateRows({ offMaxMs: DAY_MS });
  return words.map((each) => rows.of(each, { areaPath: '_._._._._', publishedAtMs: each.updatedAtMs }));
};
const spans = (rows: ReturnType<typeof rowsOf>[number]) => rows?.map(({ fromMs, toMs }) => [fromMs, toMs]);

it('says the same twice with the same row, and lengthens it with a later word', () => {
  const [first, again, later] = rowsOf([word(NOON, NOON + 1000), word(NOON, NOON + 1000), word(NOON, NOON + 16_000)]);
  expect(again).toEqual(first);
  expect(spans(later)).toEqual([[NOON, NOON + 16_000]]);
});

it('cuts a state that lasts over midnight into one row per day, and tells the day that is over once', () => {
  const midnight = NOON + DAY_MS / 2;
  const [before, after, next] = rowsOf([
    word(NOON, midnight - 5),
    word(NOON, midnight + 10),
    word(NOON, midnight + 15_000),
  ]);
  expect(spans(before)).toEqual([[NOON, midnight - 5]]);
  expect(spans(after)).toEqual([
    [NOON, midnight],
    [midnight, midnight + 10],
  ]);
  expect(spans(next)).toEqual([[midnight, midnight + 15_000]]);
});

it('fills the days of an outage of the history itself, but no more than a week', () => {
  const [first] = rowsOf([word(NOON - 3 * DAY_MS, NOON)]);
  expect(first).toHaveLength(4);
  const [old] = rowsOf([word(NOON - 300 * DAY_MS, NOON)]);
  expect(old).toHaveLength(9);
});

it('counts a camera that is tried again as down, since the reason began', () => {
  const [rows] = rowsOf([
    word(NOON + 9000, NOON + 10_000, {
      ...{ state: 'connecting', reason: 'camera-refused', downSinceMs: NOON, reasonSinceMs: NOON + 4000 },
    }),
  ]);
  expect(rows).toMatchObject([{ condition: 'down', fromMs: NOON + 4000, toMs: NOON + 10_000 }]);
});

it('does not take the word of a clock that is days off', () => {
  const rows = createStateRows({ offMaxMs: DAY_MS });
  const about = { areaPath: '_._._._._', publishedAtMs: NOON };
  expect(rows.of(word(NOON - 3 * DAY_MS, NOON - 2 * DAY_MS), about)).toBeUndefined();
});
