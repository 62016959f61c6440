import { describe, expect, test } from 'vitest';
import { TrackSnapshot } from '#ingest/track/snapshot.ts';
import { createTracker, lowScoreMin, type Tracker } from '#ingest/track/tracker.ts';
import { checker } from '#models/schema/check.ts';
import type { Box, Detection, TrackedDetection } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';

const seen = (box: Box, values: Partial<Detection> = {}): Detection => ({ kind: 'person', score: 0.9, box, ...values });
const ids = (tracked: readonly TrackedDetection[]) => tracked.map(({ track }) => track);

const PLACE: Box = [0.4, 0.4, 0.1, 0.2];

/** Looks every `everyMs` from `fromMs`, and returns what each look told. */
function look(
  tracker: Tracker,
  detectionsAt: (t: number) => Detection[],
  { fromMs = 0, toMs, everyMs = 100 }: { fromMs?: number; toMs: number; everyMs?: number },
): TrackedDetection[][] {
  const told: TrackedDetection[][] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += everyMs) told.push(tracker.update(detectionsAt(atMs / 1000), { atMs }));
  return told;
}

const parked =
  (kind: Kind = 'car') =>
  () => [seen(PLACE, { kind })];

describe('a moving thing', () => {
  const walker = (t: number): Box => [0.05 + 0.08 * t, 0.4, 0.05, 0.15];

  test('is told from its second look on, with one id that nobody can guess', () => {
    const told = look(createTracker(), (t) => [seen(walker(t))], { toMs: 5000 });
    expect(told[0]).toEqual([]);
    expect(told.slice(1).every((tracked) => tracked.length === 1)).toBe(true);
    const all = new Set(told.flatMap(ids));
    expect(all.size).toBe(1);
    expect([...all][0]).toMatch(/^[a-z0-9]{16}$/);
    const others = Array.from({ length: 50 }, () => ids(look(createTracker(), parked(), { toMs: 100 })[1] ?? [])[0]);
    expect(new Set([...others, ...all]).size).toBe(51);
  });

  test('has its first look told with its second, and only there', () => {
    const told = look(createTracker(), (t) => [seen(walker(t))], { toMs: 1000 });
    expect(told[1]?.[0]?.first).toEqual({ atMs: 0, score: 0.9, box: walker(0) });
    expect(told.slice(2).flatMap((tracked) => tracked.map(({ first }) => first))).toEqual(Array(9).fill(undefined));
  });

  test('that is seen once and not again was never there', () => {
    const told = look(createTracker(), (t) => (t === 0.5 ? [seen(PLACE)] : []), { toMs: 2000 });
    expect(told.flat()).toEqual([]);
  });

  test('keeps its id behind something for a second, and goes on as it went', () => {
    const isHidden = (t: number) => t >= 2 && t < 3;
    const told = look(createTracker(), (t) => (isHidden(t) ? [] : [seen(walker(t))]), { toMs: 5000 });
    expect(told.slice(20, 30).flat()).toEqual([]);
    expect(new Set(told.flatMap(ids)).size).toBe(1);
    expect(told[30]?.length).toBe(1);
  });

  test('that is gone for longer than it is waited for comes back as another', () => {
    const told = look(createTracker({ lostMs: 1000 }), (t) => (t >= 2 && t < 4 ? [] : [seen(walker(t))]), {
      toMs: 6000,
    });
    expect(new Set(told.flatMap(ids)).size).toBe(2);
  });

  test('is continued, but not begun, by weak detections', () => {
    const weakAfter = (s: number) => (t: number) => [seen(walker(t), { score: t >= s && t < s + 1 ? 0.25 : 0.9 })];
    expect(new Set(look(createTracker(), weakAfter(2), { toMs: 4000 }).flatMap(ids)).size).toBe(1);
    const weak = look(createTracker(), (t) => [seen(walker(t), { score: 0.45 })], { toMs: 4000 });
    expect(weak.flat()).toEqual([]);
    expect(lowScoreMin(0.5)).toBeCloseTo(0.15, 9);
  });

  test('is followed at one look every half second', () => {
    const told = look(createTracker(), (t) => [seen(walker(t))], { toMs: 8000, everyMs: 500 });
    expect(new Set(told.flatMap(ids)).size).toBe(1);
  });

  test('keeps its id when it runs and turns round between two looks', () => {
    // The square of the demo's city at five looks a second: somebody jogs, and back.
    const boxes: Box[] = [
      [0.798, 0.424, 0.024, 0.125],
      [0.808, 0.431, 0.037, 0.124],
      [0.834, 0.433, 0.029, 0.128],
      [0.841, 0.442, 0.036, 0.129],
      [0.86, 0.449, 0.03, 0.131],
      [0.872, 0.456, 0.023, 0.131],
      [0.86, 0.465, 0.027, 0.132],
      [0.846, 0.469, 0.029, 0.132],
    ];
    const tracker = createTracker();
    const told = boxes.map((box, at) => tracker.update([seen(box)], { atMs: at * 200 }));
    expect(told.slice(1).every((tracked) => tracked.length === 1)).toBe(true);
    expect(new Set(told.flatMap(ids)).size).toBe(1);
  });

  test('keeps its id when it crosses another', () => {
    const left = (t: number): Box => [0.1 + 0.1 * t, 0.4, 0.05, 0.15];
    const right = (t: number): Box => [0.7 - 0.1 * t, 0.42, 0.05, 0.15];
    const told = look(createTracker(), (t) => [seen(left(t)), seen(right(t))], { toMs: 6000 });
    const before = told[5] ?? [];
    const after = told[60] ?? [];
    expect(new Set(told.flatMap(ids)).size).toBe(2);
    const idAt = (tracked: TrackedDetection[], x: number) =>
      tracked.find(({ box }) => Math.abs(box[0] - x) < 0.01)?.track;
    expect(idAt(after, left(6)[0])).toBe(idAt(before, left(0.5)[0]));
  });
});

describe('kinds', () => {
  test('a van that is now a car and now a truck is one track of the kind seen more', () => {
    const kindAt = (t: number): Kind => (Math.round(t * 10) % 3 === 0 ? 'truck' : 'car');
    const told = look(createTracker(), (t) => [seen(PLACE, { kind: kindAt(t) })], { toMs: 3000 });
    expect(new Set(told.flatMap(ids)).size).toBe(1);
    expect(told.at(-1)?.[0]?.kind).toBe('car');
  });

  test('a car that comes out from behind a bus is not the bus, and neither is told to be the other', () => {
    const bus = (t: number) => seen([0.1 + 0.05 * t, 0.3, 0.3, 0.3], { kind: 'bus' });
    const car = (t: number) => seen([0.3 + 0.05 * t, 0.42, 0.15, 0.15], { kind: 'car' });
    const told = look(createTracker(), (t) => (t < 2 ? [bus(t)] : [car(t)]), { toMs: 3000, everyMs: 200 });
    expect(new Set(told.flatMap(ids)).size).toBe(2);
    expect(told.at(-1)?.map(({ kind }) => kind)).toEqual(['car']);
  });

  test('the same van told twice in one look is not two tracks', () => {
    const both = () => [seen(PLACE, { kind: 'car' }), seen([0.405, 0.4, 0.1, 0.2], { kind: 'truck', score: 0.8 })];
    const told = look(createTracker(), (t) => (t < 1 ? [seen(PLACE, { kind: 'car' })] : both()), { toMs: 3000 });
    expect(new Set(told.flatMap(ids)).size).toBe(1);
    expect(new Set(look(createTracker(), both, { toMs: 3000 }).flatMap(ids)).size).toBe(1);
  });

  test('bicycles that stand in a row are as many as the detector tells, however they lie on each other', () => {
    const row = () => [0, 0.01, 0.02].map((x) => seen([0.4 + x, 0.4, 0.1, 0.2], { kind: 'bicycle' }));
    const told = look(createTracker(), row, { toMs: 3000 });
    expect(told.slice(1).every((tracked) => tracked.length === 3)).toBe(true);
    expect(new Set(told.flatMap(ids)).size).toBe(3);
  });

  test('a person on a motorcycle stays a person and a motorcycle', () => {
    const rider = () => [seen(PLACE), seen([0.4, 0.45, 0.1, 0.2], { kind: 'motorcycle' })];
    expect(
      look(createTracker(), rider, { toMs: 1000 })
        .at(-1)
        ?.map(({ kind }) => kind)
        .sort(),
    ).toEqual(['motorcycle', 'person']);
  });
});

test('a thing that scores low look after look is clutter and not told', () => {
  const flickering = (t: number) => [seen(PLACE, { score: t < 0.15 ? 0.65 : 0.4 })];
  const told = look(createTracker({ scoreMin: 0.5 }), flickering, { toMs: 10_000 });
  expect(told.slice(-50).flat()).toEqual([]);
});

describe('while nobody looks', () => {
  test('what stood still is held, with its id, until a look denies it', () => {
    const tracker = createTracker();
    const before = look(tracker, parked(), { toMs: 2000 }).at(-1) ?? [];
    for (const atMs of [5000, 10_000, 15_000]) {
      expect(tracker.hold(atMs)).toEqual(before.map((tracked) => ({ ...tracked, isHeld: true })));
    }
    expect(tracker.update([seen(PLACE, { kind: 'car' })], { atMs: 20_000 })).toMatchObject([
      { track: before[0]?.track, isHeld: false },
    ]);
    expect(ids(tracker.hold(25_000))).toEqual(ids(before));
    expect(tracker.update([], { atMs: 30_000 })).toEqual([]);
    expect(tracker.hold(35_000)).toEqual([]);
  });

  test('what a look missed once gets its id back in its place', () => {
    const tracker = createTracker();
    const before = look(tracker, parked(), { toMs: 2000 }).at(-1) ?? [];
    tracker.hold(10_000);
    tracker.update([], { atMs: 10_100 });
    tracker.hold(20_000);
    expect(ids(tracker.update(parked()(), { atMs: 20_100 }))).toEqual(ids(before));
  });

  test('what was moving is not held', () => {
    const tracker = createTracker();
    look(tracker, (t) => [seen([0.1 + 0.1 * t, 0.4, 0.05, 0.15])], { toMs: 3000 });
    expect(tracker.hold(5000)).toEqual([]);
  });

  test('a thing that stands in another place after a long gap is another', () => {
    const tracker = createTracker();
    const before = look(tracker, parked(), { toMs: 2000 }).at(-1) ?? [];
    const moved = () => [seen([0.45, 0.45, 0.1, 0.2], { kind: 'car' })];
    const after = look(tracker, moved, { fromMs: 60_000, toMs: 61_000 }).at(-1) ?? [];
    expect(after).toHaveLength(1);
    expect(ids(after)).not.toEqual(ids(before));
  });

  test('a thing that only full looks see, ten seconds apart, becomes a track', () => {
    const told = look(createTracker(), parked(), { toMs: 40_000, everyMs: 10_000 });
    expect(told.slice(1).every((tracked) => tracked.length === 1)).toBe(true);
    expect(new Set(told.flatMap(ids)).size).toBe(1);
  });
});

describe('across a restart', () => {
  const check = checker('a snapshot', TrackSnapshot);
  const before = createTracker();
  const parkedId = ids(
    look(before, (t) => [...parked()(), seen([0.1 * t, 0.1, 0.05, 0.1])], { toMs: 3000 }).at(-1) ?? [],
  )[0];
  const saved = check(JSON.parse(JSON.stringify(before.snapshot())));

  test('only what stands still is kept', () => {
    expect(saved.tracks.map(({ track }) => track)).toEqual([parkedId]);
  });

  test('a parked car is the same car, at its first look and not before', () => {
    const tracker = createTracker();
    tracker.restore(saved, { atMs: 63_000 });
    expect(tracker.hold(63_100)).toEqual([]);
    expect(ids(tracker.update(parked()(), { atMs: 64_000 }))).toEqual([parkedId]);
  });

  test('a car in another place is another, and a snapshot that is too old is not used', () => {
    const tracker = createTracker();
    tracker.restore(saved, { atMs: 63_000 });
    const elsewhere = () => [seen([0.7, 0.4, 0.1, 0.2], { kind: 'car' })];
    expect(look(tracker, elsewhere, { fromMs: 64_000, toMs: 65_000 }).flatMap(ids)).not.toContain(parkedId);
    const late = createTracker();
    late.restore(saved, { atMs: 3000 + 600_001 });
    expect(look(late, parked(), { fromMs: 604_000, toMs: 605_000 }).flatMap(ids)).not.toContain(parkedId);
  });
});

test('time that stands still or runs backwards breaks nothing', () => {
  const tracker = createTracker();
  const told = [0, 100, 100, 50, 200, 300].map((atMs) => tracker.update([seen(PLACE)], { atMs }));
  expect(new Set(told.flatMap(ids)).size).toBe(1);
});

test('tracks do not pile up when everything flickers', () => {
  const tracker = createTracker({ stillMs: 2000, lostMs: 500 });
  const scattered = (t: number) =>
    Array.from({ length: 60 }, (_, i) =>
      seen([((i * 37 + t * 997) % 100) / 100, ((i * 53 + t * 499) % 90) / 100, 0.02, 0.05]),
    );
  look(tracker, scattered, { toMs: 20_000 });
  for (let atMs = 20_100; atMs < 24_000; atMs += 100) tracker.update([], { atMs });
  expect(tracker.snapshot().tracks).toEqual([]);
});
