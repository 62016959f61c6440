/** Events for the stream of alerts as the rule engine sends them: valid by the schema, told by place and number. */
import { createHash } from 'node:crypto';
import type { Alert, Incident, StreamEvent } from '#models/schema/alert.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Severity } from '#models/schema/severity.ts';
import { areaPathOf, makeEvent } from '#models/wire/events.ts';
import { alertsSubject } from '#models/wire/subjects.ts';
import type { Broker } from '#system/broker.ts';

export const idOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24);

export const LIXIA: AreaPath = ['jinan', 'lixia', '_', '_', '_'];
export const SHIZHONG: AreaPath = ['jinan', 'shizhong', '_', '_', '_'];

type Told = { areaPath?: AreaPath; severity?: Severity; atMs?: number; rule?: string; incident?: string };

export function alertOf(name: string, told: Told = {}): Alert {
  const { areaPath = LIXIA, severity = 'major', atMs = Date.now(), rule = 'red-line', incident = name } = told;
  return {
    version: 1,
    id: idOf(name),
    incident: idOf(incident),
    rule,
    ruleVersion: 2,
    ruleName: 'Nobody beyond the line',
    family: 'line',
    condition: 'line',
    severity,
    areaPath,
    camera: 'gate-1',
    position: { lon: 117.02, lat: 36.66, errorM: 0.8 },
    box: [0.1, 0.2, 0.05, 0.2],
    kind: 'person',
    atMs,
    raisedAtMs: atMs + 120,
    text: `A person crossed the line at gate-1 (${name})`,
    values: { count: 1, limit: 0 },
    isLate: false,
    held: 0,
    cause: {
      messages: ['gate-1:7:41', 'gate-1:7:42'],
      tracks: [`track-${name}`],
      capturedAtMs: atMs,
      receivedAtMs: atMs + 20,
      model: 'yolox-nano',
      calibrationVersion: 3,
    },
  };
}

export function alertEvent(name: string, told: Told = {}): StreamEvent {
  const data = alertOf(name, told);
  const { areaPath, severity, atMs } = data;
  return makeEvent('alert', { id: `alert-${data.id}`, source: '/sharp-eyes/rules', areaPath, severity, atMs, data });
}

export function incidentOf(name: string, told: Told & { revision?: number; alerts?: number } = {}): Incident {
  const { areaPath = LIXIA, severity = 'major', atMs = Date.now(), rule = 'red-line', revision = 1, alerts = 1 } = told;
  return {
    version: 1,
    id: idOf(name),
    revision,
    family: 'line',
    severity,
    areaPath,
    firstAtMs: atMs,
    lastAtMs: atMs,
    alerts,
    held: 0,
    cameras: ['gate-1'],
    cameraCount: 1,
    rules: [rule],
    text: `Persons crossed the line (${name})`,
  };
}

export function incidentEvent(name: string, told: Parameters<typeof incidentOf>[1] = {}): StreamEvent {
  const data = incidentOf(name, told);
  const { areaPath, severity, revision, lastAtMs: atMs } = data;
  const id = `incident-${data.id}-${revision}`;
  return makeEvent('incident', { id, source: '/sharp-eyes/rules', areaPath, severity, atMs, data });
}

/** Publishes as the engine does; returns the sequences. */
export async function publishEvents({ stream }: Broker, events: readonly StreamEvent[]): Promise<number[]> {
  const acks = events.map((event) =>
    stream.publish(alertsSubject(areaPathOf(event), event.severity), JSON.stringify(event), { msgID: event.id }),
  );
  return (await Promise.all(acks)).map(({ seq }) => seq);
}
