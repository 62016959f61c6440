/** Views of the city in the box, looked at as a worker looks at them: reader, lane, detector and sizing are the real ones. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detectors } from '#ingest/pipeline/detectors.ts';
import {
  createInputSizing,
  type InputSizing,
  SIZING_TIMINGS,
  type SizeChange,
  type SizingOptions,
} from '#ingest/pipeline/input-sizing.ts';
import { type Lane, openLane } from '#ingest/pipeline/lane.ts';
import { look } from '#ingest/pipeline/look.ts';
import { type ReadOptions, readSource } from '#ingest/read/read-source.ts';
import { createReading } from '#ingest/read/reading.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { openDetector } from '#models/detectors/open.ts';
import type { Detection } from '#models/schema/detection.ts';
import { ROOT_DIR } from '#system/config.ts';
import { testLogger } from '#test/site/site.ts';

const places = { modelsDir: '/nowhere', materialDir: '/nowhere' };
const clip = (name: string) => ({
  kind: 'file' as const,
  path: resolve(ROOT_DIR, `demo/clips/${name}.mp4`),
  isLooped: true,
});

describe('a camera', () => {
  let lane: Lane;
  beforeAll(async () => {
    lane = openLane(await openDetector(resolveModel({ name: 'eyes-nano', ...places })));
  });
  afterAll(() => lane?.[Symbol.asyncDispose]());

  type Looking = Partial<ReadOptions> & { sizing: InputSizing };

  /** Yields after each look, until the loop is left. */
  async function* looks(name: string, { sizing, ...options }: Looking): AsyncGenerator<void> {
    const stopping = new AbortController();
    // As fast as a file is read, the lane has no time to spare; whether it has is told apart below.
    const detectors = { laneOf: async () => ({ ...lane, mayGrow: () => true }) } as Partial<Detectors> as Detectors;
    const tracker = createTracker({ scoreMin: 0.4 });
    const sights = readSource(clip(name), { isGated: false, sampleFps: 0.25, ...options, signal: stopping.signal });
    try {
      const about = { camera: name, model: '', scoreMin: undefined, detectors, logger: testLogger };
      const told = { onFrame: () => {}, onLane: () => {} };
      for await (const _watch of look(sights, { ...about, ...told, sizing, trackerFor: () => tracker })) yield;
    } finally {
      stopping.abort();
    }
  }

  function sizingOf(options: Partial<SizingOptions> = {}) {
    const changes: SizeChange[] = [];
    const timings = { surveyMs: 0, dwellMs: 0, ...options.timings };
    const sizing = createInputSizing({ setting: 'auto', onChange: (to) => changes.push(to), ...options, timings });
    return { sizing, changes, size: () => sizing.choose(lane.detector) };
  }

  it.each(['avenue-main', 'bus-stop-main'])(
    'of a far view (%s) is looked at in a larger size by itself',
    async (name) => {
      const { sizing, changes, size } = sizingOf();
      let count = 0;
      for await (const _look of looks(name, { sizing })) if (size() > 0 || ++count >= 30) break;
      expect(changes).toMatchObject([{ from: 0, why: 'small-people' }]);
      expect(changes[0]?.tooSmallShare).toBeGreaterThan(0.25);
      expect(size()).toBe(changes[0]?.to);
    },
    120_000,
  );

  it.each(['school-main', 'riverside-main'])(
    'of a near view (%s) stays at the model’s own size',
    async (name) => {
      const { sizing, changes } = sizingOf();
      let count = 0;
      for await (const _look of looks(name, { sizing })) if (++count >= 12) break;
      expect(changes).toEqual([]);
    },
    120_000,
  );

  it('goes back when frames are dropped because the detector lags, and stays there for a while', async () => {
    const { sizing, changes, size } = sizingOf({ timings: { surveyMs: 400, dwellMs: 0, lagMs: 1500 } });
    const reading = createReading();
    const counts = () => ({ looked: reading.sampled - reading.dropped, dropped: reading.dropped });
    await using rivals = rivalsOn(lane);
    for await (const _look of looks('avenue-main', { sizing, reading, isRealtime: true, sampleFps: 10 })) {
      if (size() > 0) rivals.begin();
      sizing.counted(counts(), Date.now());
      if (changes.at(-1)?.why === 'lag') break;
    }
    const [raised, back] = changes as [SizeChange, SizeChange];
    expect(raised).toMatchObject({ from: 0, why: 'small-people' });
    expect(back).toEqual({ from: raised.to, to: raised.to - 1, why: 'lag' });
    expect(reading.dropped).toBeGreaterThanOrEqual(3);
  });

  /** Other cameras of the same worker that keep the detector busy: six frames wait at any time. */
  function rivalsOn(of: Lane): AsyncDisposable & { begin: () => void } {
    const stopping = new AbortController();
    let over: Promise<void> | undefined;
    const flood = async () => {
      const sights = readSource(clip('square-main'), { isGated: false, signal: stopping.signal });
      for await (const sight of sights) {
        if (sight.type !== 'frame') continue;
        using frame = sight.frame;
        const asked = Array.from({ length: 6 }, () => of.detect(frame.av, { scoreMin: 0.4, size: 2 }));
        await Promise.all(asked);
      }
    };
    return {
      begin: () => {
        over ??= flood();
      },
      async [Symbol.asyncDispose]() {
        stopping.abort();
        await over;
      },
    };
  }

  it('is looked at in the size that a person set, or the largest that the model has', () => {
    const one = { sizes: lane.detector.sizes.slice(0, 1) };
    const chosen = (['normal', 'wide', 'far'] as const).map((setting) => {
      const { sizing } = sizingOf({ setting });
      expect(sizing.isSurveyDue(lane.detector, 0)).toBe(false);
      return [sizing.choose(lane.detector), sizing.choose(one)];
    });
    expect(chosen).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it('may grow where the lane has time to spare, and one camera at a time', async () => {
    const found = resolveModel({ name: 'eyes-nano', ...places });
    await using idle = openLane(await openDetector(found));
    expect([idle.mayGrow(), idle.mayGrow()]).toEqual([true, false]);
    await using busy = openLane(await openDetector(found));
    const stopping = new AbortController();
    const beganMs = performance.now();
    for await (const sight of readSource(clip('school-main'), { isGated: false, signal: stopping.signal })) {
      if (sight.type !== 'frame') continue;
      using frame = sight.frame;
      await Promise.all(Array.from({ length: 16 }, () => busy.detect(frame.av, { scoreMin: 0.4 })));
      if (performance.now() - beganMs > 4000) break;
    }
    stopping.abort();
    expect(busy.mayGrow()).toBe(false);
  });

  it('finds in frames of several sizes that wait together what it finds in each alone', async () => {
    const stopping = new AbortController();
    for await (const sight of readSource(clip('avenue-main'), { isGated: false, signal: stopping.signal })) {
      if (sight.type !== 'frame') continue;
      using frame = sight.frame;
      const at = (size: number) => lane.detect(frame.av, { scoreMin: 0.4, size });
      const alone = [await at(0), await at(1), await at(2)];
      const together = await Promise.all([at(0), at(2), at(1), at(0), at(2)]);
      const near = (a: Detection[], b: Detection[] | undefined) => {
        expect(a.map(({ kind }) => kind)).toEqual(b?.map(({ kind }) => kind));
        a.forEach(({ score }, index) => {
          expect(score).toBeCloseTo(b?.[index]?.score ?? 0, 3);
        });
      };
      [0, 2, 1, 0, 2].forEach((size, index) => {
        near(together[index] ?? [], alone[size]);
      });
      expect(alone[2]?.length).toBeGreaterThan(alone[0]?.length ?? 0);
      break;
    }
    stopping.abort();
  });
});

describe('the choice of a size', () => {
  const sizes = [
    { width: 544, height: 320, maxBatch: 8 },
    { width: 640, height: 384, maxBatch: 5 },
    { width: 960, height: 544, maxBatch: 2 },
  ];
  const { manifest } = resolveModel({ name: 'eyes-nano', ...places });
  const picture = { width: 1280, height: 720 };
  const people = (...pixels: number[]): Detection[] =>
    pixels.map((height) => ({ kind: 'person', score: 0.8, box: [0.4, 0.4, 0.02, height / 720] }));
  const crowd = (pixels: number) => people(...Array.from({ length: 10 }, () => pixels));

  function watch(mayGrow: () => boolean = () => true) {
    const changes: SizeChange[] = [];
    const sizing = createInputSizing({ setting: 'auto', onChange: (change) => changes.push(change) });
    const detector = { manifest, sizes } as Partial<Detector> as Detector;
    let atMs = 0;
    return {
      sizing,
      changes,
      size: () => sizing.choose({ sizes }),
      now: () => atMs,
      survey(found: Detection[], times = 1) {
        for (let time = 0; time < times; time++) {
          atMs += SIZING_TIMINGS.surveyMs;
          expect(sizing.isSurveyDue({ sizes }, atMs - 1)).toBe(atMs === SIZING_TIMINGS.surveyMs);
          sizing.survey(found, { lane: { detector, mayGrow }, picture, atMs });
        }
      },
    };
  }

  it('takes the smallest size in which people are tall enough', () => {
    const far = watch();
    far.survey(crowd(40), 5);
    expect(far.size()).toBe(2);
    const between = watch();
    between.survey(crowd(58), 5);
    expect(between.size()).toBe(1);
    const near = watch();
    near.survey(crowd(100), 20);
    expect([near.size(), near.changes]).toEqual([0, []]);
  });

  it('waits for enough people, and counts no other things', () => {
    const few = watch();
    few.survey(people(30), 11);
    expect(few.size()).toBe(0);
    few.survey(people(30));
    expect(few.size()).toBe(2);
    const cars = watch();
    cars.survey(
      crowd(30).map((each) => ({ ...each, kind: 'car' as const })),
      15,
    );
    expect(cars.size()).toBe(0);
  });

  it('keeps a size between its two limits and within its dwell, and goes back below', () => {
    const view = watch();
    view.survey(crowd(40), 5);
    // A fifth of them small: more than lowers, less than raises.
    view.survey([...crowd(100), ...crowd(100).slice(2), ...people(40, 40, 40, 40)], 30);
    expect(view.size()).toBe(2);
    view.survey(crowd(100), SIZING_TIMINGS.dwellMs / SIZING_TIMINGS.surveyMs + 15);
    expect(view.changes.map(({ from, to, why }) => [from, to, why])).toEqual([
      [0, 2, 'small-people'],
      [2, 0, 'tall-people'],
    ]);
  });

  it('does not grow while the detector has no time to spare', () => {
    let isFree = false;
    const view = watch(() => isFree);
    view.survey(crowd(40), 10);
    expect(view.size()).toBe(0);
    isFree = true;
    view.survey(crowd(40));
    expect(view.size()).toBe(2);
  });

  it('yields one size at a lag, for longer each time', () => {
    const view = watch();
    const lag = () => {
      const count = (looked: number, dropped: number, afterMs: number) =>
        view.sizing.counted({ looked, dropped }, view.now() + afterMs);
      count(100, 10, 0);
      count(130, 12, 5000);
      expect(view.changes.at(-1)?.why).toBe('small-people');
      count(135, 14, 6000);
      count(140, 20, 9999);
      expect(view.changes.at(-1)?.why).toBe('small-people');
      count(140, 20, 10_000);
      expect(view.changes.at(-1)?.why).toBe('lag');
    };
    // The lag was told ten seconds after the last survey.
    const surveysFor = (ms: number) => Math.ceil((ms + 10_000) / SIZING_TIMINGS.surveyMs);
    view.survey(crowd(40), 5);
    lag();
    expect(view.size()).toBe(1);
    view.survey(crowd(40), surveysFor(SIZING_TIMINGS.yieldMs) - 1);
    expect(view.size()).toBe(1);
    view.survey(crowd(40), 1);
    expect(view.size()).toBe(2);
    lag();
    view.survey(crowd(40), surveysFor(2 * SIZING_TIMINGS.yieldMs) - 1);
    expect(view.size()).toBe(1);
    view.survey(crowd(40), 1);
    expect(view.size()).toBe(2);
  });
});
