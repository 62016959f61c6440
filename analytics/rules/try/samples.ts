/** The tracks behind some alerts, in the picture and on the ground, to be drawn. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Alert } from '#models/schema/alert.ts';
import type { TrackWay } from '#models/schema/alert-view.ts';
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import type { TriedRule } from '#models/schema/rule-try.ts';
import { DATABASE } from '#system/store-client.ts';

const SAMPLES_TOLD = 12;
const TRACKS_MAX = 8;
const POINTS_MAX = 60;
/** A thing that stays is drawn as it came. */
const BEFORE_MS = 120_000;
const AFTER_MS = 30_000;

type Row = {
  track: string;
  camera: string;
  kind: Kind;
  atMs: number;
  x: number;
  y: number;
  width: number;
  height: number;
  lon: number | null;
  lat: number | null;
};

export async function readSamples(
  client: ClickHouseClient,
  alerts: readonly Alert[],
  { signal }: { signal: AbortSignal },
): Promise<TriedRule['samples']> {
  const step = Math.max(1, alerts.length / SAMPLES_TOLD);
  const chosen = alerts.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  const samples: TriedRule['samples'] = [];
  for (const alert of chosen.slice(0, SAMPLES_TOLD)) {
    samples.push({ alert, tracks: await readTracks(client, alert, signal) });
  }
  return samples;
}

async function readTracks(client: ClickHouseClient, alert: Alert, signal: AbortSignal): Promise<TrackWay[]> {
  const { atMs, cause } = alert;
  const tracks = cause.tracks.slice(0, TRACKS_MAX);
  if (tracks.length === 0) return [];
  const result = await client.query({
    query: `SELECT track, camera, kind, toFloat64(toUnixTimestamp64Milli(captured_at)) AS atMs, x, y, width, height, lon, lat
      FROM ${DATABASE}.sightings FINAL
      WHERE captured_at >= fromUnixTimestamp64Milli({fromMs: Int64}, 'UTC')
        AND captured_at < fromUnixTimestamp64Milli({toMs: Int64}, 'UTC') AND track IN ({tracks: Array(String)})
      ORDER BY track, captured_at DESC LIMIT ${POINTS_MAX} BY track`,
    query_params: { fromMs: atMs - BEFORE_MS, toMs: atMs + AFTER_MS, tracks },
    format: 'JSONEachRow',
    abort_signal: signal,
  });
  const rows = await result.json<Row>();
  return [...Map.groupBy(rows, ({ track }) => track)].map(([track, points]) => ({
    track,
    camera: points[0]!.camera,
    kind: points[0]!.kind,
    points: points.reverse().map(({ atMs: pointMs, x, y, width, height, lon, lat }) => ({
      ...{ atMs: pointMs, box: [x, y, width, height] as Box },
      ...(lon === null || lat === null ? {} : { lon, lat }),
    })),
  }));
}
