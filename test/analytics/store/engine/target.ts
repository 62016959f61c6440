/**
 * What the contract suite runs against: the embedded store of a test site, or, where SHARP_EYES_TEST_CLICKHOUSE_URL
 * names one (with a user that may all), a ClickHouse server. No server can be installed on the machines this was
 * written on, so that second way was not run there.
 */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { type Children, superviseChildren } from '#system/children.ts';
import { type Config, configEnvironment } from '#system/config.ts';
import { ensureSecret } from '#system/secrets.ts';
import { openStoreClient, type StoreAccount, storePasswordPath, storeUrl } from '#system/store-client.ts';
import { testConfig, testLogger } from '#test/site/site.ts';
import { startStore } from '#test/site/store.ts';

const SERVER_URL = process.env.SHARP_EYES_TEST_CLICKHOUSE_URL ?? '';

export const isEmbedded = SERVER_URL === '';
if (!isEmbedded) console.log('the contract suite runs against the server of SHARP_EYES_TEST_CLICKHOUSE_URL');

export type Target = AsyncDisposable & {
  config: Config;
  children: Children;
  client: (account: StoreAccount) => ClickHouseClient;
  /** HTTP as it is, signed in as the account. */
  fetch: (account: StoreAccount, path: string, init?: RequestInit) => Promise<Response>;
  pid: () => number;
};

export async function openTarget(values: Partial<Config> = {}): Promise<Target> {
  const config = await testConfig({ clickhouseUrl: SERVER_URL, ...values });
  const children = superviseChildren({
    runDir: resolve(config.dataDir, 'run'),
    logDir: resolve(config.dataDir, 'logs'),
    logger: testLogger,
    stopTimeoutMs: 8000,
  });
  const env = { ...process.env, ...configEnvironment(config) };
  if (isEmbedded) await startStore({ children, env });
  const clients = new Map<StoreAccount, ClickHouseClient>();
  return {
    config,
    children,
    client(account) {
      const client = clients.get(account) ?? openStoreClient(config, account);
      clients.set(account, client);
      return client;
    },
    fetch: (account, path, init = {}) => signedFetch(config, account, { path, init }),
    pid: () => children.status().find(({ name }) => name === 'store')?.pid ?? 0,
    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) await client.close();
      await children[Symbol.asyncDispose]();
      rmSync(config.dataDir, { recursive: true, force: true });
    },
  };
}

function signedFetch(
  config: Config,
  account: StoreAccount,
  { path, init }: { path: string; init: RequestInit },
): Promise<Response> {
  const url = new URL(path, storeUrl(config));
  const user = isEmbedded ? account : decodeURIComponent(url.username) || 'default';
  const key = isEmbedded ? ensureSecret(storePasswordPath(config, account)) : decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return fetch(url, { ...init, headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': key, ...init.headers } });
}
