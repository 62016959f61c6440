/** One alert or incident: out of the store, or, within its first second, out of what the stream just brought. */
import {
  countIncidents,
  type IncidentsQuestion,
  readIncident,
  readIncidentEvidence,
  readWork,
} from '#analytics/store/alerts/incidents.ts';
import { readAlert, readLatestAlerts } from '#analytics/store/alerts/read.ts';
import type { Alert, AlertEvent, Incident, IncidentEvent, IncidentWork } from '#models/schema/alert.ts';
import type { IncidentList, IncidentView } from '#models/schema/alert-view.ts';
import { FaultError } from '#models/schema/fault.ts';
import { ALERTS_CONSUMER, ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';
import type { Principal } from '../rights/authorize.ts';
import { demandSeen } from './scope.ts';

/** Throws FaultError `not-found`, also for what is not the asker's. */
export async function findAlert(id: string, principal: Principal, context: Context): Promise<Alert> {
  const alert = justTold<AlertEvent>('alert', id, context) ?? (await fromStore(readAlert(context.reader, id)));
  if (alert === undefined) throw new FaultError('not-found', `there is no alert "${id}"`);
  demandSeen(alert.areaPath, principal, `alert "${id}"`);
  return alert;
}

/** Throws FaultError `not-found`, also for what is not the asker's. */
export async function findIncident(id: string, principal: Principal, context: Context): Promise<Incident> {
  const incident =
    justTold<IncidentEvent>('incident', id, context) ?? (await fromStore(readIncident(context.reader, id)));
  if (incident === undefined) throw new FaultError('not-found', `there is no incident "${id}"`);
  demandSeen(incident.areaPath, principal, `incident "${id}"`);
  return incident;
}

function justTold<Event extends AlertEvent | IncidentEvent>(
  kind: 'alert' | 'incident',
  id: string,
  { alerts }: Context,
): Event['data'] | undefined {
  const told = alerts.ring.find(kind, id);
  return told === undefined ? undefined : (JSON.parse(told.json) as Event).data;
}

/**
 * With what people did (as the registry has it, or, for what nobody touched for a month, the store), the latest alert and
 * pictures. One whose alert is not stored yet is left out: it comes a moment later.
 */
export async function viewIncidents(
  incidents: readonly Incident[],
  context: Context,
  options: { signal?: AbortSignal } = {},
): Promise<IncidentView[]> {
  const { incidentWork } = context.alerting;
  const untouched = incidents.filter(({ id }) => incidentWork.get(id) === undefined).map(({ id }) => id);
  const question = {
    incidents: incidents.map(({ id }) => id),
    fromMs: Math.min(...incidents.map(({ firstAtMs }) => firstAtMs)) - AROUND_MS,
    toMs: Math.max(...incidents.map(({ lastAtMs }) => lastAtMs)) + AROUND_MS,
  };
  const [stored, alerts, evidence] = await fromStore(
    Promise.all([
      readWork(context.reader, untouched, options),
      readLatestAlerts(context.reader, question, options),
      readIncidentEvidence(context.reader, question, options),
    ]),
  );
  return incidents.flatMap((incident) => {
    const alert = alerts.get(incident.id);
    if (alert === undefined) return [];
    const entry = incidentWork.entry(incident.id);
    const work: IncidentWork | null = entry?.value ?? stored.get(incident.id) ?? null;
    const pictures = evidence.get(incident.id) ?? null;
    return [{ incident, work, alert, evidence: pictures, workRevision: entry?.revision ?? 0 }];
  });
}

/** An alert that came late may lie a little outside of what its incident says. */
const AROUND_MS = 3600_000;

export async function countStates(
  question: IncidentsQuestion,
  context: Context,
  options: { signal?: AbortSignal },
): Promise<IncidentList['counts']> {
  const { counts, touched } = await countIncidents(context.reader, question, options);
  const found = {
    open: counts.get('open') ?? 0,
    acknowledged: counts.get('acknowledged') ?? 0,
    closed: counts.get('closed') ?? 0,
  };
  for (const id of touched) found[context.alerting.incidentWork.get(id)?.state ?? 'open']++;
  return found;
}

/** Up to which sequence of the stream the store is complete; 0 where nothing stores it yet. */
export async function storedUpTo({ broker }: Context): Promise<number> {
  const info = await broker.manager.consumers.info(ALERTS_STREAM.name, ALERTS_CONSUMER).catch(() => undefined);
  return info?.ack_floor.stream_seq ?? 0;
}

export async function fromStore<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (error) {
    throw storeFault(error, { isOurs: true });
  }
}
