/** What a person does with an incident: written where nobody was faster, then told to everybody who watches. */
import { readWork } from '#analytics/store/alerts/incidents.ts';
import type { Incident, IncidentWork } from '#models/schema/alert.ts';
import type { WorkInput } from '#models/schema/alert-query.ts';
import { FaultError, faultCodeOf } from '#models/schema/fault.ts';
import { makeEvent } from '#models/wire/events.ts';
import { alertsSubject } from '#models/wire/subjects.ts';
import { backoffMs, pause } from '#system/lifecycle.ts';
import type { Context } from '../context.ts';
import type { Principal } from '../rights/authorize.ts';
import { findIncident, fromStore } from './find.ts';

const NOTES_MAX = 100;
/** Without a revision one person follows the other; so often at once nobody works. */
const ATTEMPTS = 5;
const TELL_ATTEMPTS = 4;

/** Throws FaultError `not-found`, `changed-meanwhile` (with who and when) or `invalid-value`. */
export async function workOn(
  id: string,
  input: WorkInput,
  { principal, context }: { principal: Principal; context: Context },
): Promise<{ work: IncidentWork; revision: number }> {
  const incident = await findIncident(id, principal, context);
  for (let attempt = 1; ; attempt++) {
    const entry = context.alerting.incidentWork.entry(id);
    const known = entry?.revision ?? 0;
    if (input.revision !== undefined && input.revision !== known) throw changedMeanwhile(id, entry?.value);
    const former = entry?.value ?? (await fromStore(readWork(context.reader, [id]))).get(id);
    const work = apply(input, { id, former, by: principal.user.id });
    try {
      const revision = await write(work, entry?.revision, context);
      await tell(work, { incident, revision, context });
      return { work, revision };
    } catch (error) {
      const isFaster = ['changed-meanwhile', 'already-exists'].includes(faultCodeOf(error));
      if (!isFaster) throw error;
      if (input.revision !== undefined || attempt === ATTEMPTS) {
        throw changedMeanwhile(id, context.alerting.incidentWork.get(id));
      }
    }
  }
}

function changedMeanwhile(id: string, work: IncidentWork | undefined): FaultError {
  const said =
    work === undefined
      ? 'nobody works on it any more'
      : `${work.changedBy} changed it at ${new Date(work.changedAtMs).toISOString()}: it is ${work.state}`;
  return new FaultError('changed-meanwhile', `incident "${id}" was changed since you read it: ${said}`);
}

type Applied = { id: string; former: IncidentWork | undefined; by: string };

function apply(input: WorkInput, { id, former, by }: Applied): IncidentWork {
  const { mark: formerMark, notes = [], state = 'open' } = former ?? {};
  const mark = input.mark === undefined ? formerMark : (input.mark ?? undefined);
  if (input.note !== undefined && notes.length >= NOTES_MAX) {
    throw new FaultError('invalid-value', `the incident has ${NOTES_MAX} notes, which is the most`, {
      cure: 'Close it; what goes on makes a new one.',
    });
  }
  // Never before what it follows: the store takes the latest.
  const atMs = Math.max(Date.now(), (former?.changedAtMs ?? 0) + 1);
  return {
    incident: id,
    state: input.state ?? state,
    ...(mark === undefined ? {} : { mark }),
    notes: input.note === undefined ? notes : [...notes, { atMs, by, text: input.note }],
    changedAtMs: atMs,
    changedBy: by,
  };
}

function write(work: IncidentWork, revision: number | undefined, { alerting }: Context): Promise<number> {
  const { incidentWork } = alerting;
  return revision === undefined
    ? incidentWork.create(work.incident, work)
    : incidentWork.put(work.incident, work, revision);
}

type Telling = { incident: Incident; revision: number; context: Context };

/** The same event however often it is told; what stands is told even where the asker is gone meanwhile. */
async function tell(work: IncidentWork, { incident, revision, context }: Telling): Promise<void> {
  const { areaPath, severity } = incident;
  const id = `work-${incident.id}-${revision}`;
  const event = makeEvent('work', {
    id,
    source: '/sharp-eyes/api',
    areaPath,
    severity,
    atMs: work.changedAtMs,
    data: work,
  });
  for (let attempt = 0; ; attempt++) {
    try {
      await context.broker.stream.publish(alertsSubject(areaPath, severity), JSON.stringify(event), { msgID: id });
      return;
    } catch (error) {
      if (attempt + 1 === TELL_ATTEMPTS) throw error;
      await pause(backoffMs(attempt, { baseMs: 100, capMs: 1000 }), context.signal);
    }
  }
}
