/** Two people at one camera: the second is told who changed which fields, and when, since they read it. */
import type { CameraChange } from '#models/schema/camera-change.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { toldChange } from './history.ts';

/** Throws FaultError `changed-meanwhile` where the camera is no longer what `ifMatch` names; without one nothing is asked. */
export async function refuseStale(id: string, ifMatch: string | undefined, context: Context): Promise<void> {
  const known = context.cameras.entry(id)?.revision;
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === `"${known}"`) return;
  const wanted = Number(/^(?:W\/)?"(\d+)"$/.exec(ifMatch)?.[1]);
  const changes = Number.isInteger(wanted) ? await changesSince(id, wanted, context) : [];
  const said = changes.map(sentence).join('; ');
  const why = said === '' ? `it is at "${known}", not at ${ifMatch}` : said;
  throw new FaultError('changed-meanwhile', `camera "${id}" was changed since you read it: ${why}`, {
    about: { camera: id, changes },
  });
}

async function changesSince(id: string, revision: number, { changes }: Context): Promise<CameraChange[]> {
  const all = await changes.of(id);
  return all.filter((change) => (change.revision ?? 0) > revision).map(toldChange);
}

function sentence({ who, fields, atMs, kind }: CameraChange): string {
  const seconds = Math.max(0, Math.round((Date.now() - atMs) / 1000));
  const when = seconds < 120 ? `${seconds} seconds ago` : `${Math.round(seconds / 60)} minutes ago`;
  const names = fields.map(({ field }) => field).join(', ');
  return `${who} ${kind === 'undone' ? 'took back a change of' : 'changed'} ${names} ${when}`;
}
