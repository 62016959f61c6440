/** How cameras were: one row per state that lasted, not per message. What is said twice replaces its own row. */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, NAME, UTC_MS } from './migration.ts';

export const cameraStates: Migration = {
  number: 3,
  title: 'history of cameras',
  statements: ({ onCluster, replacing }) => [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.camera_states${onCluster} (
${columns([
  ['camera', NAME, 'Id of the camera'],
  ['state_from', UTC_MS, 'Since when it was so; a state that lasts over midnight (UTC) has a row per day'],
  ['state_to', UTC_MS, 'Until when that was heard; where the next row begins more than a minute later nobody knows'],
  ['state', NAME, 'live, degraded, down (tried again included), connecting (first try), waiting (no worker), disabled'],
  ['reason', NAME, 'Error code of the troubleshooting page; empty where nothing is wrong'],
  ['message', 'String', 'What happened, in one sentence'],
  ['area_path', NAME, 'city.district.street.village.grid of the camera; _ where unknown'],
  ['worker', NAME, 'Ingest worker that said so'],
  ['fps', 'Nullable(Float32)', 'Pictures a second that arrived, measured last'],
  ['fps_promised', 'Nullable(Float32)', 'Pictures a second that the camera announces'],
  ['bitrate_kbps', 'Nullable(Float32)', 'Measured last'],
  ['decode_cost_ms', 'Nullable(Float32)', 'Milliseconds per second that its decoder works, measured last'],
  ['reconnects', 'UInt32', 'Connections made again since its worker took it'],
  ['last_picture_at', `Nullable(${UTC_MS})`, 'When its last picture came'],
])}
) ENGINE = ${replacing('camera_states', 'state_to')}
PARTITION BY toYYYYMM(state_from)
ORDER BY (camera, state_from)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'How each camera was from when to when, and why; read it with FINAL'`,
  ],
};
