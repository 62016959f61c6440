/** Boxes of people that one camera saw, for checking its calibration: whole ones, and few of each track. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Box } from '#models/schema/detection.ts';
import { DATABASE } from '#system/store-client.ts';

export type PersonBoxesAsked = {
  camera: string;
  fromMs: number;
  toMs: number;
  /** Of each track, at random. */
  eachMax: number;
  rowsMax: number;
  track?: string | undefined;
};

export type PersonBoxRow = { track: string; box: Box; atMs: number };

const SCORE_MIN = 0.6;

/** In order of time. */
export async function readPersonBoxes(
  client: ClickHouseClient,
  { camera, fromMs, toMs, eachMax, rowsMax, track = '' }: PersonBoxesAsked,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PersonBoxRow[]> {
  const result = await client.query({
    query: `SELECT track, x, y, width, height, toUnixTimestamp64Milli(captured_at) AS at FROM (
  SELECT * FROM ${DATABASE}.sightings FINAL
  WHERE captured_at >= fromUnixTimestamp64Milli({fromMs: Int64}) AND captured_at < fromUnixTimestamp64Milli({toMs: Int64})
    AND camera = {camera: String} AND kind = 'person' AND score >= ${SCORE_MIN} AND NOT is_held
    AND ({track: String} = '' OR track = {track: String})
  ORDER BY cityHash64(track, captured_at)
  LIMIT {eachMax: UInt32} BY track
  LIMIT {rowsMax: UInt32}
) ORDER BY captured_at`,
    query_params: { camera, fromMs, toMs, eachMax, rowsMax, track },
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const rows = await result.json<{ track: string; x: number; y: number; width: number; height: number; at: string }>();
  return rows.map(({ track: of, x, y, width, height, at }) => ({
    track: of,
    box: [x, y, width, height],
    atMs: Number(at),
  }));
}
