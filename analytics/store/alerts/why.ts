/** The sightings behind an alert: of the tracks that decided, around the time. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Alert } from '#models/schema/alert.ts';
import type { TrackWay } from '#models/schema/alert-view.ts';
import { DATABASE } from '#system/store-client.ts';
import { type AskOptions, ask } from './ask.ts';

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

/** The messages that decided: when their frames were captured and came, by which model and calibration. */
export function lookSql({ cause }: Alert): string {
  const keys = cause.messages.flatMap((id) => {
    const [, camera, revision, sequence] = /^([a-z0-9-]+):(\d+):(\d+)$/.exec(id) ?? [];
    return camera === undefined ? [] : [`('${camera}', ${revision}, ${sequence})`];
  });
  return `SELECT camera, revision, sequence, captured_at, received_at, watched_from, watched_to, looks, model, calibration_version
FROM ${DATABASE}.looks FINAL
WHERE (camera, revision, sequence) IN (${keys.length > 0 ? keys.join(', ') : "('', 0, 0)"})
ORDER BY captured_at`;
}

type Read = {
  camera: string;
  track: string;
  kind: TrackWay['kind'];
  x: number;
  y: number;
  width: number;
  height: number;
  captured_at_ms: string;
  lon: number | null;
  lat: number | null;
};

export async function readAlertTracks(
  client: ClickHouseClient,
  alert: Alert,
  options: AskOptions = {},
): Promise<TrackWay[]> {
  const query = `SELECT *, toUnixTimestamp64Milli(captured_at) AS captured_at_ms FROM (
${alertSql(alert)})`;
  const rows = await ask<Read>(client, query, {}, options);
  const byTrack = Map.groupBy(rows, ({ camera, track }) => `${camera} ${track}`);
  return [...byTrack.values()].flatMap((points) => {
    const [first] = points;
    if (first === undefined) return [];
    const { track, camera, kind } = first;
    return [{ track, camera, kind, points: points.map(pointOf) }];
  });
}

function pointOf({ captured_at_ms: at, x, y, width, height, lon, lat }: Read): TrackWay['points'][number] {
  const place = lon === null || lat === null ? {} : { lon, lat };
  return { atMs: Number(at), box: [x, y, width, height], ...place };
}
