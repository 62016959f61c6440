/** Channels as people write and read them: secrets go in sealed and never come out. */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { seal } from '#models/registry/seal.ts';
import type { Channel, ChannelInput, ChannelView } from '#models/schema/channel.ts';
import { FaultError } from '#models/schema/fault.ts';
import { isInnerAddress } from '#models/wire/inner-address.ts';
import type { Context } from '../context.ts';
import { authorize, isInScope, type Principal } from '../rights/authorize.ts';

/** What the sealed secret is bound to. */
const secretOwner = (channel: string) => `channel:${channel}`;

export function viewChannel(channel: Channel, { alerting }: Context): ChannelView {
  const state = alerting.channelStates.get(channel.id) ?? null;
  if (channel.type === 'webhook') {
    const { sealedSecret: _secret, ...view } = channel;
    return { ...view, state };
  }
  const { sealedPassword: _password, ...view } = channel;
  return { ...view, state };
}

export const isSeen = ({ area }: Channel, { user }: Principal, context: Context): boolean =>
  isInScope(user.scope, { area, tree: context.tree() });

/** Throws FaultError `not-found`, also for what is not the asker's. */
export function findChannel(
  id: string,
  principal: Principal,
  context: Context,
): { channel: Channel; revision: number } {
  const entry = context.alerting.channels.entry(id);
  if (entry === undefined || !isSeen(entry.value, principal, context))
    throw new FaultError('not-found', `there is no channel "${id}"`);
  return { channel: entry.value, revision: entry.revision };
}

type Writing = { former?: Channel | undefined; principal: Principal; context: Context };

/** `secret` is told where it was made here. Throws FaultError `not-found`, `channel-inner` or `invalid-value`. */
export async function writeChannel(
  input: ChannelInput,
  { former, principal, context }: Writing,
): Promise<{ channel: Channel; secret?: string }> {
  const { config, sealKey } = context;
  demandPlace(input.area, principal, context);
  if (input.type === 'webhook' && !config.webhookInnerAllowed) await refuseInnerHost(input.url);
  const id = former?.id ?? input.id ?? `${input.type}-${randomBytes(4).toString('hex')}`;
  const stamp = {
    id,
    isEnabled: input.isEnabled ?? true,
    createdBy: former?.createdBy ?? principal.user.id,
    updatedAtMs: Date.now(),
  };
  const sealed = (secret: string) => seal(secret, sealKey, secretOwner(id));
  if (input.type === 'mqtt') {
    const { password, ...rest } = input;
    const kept = former?.type === 'mqtt' && isSameHost(former.url, input.url) ? former.sealedPassword : undefined;
    const sealedPassword = password === undefined ? kept : sealed(password);
    return { channel: { ...rest, ...stamp, ...(sealedPassword === undefined ? {} : { sealedPassword }) } };
  }
  const { secret, ...rest } = input;
  if (secret === undefined && former?.type === 'webhook') {
    return { channel: { ...rest, ...stamp, sealedSecret: former.sealedSecret } };
  }
  const made = secret ?? randomBytes(24).toString('base64url');
  const channel: Channel = { ...rest, ...stamp, sealedSecret: sealed(made) };
  return secret === undefined ? { channel, secret: made } : { channel };
}

/** A password goes to the host that it was given for. */
const isSameHost = (one: string, other: string) => URL.parse(one)?.host === URL.parse(other)?.host;

function demandPlace(area: string | null, principal: Principal, context: Context): void {
  if (area !== null && context.areas.get(area) === undefined)
    throw new FaultError('not-found', `there is no area "${area}"`);
  authorize(principal, 'channel.change', { area, tree: context.tree() });
}

/** Said at once where it can be seen now; what the name answers later is looked at again at each delivery. */
async function refuseInnerHost(text: string): Promise<void> {
  const url = URL.parse(text);
  if (url === null) throw new FaultError('invalid-value', `body.url is no address: ${text}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const inner = addresses.find(({ address }) => isInnerAddress(address));
  if (inner !== undefined) throw new FaultError('channel-inner', `${host} (${inner.address}) is an address inside`);
}
