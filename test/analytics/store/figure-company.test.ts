import type { ClickHouseClient } from '@clickhouse/client';
import { cellToParent } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCellAreas } from '#analytics/place/cell-areas.ts';
import { readAreaFigures } from '#analytics/store/figures/areas.ts';
import { readNormal, robust } from '#analytics/store/figures/normal.ts';
import { readPublicFigures } from '#analytics/store/figures/public.ts';
import { readFigures } from '#analytics/store/figures/read.ts';
import { readWhy } from '#analytics/store/figures/why.ts';
import { whySql } from '#analytics/store/figures/why-sql.ts';
import { HOUR_MS } from '#analytics/store/time-ranges.ts';
import { DAY_MS, type Zone, zoneOf } from '#analytics/store/zones.ts';
import { areaOf as squareOf } from '../counting-site.ts';
import { beginMs, CAMERAS, CELLS, endMs, factsOf, makeMessages, storeWalkers, type Walkers } from './walkers.ts';

const MEASURES_TRIED = ['presence', 'tracks', 'concurrency', 'peak', 'speed', 'dwell'] as const;

describe('what stands beside figures', () => {
  let walkers: Walkers;
  let client: ClickHouseClient;
  const facts = factsOf(makeMessages()).filter(({ cell }) => cell !== '');

  beforeAll(async () => {
    walkers = await storeWalkers();
    ({ client } = walkers);
  });
  afterAll(() => walkers[Symbol.asyncDispose]());

  it.each(MEASURES_TRIED)('is the SQL that computes them from single sightings: %s', async (measure) => {
    const busiest = cellToParent(CELLS[12]!, 12);
    const asked = { fromMs: beginMs, toMs: endMs, measure, zoneName: 'Asia/Shanghai', zone: zoneOf('Asia/Shanghai') };
    const ofCell = { ...asked, kind: 'person' as const, where: { resolution: 12, only: busiest }, place: busiest };
    const where = { level: 'grid' as const, division: 'then' as const, within: 'g2' };
    const ofArea = {
      ...asked,
      kind: null,
      where,
      place: 'g2',
      weekHours: Array.from({ length: 100 }, (_, hour) => hour),
    };
    const division = { ...ofArea, where: { ...where, division: 7 }, weekHours: undefined };
    for (const question of [ofCell, ofArea, division]) {
      const sql = whySql(question, { fromMs: beginMs, toMs: endMs });
      const rows = await (await client.query({ query: sql, format: 'JSONCompactEachRow' })).json<[number]>();
      const { places } = await readFigures(client, question);
      const found = places.get(question.place)?.value ?? 0;
      expect(Math.abs(Number(rows[0]![0]) - found)).toBeLessThanOrEqual(0.05 * found);
    }
  });

  it('is their time line, their cameras and some of their tracks', async () => {
    const cell = CELLS[12]!;
    const question = { fromMs: beginMs, toMs: endMs, kind: null, measure: 'presence' as const, zoneName: 'UTC' };
    const why = await readWhy(client, { ...question, where: { resolution: 13, only: cell }, place: cell });
    const sum = (pick: (point: (typeof why.series)[number]) => number) =>
      why.series.reduce((all, one) => all + pick(one), 0);
    for (const measure of MEASURES_TRIED) {
      const { places } = await readFigures(client, { ...question, measure, where: { resolution: 13, only: cell } });
      expect([...places.keys()]).toEqual([cell]);
      expect(why.figures[measure]).toBeCloseTo(places.get(cell)!.value!, 9);
    }
    expect(why.bucketS).toBe(300);
    expect(sum(({ presenceS }) => presenceS)).toBeCloseTo(why.figures.presence!, 6);
    expect(sum(({ observedS }) => observedS)).toBeCloseTo(why.figures.observedS, 6);
    const versions = why.cameras.map(({ camera, calibrationVersion }) => `${camera} ${calibrationVersion}`);
    expect(versions.sort()).toEqual(['cam-a 1', 'cam-b 1', 'cam-b 2']);
    const presenceOf = new Map(why.cameras.map(({ camera, presenceS }) => [camera, presenceS]));
    expect([...presenceOf.values()].reduce((a, b) => a + b)).toBeCloseTo(why.figures.presence!, 6);
    expect(why.samples.length).toBeGreaterThan(0);
    for (const { id, camera, kind, fromMs, toMs, points } of why.samples) {
      const own = facts.filter((fact) => fact.track === id);
      expect([own[0]!.camera, own[0]!.kind]).toEqual([camera, kind]);
      const times = [...new Set(own.map(({ atMs }) => atMs))];
      expect(points.map(([, , atMs]) => atMs)).toEqual(times);
      expect(times).toContain(fromMs);
      expect(times).toContain(toMs);
    }
    const empty = await readWhy(client, {
      ...question,
      kind: 'bus',
      where: { resolution: 13, only: cell },
      place: cell,
    });
    expect(empty).toMatchObject({ samples: [], figures: { presence: 0, tracks: 0, speed: null, dwell: null } });
  });

  it('is what was normal in the same hours before, for as long as was watched now', async () => {
    const hours = [0, 1, 2].map((hour) => beginMs + hour * HOUR_MS);
    const samples = {
      begins: hours,
      ranges: hours.map((at) => [at, at + HOUR_MS] as const),
      elapsedMs: hours.map(() => 1),
      weeks: 3,
      holidays: [],
    };
    const question = { kind: 'person', measure: 'presence', where: { resolution: 13 } } as const;
    const observedNow = new Map(CELLS.map((cell) => [cell, 500]));
    const normals = await readNormal(client, { question, samples, observedNow });
    const seconds = (cell: string, from: number) => {
      const isIn = ({ atMs }: { atMs: number }) => atMs >= from && atMs < from + HOUR_MS;
      const presenceS = facts
        .filter((fact) => isIn(fact) && fact.cell === cell && fact.kind === 'person')
        .reduce((sum, { us }) => sum + us / 1e6, 0);
      const watchedS =
        walkers.messages.filter(
          ({ message }) =>
            isIn({ atMs: message.capturedAtMs }) &&
            CAMERAS.find(({ camera }) => camera === message.camera)!.cells.includes(cell),
        ).length * 4;
      return (presenceS / watchedS) * 500;
    };
    expect(normals.size).toBe(CELLS.length);
    for (const [cell, { normal, spread }] of normals) {
      const values = hours.map((from) => seconds(cell, from));
      const wanted = robust(values, { measure: 'presence', observedS: 500 });
      expect(normal).toBeCloseTo(wanted.normal, 6);
      expect(spread).toBeCloseTo(wanted.spread, 6);
    }
    // Of an hour of which less than half was watched nothing is learned, and two are too few.
    const strict = { ...samples, elapsedMs: [HOUR_MS, 1, 1] };
    expect((await readNormal(client, { question, samples: strict, observedNow })).size).toBe(0);
    const young = {
      ...question,
      fromMs: endMs - HOUR_MS,
      toMs: endMs,
      zone: zoneOf('UTC'),
      versusNormal: { holidays: [] },
    };
    const { places } = await readFigures(client, young);
    expect([...places.values()].every(({ normal, departure }) => normal === null && departure === null)).toBe(true);
  });

  describe('for everybody', () => {
    /** A day ends where what was seen does. */
    const zone: Zone = () => -(endMs % DAY_MS);
    const day = { fromMs: endMs - DAY_MS, toMs: endMs, zone };

    it('is nothing of which there were fewer than the least, and not less than may be told', async () => {
      const tracksOf = (cell: string) =>
        new Set(facts.filter((fact) => fact.cell === cell && fact.kind === 'car').map(({ track }) => track)).size;
      const min = tracksOf([...CELLS].sort((a, b) => tracksOf(a) - tracksOf(b))[5]!);
      const question = { ...day, kind: 'car', measure: 'presence', where: { resolution: 13 } } as const;
      const [{ places: told }, { places: all }] = await Promise.all([
        readPublicFigures(client, question, { min }),
        readFigures(client, question),
      ]);
      expect([...told.keys()].sort()).toEqual([...all.keys()].sort());
      for (const [cell, { value, isSuppressed }] of told) {
        if (tracksOf(cell) < 0.95 * min) expect([value, isSuppressed]).toEqual([null, true]);
        if (value !== null) expect(value).toBeCloseTo(all.get(cell)!.value!, 9);
      }
      expect([...told.values()].filter(({ value }) => value !== null).length).toBeGreaterThan(CELLS.length / 2);
      const longer = await readPublicFigures(client, { ...question, fromMs: day.fromMs - 3 * DAY_MS }, { min });
      for (const [cell, { value }] of longer.places) expect(value).toBe(told.get(cell)!.value);
      const { places: areas } = await readPublicFigures(
        client,
        { ...question, where: { level: 'grid', division: 'then' } },
        { min },
      );
      expect([...areas.keys()].sort()).toEqual(['g1', 'g2', 'g3']);
      const kinds = await readPublicFigures(client, { ...question, kind: null }, { min });
      const partial = [...kinds.places.values()].filter(({ isPartial }) => isPartial === true);
      expect(partial.length).toBeGreaterThan(0);
    });

    it('is of whole days that are over, and of what adds up', async () => {
      const question = { ...day, kind: null, measure: 'presence', where: { resolution: 12 } } as const;
      const refused = async (change: object) => readPublicFigures(client, { ...question, ...change }, { min: 5 });
      await expect(refused({ fromMs: endMs - HOUR_MS })).rejects.toThrow('whole days that are over');
      await expect(refused({ fromMs: endMs - 40 * DAY_MS })).rejects.toThrow('1 to 31 whole days');
      await expect(refused({ toMs: endMs + DAY_MS, fromMs: endMs })).rejects.toThrow('whole days that are over');
      await expect(refused({ measure: 'speed' })).rejects.toThrow('"speed" is none');
      await expect(refused({ weekHours: [7] })).rejects.toThrow('without weekHours');
    });
  });

  it('are the areas of today, looked up anew when they change and when more is covered', async () => {
    const cellAreas = createCellAreas(client, { async_insert: 0 });
    const { signal } = new AbortController();
    const [city, near] = [squareOf('jinan', 'city', null, 5000), squareOf('near', 'grid', 'jinan', 8)];
    cellAreas.setAreas([city, near]);
    cellAreas.addDivision(3, async () => [city]);
    expect(await cellAreas.write(signal)).toBe(2 * CELLS.length);
    expect(await cellAreas.write(signal)).toBe(0);
    const question = {
      fromMs: beginMs,
      toMs: endMs,
      kind: null,
      measure: 'presence',
      level: 'grid',
      division: 0,
    } as const;
    const total = async (change: object) =>
      (await readAreaFigures(client, { ...question, ...change })).areas.map(({ area, value }) => [area, value]);
    const all = facts.reduce((sum, { us }) => sum + us / 1e6, 0);
    const [[area, presence] = []] = await total({});
    expect(area).toBe('near');
    expect(presence).toBeGreaterThan(0);
    expect(presence).toBeLessThan(all);
    expect(await total({ level: 'city' })).toEqual([['jinan', expect.closeTo(all, 6)]]);
    expect(await total({ division: 3 })).toEqual([]);
    cellAreas.setAreas([city, squareOf('near', 'grid', 'jinan', 4000)]);
    expect(await cellAreas.write(signal)).toBeGreaterThan(0);
    expect(await total({})).toEqual([['near', expect.closeTo(all, 6)]]);
  });
});
