/** Remembered logins: who may use one, for which hosts, and how it takes the place of a typed user and password. */
import { BlockList, isIP } from 'node:net';
import { unseal } from '#models/registry/seal.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DeviceLogin } from '#models/schema/device-login.ts';
import { FaultError } from '#models/schema/fault.ts';
import type { Context } from '../context.ts';
import { isInScope, type Principal } from '../rights/authorize.ts';

type Places = Pick<Context, 'logins' | 'sealKey' | 'tree'>;

/** What binds the sealed password to the login. */
export const sealOwnerOf = (login: string) => `login ${login}`;

/** One in no area is for those who see everything. */
export function findLogin(id: string, { user }: Principal, { logins, tree }: Places): DeviceLogin {
  const login = logins.get(id);
  if (login === undefined || !isInScope(user.scope, { area: login.area ?? null, tree: tree() })) {
    throw new FaultError('not-found', `there is no login "${id}"`, {
      about: { field: 'login' },
      cure: 'Add it: ./sharp-eyes camera login add; list shows those that you may use.',
    });
  }
  return login;
}

export type Credentials = { user: string; password: string };

/** Throws FaultError `not-found`, and `invalid-value` for a host that the login is not for. */
export function openLogin(id: string, hosts: readonly string[], principal: Principal, places: Places): Credentials {
  const login = findLogin(id, principal, places);
  const stranger = hosts.find((host) => !isFor(login.hosts, host));
  if (stranger !== undefined) {
    throw new FaultError('invalid-value', `the login "${id}" is not for the host ${stranger}`, {
      about: { field: 'login' },
      cure: `It is for ${login.hosts?.join(', ')}: use another one, or type user and password.`,
    });
  }
  return { user: login.user, password: unseal(login.sealedPassword, places.sealKey, sealOwnerOf(id)) };
}

function isFor(patterns: readonly string[] | undefined, host: string): boolean {
  if (patterns === undefined) return true;
  const plain = host.toLowerCase().replace(/^\[|\]$/g, '');
  return patterns.some((pattern) => matches(pattern.toLowerCase(), plain));
}

function matches(pattern: string, host: string): boolean {
  const [network = '', bits] = pattern.split('/');
  if (bits !== undefined) return isInNetwork(host, network, Number(bits));
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern.replace(/^\[|\]$/g, '');
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(host) === 0 || isIP(network) === 0) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family(network));
  return list.check(host, family(host));
}

/** Throws FaultError `invalid-value` for a network that is none. */
export function checkHosts(hosts: readonly string[] | undefined): void {
  const wrong = hosts?.find((pattern) => {
    const [network = '', bits, more] = pattern.split('/');
    if (bits === undefined) return false;
    const most = isIP(network) === 6 ? 128 : 32;
    return more !== undefined || isIP(network) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most;
  });
  if (wrong === undefined) return;
  throw new FaultError('invalid-value', `body.hosts: "${wrong}" is no network`, { cure: 'Write it like 10.0.0.0/22.' });
}

type Fields = {
  login?: string;
  user?: string | null;
  password?: string | null;
  url?: string;
  watchUrl?: string | null;
  device?: { host: string } | null;
};

/** The fields with user and password in the place of `login`, for every host that they would go to. */
export function withLogin<Given extends Fields>(
  { login, ...fields }: Given,
  { former, principal, places }: { former: Camera | undefined; principal: Principal; places: Places },
): Omit<Given, 'login'> {
  if (login === undefined) return fields;
  if (fields.user !== undefined || fields.password !== undefined) {
    throw new FaultError('invalid-value', 'body.login brings user and password: they are not expected besides', {
      about: { field: 'login' },
    });
  }
  return { ...fields, ...openLogin(login, hostsOf(fields, former), principal, places) };
}

function hostsOf(fields: Omit<Fields, 'login'>, former: Camera | undefined): string[] {
  const formerUrl = former?.source.kind === 'rtsp' ? former.source.url : undefined;
  const { url = formerUrl, watchUrl = former?.watchUrl, device = former?.device } = fields;
  const hosts = [url, watchUrl].map((one) => (typeof one === 'string' ? URL.parse(one)?.hostname : undefined));
  return [...hosts, device?.host].filter((host) => host !== undefined && host !== '') as string[];
}
