import { describe, expect, it } from 'vitest';
import { trustedProxies } from '#api/http/trusted-proxies.ts';
import type { Config } from '#system/config.ts';
import { startApi } from './api-site.ts';

/** The status of a sign-in that comes over a proxy on loopback from `address`, where eight failed from 192.0.2.1. */
async function statusesOf(values: Partial<Config>, addresses: readonly string[]): Promise<number[]> {
  await using api = await startApi(values);
  for (let count = 0; count < 8; count++) await api.context.attempts.begin('nobody', '192.0.2.1');
  // Past the public URL, which is another name for the same port.
  const { port } = api.app.server.address() as { port: number };
  const statuses: number[] = [];
  for (const address of addresses) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/sign-in`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'nobody', password: 'wrong' }),
    });
    statuses.push(answer.status);
  }
  return statuses;
}

const publicUrl = 'https://eyes.example';

describe('X-Forwarded-For', () => {
  it('is believed from this machine where a public URL is set and no proxy is named', async () => {
    expect(await statusesOf({ publicUrl }, ['192.0.2.1', '192.0.2.2', '192.0.2.1, 192.0.2.3'])).toEqual([
      429, 401, 401,
    ]);
    expect(trustedProxies({ publicUrl, trustedProxies: [] })).toEqual(['127.0.0.0/8', '::1/128']);
  });

  it('is believed from nobody where no proxy is said to be there', async () => {
    expect(await statusesOf({}, ['192.0.2.1'])).toEqual([401]);
  });

  it('is believed from the named proxies only, also where a public URL is set', async () => {
    expect(await statusesOf({ publicUrl, trustedProxies: ['10.0.0.0/8'] }, ['192.0.2.1'])).toEqual([401]);
    expect(await statusesOf({ trustedProxies: ['127.0.0.1'] }, ['192.0.2.1', '192.0.2.2'])).toEqual([429, 401]);
  });

  it.each(['private', '10.0.0.0/33', '10.0.0', '*'])('does not start with "%s" for a proxy', (entry) => {
    expect(() => trustedProxies({ publicUrl, trustedProxies: [entry] })).toThrow(/trustedProxies .* holds/);
  });
});
