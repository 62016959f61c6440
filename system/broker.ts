/** The connection to NATS: credentials of the role, reconnects for ever, streams and buckets made on first use. */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
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
  /** Of our own server on a small disk: which share of their size the streams get, over 0 to 1. Elsewhere 1. */
  streamShare: number;
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
    streamShare: config.natsUrl === '' ? shareOfDisk(diskBytes(config.dataDir)) : 1,
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

/** A disk of so many bytes takes all streams at full size beside what the store needs; a smaller one less of each. */
const FULL_SIZE_DISK = 30 * 1024 ** 3;
export const shareOfDisk = (bytes: number) => Math.min(1, bytes / FULL_SIZE_DISK);

function diskBytes(folder: string): number {
  try {
    const { blocks, bsize } = statfsSync(folder);
    return blocks * bsize;
  } catch {
    // Nothing was written there yet: whoever makes the folder says what is wrong with it.
    return FULL_SIZE_DISK;
  }
}

/** Codes of the server: there is no room for what a stream reserves; there is no such stream. */
const NO_ROOM = 10_047;
const NO_STREAM = 10_059;

/**
 * Makes the stream, or brings its limits up to date. Throws FaultError `disk-full` where the broker has no room for it:
 * it reserves what its streams may grow to.
 */
export async function ensureStream(
  { manager, streamShare }: Pick<Broker, 'manager' | 'streamShare'>,
  wanted: WantedStream,
): Promise<void> {
  const maxBytes = Math.ceil(wanted.maxBytes * streamShare);
  const config = {
    name: wanted.name,
    subjects: [...wanted.subjects],
    max_bytes: maxBytes,
    max_age: nanos(wanted.maxAgeS * 1000),
    duplicate_window: nanos(wanted.duplicateWindowS * 1000),
    ...(wanted.maxMessages === undefined ? {} : { max_msgs: wanted.maxMessages }),
    ...(wanted.maxPerSubject === undefined ? {} : { max_msgs_per_subject: wanted.maxPerSubject }),
    storage: 'file' as const,
    discard: 'old' as const,
  };
  try {
    await manager.streams.add(config);
  } catch (refused) {
    const found = await manager.streams.info(wanted.name).catch(noneWhere(NO_STREAM));
    if (found === undefined) throw codeOf(refused) === NO_ROOM ? noRoomFor(wanted.name, maxBytes, refused) : refused;
    // A limit that came down does not throw away what is there: it goes in its time.
    const bytes = Math.max(maxBytes, found.state.bytes);
    const updated = await manager.streams
      .update(wanted.name, { ...config, max_bytes: bytes })
      .catch(noneWhere(NO_ROOM));
    // One that has no room to grow stays as large as it was.
    if (updated === undefined)
      await manager.streams.update(wanted.name, { ...config, max_bytes: found.config.max_bytes });
  }
}

const codeOf = (error: unknown) => (error as { code?: unknown }).code;

/** Nothing instead of this error of the server; others are thrown. */
const noneWhere = (code: number) => (error: unknown) => {
  if (codeOf(error) === code) return undefined;
  throw error;
};

function noRoomFor(stream: string, bytes: number, cause: unknown): FaultError {
  const size = `${Math.ceil(bytes / 1024 ** 2)} MB`;
  return new FaultError('disk-full', `the broker has no room for stream ${stream}, which may grow to ${size}`, {
    cause,
    cure: 'Free some space where the broker stores its streams, or raise max_file_store of its JetStream, and start again.',
  });
}
