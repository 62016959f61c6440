/**
 * Subscribers of alerts at our own nats-server: users with rights to one subject of one stream. The API lists them in a
 * file; the supervisor writes the server's configuration anew and has it read.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { checker } from '#models/schema/check.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import type { Config } from './config.ts';
import type { Logger } from './logs.ts';

const Subscriber = Type.Object({
  user: Type.String({ pattern: '^[a-z0-9-]+$' }),
  password: Type.String(),
  subject: Type.String({ pattern: '^sharpeyes\\.alerts\\.[a-z0-9._*>-]+$' }),
  expiresAtMs: Type.Integer(),
});
export type Subscriber = Static<typeof Subscriber>;

const checkSubscribers = checker('the file of subscribers', Type.Array(Subscriber));

/** `<user>` and `<user>-2` … `<user>-4`: a permission names whole tokens, so they are listed. */
export const consumerNames = (user: string): string[] => [user, ...[2, 3, 4].map((number) => `${user}-${number}`)];

export const subscriberInbox = (user: string): string => `_INBOX_${user}`;

export type SubscriberRights = { publish: string[]; subscribe: string[] };

/**
 * What NATS 2.9 needs for pull consumers of this subject and for nothing else. A consumer is made by
 * `CONSUMER.CREATE.<stream>.<name>.<filter>`, where the server compares the filter with the request; the older ways
 * (`CREATE.<stream>`, `DURABLE.CREATE`) carry no filter and are not there, nor are messages by number.
 */
export function subscriberRights({ user, subject }: Pick<Subscriber, 'user' | 'subject'>): SubscriberRights {
  const stream = ALERTS_STREAM.name;
  const ofConsumer = (name: string) => [
    `$JS.API.CONSUMER.CREATE.${stream}.${name}.${subject}`,
    `$JS.API.CONSUMER.INFO.${stream}.${name}`,
    `$JS.API.CONSUMER.DELETE.${stream}.${name}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
    `$JS.ACK.${stream}.${name}.>`,
  ];
  return {
    publish: consumerNames(user).flatMap(ofConsumer),
    subscribe: [`${subscriberInbox(user)}.>`, subject],
  };
}

const pathOf = ({ dataDir }: Pick<Config, 'dataDir'>) => resolve(dataDir, 'nats', 'subscribers.json');

/** Those that have not expired; none where the file is not there. */
export function readSubscribers(config: Pick<Config, 'dataDir'>): Subscriber[] {
  const path = pathOf(config);
  const all = existsSync(path) ? checkSubscribers(JSON.parse(readFileSync(path, 'utf8'))) : [];
  return all.filter(({ expiresAtMs }) => expiresAtMs > Date.now());
}

/** Beside and renamed, so that the supervisor never meets half a file. */
export function writeSubscribers(config: Pick<Config, 'dataDir'>, subscribers: readonly Subscriber[]): void {
  const path = pathOf(config);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(subscribers), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

type Applying = { apply: () => void; logger: Logger };

const TIMER_MAX_MS = 2 ** 31 - 1;
/** A file that is written and renamed tells of itself several times. */
const SETTLE_MS = 50;

/** Calls `apply` after each change of the file and whenever a subscriber expires, until it is disposed. */
export function followSubscribers(config: Pick<Config, 'dataDir'>, { apply, logger }: Applying): Disposable {
  let settling: NodeJS.Timeout | undefined;
  let expiring: NodeJS.Timeout | undefined;
  const planExpiry = () => {
    clearTimeout(expiring);
    const next = Math.min(...readSubscribers(config).map(({ expiresAtMs }) => expiresAtMs));
    if (!Number.isFinite(next)) return;
    expiring = setTimeout(changed, Math.min(TIMER_MAX_MS, next - Date.now() + 1)).unref();
  };
  function changed(): void {
    try {
      apply();
      planExpiry();
    } catch (error) {
      logger.error({ error: (error as Error).message }, 'subscribers not applied');
    }
  }
  const folder = dirname(pathOf(config));
  const watcher = watch(folder, (_event, name) => {
    if (name !== 'subscribers.json') return;
    clearTimeout(settling);
    settling = setTimeout(changed, SETTLE_MS);
  });
  planExpiry();
  return {
    [Symbol.dispose]() {
      watcher.close();
      clearTimeout(settling);
      clearTimeout(expiring);
    },
  };
}
