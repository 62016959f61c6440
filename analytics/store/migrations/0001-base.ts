/** The base: what messages said, row by row. A message that comes again replaces its own rows and changes nothing. */
import { DATABASE } from '#system/store-client.ts';
import { columns, type Migration, NAME, UTC_MS } from './migration.ts';

export const base: Migration = {
  number: 1,
  title: 'sightings, looks, revisions and quarantine',
  statements: ({ onCluster, replacing, aggregating }) => [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.sightings${onCluster} (
${columns([
  ['captured_at', UTC_MS, 'When the camera saw it: wall clock of arrival corrected by the stream’s own time'],
  ['camera', NAME, 'Id of the camera'],
  ['revision', 'UInt64', 'Of the lease under which the worker had the camera'],
  ['sequence', 'UInt64', 'Of the message within camera and revision'],
  ['ordinal', 'UInt16', 'Position of the sighting in its message, from 0'],
  ['track', 'String', 'Random id of the track; of one camera, ends with the track'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'],
  ['score', 'Float32', 'How sure the detector was, 0 to 1'],
  ['x', 'Float32', 'Left edge of the box, fraction of the image width'],
  ['y', 'Float32', 'Upper edge of the box, fraction of the image height'],
  ['width', 'Float32', 'Width of the box, fraction of the image width'],
  ['height', 'Float32', 'Height of the box, fraction of the image height'],
  ['presence_ms', 'UInt32', 'Milliseconds until the next look, capped: the sum is how long things were there'],
  ['is_held', 'Bool', 'Believed to stand still while the gate is closed, not looked at just now'],
  ['lon', 'Nullable(Float64)', 'Foot point, degrees WGS-84; NULL without calibration or above the horizon'],
  ['lat', 'Nullable(Float64)', 'Foot point, degrees WGS-84; NULL without calibration or above the horizon'],
  ['cov_ee', 'Nullable(Float32)', 'Covariance of the foot point, east-east, square metres'],
  ['cov_en', 'Nullable(Float32)', 'Covariance of the foot point, east-north, square metres'],
  ['cov_nn', 'Nullable(Float32)', 'Covariance of the foot point, north-north, square metres'],
  ['cells', 'Array(UInt64)', 'H3 cells (resolution 13) it lies in; [0] where it could not be placed'],
  ['weights', 'Array(UInt16)', 'Thousandths of it in each cell; the sum is 1000'],
  ['area_path', NAME, 'city.district.street.village.grid of the foot point, else of the camera; _ where unknown'],
  ['calibration_version', 'UInt32', 'Of the calibration that placed it; 0 without one'],
  ['model', NAME, 'Detection model'],
  ['received_at', UTC_MS, 'When the frame reached us'],
  ['stored_at', `${UTC_MS} DEFAULT now64(3)`, 'When the row was written; of equal rows the last counts'],
])}
) ENGINE = ${replacing('sightings', 'stored_at')}
PARTITION BY toYYYYMMDD(captured_at)
ORDER BY (captured_at, camera, revision, sequence, ordinal)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'One thing of one track in one look; read it with FINAL'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.looks${onCluster} (
${columns([
  ['watched_from', UTC_MS, 'Begin of the time that the message speaks for'],
  ['camera', NAME, 'Id of the camera'],
  ['revision', 'UInt64', 'Of the lease under which the worker had the camera'],
  ['sequence', 'UInt64', 'Of the message within camera and revision'],
  ['watched_to', UTC_MS, 'End of the time that the message speaks for'],
  ['observed_ms', 'UInt32', 'Milliseconds watched: from watched_from to watched_to'],
  ['looks', 'UInt32', 'Frames that went through the detector'],
  ['sightings', 'UInt32', 'Sightings in the message; 0 means looked, saw nothing'],
  ['calibration_version', 'UInt32', 'Of the camera’s calibration then; 0 without one'],
  ['area_path', NAME, 'city.district.street.village.grid of the camera; _ where unknown'],
  ['model', NAME, 'Detection model'],
  ['captured_at', UTC_MS, 'When the (first) frame was captured'],
  ['received_at', UTC_MS, 'When it reached us'],
  ['stored_at', `${UTC_MS} DEFAULT now64(3)`, 'When the row was written; of equal rows the last counts'],
])}
) ENGINE = ${replacing('looks', 'stored_at')}
PARTITION BY toYYYYMMDD(watched_from)
ORDER BY (watched_from, camera, revision, sequence)
SETTINGS ttl_only_drop_parts = 1
COMMENT 'The ledger: one row per message, what was watched and for how long; read it with FINAL'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.revisions${onCluster} (
${columns([
  ['camera', 'String', 'Id of the camera'],
  ['revision', 'UInt64', 'Of the lease'],
  [
    'first_captured_at',
    `SimpleAggregateFunction(min, ${UTC_MS})`,
    'From here on messages of lower revisions are stale',
  ],
])}
) ENGINE = ${aggregating('revisions')}
ORDER BY (camera, revision)
COMMENT 'When each lease of a camera began: fences workers that lost it'`,

    `CREATE TABLE IF NOT EXISTS ${DATABASE}.quarantine${onCluster} (
${columns([
  [
    'reason',
    NAME,
    'clock: too far off; expired: older than what is kept; stale: of a lost lease; implausible: a figure no camera can give; undecodable',
  ],
  ['id', 'String', 'Message id, or sha256:… of what could not be read'],
  ['camera', 'String', 'Id of the camera; empty where unknown'],
  ['captured_at', `Nullable(${UTC_MS})`, 'What the message says; NULL where it could not be read'],
  ['message', 'String', 'What is wrong, in one sentence'],
  ['payload', 'String', 'The message as it came, at most 64 KiB'],
  ['quarantined_at', `${UTC_MS} DEFAULT now64(3)`, 'When it was put aside'],
])}
) ENGINE = ${replacing('quarantine', 'quarantined_at')}
ORDER BY (reason, id)
COMMENT 'Messages that were not counted, and why; nothing is dropped in silence'`,
  ],
};
