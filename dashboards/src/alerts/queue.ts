/**
 * The queue of incidents as the page holds it: the API's answer, then what the stream says since. Whatever comes twice, or
 * in another order, leaves it the same: the higher revision and the later work win.
 */
import type { Alert, Evidence, IncidentWork, StreamEvent } from '#models/schema/alert.ts';
import type { IncidentView } from '#models/schema/alert-view.ts';
import type { Severity } from '#models/schema/severity.ts';
import type { IncidentState } from './alerts-api.ts';

export type Queue = {
  incidents: ReadonlyMap<string, IncidentView>;
  /** Alerts whose incident was not told yet. */
  early: ReadonlyMap<string, Alert>;
};

export const NO_QUEUE: Queue = { incidents: new Map(), early: new Map() };
/** More than a person can look through; those not touched for longest are left to the filters of the API. */
const INCIDENTS_MAX = 5000;
const EARLY_MAX = 2000;
const RANK: Record<Severity, number> = { critical: 0, major: 1, minor: 2, info: 3 };

/** With an answer of the API: what the stream said later than the answer stays. */
export function merge(queue: Queue, views: readonly IncidentView[]): Queue {
  const incidents = new Map(queue.incidents);
  for (const view of views) {
    const known = incidents.get(view.incident.id);
    const isNewer = known !== undefined && known.incident.revision > view.incident.revision;
    const isWorkNewer = (known?.work?.changedAtMs ?? 0) > (view.work?.changedAtMs ?? 0);
    incidents.set(view.incident.id, {
      ...(isNewer ? known : view),
      work: isWorkNewer && known !== undefined ? known.work : view.work,
      evidence: view.evidence ?? known?.evidence ?? null,
    });
  }
  return { incidents, early: queue.early };
}

export const stateOf = ({ work }: IncidentView): IncidentState => work?.state ?? 'open';

/** A new queue with what was said; the old one stays as it is. */
export function take(queue: Queue, events: readonly StreamEvent[]): Queue {
  const next = { incidents: new Map(queue.incidents), early: new Map(queue.early) };
  for (const event of events) takeOne(next, event);
  trim(next.incidents, INCIDENTS_MAX, (view) => view.incident.lastAtMs);
  trim(next.early, EARLY_MAX, (alert) => alert.raisedAtMs);
  return next;
}

type Draft = { incidents: Map<string, IncidentView>; early: Map<string, Alert> };

function takeOne({ incidents, early }: Draft, event: StreamEvent): void {
  switch (event.type) {
    case 'org.sharp-eyes.alert.raised.v1': {
      const known = incidents.get(event.data.incident);
      if (known === undefined) early.set(event.data.incident, event.data);
      else if (event.data.atMs >= known.alert.atMs) incidents.set(known.incident.id, { ...known, alert: event.data });
      return;
    }
    case 'org.sharp-eyes.incident.changed.v1': {
      const { data } = event;
      const known = incidents.get(data.id);
      if (known !== undefined) {
        if (data.revision > known.incident.revision) incidents.set(data.id, { ...known, incident: data });
        return;
      }
      const alert = early.get(data.id);
      if (alert === undefined) return;
      early.delete(data.id);
      incidents.set(data.id, { incident: data, work: null, alert, evidence: null });
      return;
    }
    case 'org.sharp-eyes.incident.worked.v1':
      takeWork(incidents, event.data);
      return;
    case 'org.sharp-eyes.evidence.changed.v1':
      takeEvidence(incidents, event.data);
  }
}

function takeWork(incidents: Map<string, IncidentView>, work: IncidentWork): void {
  const known = incidents.get(work.incident);
  if (known === undefined || (known.work?.changedAtMs ?? 0) > work.changedAtMs) return;
  incidents.set(work.incident, { ...known, work });
}

function takeEvidence(incidents: Map<string, IncidentView>, evidence: Evidence): void {
  for (const [id, view] of incidents) {
    if (view.alert.id === evidence.alert) incidents.set(id, { ...view, evidence });
  }
}

function trim<Value>(map: Map<string, Value>, most: number, ageOf: (value: Value) => number): void {
  if (map.size <= most) return;
  const oldest = [...map].sort(([, one], [, other]) => ageOf(one) - ageOf(other)).slice(0, map.size - most);
  for (const [id] of oldest) map.delete(id);
}

export type QueueOrder = 'severity' | 'newest';

/** The gravest first and of those the newest, or simply the newest. */
export function ordered(
  views: Iterable<IncidentView>,
  { state, order, text }: { state: IncidentState; order: QueueOrder; text: (view: IncidentView) => boolean },
): IncidentView[] {
  const newest = (one: IncidentView, other: IncidentView) => other.incident.lastAtMs - one.incident.lastAtMs;
  const gravest = (one: IncidentView, other: IncidentView) =>
    RANK[one.incident.severity] - RANK[other.incident.severity] || newest(one, other);
  return [...views].filter((view) => stateOf(view) === state && text(view)).sort(order === 'newest' ? newest : gravest);
}
