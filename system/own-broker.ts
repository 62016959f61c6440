/** Our own nats-server: its configuration, with one user per role and no more rights than the role needs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FaultError } from '#models/schema/fault.ts';
import {
  ALERTS_STREAM,
  BUCKETS,
  CHANGES_STREAM,
  DETECTIONS_STREAM,
  HEALTH_STREAM,
  LOOKS_STREAM,
} from '#models/wire/streams.ts';
import { BROKER_USERS, type BrokerUser, brokerPasswordPath, inboxPrefix } from './broker.ts';
import { followSubscribers, readSubscribers, type Subscriber, subscriberRights } from './broker-subscribers.ts';
import type { Children } from './children.ts';
import type { Config } from './config.ts';
import type { Logger } from './logs.ts';
import { ensureSecret } from './secrets.ts';

const kvWrite = (...tables: (keyof typeof BUCKETS)[]) => tables.map((table) => `$KV.${BUCKETS[table].name}.>`);

/** People, tokens and remembered logins are the API's alone: no other role may read or list those streams. */
const PEOPLE = [BUCKETS.users, BUCKETS.tokens, BUCKETS.logins, BUCKETS.subscriptions, BUCKETS.keptViews].flatMap(
  ({ name }) => [
    `$JS.API.STREAM.*.KV_${name}`,
    `$JS.API.STREAM.MSG.*.KV_${name}`,
    `$JS.API.DIRECT.GET.KV_${name}`,
    `$JS.API.DIRECT.GET.KV_${name}.>`,
    `$JS.API.CONSUMER.*.KV_${name}`,
    `$JS.API.CONSUMER.*.KV_${name}.>`,
    `$JS.API.CONSUMER.MSG.NEXT.KV_${name}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.KV_${name}.>`,
    `$KV.${name}.>`,
  ],
);

/** Where answers to a role come: each has inboxes of its own, or every role could read what another was answered. */
const inbox = (user: BrokerUser) => `${inboxPrefix(user)}.>`;

/** Streams that workers and analytics make where they are missing. */
const WORK_STREAMS = [DETECTIONS_STREAM, LOOKS_STREAM, HEALTH_STREAM, ALERTS_STREAM];

/** What JetStream is asked by a role that uses streams; not to change, empty, copy or remove one, which makes rights void. */
const JETSTREAM = [
  '$JS.API.INFO',
  '$JS.API.STREAM.NAMES',
  '$JS.API.STREAM.INFO.*',
  '$JS.API.STREAM.MSG.GET.*',
  '$JS.API.DIRECT.GET.>',
  '$JS.API.CONSUMER.>',
  '$JS.ACK.>',
  '$JS.FC.>',
  // Only by these names, or a role could make a stream that copies what it may not read.
  ...Object.values(BUCKETS).map(({ name }) => `$JS.API.STREAM.CREATE.KV_${name}`),
  ...WORK_STREAMS.map(({ name }) => `$JS.API.STREAM.CREATE.${name}`),
];
const UPDATE_STREAMS = WORK_STREAMS.map(({ name }) => `$JS.API.STREAM.UPDATE.${name}`);
/** Changes are written and read by the API alone. */
const CHANGES = ['CREATE', 'UPDATE'].map((verb) => `$JS.API.STREAM.${verb}.${CHANGES_STREAM.name}`);

/** Who asks processes for health, metrics and pictures. */
const ASKERS = [inbox('api'), inbox('site')];
const COMMON = [...JETSTREAM, ...ASKERS, 'sharpeyes.control.>'];

type Rights = { publish: string[]; deny: string[]; subscribe: string[] };

const RIGHTS: Record<Exclude<BrokerUser, 'site'>, Rights> = {
  ingest: {
    publish: [
      ...COMMON,
      // The alerts process asks for pictures.
      inbox('analytics'),
      'sharpeyes.detections.>',
      'sharpeyes.looks.>',
      'sharpeyes.health.>',
      ...kvWrite('states', 'leases', 'workers', 'views'),
    ],
    deny: PEOPLE,
    subscribe: [inbox('ingest'), 'sharpeyes.control.>'],
  },
  analytics: {
    publish: [
      ...COMMON,
      ...UPDATE_STREAMS,
      'sharpeyes.alerts.>',
      ...kvWrite('locks', 'ruleStates', 'ruleSnapshots', 'channelStates', 'deadLetters'),
    ],
    deny: PEOPLE,
    subscribe: [inbox('analytics'), 'sharpeyes.>'],
  },
  api: {
    publish: [
      ...COMMON,
      ...CHANGES,
      'sharpeyes.changes.>',
      'sharpeyes.alerts.>',
      ...kvWrite('divisions', 'publishedAreas', 'calendar'),
      ...kvWrite('rules', 'quiets', 'incidentWork', 'channels', 'channelStates', 'deadLetters'),
      ...kvWrite(
        'cameras',
        'areas',
        'calibrations',
        'buildings',
        'keyPlaces',
        'totals',
        'users',
        'tokens',
        'logins',
        'subscriptions',
        'keptViews',
        'states',
      ),
    ],
    deny: [],
    subscribe: [inbox('api'), 'sharpeyes.>'],
  },
  subscriber: { publish: [inbox('subscriber')], deny: [], subscribe: [inbox('subscriber'), 'sharpeyes.alerts.>'] },
};

const list = (subjects: readonly string[]) => `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;

function userLine(config: Config, user: BrokerUser): string {
  const password = JSON.stringify(ensureSecret(brokerPasswordPath(config, user)));
  if (user === 'site') return `    { user: "site", password: ${password} }`;
  const { publish, deny, subscribe } = RIGHTS[user];
  return `    { user: "${user}", password: ${password}, permissions: { publish: { allow: ${list(publish)}, deny: ${list(deny)} }, subscribe: { allow: ${list(subscribe)} } } }`;
}

function subscriberLine(subscriber: Subscriber): string {
  const { publish, subscribe } = subscriberRights(subscriber);
  const [user, password] = [subscriber.user, subscriber.password].map((text) => JSON.stringify(text));
  return `    { user: ${user}, password: ${password}, permissions: { publish: { allow: ${list(publish)} }, subscribe: { allow: ${list(subscribe)} } } }`;
}

/** Writes `<dataDir>/nats/nats.conf` (mode 0600) and returns the command that starts the server with it. */
export function prepareOwnBroker(config: Config): { command: string; args: string[] } {
  const path = writeBrokerConf(config);
  const server = findNatsServer();
  // It knows nothing of our parent process: where Linux' setpriv is there, it ends when the supervisor is killed.
  const isTied = existsSync(SETPRIV);
  return isTied
    ? { command: SETPRIV, args: ['--pdeathsig', 'TERM', '--', server, '--config', path] }
    : { command: server, args: ['--config', path] };
}

/** Lets our nats-server, the child `nats`, read its configuration anew when subscribers come, go or expire. */
export function followOwnSubscribers(
  config: Config,
  { children, logger }: { children: Children; logger: Logger },
): Disposable {
  return followSubscribers(config, {
    logger,
    apply() {
      writeBrokerConf(config);
      const pid = children.status().find(({ name }) => name === 'nats')?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGHUP');
      logger.info('broker told of its subscribers');
    },
  });
}

/** More than all streams may grow to: how much that is, is theirs to say (`ensureStream`). */
const FILE_STORE_MAX = '1TB';

function writeBrokerConf(config: Config): string {
  const folder = resolve(config.dataDir, 'nats');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = resolve(folder, 'nats.conf');
  const text = `# Written by Sharp Eyes at every start; changes here are lost.
listen: "127.0.0.1:${config.natsPort}"
server_name: "sharp-eyes"
max_payload: 1MB
# By itself it takes three quarters of what is free when it starts, and leaves streams behind that were promised more.
jetstream { store_dir: ${JSON.stringify(folder)}, max_file_store: ${FILE_STORE_MAX} }
authorization {
  users: [
${[...BROKER_USERS.map((user) => userLine(config, user)), ...readSubscribers(config).map(subscriberLine)].join(',\n')}
  ]
}
`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const SETPRIV = '/usr/bin/setpriv';

/** Throws FaultError `nats-missing` when no nats-server is on the PATH. */
export function findNatsServer(): string {
  for (const command of ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server']) {
    try {
      execFileSync(command, ['--version'], { stdio: 'pipe' });
      return command;
    } catch {
      // Not there: the next place.
    }
  }
  throw new FaultError('nats-missing', 'NATS_URL is not set and no nats-server is on the PATH');
}
