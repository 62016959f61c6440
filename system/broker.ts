/** The connection to NATS: credentials of the role, reconnects for ever, streams and buckets made on first use. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, createInbox, type NatsConnection, nanos } from '@nats-io/transport-node';
import { FaultError } from '#models/schema/fault.ts';
import type { Config } from './config.ts';
import type { Logger } from './logs.ts';

/** Users of our own nats-server; each may only what its role needs. `site` is who sets up streams and buckets. */
export const BROKER_USERS = ['site', 'ingest', 'analytics', 'api', 'subscriber'] as const;
export type BrokerUser = (typeof BROKER_USERS)[number];

export type Broker = AsyncDisposable & {
  connection: NatsConnection;
  stream: JetStreamClient;
  manager: JetStreamManager;
  isConnected: () => boolean;
  /** A subject for answers that only this role may read. */
  createInbox: () => string;
};

export function brokerPasswordPath(config: Config, user: BrokerUser): string {
  return resolve(config.dataDir, 'secrets', `nats-${user}`);
}

/** Of our own server; elsewhere the rights of the user that NATS_URL names are another's affair. */
export const inboxPrefix = (user: BrokerUser) => `_INBOX_${user}`;

type Credentials = { servers: string; user?: string; pass?: string; inboxPrefix?: string };

/** Where the broker is and who we are there: NATS_URL with its own credentials wins, else our own server. */
export function brokerCredentials(config: Config, user: BrokerUser): Credentials {
  if (config.natsUrl !== '') {
    const url = new URL(config.natsUrl);
    const servers = `${url.protocol}//${url.host}`;
    return url.username === ''
      ? { servers }
      : { servers, user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  }
  const path = brokerPasswordPath(config, user);
  const servers = `nats://127.0.0.1:${config.natsPort}`;
  if (!existsSync(path)) return { servers };
  return { servers, user, pass: readFileSync(path, 'utf8').trim(), inboxPrefix: inboxPrefix(user) };
}

/**
 * Connects, and stays connected: after a loss it reconnects for ever with jitter.
 * Throws FaultError `broker-unreachable` when the first connection does not succeed within `timeoutMs`.
 */
export async function openBroker(
  config: Config,
  user: BrokerUser,
  options: { logger: Logger; name: string; timeoutMs?: number; signal?: AbortSignal },
): Promise<Broker> {
  const credentials = brokerCredentials(config, user);
  const connection = await connectWithin(credentials, options);
  let isUp = true;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') isUp = false;
      if (status.type === 'reconnect') isUp = true;
      if (status.type === 'disconnect' || status.type === 'reconnect') {
        options.logger.warn({ servers: credentials.servers }, `broker ${status.type}ed`);
      }
    }
  })();
  return {
    connection,
    stream: jetstream(connection, { timeout: 5000 }),
    manager: await jetstreamManager(connection, { checkAPI: false, timeout: 5000 }),
    isConnected: () => isUp && !connection.isClosed(),
    createInbox: () => createInbox(credentials.inboxPrefix),
    async [Symbol.asyncDispose]() {
      await Promise.race([connection.drain().catch(() => {}), new Promise((done) => setTimeout(done, 2000).unref())]);
      await connection.close();
    },
  };
}

async function connectWithin(
  credentials: Credentials,
  options: { logger: Logger; name: string; timeoutMs?: number; signal?: AbortSignal },
): Promise<NatsConnection> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000);
  for (;;) {
    try {
      return await connect({
        ...credentials,
        name: options.name,
        timeout: 3000,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 500,
        reconnectJitter: 500,
        pingInterval: 5000,
        maxPingOut: 2,
      });
    } catch (cause) {
      if (Date.now() > deadline || options.signal?.aborted) {
        throw new FaultError(
          'broker-unreachable',
          `NATS at ${credentials.servers} does not let us in: ${(cause as Error).message}`,
          { cause },
        );
      }
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}

export type WantedStream = {
  name: string;
  subjects: readonly string[];
  maxBytes: number;
  maxAgeS: number;
  duplicateWindowS: number;
  maxMessages?: number;
  maxPerSubject?: number;
};

/** Makes the stream, or brings its limits up to date. */
export async function ensureStream(manager: JetStreamManager, wanted: WantedStream): Promise<void> {
  const config = {
    name: wanted.name,
    subjects: [...wanted.subjects],
    max_bytes: wanted.maxBytes,
    max_age: nanos(wanted.maxAgeS * 1000),
    duplicate_window: nanos(wanted.duplicateWindowS * 1000),
    ...(wanted.maxMessages === undefined ? {} : { max_msgs: wanted.maxMessages }),
    ...(wanted.maxPerSubject === undefined ? {} : { max_msgs_per_subject: wanted.maxPerSubject }),
    storage: 'file' as const,
    discard: 'old' as const,
  };
  try {
    await manager.streams.add(config);
  } catch {
    await manager.streams.update(wanted.name, config);
  }
}
