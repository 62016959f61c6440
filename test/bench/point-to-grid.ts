/**
 * How many points a second one core of the store turns into H3 cells and into grids: H3's own function, the polygon
 * dictionary, and the cell map that the product keeps (`cell_areas`: a cell that no border runs through has one area).
 * `node test/bench/point-to-grid.ts [million points, default 20]` prints a table and one line of JSON.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { areaPathsOf } from '#analytics/place/area-paths.ts';
import { migrate } from '#analytics/store/schema.ts';
import { toLonLat } from '#demo/world/origin.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { openStoreClient } from '#system/store-client.ts';
import { startSite, testLogger } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

const MUST_REACH_PER_S = 5e6;
const [WIDTH_M, HEIGHT_M] = [2400, 1500];

async function main(points: number): Promise<void> {
  await using site = await startSite();
  await startStore(site);
  await using client = Object.assign(openStoreClient(site.config, 'writer', { timeoutMs: 900_000 }), {
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  });
  await migrate(client, { config: site.config, logger: testLogger, exclusively: (work) => work() });
  const run = (query: string) => client.command({ query, clickhouse_settings: { max_threads: 1 } });
  const areas = cityAreas().filter(({ level }) => level === 'grid');
  await run(
    'CREATE TABLE sharp_eyes.bench_polygons (shape Array(Array(Array(Tuple(Float64, Float64)))), id UInt32) ENGINE = MergeTree ORDER BY id',
  );
  const rings = areas.map(({ geometry }, id) => ({
    shape:
      geometry.type === 'Polygon' ? [geometry.coordinates.map((ring) => ring.map(([lon, lat]) => [lon, lat]))] : [],
    id,
  }));
  await client.insert({ table: 'sharp_eyes.bench_polygons', values: rings, format: 'JSONEachRow' });
  await run(`CREATE DICTIONARY sharp_eyes.bench_grids (shape Array(Array(Array(Tuple(Float64, Float64)))), id UInt32) PRIMARY KEY shape
    SOURCE(CLICKHOUSE(TABLE 'bench_polygons' DB 'sharp_eyes')) LAYOUT(POLYGON(STORE_POLYGON_KEY_COLUMN 0)) LIFETIME(0)`);
  const cells = await writeCellMap(client);
  await run(`CREATE DICTIONARY sharp_eyes.bench_cells (cell UInt64, id UInt32) PRIMARY KEY cell
    SOURCE(CLICKHOUSE(TABLE 'bench_cell_map' DB 'sharp_eyes')) LAYOUT(HASHED()) LIFETIME(0)`);
  const [west, south] = toLonLat([0, 0]);
  const [east, north] = toLonLat([WIDTH_M, HEIGHT_M]);
  await run(
    'CREATE TABLE sharp_eyes.bench_points (lon Float64, lat Float64, cell UInt64) ENGINE = MergeTree ORDER BY tuple()',
  );
  await client.command({
    query: `INSERT INTO sharp_eyes.bench_points SELECT ${west} + (rand(1) / 4294967296) * ${east - west} AS lon,
      ${south} + (rand(2) / 4294967296) * ${north - south} AS lat, geoToH3(lat, lon, 13) FROM numbers(${points})`,
  });
  const measured: { how: string; perS: number }[] = [];
  const measure = async (how: string, expression: string) => {
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3; attempt++) {
      const began = performance.now();
      await run(`SELECT sum(ignore(${expression})) FROM sharp_eyes.bench_points FORMAT Null`);
      best = Math.min(best, performance.now() - began);
    }
    measured.push({ how, perS: Math.round((points / best) * 1000) });
  };
  await measure('reading the points', 'lon, lat');
  await measure('point → H3 cell', 'geoToH3(lat, lon, 13)');
  await measure('point → grid by polygons', "dictGet('sharp_eyes.bench_grids', 'id', (lon, lat))");
  await measure('cell → grid by the cell map', "dictGet('sharp_eyes.bench_cells', 'id', cell)");
  await measure('point → cell → grid', "dictGet('sharp_eyes.bench_cells', 'id', geoToH3(lat, lon, 13))");
  const agreed = await client.query({
    query: `SELECT avg(dictGet('sharp_eyes.bench_grids', 'id', (lon, lat)) = dictGet('sharp_eyes.bench_cells', 'id', cell)) AS share FROM sharp_eyes.bench_points`,
    format: 'JSONEachRow',
  });
  const [{ share } = { share: Number.NaN }] = await agreed.json<{ share: number }>();
  console.log('| how | million a second, one core |\n| --- | --- |');
  for (const { how, perS } of measured) console.log(`| ${how} | ${(perS / 1e6).toFixed(1)} |`);
  const best = Math.max(
    ...measured.filter(({ how }) => how.endsWith('polygons') || how.endsWith('map')).map(({ perS }) => perS),
  );
  const machine = `${cpus()[0]?.model} x${availableParallelism()}`;
  console.log(
    JSON.stringify({
      machine,
      load: loadavg()[0],
      points,
      cells,
      measured,
      agreedShare: share,
      mustReachPerS: MUST_REACH_PER_S,
      ratio: best / MUST_REACH_PER_S,
    }),
  );
}

/** Every cell of the city with the grid of its middle, as analytics keeps them for today's division. */
async function writeCellMap(client: ReturnType<typeof openStoreClient>): Promise<number> {
  const areas = cityAreas();
  const paths = areaPathsOf(areas);
  const numbers = new Map(areas.filter(({ level }) => level === 'grid').map(({ id }, number) => [id, number]));
  const [lon, lat] = toLonLat([WIDTH_M / 2, HEIGHT_M / 2]);
  const disk = gridDisk(latLngToCell(lat, lon, 13), Math.ceil(Math.hypot(WIDTH_M, HEIGHT_M) / 2 / 6));
  const values = disk.flatMap((cell) => {
    const [cellLat, cellLon] = cellToLatLng(cell);
    const id = numbers.get(paths.at(cell, cellLon, cellLat)?.split('.')[4] ?? '');
    return id === undefined ? [] : [{ cell: BigInt(`0x${cell}`).toString(), id }];
  });
  await client.command({
    query: 'CREATE TABLE sharp_eyes.bench_cell_map (cell UInt64, id UInt32) ENGINE = MergeTree ORDER BY cell',
  });
  await client.insert({ table: 'sharp_eyes.bench_cell_map', values, format: 'JSONEachRow' });
  return values.length;
}

await main(Number(process.argv[2] ?? 20) * 1e6);
