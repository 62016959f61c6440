/**
 * Prints how long importing and checking 20,000 grids takes (to be at most 20 s), over a real broker and API: the plan of
 * the demo's city tiled 500 times, 32 corners a grid; clean, with 200 grids moved, and with every border drawn twice:
 * node test/bench/grids.ts
 */

import { cityAreas } from '#demo/world/plan/areas.ts';
import { breatheBetween } from '#models/registry/division/breathe.ts';
import { checkDivision } from '#models/registry/division/check.ts';
import { compareDivisions } from '#models/registry/division/compare.ts';
import type { Area } from '#models/schema/area.ts';
import type { DivisionReport } from '#models/schema/division.ts';
import { startApi } from '#test/api/api-site.ts';

const ACROSS = 25;
const DOWN = 20;
const STEP = [0.02, 0.012] as const;
const CORNERS_PER_SIDE = 8;
const MOVED_EVERY = 100;

type Place = [number, number];

/** Corners along a side that are the same from both ends, off the straight line as a street is. */
function alongSide(a: Place, b: Place): Place[] {
  const isTurned = a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
  const [from, to] = isTurned ? [b, a] : [a, b];
  const corners = Array.from({ length: CORNERS_PER_SIDE }, (_, index): Place => {
    const share = index / CORNERS_PER_SIDE;
    const bend = index === 0 ? 0 : 2e-5 * Math.sin(1e5 * (from[0] + to[1]) + index * 2.4);
    return [from[0] + share * (to[0] - from[0]) + bend, from[1] + share * (to[1] - from[1]) - bend];
  });
  return isTurned ? [b, ...corners.slice(1)].toReversed().toSpliced(0, 0, a).slice(0, -1) : corners;
}

function tile(column: number, row: number): Area[] {
  const move = ([lon, lat]: number[]): Place => [lon! + column * STEP[0], lat! + row * STEP[1]];
  return cityAreas().map((area) => {
    const ring = (area.geometry.coordinates as number[][][])[0]!.map(move);
    const corners = ring.slice(1).flatMap((place, index) => alongSide(ring[index]!, place));
    const geometry: Area['geometry'] = { type: 'Polygon', coordinates: [[...corners, corners[0]!]] };
    const name = (id: string) => `${id}-${column}-${row}`;
    return { ...area, id: name(area.id), parent: area.parent === null ? null : name(area.parent), geometry };
  });
}

const city: Area[] = [];
for (let column = 0; column < ACROSS; column++) for (let row = 0; row < DOWN; row++) city.push(...tile(column, row));
const grids = city.filter(({ level }) => level === 'grid').length;

const shifted = (area: Area, by: number): Area => {
  const [ring] = area.geometry.coordinates as Place[][];
  return { ...area, geometry: { type: 'Polygon', coordinates: [ring!.map(([lon, lat]) => [lon + by, lat])] } };
};
const some = city.map((area, index) =>
  area.level === 'grid' && index % MOVED_EVERY === 0 ? shifted(area, 1e-4) : area,
);
const all = city.map((area, index) => (area.level === 'grid' ? shifted(area, (index % 7) * 3e-6) : area));

async function timed<Result>(what: string, doing: () => Promise<Result>): Promise<Result> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const result = await doing();
  const { user, system } = process.cpuUsage(cpu);
  const [wallS, cpuS] = [(performance.now() - startedAt) / 1000, (user + system) / 1e6];
  console.log(`${what.padEnd(44)} ${wallS.toFixed(1).padStart(6)} s, ${cpuS.toFixed(1).padStart(6)} s of CPU`);
  return result;
}

const said = ({ counts, isComplete }: DivisionReport) => `  ${JSON.stringify(counts)}${isComplete ? '' : ', cut off'}`;

await using api = await startApi();
const features = city.map(({ geometry, version: _, ...properties }) => ({ type: 'Feature', properties, geometry }));
const body = JSON.stringify({ type: 'FeatureCollection', features });
console.log(`${grids} grids, ${city.length} areas, ${(body.length / 2 ** 20).toFixed(0)} MiB`);
const headers = { authorization: `Bearer ${api.adminToken}`, 'content-type': 'application/json' };
const ask = async (method: string, path: string, sent?: string) => {
  const init = { method, headers, signal: AbortSignal.timeout(180_000), ...(sent === undefined ? {} : { body: sent }) };
  const response = await fetch(`${api.url}/api/v1${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
};
await timed('dry run', () => ask('PUT', '/areas?dryRun=true', body));
await timed('import', () => ask('PUT', '/areas', body));
console.log(said((await timed('check of what is registered', () => ask('GET', '/area-check'))) as DivisionReport));
await timed('publish', () => ask('POST', '/divisions', '{"note":"bench","withFaults":true}'));
console.log(said(await timed(`check, 1 of ${MOVED_EVERY} grids moved by 9 m`, () => checkDivision(some))));
console.log(said(await timed('check, every border drawn twice', () => checkDivision(all))));
await timed(`difference, 1 of ${MOVED_EVERY} grids moved`, () => compareDivisions(city, some, breatheBetween()));
