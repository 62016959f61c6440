/** The sightings behind an alert: of the tracks that decided, around the time. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Alert } from '#models/schema/alert.ts';
import type { AlertWhy } from '#models/schema/alert-query.ts';
import { DATABASE } from '#system/store-client.ts';

const BEFORE_MS = 60_000;
const AFTER_MS = 15_000;
const ROWS_MAX = 500;

const TRACK_PATTERN = /^[\w:-]{1,100}$/;

/** Runs as it is, with the columns of `docs/sql.md`. */
export function alertSql({ camera, cause, atMs }: Alert): string {
  const at = (ms: number) => `toDateTime64('${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}', 3, 'UTC')`;
  const tracks = cause.tracks.filter((track) => TRACK_PATTERN.test(track)).map((track) => `'${track}'`);
  return `SELECT captured_at, received_at, camera, revision, sequence, track, kind, score, x, y, width, height, lon, lat, model, calibration_version
FROM ${DATABASE}.sightings FINAL
WHERE captured_at >= ${at(atMs - BEFORE_MS)} AND captured_at <= ${at(atMs + AFTER_MS)}${camera === null ? '' : `\n  AND camera = '${camera}'`}
  AND track IN (${tracks.length > 0 ? tracks.join(', ') : "''"})
ORDER BY captured_at, track
LIMIT ${ROWS_MAX}`;
}

type Read = {
  track: string;
  kind: AlertWhy['sightings'][number]['kind'];
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
  captured_at_ms: string;
  received_at_ms: string;
  lon: number | null;
  lat: number | null;
  camera: string;
  revision: string;
  sequence: string;
};

export async function readAlertSightings(
  client: ClickHouseClient,
  alert: Alert,
  { signal }: { signal?: AbortSignal } = {},
): Promise<AlertWhy['sightings']> {
  const query = `SELECT *, toUnixTimestamp64Milli(captured_at) AS captured_at_ms, toUnixTimestamp64Milli(received_at) AS received_at_ms FROM (
${alertSql(alert)})`;
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const deciding = alert.cause.messages.at(-1);
  return (await result.json<Read>()).map((row) => {
    const message = `${row.camera}:${row.revision}:${row.sequence}`;
    const { track, kind, score, x, y, width, height, lon, lat } = row;
    return {
      ...{ track, kind, score, lon, lat, message },
      box: [x, y, width, height],
      capturedAtMs: Number(row.captured_at_ms),
      receivedAtMs: Number(row.received_at_ms),
      isDeciding: message === deciding,
    };
  });
}
