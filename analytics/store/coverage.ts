/** The table `coverage` read whole, and how long each camera was watched under which calibration. */
import type { ClickHouseClient } from '@clickhouse/client';
import { DATABASE } from '#system/store-client.ts';
import { cutIntoSpans, fromSpans } from './spans.ts';

export type CoveredCell = {
  camera: string;
  calibrationVersion: number;
  /** H3 index, hexadecimal. */
  cell: string;
  areaPath: string;
  hiddenBy: string;
  personPx: number;
  recallDay: number;
  recallNight: number;
};

type Options = { signal: AbortSignal };
type Row = [string, number, string, string, string, number, number, number];

/** Row by row, of every calibration that ever was; `isCurrent` chooses. */
export async function* readCoveredCells(
  client: ClickHouseClient,
  isCurrent: (camera: string, calibrationVersion: number) => boolean,
  { signal }: Options,
): AsyncGenerator<CoveredCell> {
  const result = await client.query({
    query: `SELECT camera, calibration_version, h3ToString(cell), area_path, hidden_by, person_px, recall_day, recall_night
      FROM ${DATABASE}.coverage FINAL`,
    format: 'JSONCompactEachRow',
    abort_signal: signal,
  });
  for await (const rows of result.stream<Row>()) {
    for (const row of rows) {
      const [camera, calibrationVersion, cell, areaPath, hiddenBy, personPx, recallDay, recallNight] = row.json();
      if (!isCurrent(camera, calibrationVersion)) continue;
      yield { camera, calibrationVersion, cell, areaPath, hiddenBy, personPx, recallDay, recallNight };
    }
  }
}

export type WatchedCamera = { camera: string; calibrationVersion: number; ms: number };

/** Milliseconds that each camera was watched in the period under each of its calibrations. */
export async function readWatchedCameras(
  client: ClickHouseClient,
  period: { fromMs: number; toMs: number },
  options: Options,
): Promise<WatchedCamera[]> {
  const spans = await cutIntoSpans(client, period, options);
  const watched = fromSpans(spans, {
    tables: 'observed',
    columns: 'camera, calibration_version, observed_ms',
    filter: 'calibration_version > 0',
  });
  const result = await client.query({
    query: `SELECT camera, calibration_version AS calibrationVersion, toFloat64(sum(observed_ms)) AS ms
      FROM (${watched}) GROUP BY camera, calibration_version`,
    format: 'JSONEachRow',
    abort_signal: options.signal,
  });
  return result.json<WatchedCamera>();
}
