import type { ClickHouseClient } from '@clickhouse/client';
import { cellToParent, gridDisk, latLngToCell } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBuckets } from '#analytics/store/close.ts';
import { readAreaFigures } from '#analytics/store/figures/areas.ts';
import type { Division } from '#analytics/store/figures/question.ts';
import { type Figure, type FiguresQuestion, readFigures } from '#analytics/store/figures/read.ts';
import type { Placed, PlacedMessage } from '#analytics/store/rows.ts';
import { migrate } from '#analytics/store/schema.ts';
import { floorTo, HOUR_MS, MINUTE_MS, type Range } from '#analytics/store/time-ranges.ts';
import { createWriter, type Writer } from '#analytics/store/writer.ts';
import { weekHourRanges, zoneOf } from '#analytics/store/zones.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { AREA_LEVELS, type AreaLevel } from '#models/schema/area.ts';
import type { Sighting } from '#models/schema/detection.ts';
import type { Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { openStoreClient } from '#system/store-client.ts';
import { type Site, startSite, testLogger } from '#test/site/site.ts';
import { childOf, messageOf, sightingAt } from '../counting-site.ts';

const settings = { async_insert: 0 };
const PLANE = tangentPlane(117.0009, 36.6758);
const CELLS = gridDisk(latLngToCell(36.6758, 117.0009, 13), 3);
const nowMs = Date.now();
/** Four hours: the first three are closed, of the last some minutes are, and some are not. */
const beginMs = floorTo(nowMs, HOUR_MS) - 4 * HOUR_MS;
const endMs = beginMs + 4 * HOUR_MS;

/** Numbers that look random and are the same at each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const areaOf = (cell: string) => `c1.d1.s1.v1.g${1 + (CELLS.indexOf(cell) % 3)}`;
/** Two cameras see the same half of the cells, one the other half; and one is calibrated anew after two hours. */
const CAMERAS = [
  { camera: 'cam-a', cells: CELLS.slice(0, 20), versionAt: () => 1 },
  { camera: 'cam-b', cells: CELLS.slice(10, 30), versionAt: (at: number) => (at < beginMs + 2 * HOUR_MS ? 1 : 2) },
  { camera: 'cam-c', cells: CELLS.slice(25), versionAt: () => 1 },
];

/** Walkers that come and go, a look each twenty seconds, each track of some looks, at 0.5 to 3 m a second. */
function makeMessages(): PlacedMessage[] {
  const random = dice(7);
  const messages: PlacedMessage[] = [];
  for (const { camera, cells, versionAt } of CAMERAS) {
    let walkers: { track: string; kind: Kind; east: number; north: number; speed: number; left: number }[] = [];
    let born = 0;
    for (let at = beginMs, sequence = 1; at < endMs; at += 4000, sequence++) {
      // One camera was down for a while.
      if (camera === 'cam-a' && at > beginMs + 40 * MINUTE_MS && at < beginMs + 70 * MINUTE_MS) continue;
      if (random() < 0.1) {
        const kind: Kind = random() < 0.7 ? 'person' : 'car';
        const track = `${camera.slice(4)}${String(born++).padStart(9, '0')}`;
        walkers.push({ track, kind, east: random() * 20, north: random() * 20, speed: 0.5 + random() * 2.5, left: 8 });
      }
      const sightings: Sighting[] = [];
      const places: Placed[] = [];
      for (const walker of walkers) {
        walker.east += walker.speed * 4;
        walker.left--;
        const [lon, lat] = PLANE.toDegrees(walker.east, walker.north);
        const [one, other] = [cells[Math.floor(random() * cells.length)]!, cells[Math.floor(random() * cells.length)]!];
        const isPlaced = random() < 0.9;
        sightings.push(sightingAt(0.5, 0.5, { track: walker.track, kind: walker.kind, presenceMs: 4000 }));
        const cov = 0.25 + random();
        const number = (cell: string) => BigInt(`0x${cell}`);
        const inTwo =
          one === other
            ? { cells: [number(one)], weights: [1000] }
            : { cells: [number(one), number(other)], weights: [700, 300] };
        const where = isPlaced
          ? { ...inTwo, placedBy: 'foot' as const, unplacedReason: '' as const }
          : { cells: [0n], weights: [1000], placedBy: 'none' as const, unplacedReason: 'horizon' as const };
        places.push({ lon, lat, covEe: cov, covEn: 0, covNn: cov, ...where, areaPath: areaOf(one) });
      }
      walkers = walkers.filter(({ left }) => left > 0);
      const message = {
        ...messageOf({ camera, sequence, capturedAtMs: at, sightings }),
        watchedFromMs: at,
        watchedToMs: at + 4000,
      };
      messages.push({ message, places, calibrationVersion: versionAt(at), areaPath: 'c1.d1.s1.v1.g1' });
    }
  }
  return messages;
}

type Fact = {
  atMs: number;
  camera: string;
  track: string;
  kind: Kind;
  cell: string;
  path: string;
  us: number;
  sigma: number;
  mm: number;
  ms: number;
};

/** Every part of a sighting with its share of what its track moved in those ten seconds: by loops, from the messages. */
function factsOf(messages: readonly PlacedMessage[]): Fact[] {
  const facts: Fact[] = [];
  const slices = new Map<string, { facts: Fact[]; first: [number, Placed]; last: [number, Placed] }>();
  for (const { message, places } of messages) {
    for (const [index, sighting] of message.sightings.entries()) {
      const place = places[index]!;
      for (const [part, number] of place.cells.entries()) {
        const { capturedAtMs: atMs, camera } = message;
        const fact: Fact = {
          atMs,
          camera,
          track: sighting.track,
          kind: sighting.kind,
          cell: number === 0n ? '' : number.toString(16),
          path: place.areaPath,
          us: sighting.presenceMs * place.weights[part]!,
          sigma: Math.round(Math.sqrt((Math.fround(place.covEe) + Math.fround(place.covNn)) / 2) * 1000) / 1000,
          mm: 0,
          ms: 0,
        };
        facts.push(fact);
        if (fact.cell === '') continue;
        const key = `${floorTo(atMs, 10_000)} ${sighting.track}`;
        const slice = slices.get(key) ?? { facts: [], first: [atMs, place], last: [atMs, place] };
        slice.facts.push(fact);
        slice.last = [atMs, place];
        slices.set(key, slice);
      }
    }
  }
  for (const { facts: own, first, last } of slices.values()) {
    const [a, b] = [PLANE.toMetres(first[1].lon, first[1].lat), PLANE.toMetres(last[1].lon, last[1].lat)];
    const moved = Math.hypot(b[0] - a[0], b[1] - a[1]) * 1000;
    const all = own.reduce((sum, { us }) => sum + us, 0);
    for (const fact of own) {
      fact.mm = (moved * fact.us) / all;
      fact.ms = ((last[0] - first[0]) * fact.us) / all;
    }
  }
  return facts;
}

type Look = { camera: string; atMs: number; version: number };

describe('figures in the real store, against loops over the messages', () => {
  let site: Site;
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
    site = await startSite();
    await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
    client = openStoreClient(site.config, 'writer');
    await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
    writer = createWriter(client, site.config);
    const coverage = CAMERAS.flatMap(({ camera, cells }) =>
      [1, 2].flatMap((calibrationVersion) =>
        cells.map((cell) => ({ camera, calibrationVersion, cell: BigInt(`0x${cell}`), areaPath: areaOf(cell) })),
      ),
    );
    const batch = { quarantined: [], revisions: [], repeated: new Set<PlacedMessage>() };
    const isEarly = ({ message }: PlacedMessage) => message.capturedAtMs < endMs - HOUR_MS / 2;
    await writer.write({ ...batch, coverage, messages: messages.filter(isEarly) });
    await closeBuckets(client, { settings });
    await writer.write({ ...batch, coverage: [], messages: messages.filter((one) => !isEarly(one)) });
    const rows = CELLS.map((cell) => `(7, ${BigInt(`0x${cell}`)}, 'c1.d2.s2.v2.g${1 + (CELLS.indexOf(cell) % 2)}', 1)`);
    await client.command({
      query: `INSERT INTO sharp_eyes.cell_areas (division, cell, area_path, version) VALUES ${rows.join(', ')}`,
    });
  });
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

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
    const isAgain = (at: number) => at >= endMs - 65 * MINUTE_MS && at < endMs - 60 * MINUTE_MS;
    const again = messages.filter(({ message }) => isAgain(message.capturedAtMs));
    const batch = { quarantined: [], revisions: [], coverage: [] };
    for (const part of [again.slice(0, 150), again.slice(100)])
      await writer.write({ ...batch, messages: part, repeated: new Set(part) });
    expect(await read()).toEqual(before);
    await closeBuckets(client, { settings });
    expect(await read()).toEqual(before);
  });
});
