/** What is raised as CloudEvents 1.0, with the subject they go to; the same thing raised again is the same event. */
import { type Alert, EVENT_TYPES, type Incident, type StreamEvent } from '#models/schema/alert.ts';
import type { Severity } from '#models/schema/severity.ts';
import { alertsSubject } from '#models/wire/subjects.ts';
import type { Raised } from './raise.ts';

export const ENGINE_SOURCE = '/sharp-eyes/rules';

export function eventOf(raised: Raised): { subject: string; event: StreamEvent } {
  return raised.type === 'alert' ? alertEvent(raised.alert) : incidentEvent(raised.incident, raised.severity);
}

function alertEvent(alert: Alert): { subject: string; event: StreamEvent } {
  const { id, atMs, areaPath, severity } = alert;
  return {
    subject: alertsSubject(areaPath, severity),
    event: { ...envelope(id, atMs, areaPath), type: EVENT_TYPES.alert, severity, data: alert },
  };
}

function incidentEvent(incident: Incident, severity: Severity): { subject: string; event: StreamEvent } {
  const { id, revision, lastAtMs, endedAtMs, areaPath } = incident;
  return {
    subject: alertsSubject(areaPath, severity),
    event: {
      ...envelope(`${id}:${revision}`, Math.max(lastAtMs, endedAtMs ?? 0), areaPath),
      ...{ type: EVENT_TYPES.incident, severity, data: incident },
    },
  };
}

const envelope = (id: string, atMs: number, areaPath: readonly string[]) => ({
  specversion: '1.0' as const,
  id,
  source: ENGINE_SOURCE,
  subject: areaPath.join('/'),
  time: new Date(atMs).toISOString(),
  datacontenttype: 'application/json' as const,
});
