/** Which channels of which devices somebody means: by number, id, name, channel or street. */
import { FaultError } from '#models/schema/fault.ts';
import type { VirtualDevice } from './device.ts';

export type Target = { device: VirtualDevice; channel: number };

/** `camera`: number, id or name of a device, `recorder-31/3` for one channel, or `all`. */
export type Naming = { camera?: string | undefined; street?: string | undefined };

export const keyOf = ({ device, channel }: Target) =>
  device.plan.channels.length === 1 ? device.plan.id : `${device.plan.id}/${channel}`;

const channelsOf = (device: VirtualDevice): Target[] =>
  device.plan.channels.map(({ number }) => ({ device, channel: number }));

export const allTargets = (devices: readonly VirtualDevice[]) => devices.flatMap(channelsOf);

/** `isWide`: the whole street of what is named. Throws FaultError not-found. */
export function targetsOf(
  devices: readonly VirtualDevice[],
  { camera, street }: Naming,
  { isWide = false } = {},
): Target[] {
  if (street !== undefined) return found(ofStreet(devices, street), `no street "${street}"`);
  if (camera === 'all') return allTargets(devices);
  const [name, channel] = (camera ?? '').split('/');
  const device = devices.find(({ plan }) => plan.id === name || String(plan.number) === name || plan.name === camera);
  if (device === undefined) throw new FaultError('not-found', `there is no camera "${camera ?? ''}"`);
  if (isWide) return ofStreet(devices, device.plan.street);
  const targets = channelsOf(device).filter((target) => channel === undefined || String(target.channel) === channel);
  return found(targets, `no channel ${channel ?? ''} of ${device.plan.id}`);
}

function ofStreet(devices: readonly VirtualDevice[], name: string): Target[] {
  const wanted = name.toLowerCase();
  return allTargets(devices.filter(({ plan }) => plan.street.toLowerCase().includes(wanted)));
}

function found(targets: Target[], none: string): Target[] {
  if (targets.length === 0) throw new FaultError('not-found', `there is ${none}`);
  return targets;
}
