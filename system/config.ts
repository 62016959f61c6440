/** The whole configuration: one schema, read from defaults, a YAML file and the environment, in that order. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distance } from 'fastest-levenshtein';
import Type, { type Static } from 'typebox';
import { parse } from 'yaml';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { ExecutionProvider, unknownProvider } from '#models/schema/execution-provider.ts';
import { FaultError } from '#models/schema/fault.ts';
import { isTimeZone } from '#models/schema/time-zone.ts';
import { EVIDENCE_SETTINGS } from './evidence-settings.ts';
import { checkProvider, PROVIDER_SETTINGS } from './provider-settings.ts';

/** The folder that holds package.json: relative paths of the configuration start here. */
export const ROOT_DIR = dirname(dirname(fileURLToPath(import.meta.url)));

const text = (value: string, description: string) => Type.String({ default: value, description });
const whole = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });
const port = (value: number, description: string) => whole(value, 0, 65535, description);
const yes = (value: boolean, description: string) => Type.Boolean({ default: value, description });
/** In the environment its entries are separated by commas. */
const list = (description: string) => Type.Array(Type.String({ minLength: 1 }), { default: [], description });

export const Config = Type.Object(
  {
    dataDir: text('data', 'Folder of everything that must survive a restart: broker, store, spool, secrets, logs.'),
    materialDir: text(
      '',
      'Folder with footage and models to try things with; empty looks for a folder named "shared" beside the project.',
    ),
    mediaDirs: list(
      'Folders whose files may be cameras, on every worker’s machine; none takes the material’s footage and data/media.',
    ),
    demoFootage: yes(false, 'The demo plays the footage of the material folder although it has a city of its own.'),
    logLevel: Type.Enum(['debug', 'info', 'warn', 'error'], {
      default: 'info',
      description: 'Least severity that is logged.',
    }),
    natsUrl: text(
      '',
      'URL of a NATS server with JetStream (may carry user and password); empty starts one of our own.',
    ),
    natsPort: port(4222, 'Port of our own nats-server, on loopback.'),
    clickhouseUrl: text(
      '',
      'URL of a ClickHouse server (may carry user and password); empty starts the embedded store.',
    ),
    clickhouseReaderUrl: text(
      '',
      'The same ClickHouse server with an account for analysts (docs/clickhouse-server.md); empty asks with readonly=2.',
    ),
    clickhouseCluster: text('', 'Name of a ClickHouse cluster: tables become replicated and are made ON CLUSTER.'),
    storePort: port(8123, 'Port of the embedded store, on loopback; it speaks ClickHouse’s HTTP protocol.'),
    storeMemoryMb: whole(4096, 256, 1048576, 'Memory that one query of the embedded store may use, MiB.'),
    storeReservedMb: whole(512, 0, 1048576, 'Free space, MiB, below which the store refuses inserts and says so.'),
    analystTimeoutS: whole(60, 1, 3600, 'Longest time that a query of an analyst may run, seconds.'),
    figureTimeoutS: whole(
      30,
      1,
      600,
      'Longest time that a heat map or a summary may take, seconds; then its query is ended.',
    ),
    panelsDir: text(
      '',
      'Folder with your own panels of dashboards, YAML (docs/dashboards.md); empty takes panels in dataDir.',
    ),
    timeZone: text('Asia/Shanghai', 'IANA time zone of days and hours of the week in figures, and of the calendar.'),
    smallNumberMin: whole(
      5,
      2,
      1000,
      'Public figures leave out cells and areas with fewer distinct tracks on a day than this, and what gives them away.',
    ),
    apiHost: text('127.0.0.1', 'Address the API and the page listen on.'),
    apiPort: port(8080, 'Port of the API and the page.'),
    publicUrl: text('', 'URL under which people reach the page, where a proxy stands before it.'),
    publicDivision: yes(
      false,
      'Everybody may see the published division at /division without a sign-in: outlines, names and levels, nothing else.',
    ),
    trustedProxies: list(
      'Addresses or ranges of proxies whose X-Forwarded-For is believed; none: loopback where publicUrl is set, else nobody.',
    ),
    workerHost: text('127.0.0.1', 'Address an ingest worker offers live pictures on, to the API only.'),
    workers: whole(0, 0, 256, 'Ingest worker processes on this machine; 0 means one per core.'),
    workerCameras: whole(32, 1, 1024, 'Most cameras that one worker claims.'),
    loginsPerS: whole(
      20,
      1,
      1000,
      'Logins to cameras per second that all workers of this machine begin together: a power cut returns all at once.',
    ),
    model: text('', 'Name of the detection model in the catalog; empty takes the first that is there.'),
    modelsDir: text('data/models', 'Folder of models that were added: <name>.yaml beside its ONNX file.'),
    executionProviders: Type.Array(ExecutionProvider, {
      default: ['cpu'],
      description:
        'What computes the models, the first that serves: cuda, tensorrt, coreml, dml, webgpu, openvino or cpu, which always does (docs/execution-providers.md).',
    }),
    sampleFps: Type.Number({
      default: 5,
      minimum: 0.1,
      maximum: 30,
      description: 'Frames looked at per second while something moves, unless the camera says otherwise.',
    }),
    isGated: yes(true, 'Cost follows motion: nothing is decoded that cannot matter, unless the camera says otherwise.'),
    fullLookIntervalS: whole(
      10,
      1,
      3600,
      'A quiet scene is looked at this often, seconds, unless the camera says otherwise.',
    ),
    presenceCapS: whole(20, 1, 600, 'Longest time that one sighting may stand for, seconds.'),
    spoolMaxMb: whole(
      1024,
      1,
      1048576,
      'Size of a worker’s spool while the broker is away, MiB; beyond it the oldest messages go, counted.',
    ),
    spoolMaxMinutes: whole(60, 10, 10080, 'Age at which spooled messages are given up, minutes; counted.'),
    placeErrorMaxM: whole(
      10,
      1,
      1000,
      'Things whose place is less sure than this, metres at 1 sigma, are counted as seen, not placed.',
    ),
    batchRows: whole(50000, 100, 1000000, 'Rows after which analytics writes a batch.'),
    batchMs: whole(1000, 50, 60000, 'Time after which analytics writes a batch, milliseconds.'),
    sightingsTtlDays: whole(30, 1, 3650, 'Days that single sightings are kept.'),
    minutesTtlDays: whole(90, 1, 3650, 'Days that figures per minute are kept.'),
    hoursTtlDays: whole(1095, 1, 36500, 'Days that figures per hour are kept.'),
    healthTtlDays: whole(90, 1, 3650, 'Days that the history of cameras (up, down, why) is kept.'),
    webhookInnerAllowed: yes(
      false,
      'Webhooks may lead to addresses inside: loopback, private networks, this machine’s own.',
    ),
    alertsTtlDays: whole(365, 1, 3650, 'Days that alerts, incidents and what became of them are kept.'),
    auditTtlDays: whole(365, 1, 3650, 'Days that the audit log is kept.'),
    ...EVIDENCE_SETTINGS,
    quarantineHours: whole(48, 1, 8760, 'Rows further off than this from now are quarantined, hours.'),
    sessionHours: whole(12, 1, 720, 'Time that a sign-in lasts, hours.'),
    ...PROVIDER_SETTINGS,
    stopTimeoutS: whole(10, 1, 600, 'Time that a graceful stop may take before it is forced, seconds.'),
  },
  { additionalProperties: false },
);
export type Config = Readonly<Static<typeof Config>>;

export type ConfigKey = keyof Config;

export const CONFIG_KEYS = Object.keys(Config.properties) as ConfigKey[];

/** Of servers that are not ours, and so are known by names of their own. */
const PLAIN_KEYS: readonly ConfigKey[] = ['natsUrl', 'clickhouseUrl', 'clickhouseReaderUrl'];

/** `natsUrl` → `NATS_URL`, `clickhouseUrl` → `CLICKHOUSE_URL`, all others but its like `SHARP_EYES_…`. */
export function environmentName(key: ConfigKey): string {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return PLAIN_KEYS.includes(key) ? snake : `SHARP_EYES_${snake}`;
}

const checkConfig = checker('the configuration', Config);

/** The nearest known name, for "did you mean". */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= Math.max(3, name.length / 2) ? best.candidate : undefined;
}

function readFile(path: string): Record<string, unknown> {
  const parsed: unknown = parse(readFileSync(path, 'utf8')) ?? {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new FaultError('config-invalid', `${path} should hold "key: value" lines, but holds something else`);
  }
  for (const key of Object.keys(parsed as object)) {
    if (!CONFIG_KEYS.includes(key as ConfigKey)) unknownName(`key "${key}" in ${path}`, key, CONFIG_KEYS);
  }
  return parsed as Record<string, unknown>;
}

function unknownName(what: string, name: string, known: readonly string[]): never {
  const near = nearest(name, known);
  throw new FaultError('config-invalid', `unknown ${what}${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

function fromEnvironment(key: ConfigKey, value: string): unknown {
  const type = (Config.properties[key] as { type?: string }).type;
  if (type === 'integer' || type === 'number') return value.trim() === '' ? value : Number(value);
  if (type === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  if (type === 'array') {
    const entries = value.split(',').map((entry) => entry.trim());
    return entries.filter((entry) => entry !== '');
  }
  return type === 'object' ? parseObject(value) : value;
}

/** What is no JSON stays text, which the schema then refuses by the key's name. */
function parseObject(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Names in our space that are no configuration: places and credentials of the command line. */
const OTHER_NAMES = [
  'SHARP_EYES_CONFIG',
  'SHARP_EYES_SHARED',
  'SHARP_EYES_TOKEN',
  'SHARP_EYES_URL',
  'SHARP_EYES_PASSWORD',
  'SHARP_EYES_SECRETS',
  'SHARP_EYES_OIDC_CLIENT_SECRET',
  'SHARP_EYES_TEST_CLICKHOUSE_URL',
];

/**
 * Reads the configuration. The file is `$SHARP_EYES_CONFIG`, else `sharp-eyes.yaml` at the root where it exists.
 * Throws FaultError `config-invalid` for an unknown key (with the nearest known one) or a value out of range.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const named = env.SHARP_EYES_CONFIG;
  const path = named ?? resolve(ROOT_DIR, 'sharp-eyes.yaml');
  if (named !== undefined && !existsSync(named))
    throw new FaultError('config-invalid', `SHARP_EYES_CONFIG names ${named}, which does not exist`);
  const values: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS) values[key] = (Config.properties[key] as { default?: unknown }).default;
  if (existsSync(path)) Object.assign(values, readFile(path));

  const names = CONFIG_KEYS.map(environmentName);
  for (const name of Object.keys(env)) {
    if (name.startsWith('SHARP_EYES_') && !names.includes(name) && !OTHER_NAMES.includes(name))
      unknownName(`variable ${name}`, name, names);
  }
  for (const key of CONFIG_KEYS) {
    const value = env[environmentName(key)];
    if (value !== undefined) values[key] = fromEnvironment(key, value);
  }
  return Object.freeze(resolvePlaces(checked(values), env));
}

function checked(values: Record<string, unknown>): Static<typeof Config> {
  const { executionProviders: providers } = values;
  const wrong = Array.isArray(providers) ? unknownProvider(providers) : undefined;
  if (wrong !== undefined) throw new FaultError('config-invalid', `executionProviders: ${wrong}`);
  const config = checkedOneByOne(values);
  if (!isTimeZone(config.timeZone)) {
    const why = `timeZone: "${config.timeZone}" is not in the time zone database`;
    throw new FaultError('config-invalid', why, { cure: 'Write for example Asia/Shanghai, Europe/Berlin or UTC.' });
  }
  if (config.clickhouseReaderUrl !== '' && config.clickhouseUrl === '') {
    const why = 'clickhouseReaderUrl is set, but clickhouseUrl is not: the embedded store has accounts of its own';
    throw new FaultError('config-invalid', why, {
      cure: 'Set CLICKHOUSE_URL too, or take CLICKHOUSE_READER_URL away.',
    });
  }
  checkProvider(config);
  return config;
}

function checkedOneByOne(values: Record<string, unknown>): Static<typeof Config> {
  try {
    return checkConfig(values);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    throw new FaultError('config-invalid', error.faults.map((fault) => fault.replace(/^\//, '')).join('; '), {
      cause: error,
    });
  }
}

function resolvePlaces(config: Static<typeof Config>, env: NodeJS.ProcessEnv): Static<typeof Config> {
  const place = (path: string) => (isAbsolute(path) ? path : resolve(ROOT_DIR, path));
  const dataDir = place(config.dataDir);
  const materialDir =
    config.materialDir === ''
      ? (env.SHARP_EYES_SHARED ?? resolve(dirname(ROOT_DIR), 'shared'))
      : place(config.materialDir);
  return {
    ...config,
    dataDir,
    materialDir,
    mediaDirs:
      config.mediaDirs.length === 0
        ? [resolve(materialDir, 'footage'), resolve(dataDir, 'media')]
        : config.mediaDirs.map(place),
    evidenceDir: config.evidenceDir === '' ? resolve(dataDir, 'evidence') : place(config.evidenceDir),
    panelsDir: config.panelsDir === '' ? resolve(dataDir, 'panels') : place(config.panelsDir),
    modelsDir: config.modelsDir === 'data/models' ? resolve(dataDir, 'models') : place(config.modelsDir),
    workers: config.workers === 0 ? availableParallelism() : config.workers,
  };
}

/** The configuration as variables, to hand it to a child process as it is. */
export function configEnvironment(config: Config): Record<string, string> {
  const write = (value: unknown) =>
    typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value);
  return Object.fromEntries(CONFIG_KEYS.map((key) => [environmentName(key), write(config[key])]));
}

/** The configuration for people: passwords inside URLs are covered. */
export function describeConfig(config: Config): Record<string, unknown> {
  const cover = (value: unknown) =>
    typeof value === 'string' ? value.replace(/(\/\/[^/@:]*:)[^/@]*@/, '$1…@') : value;
  return Object.fromEntries(CONFIG_KEYS.map((key) => [key, cover(config[key])]));
}
