/** The table `camera_states`: rows in, and out again for a period. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '#system/config.ts';
import { DATABASE } from '#system/store-client.ts';
import type { StateRow } from '../history/state-rows.ts';
import { writeSettings } from './dialect.ts';

/** Throws what the client throws; writing again changes nothing. */
export async function writeStates(client: ClickHouseClient, config: Config, rows: readonly StateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.insert({
    table: `${DATABASE}.camera_states`,
    values: rows.map(asColumns),
    format: 'JSONEachRow',
    clickhouse_settings: writeSettings(config),
  });
}

/** A bare integer is read as ticks of DateTime64(3), which are milliseconds. */
function asColumns({ camera, fromMs, toMs, areaPath, condition, state }: StateRow): Record<string, unknown> {
  return {
    camera,
    state_from: fromMs,
    state_to: toMs,
    state: condition,
    reason: state.reason ?? '',
    message: state.message ?? '',
    area_path: areaPath,
    worker: state.worker,
    fps: state.fps ?? null,
    fps_promised: state.fpsPromised ?? null,
    bitrate_kbps: state.bitrateKbps ?? null,
    decode_cost_ms: state.decodeCostMs ?? null,
    reconnects: state.reconnects,
    last_picture_at: state.lastPictureAtMs ?? null,
  };
}

/** What was said of a camera, oldest first; `state` is its condition. */
export type SaidState = { camera: string; fromMs: number; toMs: number; state: string; reason: string };

const DAY_MS = 86_400_000;
/** A word holds this long beyond itself, so one from before the period may reach into it. */
const REACH_MS = 600_000;

/** Beyond this all are read and the others passed over: names travel in the address of the request. */
const NAMED_MAX = 200;

type Asked = { cameras: readonly string[]; fromMs: number; toMs: number };

/** Everything that may bear on the period, by camera and time. */
export async function readStates(
  client: ClickHouseClient,
  { cameras, fromMs, toMs }: Asked,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Map<string, SaidState[]>> {
  const isNamed = cameras.length <= NAMED_MAX;
  const result = await client.query({
    query: `SELECT camera, toUnixTimestamp64Milli(state_from), toUnixTimestamp64Milli(state_to), state, reason
      FROM ${DATABASE}.camera_states FINAL
      WHERE state_from >= fromUnixTimestamp64Milli({first:Int64}) AND state_from < fromUnixTimestamp64Milli({to:Int64})
        AND state_to >= fromUnixTimestamp64Milli({reached:Int64}) AND ${isNamed ? 'camera IN {cameras:Array(String)}' : 'true'}
      ORDER BY camera, state_from`,
    query_params: {
      // A row begins on the day that it ends, UTC.
      first: Math.floor((fromMs - REACH_MS) / DAY_MS) * DAY_MS,
      reached: fromMs - REACH_MS,
      to: toMs,
      ...(isNamed ? { cameras: [...cameras] } : {}),
    },
    format: 'JSONCompactEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const byCamera = new Map<string, SaidState[]>(cameras.map((camera) => [camera, []]));
  for await (const rows of result.stream<[string, string | number, string | number, string, string]>()) {
    for (const row of rows) {
      const [camera, from, to, state, reason] = row.json();
      byCamera.get(camera)?.push({ camera, fromMs: Number(from), toMs: Number(to), state, reason });
    }
  }
  return byCamera;
}
