/** Whose word counts for where a request came from: proxies that the configuration names, and nobody else. */
import { isIP } from 'node:net';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from '#system/config.ts';
import type { Logger } from '#system/logs.ts';
import type { App } from '../app.ts';

/** Without a name, a proxy before us is on this machine; without `publicUrl` there is none. Throws `config-invalid`. */
export function trustedProxies({ trustedProxies: named, publicUrl }: Pick<Config, 'trustedProxies' | 'publicUrl'>) {
  const wrong = named.find((entry) => !isAddressOrRange(entry));
  if (wrong !== undefined) {
    throw new FaultError('config-invalid', `trustedProxies should hold addresses or ranges, but holds "${wrong}"`, {
      cure: 'Write for example 10.0.0.5 or 172.18.0.0/16.',
    });
  }
  if (named.length > 0) return [...named];
  return publicUrl === '' ? false : ['127.0.0.0/8', '::1/128'];
}

function isAddressOrRange(entry: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}

/** Behind a proxy that is not named everybody has its address: wrong passwords of one then lock the others. Said once. */
export function warnOfUnnamedProxy(app: App, logger: Logger): void {
  let isSaid = false;
  app.addHook('onRequest', async (request) => {
    const { remoteAddress } = request.socket;
    if (isSaid || request.headers['x-forwarded-for'] === undefined || request.ip !== remoteAddress) return;
    isSaid = true;
    logger.warn(
      { proxy: remoteAddress, cure: 'Where it is your proxy, add its address to trustedProxies.' },
      'X-Forwarded-For of a proxy that is not named is not believed',
    );
  });
}
