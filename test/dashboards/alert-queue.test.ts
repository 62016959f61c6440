/** The queue of incidents as the page holds it. */
import { describe, expect, it } from 'vitest';
import { merge, NO_QUEUE, ordered, type Queue, take } from '#dashboards/src/alerts/queue.ts';
import type { Alert, Incident, StreamEvent } from '#models/schema/alert.ts';
import type { IncidentView } from '#models/schema/alert-view.ts';
import type { Severity } from '#models/schema/severity.ts';

const idOf = (number: number) => number.toString(16).padStart(24, '0');

function alertOf(number: number, more: Partial<Alert> = {}): Alert {
  const atMs = 1_000_000 + number;
  return {
    ...{ version: 1, id: idOf(number), incident: idOf(number), rule: 'gate', ruleVersion: 1, ruleName: 'Gate' },
    ...{ family: 'zone', condition: 'zone', severity: 'minor', areaPath: ['c', 'd', '_', '_', '_'], camera: 'gate-3' },
    ...{ atMs, raisedAtMs: atMs, text: 'somebody', values: {}, isLate: false, held: 0 },
    cause: { messages: [], tracks: [], capturedAtMs: atMs, receivedAtMs: atMs, model: 'm', calibrationVersion: 0 },
    ...more,
  };
}

function incidentOf(alert: Alert, more: Partial<Incident> = {}): Incident {
  return {
    ...{ version: 1, id: alert.incident, revision: 0, family: alert.family, severity: alert.severity },
    ...{ areaPath: alert.areaPath, firstAtMs: alert.atMs, lastAtMs: alert.atMs, alerts: 1, held: 0 },
    ...{ cameras: ['gate-3'], cameraCount: 1, rules: ['gate'], text: alert.text },
    ...more,
  };
}

const envelope = (type: StreamEvent['type'], severity: Severity, data: unknown): StreamEvent =>
  ({
    ...{ specversion: '1.0', id: 'x', source: '/sharp-eyes/test', subject: 'c/d', time: '2026-11-26T00:00:00Z' },
    ...{ datacontenttype: 'application/json', type, severity, data },
  }) as StreamEvent;
const raised = (alert: Alert) => envelope('org.sharp-eyes.alert.raised.v1', alert.severity, alert);
const changed = (incident: Incident) => envelope('org.sharp-eyes.incident.changed.v1', incident.severity, incident);
const worked = (incident: string, state: 'open' | 'acknowledged' | 'closed', changedAtMs: number) =>
  envelope('org.sharp-eyes.incident.worked.v1', 'minor', { incident, state, notes: [], changedAtMs, changedBy: 'li' });

const everything = { state: 'open', order: 'newest', text: () => true } as const;
const shown = (queue: Queue, state: 'open' | 'acknowledged' | 'closed' = 'open') =>
  ordered(queue.incidents.values(), { ...everything, state }).map(({ incident }) => incident.id);

describe('the queue of incidents', () => {
  const [first, second] = [alertOf(1), alertOf(2, { severity: 'critical' })];
  const both = [raised(first), changed(incidentOf(first)), raised(second), changed(incidentOf(second))];

  it('shows an incident once its first alert and it itself were told', () => {
    expect(shown(take(NO_QUEUE, [raised(first)]))).toEqual([]);
    expect(shown(take(NO_QUEUE, both))).toEqual([second.id, first.id]);
  });

  it('is the same when everything comes twice', () => {
    const once = take(NO_QUEUE, both);
    expect([...take(once, both).incidents]).toEqual([...once.incidents]);
  });

  it('keeps the higher revision of an incident, and its newest alert, in whatever order they come', () => {
    const later = alertOf(9, { incident: first.id });
    const grown = incidentOf(first, { revision: 3, alerts: 4, lastAtMs: later.atMs });
    const queue = take(take(NO_QUEUE, both), [
      changed(grown),
      raised(later),
      changed(incidentOf(first, { revision: 1 })),
    ]);
    const view = queue.incidents.get(first.id);
    expect(view?.incident.alerts).toBe(4);
    expect(view?.alert.id).toBe(later.id);
  });

  it('moves what was worked on to its state, for the later of two works', () => {
    const queue = take(take(NO_QUEUE, both), [worked(first.id, 'closed', 20), worked(first.id, 'acknowledged', 10)]);
    expect(shown(queue)).toEqual([second.id]);
    expect(shown(queue, 'closed')).toEqual([first.id]);
  });

  it('puts the gravest first, and of those the newest', () => {
    const third = alertOf(3);
    const queue = take(NO_QUEUE, [...both, raised(third), changed(incidentOf(third))]);
    const gravest = ordered(queue.incidents.values(), { ...everything, order: 'severity' });
    expect(gravest.map(({ incident }) => incident.id)).toEqual([second.id, third.id, first.id]);
  });

  it('is not set back by an answer of the API that is older than what the stream said', () => {
    const queue = take(NO_QUEUE, [
      ...both,
      changed(incidentOf(first, { revision: 5, alerts: 6 })),
      worked(first.id, 'closed', 9),
    ]);
    const old: IncidentView = { incident: incidentOf(first), work: null, alert: first, evidence: null };
    const merged = merge(queue, [old]).incidents.get(first.id);
    expect(merged?.incident.alerts).toBe(6);
    expect(merged?.work?.state).toBe('closed');
  });

  it('holds five thousand incidents of a storm and lets go those that nothing happened to for longest', () => {
    const storm = Array.from({ length: 5200 }, (_, number) => alertOf(number + 1));
    const queue = take(
      NO_QUEUE,
      storm.flatMap((alert) => [raised(alert), changed(incidentOf(alert))]),
    );
    expect(queue.incidents.size).toBe(5000);
    expect(queue.incidents.has(idOf(1))).toBe(false);
    expect(queue.incidents.has(idOf(5200))).toBe(true);
  });
});
