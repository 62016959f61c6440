import { describe, expect, it } from 'vitest';
import { compose, type Span, type Watch } from '#ingest/pipeline/compose.ts';
import type { TrackedDetection } from '#models/schema/detection.ts';
import type { FaultCode } from '#models/schema/fault.ts';

const car: TrackedDetection = { kind: 'car', score: 0.9, box: [0.1, 0.2, 0.3, 0.4], track: 'abcdefgh', isHeld: false };
const OPTIONS = { presenceCapMs: 20_000, emptyRunMs: 10_000 };

const seen = (atMs: number, ...detections: TrackedDetection[]): Watch => ({
  type: 'look',
  look: { capturedAtMs: atMs, receivedAtMs: atMs + 40, isHeld: false, detections },
});
const held = (atMs: number, ...detections: TrackedDetection[]): Watch => ({
  type: 'look',
  look: { capturedAtMs: atMs, receivedAtMs: atMs + 40, isHeld: true, detections },
});
const lost = (capturedAtMs: number): Watch => ({ type: 'lost', capturedAtMs });
const blind = (capturedAtMs: number, reason: FaultCode = 'picture-covered'): Watch => ({
  type: 'blind',
  capturedAtMs,
  receivedAtMs: capturedAtMs + 40,
  reason,
});

async function spansOf(watches: Watch[], options = OPTIONS): Promise<Span[]> {
  return await Array.fromAsync(compose(fromArray(watches), options));
}

async function* fromArray(watches: Watch[]): AsyncGenerator<Watch> {
  yield* watches;
}

const intervals = (spans: Span[]) => spans.map((span) => [span.watchedFromMs, span.watchedToMs]);

describe('compose', () => {
  it('tells a look when the next one comes, with the time between them as presence', async () => {
    const spans = await spansOf([seen(1000, car), seen(1200, car), seen(1450)]);
    expect(spans.map((span) => span.sightings.map((sighting) => sighting.presenceMs))).toEqual([[200], [250], []]);
    expect(spans[0]).toMatchObject({ capturedAtMs: 1000, receivedAtMs: 1040, looks: 1 });
    expect(spans[0]?.sightings[0]).toEqual({ ...car, presenceMs: 200 });
  });

  it('tells what a look confirms with the look before it too, where it was first seen', async () => {
    const first = { atMs: 1200, score: 0.7, box: [0.1, 0.2, 0.2, 0.4] as TrackedDetection['box'] };
    const spans = await spansOf([seen(1000), seen(1200), seen(1400, { ...car, first }), seen(1600, car)]);
    expect(spans.map(({ sightings }) => sightings)).toEqual([
      [],
      [{ ...car, score: 0.7, box: first.box, presenceMs: 200, isFirst: true }],
      [{ ...car, presenceMs: 200 }],
      [{ ...car, presenceMs: 0 }],
    ]);
    expect(intervals(spans)).toEqual([
      [1000, 1200],
      [1200, 1400],
      [1400, 1600],
      [1600, 1600],
    ]);
  });

  it('tells nothing of a first look that the camera was lost after', async () => {
    const first = { atMs: 1000, score: 0.7, box: car.box };
    const spans = await spansOf([seen(1000), lost(1200), seen(5000, { ...car, first }), seen(5200)]);
    expect(spans.map(({ sightings }) => sightings.length)).toEqual([0, 1, 0]);
  });

  it('does not tell a look before something follows it', async () => {
    const told: Span[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* source(): AsyncGenerator<Watch> {
      yield seen(1000, car);
      await gate;
      yield seen(1200, car);
    }
    const reading = (async () => {
      for await (const span of compose(source(), OPTIONS)) told.push(span);
    })();
    await new Promise((done) => setImmediate(done));
    expect(told).toEqual([]);
    release();
    await reading;
    expect(told).toHaveLength(2);
  });

  it('tells a look at once to who asks for it, after all before it, and the same look again when the next one comes', async () => {
    const first = { atMs: 1200, score: 0.7, box: [0.1, 0.2, 0.2, 0.4] as TrackedDetection['box'] };
    const bus = { ...car, kind: 'bus' as const, track: 'ijklmnop' };
    const told: { isEarly: boolean; span: Span }[] = [];
    const onLook = (span: Span) => void told.push({ isEarly: true, span });
    const watches = [seen(1000), seen(1200, bus), seen(1400, bus, { ...car, first }), lost(1600), seen(9000)];
    for await (const span of compose(fromArray(watches), { ...OPTIONS, onLook })) told.push({ isEarly: false, span });
    expect(told.map(({ isEarly, span }) => [isEarly, span.capturedAtMs, span.watchedToMs])).toEqual([
      [false, 1000, 1200],
      [true, 1200, 1200],
      [false, 1200, 1400],
      [true, 1400, 1400],
      [false, 1400, 1600],
      [false, 9000, 9000],
    ]);
    expect(
      told.map(({ span }) => span.sightings.map(({ track, isFirst, first: one }) => ({ track, isFirst, one }))),
    ).toEqual([
      [],
      [{ track: bus.track }],
      [{ track: bus.track }, { track: car.track, isFirst: true }],
      [{ track: bus.track }, { track: car.track, one: first }],
      [{ track: bus.track }, { track: car.track }],
      [],
    ]);
  });

  it('says of no early look where a thing was first when no look will tell it: the camera was lost between', async () => {
    const early: Span[] = [];
    const first = { atMs: 1000, score: 0.7, box: car.box };
    const watches = [seen(1000), lost(1200), seen(5000, { ...car, first }), seen(5200)];
    await Array.fromAsync(compose(fromArray(watches), { ...OPTIONS, onLook: (span) => void early.push(span) }));
    expect(early.map(({ sightings }) => sightings[0]?.first)).toEqual([undefined]);
  });

  it('joins looks that saw nothing, and ends the run when ten seconds are full', async () => {
    const spans = await spansOf(Array.from({ length: 61 }, (_, index) => seen(1000 + index * 200)));
    expect(intervals(spans)).toEqual([
      [1000, 11_000],
      [11_000, 13_000],
    ]);
    expect(spans.map((span) => span.looks)).toEqual([50, 11]);
    expect(spans.reduce((sum, span) => sum + span.looks, 0)).toBe(61);
  });

  it('tells what was empty before it tells what was seen', async () => {
    const spans = await spansOf([seen(1000), seen(1200), seen(1400, car), seen(1600)]);
    expect(spans.map((span) => span.sightings.length)).toEqual([0, 1, 0]);
    expect(intervals(spans)).toEqual([
      [1000, 1400],
      [1400, 1600],
      [1600, 1600],
    ]);
  });

  it('lets a held look follow the last true one when the gate closes, and counts no look for it', async () => {
    const spans = await spansOf([seen(1000, car), held(1200, car), held(6200, car), seen(11_200, car), lost(11_400)]);
    expect(spans.map((span) => span.looks)).toEqual([1, 0, 0, 1]);
    expect(spans.map((span) => span.sightings[0]?.isHeld)).toEqual([false, true, true, false]);
    expect(spans.map((span) => span.sightings[0]?.presenceMs)).toEqual([200, 5000, 5000, 200]);
  });

  it('counts what is quiet and empty as watched', async () => {
    const spans = await spansOf([seen(0), held(200), held(5200), held(10_200), held(15_200)]);
    expect(intervals(spans)).toEqual([
      [0, 10_200],
      [10_200, 15_200],
    ]);
    expect(spans.reduce((sum, span) => sum + span.looks, 0)).toBe(1);
  });

  it('never lets one look stand for longer than the cap', async () => {
    const spans = await spansOf([seen(1000, car), seen(61_000, car), lost(61_500)]);
    expect(spans.map((span) => span.sightings[0]?.presenceMs)).toEqual([20_000, 500]);
    expect(intervals(spans)).toEqual([
      [1000, 21_000],
      [61_000, 61_500],
    ]);
  });

  it('grants a lost camera no more than one usual step after its last look', async () => {
    const spans = await spansOf([
      seen(1000, car),
      seen(1200, car),
      seen(1400, car),
      lost(11_400),
      seen(30_000),
      lost(31_000),
    ]);
    expect(spans.map((span) => span.sightings[0]?.presenceMs)).toEqual([200, 200, 200, undefined]);
    expect(intervals(spans).at(-1)).toEqual([30_000, 30_200]);
  });

  it('does not join empty looks over a hole in which nobody looked', async () => {
    const spans = await spansOf([seen(1000), lost(1500), seen(9000), lost(9500)]);
    expect(intervals(spans)).toEqual([
      [1000, 1500],
      [9000, 9500],
    ]);
    const capped = await spansOf([seen(0), seen(60_000), lost(60_100)]);
    expect(intervals(capped)).toEqual([
      [0, 20_000],
      [60_000, 60_100],
    ]);
  });

  it('never lets intervals overlap, also where the clock goes back', async () => {
    const spans = await spansOf([seen(10_000, car), seen(12_000, car), seen(9000, car), seen(9200, car), lost(14_000)]);
    const flat = intervals(spans).flat();
    expect(flat).toEqual([...flat].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(spans.map((span) => span.capturedAtMs)).toEqual([10_000, 12_000, 9000, 9200]);
    for (const span of spans) {
      expect(span.sightings[0]?.presenceMs).toBe(span.watchedToMs - span.watchedFromMs);
    }
  });

  it('keeps the last look when the source ends, with no presence it cannot know', async () => {
    const spans = await spansOf([seen(1000, car)]);
    expect(intervals(spans)).toEqual([[1000, 1000]]);
    expect(spans[0]?.sightings[0]?.presenceMs).toBe(0);
  });

  it('loses and invents no look, whatever comes in which order', async () => {
    const random = sequence(7);
    const watches: Watch[] = [];
    let atMs = 0;
    let looks = 0;
    for (let step = 0; step < 2000; step++) {
      atMs += Math.floor(random() * 3000);
      const detections = random() < 0.4 ? [car] : [];
      const choice = random();
      if (choice < 0.7) watches.push(seen(atMs, ...detections));
      else if (choice < 0.8) watches.push(held(atMs, ...detections));
      else watches.push(choice < 0.9 ? lost(atMs) : blind(atMs - Math.floor(random() * 2000)));
      if (choice < 0.7) looks++;
    }
    const spans = await spansOf(watches);
    expect(spans.reduce((sum, span) => sum + span.looks, 0)).toBe(looks);
    let before = 0;
    for (const span of spans) {
      expect(span.watchedFromMs).toBeGreaterThanOrEqual(before);
      expect(span.watchedToMs - span.watchedFromMs).toBeLessThanOrEqual(OPTIONS.presenceCapMs + OPTIONS.emptyRunMs);
      before = span.watchedToMs;
    }
  });

  it('tells blind time as not watched, from where the watching ended, with the reason', async () => {
    const blindFor = Array.from({ length: 30 }, (_, second) => blind(2000 + second * 1000));
    const spans = await spansOf([seen(1000, car), seen(1200, car), ...blindFor, seen(32_000, car), lost(32_200)]);
    expect(spans.map(({ unwatchedReason }) => unwatchedReason ?? 'watched')).toEqual([
      ...['watched', 'watched'],
      ...Array.from({ length: 3 }, () => 'picture-covered'),
      'watched',
    ]);
    expect(intervals(spans)).toEqual([
      [1000, 1200],
      [1200, 1400],
      [1400, 12_000],
      [12_000, 22_000],
      [22_000, 31_000],
      [32_000, 32_200],
    ]);
    for (const span of spans.slice(2, 5)) expect(span).toMatchObject({ looks: 0, sightings: [] });
  });

  it('tells each reason apart, and nothing of time in which no pictures came', async () => {
    const spans = await spansOf([
      ...[blind(61_000, 'picture-black'), blind(63_000, 'picture-black'), blind(64_000, 'picture-frozen')],
      ...[
        blind(65_000, 'picture-frozen'),
        lost(65_500),
        blind(400_000, 'picture-frozen'),
        blind(402_000, 'picture-frozen'),
      ],
    ]);
    expect(spans.map((span) => [span.watchedFromMs, span.watchedToMs, span.unwatchedReason])).toEqual([
      [61_000, 63_000, 'picture-black'],
      [63_000, 65_000, 'picture-frozen'],
      [400_000, 402_000, 'picture-frozen'],
    ]);
  });
});

/** A repeatable row of numbers in 0..1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
