/** Alerts and incidents out of the store, a page at a time, latest first. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Alert, Incident, IncidentWork } from '#models/schema/alert.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { DATABASE } from '#system/store-client.ts';
import {
  ALERT_COLUMNS,
  type AlertRead,
  asAlert,
  asIncident,
  asWork,
  INCIDENT_COLUMNS,
  type IncidentRead,
  type WorkRead,
} from './rows.ts';

/** Where a page ends: the time and the id of its last row. */
export type Cursor = { atMs: number; id: string };

export type PageQuestion = {
  /** Of any of these areas or below; empty: everywhere. */
  areas: readonly string[];
  severities?: readonly string[] | undefined;
  rule?: string | undefined;
  camera?: string | undefined;
  fromMs: number;
  toMs: number;
  cursor?: Cursor | undefined;
  limit: number;
};
export type AlertsQuestion = PageQuestion & { kind?: string | undefined; incident?: string | undefined };
export type IncidentsQuestion = PageQuestion & {
  states?: readonly string[] | undefined;
  marks?: readonly string[] | undefined;
  family?: string | undefined;
  /** Their states and marks are newer than the store may know: they come in any case. */
  touched: readonly string[];
};

type Options = { signal?: AbortSignal };
type Params = Record<string, unknown>;

/** Conditions of what was asked, with their parameters; what is undefined asks nothing. */
function conditions(wanted: readonly (readonly [condition: string, value: unknown, name: string])[]): {
  where: string;
  params: Params;
} {
  const asked = wanted.filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return {
    where: asked.map(([condition]) => condition).join('\n  AND '),
    params: Object.fromEntries(asked.map(([, value, name]) => [name, value])),
  };
}

const IN_AREAS = "hasAny(splitByChar('.', area_path), {areas:Array(String)})";

export async function readAlerts(
  client: ClickHouseClient,
  question: AlertsQuestion,
  options: Options = {},
): Promise<Alert[]> {
  const { cursor } = question;
  const { where, params } = conditions([
    ['at >= fromUnixTimestamp64Milli({from:Int64})', question.fromMs, 'from'],
    ['at <= fromUnixTimestamp64Milli({to:Int64})', Math.min(question.toMs, cursor?.atMs ?? question.toMs), 'to'],
    ['(toUnixTimestamp64Milli(at), id) < ({cursor_at:Int64}, {cursor_id:String})', cursor?.atMs, 'cursor_at'],
    ['true', cursor?.id, 'cursor_id'],
    [IN_AREAS, question.areas, 'areas'],
    ['severity IN {severities:Array(String)}', question.severities, 'severities'],
    ['rule = {rule:String}', question.rule, 'rule'],
    ['camera = {camera:String}', question.camera, 'camera'],
    ['kind = {kind:String}', question.kind, 'kind'],
    ['incident = {incident:String}', question.incident, 'incident'],
  ]);
  const query = `SELECT ${ALERT_COLUMNS} FROM ${DATABASE}.alerts FINAL
WHERE ${where}
ORDER BY at DESC, alerts.id DESC LIMIT {limit:UInt32}`;
  const rows = await ask<AlertRead>(client, query, { ...params, limit: question.limit }, options);
  return rows.map(asAlert);
}

export async function readAlert(
  client: ClickHouseClient,
  id: string,
  options: Options = {},
): Promise<Alert | undefined> {
  const query = `SELECT ${ALERT_COLUMNS} FROM ${DATABASE}.alerts FINAL WHERE alerts.id = {id:String} LIMIT 1`;
  const [row] = await ask<AlertRead>(client, query, { id }, options);
  return row === undefined ? undefined : asAlert(row);
}

const LAST_WORK = `SELECT toString(worked.incident) AS of_incident, argMax(worked.state, (worked.changed_at, worked.event)) AS last_state,
  argMax(worked.mark, (worked.changed_at, worked.event)) AS last_mark
FROM ${DATABASE}.incident_work AS worked FINAL GROUP BY worked.incident`;

/** The store knows states a second late at the most: of what was `touched` the caller knows them better. */
export async function readIncidents(
  client: ClickHouseClient,
  question: IncidentsQuestion,
  options: Options = {},
): Promise<Incident[]> {
  const { cursor, touched } = question;
  const orTouched = (condition: string) => `(${condition} OR id IN {touched:Array(String)})`;
  const { where, params } = conditions([
    ['last_at >= fromUnixTimestamp64Milli({from:Int64})', question.fromMs, 'from'],
    ['first_at <= fromUnixTimestamp64Milli({to:Int64})', question.toMs, 'to'],
    ['(last_at_ms, id) < ({cursor_at:Int64}, {cursor_id:String})', cursor?.atMs, 'cursor_at'],
    ['true', cursor?.id, 'cursor_id'],
    [IN_AREAS, question.areas, 'areas'],
    ['severity IN {severities:Array(String)}', question.severities, 'severities'],
    ['has(rules, {rule:String})', question.rule, 'rule'],
    ['has(cameras, {camera:String})', question.camera, 'camera'],
    ['family = {family:String}', question.family, 'family'],
    [orTouched("if(last_state = '', 'open', last_state) IN {states:Array(String)}"), question.states, 'states'],
    [orTouched("if(last_mark = '', 'none', last_mark) IN {marks:Array(String)}"), question.marks, 'marks'],
  ]);
  const query = `SELECT id, revision, family, severity, area_path, first_at_ms, last_at_ms, ended_at_ms, alerts, held, cameras, camera_count, rules, text
FROM (SELECT ${INCIDENT_COLUMNS}, first_at, last_at FROM ${DATABASE}.incidents FINAL) AS found
LEFT JOIN (${LAST_WORK}) AS work ON found.id = work.of_incident
WHERE ${where}
ORDER BY last_at_ms DESC, id DESC LIMIT {limit:UInt32}`;
  const rows = await ask<IncidentRead>(
    client,
    query,
    { ...params, touched: [...touched], limit: question.limit },
    options,
  );
  return rows.map(asIncident);
}

export async function readIncident(
  client: ClickHouseClient,
  id: string,
  options: Options = {},
): Promise<Incident | undefined> {
  const query = `SELECT ${INCIDENT_COLUMNS} FROM ${DATABASE}.incidents FINAL WHERE incidents.id = {id:String}`;
  const [row] = await ask<IncidentRead>(client, query, { id }, options);
  return row === undefined ? undefined : asIncident(row);
}

/** The last word on each, of those that somebody touched. */
export async function readWork(
  client: ClickHouseClient,
  incidents: readonly string[],
  options: Options = {},
): Promise<Map<string, IncidentWork>> {
  if (incidents.length === 0) return new Map();
  const query = `SELECT toString(worked.incident) AS incident, state, mark, notes, toUnixTimestamp64Milli(changed_at) AS changed_at_ms, changed_by
FROM ${DATABASE}.incident_work AS worked FINAL WHERE worked.incident IN {incidents:Array(String)}
ORDER BY changed_at DESC, event DESC LIMIT 1 BY worked.incident`;
  const rows = await ask<WorkRead>(client, query, { incidents: [...incidents] }, options);
  return new Map(rows.map((row) => [row.incident, asWork(row)]));
}

export async function readDeliveries(
  client: ClickHouseClient,
  asked: { alert: string } | { channel: string; outcome?: string; limit: number },
  options: Options = {},
): Promise<Delivery[]> {
  const { where, params } = conditions([
    ['alert = {alert:String}', 'alert' in asked ? asked.alert : undefined, 'alert'],
    ['channel = {channel:String}', 'channel' in asked ? asked.channel : undefined, 'channel'],
    ['outcome = {outcome:String}', 'channel' in asked ? asked.outcome : undefined, 'outcome'],
  ]);
  const query = `SELECT channel, event, attempt, alert, outcome, toUnixTimestamp64Milli(at) AS at_ms, delay_ms, message
FROM ${DATABASE}.deliveries FINAL WHERE ${where}
ORDER BY at DESC LIMIT {limit:UInt32}`;
  const limit = 'limit' in asked ? asked.limit : 500;
  type Read = Omit<Delivery, 'atMs' | 'delayMs'> & { at_ms: string; delay_ms: string };
  const rows = await ask<Read>(client, query, { ...params, limit }, options);
  return rows.map(({ at_ms, delay_ms, alert, message, ...row }) => ({
    ...row,
    alert: alert === '' ? null : alert,
    atMs: Number(at_ms),
    delayMs: Number(delay_ms),
    ...(message === '' ? {} : { message: message as string }),
  }));
}

async function ask<Row>(client: ClickHouseClient, query: string, params: Params, { signal }: Options): Promise<Row[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  return result.json<Row>();
}
