/** Four hours of walkers before three cameras, as placed messages and as bare facts: what figures are checked against. */
import type { ClickHouseClient } from '@clickhouse/client';
import { gridDisk, latLngToCell } from 'h3-js';
import { closeBuckets } from '#analytics/store/close.ts';
import type { Placed, PlacedMessage } from '#analytics/store/rows.ts';
import { migrate } from '#analytics/store/schema.ts';
import { floorTo, HOUR_MS, MINUTE_MS } from '#analytics/store/time-ranges.ts';
import { createWriter, type Writer } from '#analytics/store/writer.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Sighting } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { openStoreClient } from '#system/store-client.ts';
import { startSite, testLogger } from '#test/site/site.ts';
import { childOf, messageOf, sightingAt } from '../counting-site.ts';

const PLANE = tangentPlane(117.0009, 36.6758);
export const CELLS = gridDisk(latLngToCell(36.6758, 117.0009, 13), 3);
const nowMs = Date.now();
/** Four hours: the first three are closed, of the last some minutes are, and some are not. */
export const beginMs = floorTo(nowMs, HOUR_MS) - 4 * HOUR_MS;
export const endMs = beginMs + 4 * HOUR_MS;

/** Numbers that look random and are the same at each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const areaOf = (cell: string) => `c1.d1.s1.v1.g${1 + (CELLS.indexOf(cell) % 3)}`;
/** Two cameras see the same half of the cells, one the other half; and one is calibrated anew after two hours. */
export const CAMERAS = [
  { camera: 'cam-a', cells: CELLS.slice(0, 20), versionAt: () => 1 },
  { camera: 'cam-b', cells: CELLS.slice(10, 30), versionAt: (at: number) => (at < beginMs + 2 * HOUR_MS ? 1 : 2) },
  { camera: 'cam-c', cells: CELLS.slice(25), versionAt: () => 1 },
];

/** Walkers that come and go, a look each twenty seconds, each track of some looks, at 0.5 to 3 m a second. */
export function makeMessages(): PlacedMessage[] {
  const random = dice(7);
  const messages: PlacedMessage[] = [];
  for (const { camera, cells, versionAt } of CAMERAS) {
    let walkers: { track: string; kind: Kind; east: number; north: number; speed: number; left: number }[] = [];
    let born = 0;
    for (let at = beginMs, sequence = 1; at < endMs; at += 4000, sequence++) {
      // Twelve minutes of each hour, over its half, are enough.
      if (at % HOUR_MS < 24 * MINUTE_MS || at % HOUR_MS >= 36 * MINUTE_MS) continue;
      // One camera was down for a while.
      if (camera === 'cam-a' && at > beginMs + 80 * MINUTE_MS && at < beginMs + 90 * MINUTE_MS) continue;
      if (random() < 0.3) {
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
        const where = isPlaced ? inTwo : { cells: [0n], weights: [1000] };
        places.push({
          lon,
          lat,
          covEe: cov,
          covEn: 0,
          covNn: cov,
          ...where,
          areaPath: areaOf(one),
          placedBy: isPlaced ? 'foot' : 'none',
          unplacedReason: isPlaced ? '' : 'vague',
        });
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

export type Fact = {
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
export function factsOf(messages: readonly PlacedMessage[]): Fact[] {
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

export type Look = { camera: string; atMs: number; version: number };

export type Walkers = AsyncDisposable & { client: ClickHouseClient; writer: Writer; messages: PlacedMessage[] };

/** A real store with all of it: three hours closed, of the fourth the first half of what was seen; and division 7. */
export async function storeWalkers(): Promise<Walkers> {
  await using stack = new AsyncDisposableStack();
  const site = stack.use(await startSite());
  await site.children.start(childOf(site, 'store', 'analytics/store/main.ts'));
  const client = stack.adopt(openStoreClient(site.config, 'writer'), (one) => one.close());
  await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  const writer = createWriter(client, site.config);
  const coverage = CAMERAS.flatMap(({ camera, cells }) =>
    [1, 2].flatMap((calibrationVersion) =>
      cells.map((cell) => ({ camera, calibrationVersion, cell: BigInt(`0x${cell}`), areaPath: areaOf(cell) })),
    ),
  );
  const messages = makeMessages();
  const batch = { quarantined: [], revisions: [], repeated: new Set<PlacedMessage>() };
  const isEarly = ({ message }: PlacedMessage) => message.capturedAtMs < endMs - HOUR_MS / 2;
  await writer.write({ ...batch, coverage, messages: messages.filter(isEarly) });
  await closeBuckets(client, { settings: { async_insert: 0 } });
  await writer.write({ ...batch, coverage: [], messages: messages.filter((one) => !isEarly(one)) });
  const rows = CELLS.map((cell) => `(7, ${BigInt(`0x${cell}`)}, 'c1.d2.s2.v2.g${1 + (CELLS.indexOf(cell) % 2)}', 1)`);
  await client.command({
    query: `INSERT INTO sharp_eyes.cell_areas (division, cell, area_path, version) VALUES ${rows.join(', ')}`,
  });
  const owned = stack.move();
  return { client, writer, messages, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
