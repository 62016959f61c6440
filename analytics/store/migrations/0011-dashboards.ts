/** Views that panels of dashboards ask: hours with motion and mergeable tracks; cameras, their models, what was put aside. */
import { DATABASE } from '#system/store-client.ts';
import type { Dialect } from '../dialect.ts';
import { columns, type Migration, NAME, UTC_MS, UTC_S } from './migration.ts';

type Column = readonly [name: string, type: string, comment: string];

const HOUR: Column = ['hour', UTC_S, 'Begin of the hour'];
const CAMERA: Column = ['camera', NAME, 'Id of the camera'];
const KIND: Column = ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck'];
const AREA_PATH: Column = ['area_path', NAME, 'city.district.street.village.grid; _ where unknown'];
const LEVELS = ['city', 'district', 'street', 'village', 'grid'] as const;
const LEVEL_COLUMNS = LEVELS.map((level): Column => [level, 'String', `Id of the ${level}; _ where unknown`]);
const AREAS = LEVELS.map((level, index) => `splitByChar('.', area_path)[${index + 1}] AS ${level}`).join(', ');

type Shown = { own: readonly Column[]; select: string; says: string };

const view = (name: string, { onCluster }: Dialect, { own, select, says }: Shown) =>
  `CREATE VIEW IF NOT EXISTS ${DATABASE}.${name}${onCluster} (
${columns(own)}
) AS ${select} COMMENT '${says}'`;

const FLOW: Shown = {
  own: [
    ...[HOUR, CAMERA, KIND, AREA_PATH, ...LEVEL_COLUMNS],
    ['presence_us', 'UInt64', 'Microseconds that things were there: whole, so that sums do not depend on their order'],
    ['presence_s', 'Float64', 'The same in seconds'],
    ['sightings', 'Float64', 'Sightings'],
    ['moved_m', 'Float64', 'Metres that tracks moved'],
    ['timed_s', 'Float64', 'Seconds in which they moved that: sum(moved_m) / sum(timed_s) is m/s'],
    [
      'error_m',
      'Nullable(Float64)',
      '1 sigma of places, metres, the mean over presence; NULL where nothing was placed',
    ],
    [
      'tracks_state',
      'AggregateFunction(uniqCombined(12), String)',
      'Distinct tracks over any hours: uniqCombinedMerge(12)(tracks_state)',
    ],
  ],
  select: `SELECT hour, camera, kind, area_path, ${AREAS}, presence_us, presence_us / 1e6 AS presence_s, sightings_milli / 1000 AS sightings,
    moved_mm / 1000 AS moved_m, timed_ms / 1000 AS timed_s, if(error_mm_us = 0, NULL, error_mm_us / presence_us / 1000) AS error_m,
    tracks AS tracks_state
  FROM ${DATABASE}.kinds_hour FINAL WHERE sightings_milli > 0`,
  says: 'What was seen per closed hour, camera, kind and area: presence, motion, certainty, tracks that merge over hours',
};

const WATCHED: Shown = {
  own: [
    ...[HOUR, CAMERA, AREA_PATH, ...LEVEL_COLUMNS],
    ['calibration_version', 'UInt32', 'Of the calibration then; 0 without one'],
    ['observed_ms', 'UInt64', 'Milliseconds that the camera was watched'],
    ['observed_s', 'Float64', 'The same in seconds'],
    ['looks', 'UInt64', 'Frames that went through the detector'],
    ['sightings', 'UInt64', 'Sightings'],
  ],
  select: `SELECT hour, camera, area_path, ${AREAS}, calibration_version, observed_ms, observed_ms / 1000 AS observed_s, looks, sightings
  FROM ${DATABASE}.observed_hour FINAL WHERE observed_ms > 0`,
  says: 'How long each camera was watched per closed hour, and under which calibration',
};

const PEAKS: Shown = {
  own: [
    HOUR,
    ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck; empty: all together'],
    ['level', NAME, 'city, district, street, village or grid'],
    ['area', 'String', 'Id of the area'],
    ['area_path', 'String', 'Its way from the city; _ where unknown'],
    ['peak', 'Float64', 'Most things there at once: the mean of its busiest minute'],
  ],
  select: `SELECT hour, kind, scale AS level, place AS area, found.area_path AS area_path, peak_us / 6e7 AS peak
  FROM (SELECT hour, kind, scale, place, peak_us FROM ${DATABASE}.peaks_hour FINAL
    WHERE scale IN (${LEVELS.map((level) => `'${level}'`).join(', ')})) AS peaks
  INNER JOIN (SELECT id, area_path FROM ${DATABASE}.areas) AS found ON found.id = peaks.place`,
  says: 'The busiest minute of each area per closed hour, of areas that are registered now',
};

const CONDITIONS: Shown = {
  own: [
    CAMERA,
    ['state_from', UTC_MS, 'Since when it was so; a state that lasts over midnight (UTC) has a row per day'],
    ['state_to', UTC_MS, 'Until when that was heard'],
    ['state', NAME, 'live, degraded, down, connecting, waiting or disabled'],
    ['reason', NAME, 'Error code of the troubleshooting page; empty where nothing is wrong'],
    AREA_PATH,
  ],
  select: `SELECT camera, state_from, state_to, state, reason, area_path FROM ${DATABASE}.camera_states FINAL`,
  says: 'How each camera was from when to when, and why',
};

const LOOKED: Shown = {
  own: [
    ['watched_from', UTC_MS, 'Begin of the time that the message speaks for'],
    CAMERA,
    AREA_PATH,
    ['model', NAME, 'Detection model'],
    ['calibration_version', 'UInt32', 'Of the calibration then; 0 without one'],
    ['late_ms', 'Int64', 'From the capture of its frame until it reached us, milliseconds'],
  ],
  select: `SELECT watched_from, camera, area_path, model, calibration_version, dateDiff('millisecond', captured_at, received_at) AS late_ms
  FROM ${DATABASE}.looks`,
  says: 'With which model and calibration cameras were looked at, a row per message; repeats may be in it',
};

const PUT_ASIDE: Shown = {
  own: [
    ['quarantined_at', UTC_MS, 'When it was put aside'],
    ['reason', NAME, 'clock, expired, stale, implausible or undecodable'],
    ['camera', 'String', 'Id of the camera'],
    ['area_path', 'String', 'Of the camera as it is registered; empty where it is not'],
  ],
  select: `SELECT quarantined_at, reason, aside.camera AS camera, found.area_path AS area_path
  FROM (SELECT quarantined_at, reason, camera FROM ${DATABASE}.quarantine FINAL) AS aside
  LEFT JOIN (SELECT id, area_path FROM ${DATABASE}.cameras) AS found ON found.id = aside.camera`,
  says: 'Messages that were not counted, and why, with the area of their camera',
};

export const dashboards: Migration = {
  number: 11,
  title: 'views for panels of dashboards',
  statements: (dialect) => [
    view('flow_by_hour', dialect, FLOW),
    view('watched_by_hour', dialect, WATCHED),
    view('peaks_by_hour', dialect, PEAKS),
    view('camera_conditions', dialect, CONDITIONS),
    view('looked_with', dialect, LOOKED),
    view('put_aside', dialect, PUT_ASIDE),
  ],
};
