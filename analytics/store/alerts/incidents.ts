/** Incidents out of the store, with what people did and their pictures, a page at a time, latest first. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Evidence, Incident, IncidentWork } from '#models/schema/alert.ts';
import { DATABASE } from '#system/store-client.ts';
import { type AskOptions, ask, conditions, IN_AREAS, type Wanted } from './ask.ts';
import type { PageQuestion } from './read.ts';
import {
  asEvidence,
  asIncident,
  asWork,
  EVIDENCE_COLUMNS,
  type EvidenceRead,
  INCIDENT_COLUMNS,
  type IncidentRead,
  type WorkRead,
} from './rows.ts';

export type IncidentsQuestion = PageQuestion & {
  states?: readonly string[] | undefined;
  marks?: readonly string[] | undefined;
  family?: string | undefined;
  kind?: string | undefined;
  text?: string | undefined;
  /** Their states and marks are newer than the store may know: they come in any case. */
  touched: readonly string[];
};

const LAST_WORK = `SELECT toString(worked.incident) AS of_incident, argMax(worked.state, (worked.changed_at, worked.event)) AS last_state,
  argMax(worked.mark, (worked.changed_at, worked.event)) AS last_mark
FROM ${DATABASE}.incident_work AS worked FINAL GROUP BY worked.incident`;

const FOUND = `(SELECT ${INCIDENT_COLUMNS}, first_at, last_at FROM ${DATABASE}.incidents FINAL) AS found
LEFT JOIN (${LAST_WORK}) AS work ON found.id = work.of_incident`;

const STATE = "if(last_state = '', 'open', last_state)";
const WITH_KIND = `id IN (SELECT toString(incident) FROM ${DATABASE}.alerts WHERE kind = {kind:String} AND at >= fromUnixTimestamp64Milli({from:Int64}))`;

/** All but the state. */
function wantedOf(question: IncidentsQuestion): Wanted[] {
  return [
    ['last_at >= fromUnixTimestamp64Milli({from:Int64})', question.fromMs, 'from'],
    ['first_at <= fromUnixTimestamp64Milli({to:Int64})', question.toMs, 'to'],
    [IN_AREAS, question.areas, 'areas'],
    ['severity IN {severities:Array(String)}', question.severities, 'severities'],
    ['has(rules, {rule:String})', question.rule, 'rule'],
    ['has(cameras, {camera:String})', question.camera, 'camera'],
    ['family = {family:String}', question.family, 'family'],
    [WITH_KIND, question.kind, 'kind'],
    ['positionCaseInsensitiveUTF8(text, {text:String}) > 0', question.text, 'text'],
    [orTouched("if(last_mark = '', 'none', last_mark) IN {marks:Array(String)}"), question.marks, 'marks'],
  ];
}

const orTouched = (condition: string) => `(${condition} OR id IN {touched:Array(String)})`;

/** The store knows states a second late at the most: of what was `touched` the caller knows them better. */
export async function readIncidents(
  client: ClickHouseClient,
  question: IncidentsQuestion,
  options: AskOptions = {},
): Promise<Incident[]> {
  const { cursor, touched } = question;
  const { where, params } = conditions([
    ...wantedOf(question),
    [orTouched(`${STATE} IN {states:Array(String)}`), question.states, 'states'],
    ['(last_at_ms, id) < ({cursor_at:Int64}, {cursor_id:String})', cursor?.atMs, 'cursor_at'],
    ['true', cursor?.id, 'cursor_id'],
  ]);
  const query = `SELECT id, revision, family, severity, area_path, first_at_ms, last_at_ms, ended_at_ms, alerts, held, cameras, camera_count, rules, text
FROM ${FOUND}
WHERE ${where}
ORDER BY last_at_ms DESC, id DESC LIMIT {limit:UInt32}`;
  const rows = await ask<IncidentRead>(client, query, { ...params, touched, limit: question.limit }, options);
  return rows.map(asIncident);
}

/** How many there are of each state; which of those `touched` are meant is told apart. */
export async function countIncidents(
  client: ClickHouseClient,
  question: IncidentsQuestion,
  options: AskOptions = {},
): Promise<{ counts: Map<string, number>; touched: string[] }> {
  const { where, params } = conditions(wantedOf(question));
  const query = `SELECT ${STATE} AS state, countIf(id NOT IN {touched:Array(String)}) AS others, groupArrayIf(id, id IN {touched:Array(String)}) AS touched
FROM ${FOUND}
WHERE ${where}
GROUP BY state`;
  type Counted = { state: string; others: string; touched: string[] };
  const rows = await ask<Counted>(client, query, { ...params, touched: question.touched }, options);
  return {
    counts: new Map(rows.map(({ state, others }) => [state, Number(others)])),
    touched: rows.flatMap((row) => row.touched),
  };
}

export async function readIncident(
  client: ClickHouseClient,
  id: string,
  options: AskOptions = {},
): Promise<Incident | undefined> {
  const query = `SELECT ${INCIDENT_COLUMNS} FROM ${DATABASE}.incidents FINAL WHERE incidents.id = {id:String}`;
  const [row] = await ask<IncidentRead>(client, query, { id }, options);
  return row === undefined ? undefined : asIncident(row);
}

/** The last word on each, of those that somebody touched. */
export async function readWork(
  client: ClickHouseClient,
  incidents: readonly string[],
  options: AskOptions = {},
): Promise<Map<string, IncidentWork>> {
  if (incidents.length === 0) return new Map();
  const query = `SELECT toString(worked.incident) AS incident, state, mark, notes, toUnixTimestamp64Milli(changed_at) AS changed_at_ms, changed_by
FROM ${DATABASE}.incident_work AS worked FINAL WHERE worked.incident IN {incidents:Array(String)}
ORDER BY changed_at DESC, event DESC LIMIT 1 BY worked.incident`;
  const rows = await ask<WorkRead>(client, query, { incidents: [...incidents] }, options);
  return new Map(rows.map((row) => [row.incident, asWork(row)]));
}

/** Of each incident the pictures of its latest alert that has any. */
export async function readIncidentEvidence(
  client: ClickHouseClient,
  { incidents, fromMs, toMs }: { incidents: readonly string[]; fromMs: number; toMs: number },
  options: AskOptions = {},
): Promise<Map<string, Evidence>> {
  if (incidents.length === 0) return new Map();
  const query = `SELECT alert, camera, state, reason, clip, still, clip_from_ms, clip_to_ms, bytes, expires_at_ms, of_incident
FROM (SELECT ${EVIDENCE_COLUMNS} FROM ${DATABASE}.evidence FINAL) AS kept
INNER JOIN (SELECT toString(id) AS of_alert, toString(incident) AS of_incident, at FROM ${DATABASE}.alerts FINAL
  WHERE at >= fromUnixTimestamp64Milli({from:Int64}) AND at <= fromUnixTimestamp64Milli({to:Int64}) AND alerts.incident IN {incidents:Array(String)}) AS raised
ON kept.alert = raised.of_alert
ORDER BY at DESC LIMIT 1 BY of_incident`;
  const params = { incidents: [...incidents], from: fromMs, to: toMs };
  const rows = await ask<EvidenceRead & { of_incident: string }>(client, query, params, options);
  return new Map(rows.map((row) => [row.of_incident, asEvidence(row)]));
}

export async function readEvidence(
  client: ClickHouseClient,
  alert: string,
  options: AskOptions = {},
): Promise<Evidence | undefined> {
  const query = `SELECT ${EVIDENCE_COLUMNS} FROM ${DATABASE}.evidence FINAL WHERE evidence.alert = {alert:String}`;
  const [row] = await ask<EvidenceRead>(client, query, { alert }, options);
  return row === undefined ? undefined : asEvidence(row);
}
