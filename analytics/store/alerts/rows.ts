/** Alerts and what becomes of them as rows of ClickHouse, and back: the one place that translates. */
import type { Alert, Evidence, Incident, IncidentWork } from '#models/schema/alert.ts';
import type { Delivery } from '#models/schema/channel.ts';
import type { Severity } from '#models/schema/severity.ts';

/** Where an event stood in the stream, and whom it concerns. */
export type Placed = { areaPath: readonly string[]; sequence: number };

export type Row = Record<string, unknown>;

/** A bare integer is read as ticks of DateTime64(3), which are milliseconds. */
export function alertRow(alert: Alert, { sequence }: Placed): Row {
  const { cause, position } = alert;
  return {
    at: alert.atMs,
    id: alert.id,
    incident: alert.incident,
    rule: alert.rule,
    rule_version: alert.ruleVersion,
    rule_name: alert.ruleName,
    family: alert.family,
    condition: alert.condition,
    severity: alert.severity,
    area_path: alert.areaPath.join('.'),
    camera: alert.camera ?? '',
    lon: position?.lon ?? null,
    lat: position?.lat ?? null,
    error_m: position?.errorM ?? null,
    box: alert.box ?? [],
    kind: alert.kind ?? '',
    raised_at: alert.raisedAtMs,
    text: alert.text,
    values: alert.values,
    is_late: alert.isLate,
    held: alert.held,
    messages: cause.messages,
    tracks: cause.tracks,
    captured_at: cause.capturedAtMs,
    received_at: cause.receivedAtMs,
    published_at: cause.publishedAtMs ?? null,
    model: cause.model,
    calibration_version: cause.calibrationVersion,
    stream_sequence: sequence,
  };
}

export function incidentRow(incident: Incident, { sequence }: Placed): Row {
  return {
    id: incident.id,
    revision: incident.revision,
    family: incident.family,
    severity: incident.severity,
    area_path: incident.areaPath.join('.'),
    first_at: incident.firstAtMs,
    last_at: incident.lastAtMs,
    ended_at: incident.endedAtMs ?? null,
    alerts: incident.alerts,
    held: incident.held,
    cameras: incident.cameras,
    camera_count: incident.cameraCount,
    rules: incident.rules,
    text: incident.text,
    stream_sequence: sequence,
  };
}

export function workRow(work: IncidentWork, { areaPath, sequence, event }: Placed & { event: string }): Row {
  return {
    incident: work.incident,
    changed_at: work.changedAtMs,
    event,
    changed_by: work.changedBy,
    state: work.state,
    mark: work.mark ?? '',
    notes: JSON.stringify(work.notes),
    area_path: areaPath.join('.'),
    stream_sequence: sequence,
  };
}

export function evidenceRow(evidence: Evidence, { areaPath, sequence, atMs }: Placed & { atMs: number }): Row {
  return {
    alert: evidence.alert,
    camera: evidence.camera,
    state: evidence.state,
    reason: evidence.reason ?? '',
    clip: evidence.clip ?? '',
    still: evidence.still ?? '',
    clip_from: evidence.fromMs ?? null,
    clip_to: evidence.toMs ?? null,
    bytes: evidence.bytes ?? 0,
    expires_at: evidence.expiresAtMs ?? null,
    area_path: areaPath.join('.'),
    stream_sequence: sequence,
    changed_at: atMs,
  };
}

export function deliveryRow(delivery: Delivery): Row {
  const { channel, event, attempt, alert, outcome, atMs, delayMs, message = '' } = delivery;
  return { channel, event, attempt, alert: alert ?? '', outcome, at: atMs, delay_ms: delayMs, message };
}

/** What is read: times as milliseconds (`ALERT_COLUMNS`, `INCIDENT_COLUMNS`). */
export type AlertRead = {
  at_ms: string;
  id: string;
  incident: string;
  rule: string;
  rule_version: number;
  rule_name: string;
  family: string;
  condition: string;
  severity: Severity;
  area_path: string;
  camera: string;
  lon: number | null;
  lat: number | null;
  error_m: number | null;
  box: number[];
  kind: string;
  raised_at_ms: string;
  text: string;
  values: Record<string, number>;
  is_late: boolean;
  held: number;
  messages: string[];
  tracks: string[];
  captured_at_ms: string;
  received_at_ms: string;
  published_at_ms: string | null;
  model: string;
  calibration_version: number;
};

const ms = (column: string) => `toUnixTimestamp64Milli(${column}) AS ${column}_ms`;

export const ALERT_COLUMNS = [
  ms('at'),
  'toString(id) AS id',
  'toString(incident) AS incident',
  'rule, rule_version, rule_name, family, condition, severity, area_path, camera, lon, lat, error_m, box, kind',
  ms('raised_at'),
  'text, values, is_late, held, messages, tracks',
  ms('captured_at'),
  ms('received_at'),
  ms('published_at'),
  'model, calibration_version',
].join(', ');

export function asAlert(row: AlertRead): Alert {
  const { lon, lat, error_m: errorM } = row;
  return {
    version: 1,
    id: row.id,
    incident: row.incident,
    rule: row.rule,
    ruleVersion: row.rule_version,
    ruleName: row.rule_name,
    family: row.family,
    condition: row.condition as Alert['condition'],
    severity: row.severity,
    areaPath: row.area_path.split('.'),
    camera: row.camera === '' ? null : row.camera,
    ...(lon === null || lat === null ? {} : { position: { lon, lat, errorM: errorM ?? 0 } }),
    ...(row.box.length === 4 ? { box: row.box } : {}),
    ...(row.kind === '' ? {} : { kind: row.kind as NonNullable<Alert['kind']> }),
    atMs: Number(row.at_ms),
    raisedAtMs: Number(row.raised_at_ms),
    text: row.text,
    values: row.values,
    isLate: row.is_late,
    held: row.held,
    cause: {
      messages: row.messages,
      tracks: row.tracks,
      capturedAtMs: Number(row.captured_at_ms),
      receivedAtMs: Number(row.received_at_ms),
      ...(row.published_at_ms === null ? {} : { publishedAtMs: Number(row.published_at_ms) }),
      model: row.model,
      calibrationVersion: row.calibration_version,
    },
  };
}

export type IncidentRead = {
  id: string;
  revision: number;
  family: string;
  severity: Severity;
  area_path: string;
  first_at_ms: string;
  last_at_ms: string;
  ended_at_ms: string | null;
  alerts: number;
  held: number;
  cameras: string[];
  camera_count: number;
  rules: string[];
  text: string;
};

export const INCIDENT_COLUMNS = [
  'toString(id) AS id',
  'revision, family, severity, area_path',
  ms('first_at'),
  ms('last_at'),
  ms('ended_at'),
  'alerts, held, cameras, camera_count, rules, text',
].join(', ');

export function asIncident(row: IncidentRead): Incident {
  return {
    version: 1,
    id: row.id,
    revision: row.revision,
    family: row.family,
    severity: row.severity,
    areaPath: row.area_path.split('.'),
    firstAtMs: Number(row.first_at_ms),
    lastAtMs: Number(row.last_at_ms),
    alerts: row.alerts,
    held: row.held,
    cameras: row.cameras,
    cameraCount: row.camera_count,
    rules: row.rules,
    text: row.text,
    ...(row.ended_at_ms === null ? {} : { endedAtMs: Number(row.ended_at_ms) }),
  };
}

export type WorkRead = {
  incident: string;
  state: string;
  mark: string;
  notes: string;
  changed_at_ms: string;
  changed_by: string;
};

export function asWork(row: WorkRead): IncidentWork {
  return {
    incident: row.incident,
    state: row.state as IncidentWork['state'],
    ...(row.mark === '' ? {} : { mark: row.mark as NonNullable<IncidentWork['mark']> }),
    notes: JSON.parse(row.notes) as IncidentWork['notes'],
    changedAtMs: Number(row.changed_at_ms),
    changedBy: row.changed_by,
  };
}

export type EvidenceRead = {
  alert: string;
  camera: string;
  state: string;
  reason: string;
  clip: string;
  still: string;
  clip_from_ms: string | null;
  clip_to_ms: string | null;
  bytes: string;
  expires_at_ms: string | null;
};

export const EVIDENCE_COLUMNS = [
  'toString(alert) AS alert',
  'camera, state, reason, clip, still',
  ms('clip_from'),
  ms('clip_to'),
  'bytes',
  ms('expires_at'),
].join(', ');

export function asEvidence(row: EvidenceRead): Evidence {
  const { alert, camera, state, reason, clip, still } = row;
  return {
    alert,
    camera,
    state: state as Evidence['state'],
    ...(reason === '' ? {} : { reason }),
    ...(clip === '' ? {} : { clip }),
    ...(still === '' ? {} : { still }),
    ...(row.clip_from_ms === null ? {} : { fromMs: Number(row.clip_from_ms) }),
    ...(row.clip_to_ms === null ? {} : { toMs: Number(row.clip_to_ms) }),
    ...(Number(row.bytes) === 0 ? {} : { bytes: Number(row.bytes) }),
    ...(row.expires_at_ms === null ? {} : { expiresAtMs: Number(row.expires_at_ms) }),
  };
}
