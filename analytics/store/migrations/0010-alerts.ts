/** Alerts, incidents, what people and channels did with them, and their pictures; and views that analysts ask. */
import { DATABASE } from '#system/store-client.ts';
import type { Dialect } from '../dialect.ts';
import { columns, type Migration, NAME, UTC_MS } from './migration.ts';

type Column = readonly [name: string, type: string, comment: string];

const AREA_PATH: Column = ['area_path', NAME, 'city.district.street.village.grid; _ where unknown'];
const SEVERITY: Column = ['severity', NAME, 'critical, major, minor or info'];
const SEQUENCE: Column = ['stream_sequence', 'UInt64', 'Of its event in the stream SHARPEYES_ALERTS; 0 where unknown'];
const STORED_AT: Column = [
  'stored_at',
  `${UTC_MS} DEFAULT now64(3)`,
  'When the row was written; of equal rows the last counts',
];

const ALERTS: readonly Column[] = [
  ['at', UTC_MS, 'When it happened, by the camera’s frames'],
  ['id', 'FixedString(24)', 'Of the alert; the same tracks give the same'],
  ['incident', 'FixedString(24)', 'Id of its incident: of the incident’s first alert'],
  ['rule', NAME, 'Id of the rule'],
  ['rule_version', 'UInt32', 'Version of the rule that fired'],
  ['rule_name', NAME, 'Its name then'],
  ['family', NAME, 'Rules of one family make one incident'],
  ['condition', NAME, 'line, zone, dwell …'],
  SEVERITY,
  AREA_PATH,
  ['camera', NAME, 'Id of the camera; empty: of an area, over many cameras'],
  ['lon', 'Nullable(Float64)', 'Where, degrees WGS-84'],
  ['lat', 'Nullable(Float64)', 'Where, degrees WGS-84'],
  ['error_m', 'Nullable(Float64)', '1 sigma of the place along its long axis, metres'],
  ['box', 'Array(Float64)', 'Where in the picture: x, y, width, height, fractions; empty where nowhere'],
  ['kind', NAME, 'person, bicycle, motorcycle, car, bus or truck; empty where of none'],
  ['raised_at', UTC_MS, 'When the engine sent it'],
  ['text', 'String', 'What it says'],
  ['values', 'Map(LowCardinality(String), Float64)', 'Measured and limits'],
  ['is_late', 'Bool', 'The data came after the watermark had passed'],
  ['held', 'UInt32', 'Alerts like it that were held since the last one that was sent'],
  ['messages', 'Array(String)', 'Ids of the messages that decided: camera:revision:sequence, as in sightings'],
  ['tracks', 'Array(String)', 'Tracks that decided, as in sightings'],
  ['captured_at', UTC_MS, 'When the camera saw the deciding frame'],
  ['received_at', UTC_MS, 'When its last packet reached us'],
  ['published_at', `Nullable(${UTC_MS})`, 'When the broker had its message'],
  ['model', NAME, 'Detection model'],
  ['calibration_version', 'UInt32', 'Of the camera’s calibration; 0: none was used'],
  SEQUENCE,
  STORED_AT,
];

const INCIDENTS: readonly Column[] = [
  ['id', 'FixedString(24)', 'Id of its first alert'],
  ['revision', 'UInt32', 'Grows with every change; the highest counts'],
  ['family', NAME, 'Of its rules'],
  ['severity', NAME, 'The gravest of its alerts'],
  AREA_PATH,
  ['first_at', UTC_MS, 'When its first alert happened'],
  ['last_at', UTC_MS, 'When its last alert happened'],
  ['ended_at', `Nullable(${UTC_MS})`, 'When what happened was over; NULL: it goes on, or nobody can know'],
  ['alerts', 'UInt32', 'Alerts that were sent'],
  ['held', 'UInt32', 'Alerts that caps and cooldowns held back'],
  ['cameras', 'Array(String)', 'Its cameras, at most 200'],
  ['camera_count', 'UInt32', 'How many they are'],
  ['rules', 'Array(String)', 'Its rules, at most 50'],
  ['text', 'String', 'What it says'],
  SEQUENCE,
  STORED_AT,
];

const WORK: readonly Column[] = [
  ['incident', 'FixedString(24)', 'Id of the incident'],
  ['changed_at', UTC_MS, 'When'],
  ['event', 'String', 'Id of the event: a repeat changes nothing'],
  ['changed_by', NAME, 'User id'],
  ['state', NAME, 'open, acknowledged or closed'],
  ['mark', NAME, 'right, wrong or useless; empty while nobody said'],
  ['notes', 'String', 'JSON: [{atMs, by, text}], all so far'],
  AREA_PATH,
  SEQUENCE,
  STORED_AT,
];

const DELIVERIES: readonly Column[] = [
  ['channel', NAME, 'Id of the channel'],
  ['event', 'String', 'Id of the CloudEvent'],
  ['attempt', 'UInt32', 'From 1'],
  ['alert', 'String', 'Id of the alert; empty for other events'],
  ['outcome', NAME, 'delivered, retry or dead'],
  ['at', UTC_MS, 'When the attempt ended'],
  ['delay_ms', 'Int64', 'Since the alert was raised'],
  ['message', 'String', 'What went wrong'],
  STORED_AT,
];

const EVIDENCE: readonly Column[] = [
  ['alert', 'FixedString(24)', 'Id of the alert'],
  ['camera', NAME, 'Id of the camera'],
  ['state', NAME, 'kept, missing or deleted'],
  ['reason', NAME, 'Why missing: a code of the troubleshooting page'],
  ['clip', 'String', 'Name in the evidence store'],
  ['still', 'String', 'Name in the evidence store'],
  ['clip_from', `Nullable(${UTC_MS})`, 'Begin of the clip'],
  ['clip_to', `Nullable(${UTC_MS})`, 'End of the clip'],
  ['bytes', 'UInt64', 'Of clip and still'],
  ['expires_at', `Nullable(${UTC_MS})`, 'When it is deleted'],
  AREA_PATH,
  SEQUENCE,
  ['changed_at', UTC_MS, 'When it became so; the last counts'],
];

const LEVELS = ['city', 'district', 'street', 'village', 'grid'] as const;
const AREAS = LEVELS.map((level, index) => `splitByChar('.', area_path)[${index + 1}] AS ${level}`).join(', ');

type Made = { own: readonly Column[]; version: string; order: string; partition?: string; says: string };

function table(name: string, { onCluster, replacing }: Dialect, made: Made): string {
  return `CREATE TABLE IF NOT EXISTS ${DATABASE}.${name}${onCluster} (
${columns(made.own)}
) ENGINE = ${replacing(name, made.version)}
${made.partition === undefined ? '' : `PARTITION BY ${made.partition}\n`}ORDER BY ${made.order}
COMMENT '${made.says}; read it with FINAL'`;
}

type Shown = { own: readonly Column[]; select: string; says: string };

function view(name: string, { onCluster }: Dialect, { own, select, says }: Shown): string {
  return `CREATE VIEW IF NOT EXISTS ${DATABASE}.${name}${onCluster} (
${columns(own)}
) AS ${select} COMMENT '${says}'`;
}

const LEVEL_COLUMNS = LEVELS.map((level): Column => [level, 'String', `Id of the ${level}; _ where unknown`]);

/** Columns of a table by their names, as a view shows them. */
function shown(table: readonly Column[], names: string): Column[] {
  return names.split(' ').map((name) => {
    const [, type = 'String', comment = ''] = table.find(([each]) => each === name) ?? [];
    return [name, type === 'FixedString(24)' ? 'String' : type, comment];
  });
}

const ALERT_LOG_COLUMNS: readonly Column[] = [
  ...shown(ALERTS, 'id incident rule rule_version rule_name family condition severity camera kind at raised_at'),
  ['decided_ms', 'Int64', 'From the last packet of the deciding frame to the alert, milliseconds'],
  ...shown(ALERTS, 'lon lat text values held is_late model tracks area_path'),
  ...LEVEL_COLUMNS,
];

const INCIDENT_LOG_COLUMNS: readonly Column[] = [
  ...shown(INCIDENTS, 'id family severity'),
  ['state', 'String', 'open, acknowledged or closed'],
  ['mark', 'String', 'right, wrong or useless; empty while nobody said'],
  ...shown(INCIDENTS, 'first_at last_at ended_at alerts held cameras camera_count rules text'),
  ['acknowledged_at', `Nullable(${UTC_MS})`, 'When somebody first acknowledged it; NULL: nobody did'],
  AREA_PATH,
  ...LEVEL_COLUMNS,
];

const PRECISION_COLUMNS: readonly Column[] = [
  ['rule', 'String', 'Id of the rule'],
  ['incidents', 'UInt64', 'Incidents that it had a part in'],
  ['marked_right', 'UInt64', 'Of these, marked right'],
  ['marked_wrong', 'UInt64', 'Of these, marked wrong'],
  ['marked_useless', 'UInt64', 'Of these, marked useless'],
  ['precision', 'Nullable(Float64)', 'Share of the marked ones that were right; NULL while none is marked'],
];

/** The last word on each incident. */
const LAST_WORK = `SELECT work.incident AS incident, argMax(work.state, (work.changed_at, work.event)) AS last_state,
  argMax(work.mark, (work.changed_at, work.event)) AS last_mark, countIf(work.state = 'acknowledged') AS acknowledgements,
  minIf(work.changed_at, work.state = 'acknowledged') AS first_acknowledged_at
FROM ${DATABASE}.incident_work AS work FINAL GROUP BY work.incident`;

const ALERT_LOG = `SELECT toString(id) AS id, toString(incident) AS incident, rule, rule_version, rule_name, family, condition, severity,
  camera, kind, at, raised_at, dateDiff('millisecond', received_at, raised_at) AS decided_ms, lon, lat, text, values, held, is_late, model,
  tracks, area_path, ${AREAS}
FROM ${DATABASE}.alerts FINAL`;

const INCIDENT_LOG = `SELECT toString(found.id) AS id, family, severity, if(last_state = '', 'open', last_state) AS state, last_mark AS mark,
  first_at, last_at, ended_at, alerts, held, cameras, camera_count, rules, text,
  if(acknowledgements > 0, first_acknowledged_at, NULL) AS acknowledged_at, area_path, ${AREAS}
FROM (SELECT * FROM ${DATABASE}.incidents FINAL) AS found LEFT JOIN (${LAST_WORK}) AS worked ON found.id = worked.incident`;

const RULE_PRECISION = `SELECT rule, count() AS incidents, countIf(mark = 'right') AS marked_right, countIf(mark = 'wrong') AS marked_wrong,
  countIf(mark = 'useless') AS marked_useless, marked_right / nullIf(marked_right + marked_wrong + marked_useless, 0) AS precision
FROM ${DATABASE}.incident_log ARRAY JOIN rules AS rule GROUP BY rule`;

export const alerts: Migration = {
  number: 10,
  title: 'alerts, incidents and deliveries',
  statements: (dialect) => [
    table('alerts', dialect, {
      own: ALERTS,
      version: 'stored_at',
      order: '(at, id)',
      partition: 'toYYYYMM(at)',
      says: 'One firing of a rule',
    }),
    `ALTER TABLE ${DATABASE}.alerts${dialect.onCluster} ADD INDEX IF NOT EXISTS by_id id TYPE bloom_filter`,
    `ALTER TABLE ${DATABASE}.alerts${dialect.onCluster} ADD INDEX IF NOT EXISTS by_incident incident TYPE bloom_filter`,
    table('incidents', dialect, {
      own: INCIDENTS,
      version: 'revision',
      order: 'id',
      says: 'Alerts of one family at one place and time',
    }),
    table('incident_work', dialect, {
      own: WORK,
      version: 'stored_at',
      order: '(incident, changed_at, event)',
      says: 'What people did with an incident, a row each time',
    }),
    table('deliveries', dialect, {
      own: DELIVERIES,
      version: 'stored_at',
      order: '(channel, event, attempt, at)',
      says: 'One attempt of one event at one channel',
    }),
    table('evidence', dialect, {
      own: EVIDENCE,
      version: 'changed_at',
      order: 'alert',
      says: 'Pictures of an alert',
    }),
    view('alert_log', dialect, {
      own: ALERT_LOG_COLUMNS,
      select: ALERT_LOG,
      says: 'Alerts, with the ids of their areas',
    }),
    view('incident_log', dialect, {
      own: INCIDENT_LOG_COLUMNS,
      select: INCIDENT_LOG,
      says: 'Incidents as they stand, with what people did with them',
    }),
    view('rule_precision', dialect, {
      own: PRECISION_COLUMNS,
      select: RULE_PRECISION,
      says: 'Of each rule how many incidents were marked right, wrong or useless',
    }),
  ],
};
