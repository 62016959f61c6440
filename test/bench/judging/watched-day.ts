/** A day of a city in the real store: sightings of a hundred cameras over 5,000 cells, rolled up as analytics does it. */
import type { ClickHouseClient } from '@clickhouse/client';
import { gridDisk, latLngToCell } from 'h3-js';
import { closeBuckets } from '#analytics/store/close.ts';
import { createMarker, rebuildSlices, type Settings } from '#analytics/store/roll-up.ts';
import { floorTo, MINUTE_MS, SLICE_MS } from '#analytics/store/time-ranges.ts';
import { createWriter } from '#analytics/store/writer.ts';
import { KINDS } from '#models/schema/kind.ts';

const CAMERAS = 100;
const CELLS = 5000;
export const DAY_S = 86_400;
const settings: Settings = { async_insert: 0, max_partitions_per_insert_block: '0' };

/** Coverage of 50 cells a camera, side by side. */
export async function writeCells(client: ClickHouseClient, config: Parameters<typeof createWriter>[1]): Promise<void> {
  const cells = gridDisk(latLngToCell(36.6758, 117.0009, 13), 41).slice(0, CELLS);
  const perCamera = CELLS / CAMERAS;
  const rows = cells.map((cell, index) => ({
    camera: `cam-${Math.floor(index / perCamera)}`,
    calibrationVersion: 1,
    cell: BigInt(`0x${cell}`),
    areaPath: 'jinan.lixia.s1.v1.g1',
  }));
  await createWriter(client, config).writeCoverage(rows);
}

/** Sightings evenly over the day; a track is seen 20 times while it crosses four cells of its camera. */
export async function writeDay(
  client: ClickHouseClient,
  { dayS, rows }: { dayS: number; rows: number },
): Promise<void> {
  const chunk = 1_000_000;
  for (let start = 0; start < rows; start += chunk) {
    await client.command({
      query: `INSERT INTO sharp_eyes.sightings (captured_at, camera, revision, sequence, ordinal, track, kind, score, x, y, width, height,
          presence_ms, is_held, lon, lat, cov_ee, cov_en, cov_nn, cells, weights, area_path, calibration_version, model, received_at)
        WITH (SELECT groupArray(cell) FROM (SELECT cell FROM sharp_eyes.coverage FINAL ORDER BY camera, cell)) AS all_cells,
          number % ${CAMERAS} AS n, intDiv(number, ${CAMERAS}) AS step, intDiv(step, 20) AS tour, cityHash64(n, tour) AS seed,
          toDateTime64(${dayS} + number * ${DAY_S / rows}, 3, 'UTC') AS at
        SELECT at, 'cam-' || toString(n), 1, step, 0, lower(hex(seed)), ${JSON.stringify(KINDS).replaceAll('"', "'")}[1 + (seed % 97) % 6],
          0.9, 0.5, 0.5, 0.1, 0.1, ${Math.round((DAY_S * 1000 * CAMERAS) / rows)}, false, 117.0009, 36.6758, 1, 0, 1,
          [all_cells[1 + n * ${CELLS / CAMERAS} + (seed + intDiv(step % 20, 5)) % ${CELLS / CAMERAS}]], [1000],
          'jinan.lixia.s1.v1.g1', 1, 'bench', at
        FROM numbers(${start}, ${Math.min(chunk, rows - start)})`,
      clickhouse_settings: settings,
    });
  }
  await client.command({
    query: `INSERT INTO sharp_eyes.looks (watched_from, camera, revision, sequence, watched_to, observed_ms, looks, sightings,
        calibration_version, area_path, model, captured_at, received_at)
      WITH toDateTime64(${dayS} + 10 * intDiv(number, ${CAMERAS}), 3, 'UTC') AS at
      SELECT at, 'cam-' || toString(number % ${CAMERAS}), 1, intDiv(number, ${CAMERAS}), at + 10, 10000, 50, 23, 1, 'jinan.lixia.s1.v1.g1', 'bench', at, at
      FROM numbers(${(DAY_S / 10) * CAMERAS})`,
    clickhouse_settings: settings,
  });
}

/** What analytics does as the day goes by: marks, slices of what is not over yet, closings. */
export async function rollUpDay(client: ClickHouseClient, dayMs: number, nowMs: number): Promise<void> {
  const slices: number[] = [];
  for (let at = floorTo(dayMs, MINUTE_MS); at <= nowMs; at += MINUTE_MS) slices.push(at);
  const mark = createMarker(client);
  await mark({ slices, mayVanish: [] }, `${BigInt(nowMs) * 1_000_000n}`, settings);
  await closeBuckets(client, { settings });
  const recent: number[] = [];
  for (let at = floorTo(nowMs - 6 * MINUTE_MS, SLICE_MS); at <= nowMs; at += SLICE_MS) recent.push(at);
  await rebuildSlices(client, { slices: recent, mayVanish: [] }, settings);
}
