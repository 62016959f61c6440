/** The client of ClickHouse, embedded or server alike: one URL, and an account per purpose. */
import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient, type QueryParams } from '@clickhouse/client';
import type { Config } from './config.ts';
import { ensureSecret } from './secrets.ts';

export const DATABASE = 'sharp_eyes';

/** Accounts of the embedded store: `writer` may all, `reader` and `analyst` only read; each has lanes of its own. */
export const STORE_ACCOUNTS = ['writer', 'reader', 'analyst'] as const;
export type StoreAccount = (typeof STORE_ACCOUNTS)[number];

export function storePasswordPath(config: Config, account: StoreAccount): string {
  return resolve(config.dataDir, 'secrets', `store-${account}`);
}

/** Where an account asks: all at one server, whose URL for analysts may bring another user. */
export function storeUrl(config: Config, account: StoreAccount = 'writer'): string {
  if (config.clickhouseUrl === '') return `http://127.0.0.1:${config.storePort}`;
  return account === 'analyst' && config.clickhouseReaderUrl !== '' ? config.clickhouseReaderUrl : config.clickhouseUrl;
}

const READ_ONLY = { readonly: '2', cancel_http_readonly_queries_on_client_close: 1 } as const;

/**
 * A client for one account. On a server by URL, the URL's user serves all three, but for `analyst` where
 * CLICKHOUSE_READER_URL brings one of their own. `analyst` and `reader` ask with `readonly=2`, so that a query cannot
 * change anything.
 */
export function openStoreClient(
  config: Config,
  account: StoreAccount,
  options: { timeoutMs?: number; maxExecutionS?: number } = {},
): ClickHouseClient {
  const isEmbedded = config.clickhouseUrl === '';
  const url = new URL(storeUrl(config, account));
  const server =
    url.username === ''
      ? {}
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  const client = createClient({
    url: url.href,
    // Whoever comes first makes the password, the store or its client: they may start at the same moment.
    ...(isEmbedded ? { username: account, password: ensureSecret(storePasswordPath(config, account)) } : server),
    // Lists of ids outgrow what an address may be, here or at a proxy before the server.
    use_multipart_params_auto: true,
    request_timeout: options.timeoutMs ?? 60_000,
    // It writes to the console by itself; what fails is thrown, and logged by whoever asked.
    log: { level: ClickHouseLogLevel.OFF },
    // Shorter than any server's, so that a request never meets a socket that is just being closed; also where this
    // process got no time to close it itself.
    keep_alive: { enabled: true, idle_socket_ttl: 1500, eagerly_destroy_stale_sockets: true },
    clickhouse_settings: {
      ...(options.maxExecutionS === undefined ? {} : { max_execution_time: options.maxExecutionS }),
      // The embedded store reads by its accounts, and ends the query of whoever leaves by itself.
      ...(account === 'writer' || isEmbedded ? {} : READ_ONLY),
    },
  });
  return account === 'writer' ? client : askingAgain(client);
}

const BROKEN = ['ECONNRESET', 'EPIPE'];

/**
 * A busy machine closes a connection just when it is used again. What only reads is asked once more then, on another one;
 * a store that is away refuses, and is not asked again here.
 */
function askingAgain(client: ClickHouseClient): ClickHouseClient {
  const once = client.query.bind(client);
  client.query = ((asked: QueryParams) =>
    once(asked).catch((error: NodeJS.ErrnoException) => {
      if (!BROKEN.includes(error.code ?? '') || asked.abort_signal?.aborted === true) throw error;
      return once(asked);
    })) as ClickHouseClient['query'];
  return client;
}
