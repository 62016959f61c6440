/** Alerts and deliveries out of the store, a page at a time, latest first. */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Alert } from '#models/schema/alert.ts';
import type { Delivery } from '#models/schema/channel.ts';
import { DATABASE } from '#system/store-client.ts';
import { type AskOptions, ask, conditions, IN_AREAS } from './ask.ts';
import { ALERT_COLUMNS, type AlertRead, asAlert } from './rows.ts';

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

export async function readAlerts(
  client: ClickHouseClient,
  question: AlertsQuestion,
  options: AskOptions = {},
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
  options: AskOptions = {},
): Promise<Alert | undefined> {
  const query = `SELECT ${ALERT_COLUMNS} FROM ${DATABASE}.alerts FINAL WHERE alerts.id = {id:String} LIMIT 1`;
  const [row] = await ask<AlertRead>(client, query, { id }, options);
  return row === undefined ? undefined : asAlert(row);
}

/** Of each incident the latest alert; `fromMs` and `toMs` say where it can lie. */
export async function readLatestAlerts(
  client: ClickHouseClient,
  { incidents, fromMs, toMs }: { incidents: readonly string[]; fromMs: number; toMs: number },
  options: AskOptions = {},
): Promise<Map<string, Alert>> {
  if (incidents.length === 0) return new Map();
  const query = `SELECT ${ALERT_COLUMNS} FROM ${DATABASE}.alerts FINAL
WHERE at >= fromUnixTimestamp64Milli({from:Int64}) AND at <= fromUnixTimestamp64Milli({to:Int64}) AND alerts.incident IN {incidents:Array(String)}
ORDER BY at DESC, alerts.id DESC LIMIT 1 BY alerts.incident`;
  const rows = await ask<AlertRead>(client, query, { incidents: [...incidents], from: fromMs, to: toMs }, options);
  return new Map(rows.map((row) => [row.incident, asAlert(row)]));
}

export async function readDeliveries(
  client: ClickHouseClient,
  asked: { alert: string } | { channel: string; outcome?: string; limit: number },
  options: AskOptions = {},
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
