/** One alert or incident: out of the store, or, within its first second, out of what the stream just brought. */

import { readAlert, readIncident, readWork } from '#analytics/store/alerts/read.ts';
import type { Alert, Incident, IncidentEvent, IncidentWork } from '#models/schema/alert.ts';
import type { IncidentView } from '#models/schema/alert-query.ts';
import { FaultError } from '#models/schema/fault.ts';
import { ALERTS_CONSUMER, ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Context } from '../context.ts';
import { storeFault } from '../figures/store-fault.ts';
import type { Principal } from '../rights/authorize.ts';
import { demandSeen } from './scope.ts';

/** Throws FaultError `not-found`, also for what is not the asker's. */
export async function findAlert(id: string, principal: Principal, context: Context): Promise<Alert> {
  const alert = await fromStore(readAlert(context.reader, id));
  if (alert === undefined) throw new FaultError('not-found', `there is no alert "${id}"`);
  demandSeen(alert.areaPath, principal, `alert "${id}"`);
  return alert;
}

/** Throws FaultError `not-found`, also for what is not the asker's. */
export async function findIncident(id: string, principal: Principal, context: Context): Promise<Incident> {
  const incident = justTold(id, context) ?? (await fromStore(readIncident(context.reader, id)));
  if (incident === undefined) throw new FaultError('not-found', `there is no incident "${id}"`);
  demandSeen(incident.areaPath, principal, `incident "${id}"`);
  return incident;
}

function justTold(id: string, { alerts }: Context): Incident | undefined {
  const told = alerts.ring.incident(id);
  return told === undefined ? undefined : (JSON.parse(told.json) as IncidentEvent).data;
}

/** What people did: as the registry has it, or, for what nobody touched for a month, the store. */
export async function viewIncidents(incidents: readonly Incident[], context: Context): Promise<IncidentView[]> {
  const { incidentWork } = context.alerting;
  const others = incidents.filter(({ id }) => incidentWork.get(id) === undefined).map(({ id }) => id);
  const stored = await fromStore(readWork(context.reader, others));
  return incidents.map((incident) => {
    const entry = incidentWork.entry(incident.id);
    const work: IncidentWork | null = entry?.value ?? stored.get(incident.id) ?? null;
    return { ...incident, work, workRevision: entry?.revision ?? 0 };
  });
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
