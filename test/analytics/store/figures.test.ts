import type { ClickHouseClient } from '@clickhouse/client';
import { cellToParent } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBuckets } from '#analytics/store/close.ts';
import { readAreaFigures } from '#analytics/store/figures/areas.ts';
import type { Division } from '#analytics/store/figures/question.ts';
import { type Figure, type FiguresQuestion, readFigures } from '#analytics/store/figures/read.ts';
import { floorTo, HOUR_MS, MINUTE_MS, type Range } from '#analytics/store/time-ranges.ts';
import type { Writer } from '#analytics/store/writer.ts';
import { weekHourRanges, zoneOf } from '#analytics/store/zones.ts';
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';

import {
  beginMs,
  CAMERAS,
  CELLS,
  endMs,
  type Fact,
  factsOf,
  type Look,
  makeMessages,
  storeWalkers,
  type Walkers,
} from './walkers.ts';

const settings = { async_insert: 0 };
describe('figures in the real store, against loops over the messages', () => {
  let walkers: Walkers;
  let client: ClickHouseClient;
  let writer: Writer;
  const messages = makeMessages();
  const facts = factsOf(messages).filter(({ cell }) => cell !== '');
  const looks: Look[] = messages.map(({ message, calibrationVersion }) => ({
    camera: message.camera,
    atMs: message.watchedFromMs,
    version: calibrationVersion,
  }));

  beforeAll(async () => {
    walkers = await storeWalkers();
    ({ client, writer } = walkers);
  });
  afterAll(() => walkers[Symbol.asyncDispose]());

  type Case = {
    measure: Measure;
    kind: Kind | null;
    placeOf: (fact: { cell: string; path: string }) => string;
    ranges: readonly Range[];
    scope?: string;
  };

  /** What a place's figure should be. */
  function expected({ measure, kind, placeOf, ranges, scope }: Case): Map<string, number> {
    const isIn = (at: number) => ranges.some(([from, to]) => at >= from && at < to);
    const own = facts.filter(
      (fact) =>
        isIn(fact.atMs) && (kind === null || fact.kind === kind) && (scope === undefined || fact.path.includes(scope)),
    );
    const places = Map.groupBy(own, placeOf);
    const figures = new Map<string, number>();
    for (const [place, all] of places) {
      const sum = (pick: (fact: Fact) => number) => all.reduce((total, fact) => total + pick(fact), 0);
      const tracks = new Set(all.map(({ track }) => track)).size;
      const presenceS = sum(({ us }) => us) / 1e6;
      if (measure === 'presence') figures.set(place, presenceS);
      if (measure === 'tracks') figures.set(place, tracks);
      if (measure === 'dwell') figures.set(place, presenceS / tracks);
      if (measure === 'speed' && sum(({ ms }) => ms) > 0) figures.set(place, sum(({ mm }) => mm) / sum(({ ms }) => ms));
      if (measure === 'concurrency') {
        const cells = Map.groupBy(all, ({ cell }) => cell);
        let atOnce = 0;
        for (const [cell, inCell] of cells) {
          const watchedMs =
            looks.filter(
              ({ camera, atMs }) => isIn(atMs) && CAMERAS.find((one) => one.camera === camera)!.cells.includes(cell),
            ).length * 4000;
          atOnce += inCell.reduce((total, { us }) => total + us, 0) / 1000 / watchedMs;
        }
        figures.set(place, atOnce);
      }
      if (measure === 'peak') {
        let most = 0;
        for (const minute of Map.groupBy(all, ({ atMs }) => floorTo(atMs, MINUTE_MS)).values()) {
          let us = 0;
          for (const inCell of Map.groupBy(minute, ({ cell, path }) => `${cell} ${path}`).values()) {
            const cameras = [...Map.groupBy(inCell, ({ camera }) => camera).values()];
            us += Math.max(...cameras.map((seen) => seen.reduce((total, fact) => total + fact.us, 0)));
          }
          most = Math.max(most, us / 6e7);
        }
        figures.set(place, most);
      }
    }
    return figures;
  }

  const whole: Range = [beginMs, endMs];
  const EXACT = { presence: 1e-6, concurrency: 1e-6, peak: 1e-6 };
  const values = (places: ReadonlyMap<string, Figure>) =>
    new Map(
      [...places].filter(([, { value }]) => value !== null && value > 0).map(([place, { value }]) => [place, value!]),
    );

  function expectSame(found: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>, measure: Measure): void {
    const nonZero = new Map([...wanted].filter(([, value]) => value > 0));
    expect([...found.keys()].sort()).toEqual([...nonZero.keys()].sort());
    // What a track moved is shared among cells in whole millimetres; tracks are counted by sketches.
    const tolerance = { ...EXACT, speed: 0.01, tracks: 0.05, dwell: 0.05 }[measure];
    for (const [place, value] of nonZero) expect(Math.abs(found.get(place)! - value) / value).toBeLessThan(tolerance);
  }

  const MEASURES_TRIED = ['presence', 'tracks', 'concurrency', 'peak', 'speed', 'dwell'] as const;

  it.each(MEASURES_TRIED)('are right per cell at every resolution: %s', async (measure) => {
    for (const [resolution, kind] of [
      [13, null],
      [13, 'person'],
      [12, 'car'],
      [10, null],
      [9, 'person'],
    ] as const) {
      const question = { fromMs: beginMs, toMs: endMs, kind, measure, where: { resolution } };
      const { places } = await readFigures(client, question);
      const placeOf = ({ cell }: { cell: string }) => cellToParent(cell, resolution);
      expectSame(values(places), expected({ measure, kind, placeOf, ranges: [whole] }), measure);
    }
  });

  it.each(MEASURES_TRIED)('are right per area, as divided then and as published later: %s', async (measure) => {
    const ask = async (level: AreaLevel, division: Division, scope?: string) => {
      const question = {
        fromMs: beginMs,
        toMs: endMs,
        kind: null,
        measure,
        level,
        division,
        ...(scope === undefined ? {} : { scope: [scope] }),
      };
      const { areas } = await readAreaFigures(client, question);
      return values(new Map(areas.map(({ area, ...figure }) => [area, figure])));
    };
    const then =
      (level: AreaLevel) =>
      ({ path }: { path: string }) =>
        path.split('.')[AREA_LEVELS.indexOf(level)]!;
    for (const level of ['grid', 'village', 'city'] as const)
      expectSame(
        await ask(level, 'then'),
        expected({ measure, kind: null, placeOf: then(level), ranges: [whole] }),
        measure,
      );
    const published = ({ cell }: { cell: string }) => `g${1 + (CELLS.indexOf(cell) % 2)}`;
    if (measure !== 'peak')
      expectSame(await ask('grid', 7), expected({ measure, kind: null, placeOf: published, ranges: [whole] }), measure);
    if (measure !== 'concurrency' && measure !== 'peak')
      expectSame(
        await ask('village', 'then', 'g2'),
        expected({ measure, kind: null, placeOf: then('village'), ranges: [whole], scope: 'g2' }),
        measure,
      );
    expect(await ask('grid', 8)).toEqual(new Map());
  });

  it.each(['presence', 'tracks', 'peak'] as const)(
    'take only the hours of the week that were asked for: %s',
    async (measure) => {
      // A zone half an hour off, so that hours there begin in the middle of ours.
      for (const name of ['Asia/Shanghai', 'Asia/Kolkata']) {
        const zone = zoneOf(name);
        const first = Math.floor(((beginMs + zone(beginMs) - 4 * 24 * HOUR_MS) / HOUR_MS) % 168) + 1;
        const weekHours = [first % 168, (first + 2) % 168];
        const ranges = weekHourRanges(whole, new Set(weekHours), zone);
        expect(ranges).toHaveLength(2);
        const question: FiguresQuestion = {
          fromMs: beginMs,
          toMs: endMs,
          kind: null,
          measure,
          where: { resolution: 12 },
          weekHours,
          zone,
        };
        const { places, elapsedMs } = await readFigures(client, question);
        expect(elapsedMs).toBe(ranges.reduce((sum, [from, to]) => sum + to - from, 0));
        const placeOf = ({ cell }: { cell: string }) => cellToParent(cell, 12);
        expectSame(values(places), expected({ measure, kind: null, placeOf, ranges }), measure);
      }
    },
  );

  it('tell the time watched, zeros where nothing was, nothing where nobody looked, and how sure places are', async () => {
    const question = {
      fromMs: beginMs,
      toMs: endMs,
      kind: 'bus' as const,
      measure: 'presence' as const,
      where: { resolution: 13 },
    };
    const { places } = await readFigures(client, question);
    expect(places.size).toBe(CELLS.length);
    for (const [cell, { value, observedS, errorM }] of places) {
      const seen = CAMERAS.filter(({ cells }) => cells.includes(cell)).map(({ camera }) => camera);
      expect([value, errorM]).toEqual([0, null]);
      expect(observedS).toBe(looks.filter(({ camera }) => seen.includes(camera)).length * 4);
    }
    const speed = await readFigures(client, { ...question, measure: 'speed' });
    expect([...speed.places.values()].every(({ value }) => value === null)).toBe(true);
    const people = await readFigures(client, { ...question, kind: 'person' });
    for (const [cell, { errorM }] of people.places) {
      const own = facts.filter((fact) => fact.cell === cell && fact.kind === 'person');
      const mean = own.reduce((sum, { us, sigma }) => sum + us * sigma, 0) / own.reduce((sum, { us }) => sum + us, 0);
      expect(errorM).toBeCloseTo(mean, 2);
    }
  });

  it('say which part of an area’s ground and time was watched', async () => {
    const question = {
      fromMs: beginMs,
      toMs: endMs,
      kind: null,
      measure: 'presence' as const,
      level: 'city' as const,
      division: 'then' as const,
    };
    const { areas } = await readAreaFigures(client, question);
    const shares = CELLS.map((cell) => {
      const cameras = CAMERAS.filter(({ cells }) => cells.includes(cell)).map(({ camera }) => camera);
      return Math.min(1, (looks.filter(({ camera }) => cameras.includes(camera)).length * 4000) / (endMs - beginMs));
    });
    expect(areas).toMatchObject([{ area: 'c1', coveredCells: CELLS.length, observedS: looks.length * 4 }]);
    expect(areas[0]!.observedShare).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / shares.length, 9);
  });

  it('compare two periods, each with its own time watched', async () => {
    const [first, second] = [
      [beginMs, beginMs + HOUR_MS],
      [beginMs + HOUR_MS, beginMs + 2 * HOUR_MS],
    ] as const;
    const compare = { fromMs: first[0], toMs: first[1] };
    const base = { kind: null, measure: 'tracks' as const, where: { resolution: 12 } };
    const { places } = await readFigures(client, { ...base, fromMs: second[0], toMs: second[1], compare });
    const before = await readFigures(client, { ...base, ...compare });
    for (const [place, { compareValue, compareObservedS }] of places)
      expect({ compareValue, compareObservedS }).toEqual({
        compareValue: before.places.get(place)?.value,
        compareObservedS: before.places.get(place)?.observedS,
      });
  });

  it('change nothing when messages come again, whole and regrouped, and after everything is closed', async () => {
    const question = { fromMs: beginMs, toMs: endMs, kind: null, where: { resolution: 12 } };
    const read = () =>
      Promise.all(MEASURES_TRIED.map(async (measure) => (await readFigures(client, { ...question, measure })).places));
    const before = await read();
    const isAgain = (at: number) => at >= endMs - 90 * MINUTE_MS && at < endMs - 87 * MINUTE_MS;
    const again = messages.filter(({ message }) => isAgain(message.capturedAtMs));
    const batch = { quarantined: [], revisions: [], coverage: [] };
    for (const part of [again.slice(0, 150), again.slice(100)])
      await writer.write({ ...batch, messages: part, repeated: new Set(part) });
    expect(await read()).toEqual(before);
    await closeBuckets(client, { settings });
    expect(await read()).toEqual(before);
  });
});
