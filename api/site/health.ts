/** Is everything well: asks every process, the broker and the store, and says what is not, with the cure. */

import { resolveModel } from '#models/catalog/resolve.ts';
import { checker } from '#models/schema/check.ts';
import { FAULTS, type FaultError, faultCodeOf, isFaultCode } from '#models/schema/fault.ts';
import { type Finding, type HealthReport, ProcessReport } from '#models/schema/site-view.ts';
import type { OperationStage } from '#models/schema/stage.ts';
import { ANALYTICS_CONSUMER, DETECTIONS_STREAM } from '#models/wire/streams.ts';
import { CONTROL } from '#models/wire/subjects.ts';
import { askAll } from '#system/control.ts';
import { storeUrl } from '#system/store-client.ts';
import { stateOf } from '../cameras/view.ts';
import type { Context } from '../context.ts';
import { findInAnalystAccount } from './analyst-account.ts';

const checkProcess = checker('the health of a process', ProcessReport);
const STORE_TIMEOUT_MS = 3000;
/** At ten detections a message and the throughput we promise, some seconds of work. */
const WAITING_MAX = 20_000;
const FULL_SHARE = 0.8;
const SAID_CAMERAS_MAX = 20;

export async function reportHealth(context: Context): Promise<HealthReport> {
  const [answered, broker, store, analysts] = await Promise.all([
    askProcesses(context),
    askBroker(context),
    askStore(context),
    findInAnalystAccount(context),
  ]);
  const processes = store.process === undefined ? answered : [...answered, store.process];
  const nowMs = Date.now();
  const states = context.cameras.list().map((camera) => stateOf(camera, context, nowMs));
  const cameras: Record<string, number> = {};
  for (const { state } of states) cameras[state] = (cameras[state] ?? 0) + 1;
  const findings = [
    ...findInProcesses(processes),
    ...findInBroker(broker),
    ...findInStore(store),
    // One sentence is enough where the server is away for both.
    ...(store.isReachable ? analysts.map((one) => ({ ...one, stage: 'store' as const })) : []),
    ...states
      .filter(({ state, downSinceMs }) => state === 'down' || state === 'degraded' || downSinceMs !== undefined)
      .slice(0, SAID_CAMERAS_MAX)
      .map(({ camera, state, reason, message, cure }) =>
        finding(reason, `camera ${camera} is ${state}: ${message ?? 'no reason was given'}`, {
          cure,
          stage: 'cameras',
        }),
      ),
    ...findModelFault(context.config),
  ];
  const { isReachable } = store;
  const details = store.process?.details ?? {};
  const isWell = findings.every(({ isWarning }) => isWarning === true);
  return { isWell, processes, broker, store: { isReachable, details }, cameras, findings };
}

type About = { stage: OperationStage; cure?: string | undefined };

const UNKNOWN = { title: undefined, cure: 'Read its log in data/logs of its machine.' };

function finding(code: string | undefined, message: string, { stage, cure }: About): Finding {
  const { title, cure: known } = isFaultCode(code) ? FAULTS[code] : UNKNOWN;
  return {
    ...(code === undefined ? {} : { code }),
    ...(title === undefined ? {} : { title }),
    ...{ message, cure: cure ?? known, stage },
  };
}

const STAGE_OF_ROLE: Record<string, OperationStage> = {
  ...{ ingest: 'ingest', analytics: 'analytics', store: 'store', api: 'api', rules: 'rules', alerts: 'channels' },
};
/** What is not known here is said beside the API, which says it. */
const stageOf = (role: string): OperationStage => STAGE_OF_ROLE[role] ?? 'api';

async function askProcesses({ broker, logger }: Context): Promise<ProcessReport[]> {
  const answers = broker.isConnected() ? await askAll(broker.connection, CONTROL.health) : [];
  const reports = answers.flatMap((answer) => {
    try {
      return [checkProcess(answer)];
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'answer of a process not understood');
      return [];
    }
  });
  return reports.sort((a, b) => (`${a.role} ${a.process}` < `${b.role} ${b.process}` ? -1 : 1));
}

/** Each role that must be there, and what is lost without it. */
const NEEDED = { ingest: 'no camera is looked at', analytics: 'detections wait in NATS and are not counted' };

function findInProcesses(processes: ProcessReport[]): Finding[] {
  const absent = Object.entries(NEEDED)
    .filter(([role]) => !processes.some((process) => process.role === role))
    .map(([role, loss]) =>
      finding('process-missing', `no ${role} process answers: ${loss}`, {
        cure: `Start it: ./sharp-eyes up, or ./sharp-eyes ${role} where roles run alone; its log says why it ended.`,
        stage: stageOf(role),
      }),
    );
  const unwell = processes
    .filter(({ isWell }) => !isWell)
    .map(({ role, process, message, cure, details }) =>
      finding(codeIn(details), `${process}: ${message ?? 'it says that it is not well'}`, {
        cure,
        stage: stageOf(role),
      }),
    );
  const warnings = processes.flatMap(({ role, process, warnings = [] }) =>
    warnings.map(({ code, message, cure }) => ({
      ...finding(code, `${process}: ${message}`, { cure, stage: stageOf(role) }),
      isWarning: true,
    })),
  );
  return [...absent, ...unwell, ...warnings];
}

/** The model that workers of this machine would take; where they run elsewhere theirs may differ. */
function findModelFault({ modelsDir, materialDir, model: name }: Context['config']): Finding[] {
  try {
    resolveModel({ name, modelsDir, materialDir });
    return [];
  } catch (error) {
    const { message, cure } = error as FaultError;
    return [finding(faultCodeOf(error), `nothing is detected: ${message}`, { cure, stage: 'ingest' })];
  }
}

const codeIn = (details: Record<string, unknown>) => (typeof details.code === 'string' ? details.code : undefined);

async function askBroker({ broker }: Context): Promise<HealthReport['broker']> {
  const nothing = {
    isConnected: broker.isConnected(),
    messagesPublished: null,
    streamBytes: null,
    streamMaxBytes: null,
    messagesWaiting: null,
  };
  if (!nothing.isConnected) return nothing;
  const stream = await broker.manager.streams.info(DETECTIONS_STREAM.name).catch(() => undefined);
  const consumer = await broker.manager.consumers
    .info(DETECTIONS_STREAM.name, ANALYTICS_CONSUMER)
    .catch(() => undefined);
  return {
    isConnected: true,
    messagesPublished: stream?.state.last_seq ?? null,
    streamBytes: stream?.state.bytes ?? null,
    streamMaxBytes: stream?.config.max_bytes ?? null,
    messagesWaiting: consumer === undefined ? null : consumer.num_pending + consumer.num_ack_pending,
  };
}

function findInBroker({
  isConnected,
  streamBytes,
  streamMaxBytes,
  messagesWaiting,
}: HealthReport['broker']): Finding[] {
  if (!isConnected)
    return [
      finding('broker-unreachable', 'the API has lost NATS; what is shown is what was known last', { stage: 'broker' }),
    ];
  const findings: Finding[] = [];
  if (
    streamBytes !== null &&
    streamMaxBytes !== null &&
    streamMaxBytes > 0 &&
    streamBytes > FULL_SHARE * streamMaxBytes
  ) {
    const percent = Math.round((100 * streamBytes) / streamMaxBytes);
    const message = `the stream of detections is ${percent} % full; at 100 % the oldest messages go`;
    findings.push(finding('stream-filling', message, { stage: 'broker' }));
  }
  if (messagesWaiting !== null && messagesWaiting > WAITING_MAX) {
    const message = `${messagesWaiting} messages wait to be stored`;
    findings.push(finding('messages-waiting', message, { stage: 'broker' }));
  }
  return findings;
}

type StoreAnswer = { isReachable: boolean; isBusy: boolean; message: string; process?: ProcessReport };

/** A store that says it is well and lets queries wait is busy: what is shown comes late, and nothing is lost. */
function findInStore({ isReachable, isBusy, message }: StoreAnswer): Finding[] {
  if (isReachable) return [];
  const cure = isBusy
    ? 'Wait; where it stays so, see what it computes (./sharp-eyes sql) and what else runs there.'
    : undefined;
  const found = finding('store-unreachable', message, { stage: 'store', cure });
  return [isBusy ? { ...found, isWarning: true } : found];
}

/** The embedded store is a process of ours and speaks of itself at /health; a ClickHouse server has only /ping. */
async function askStore({ config, reader }: Context): Promise<StoreAnswer> {
  const signal = AbortSignal.timeout(STORE_TIMEOUT_MS);
  const [ping, process] = await Promise.all([
    reader.ping({ select: true, abort_signal: signal }),
    config.clickhouseUrl === '' ? readStoreHealth(config.storePort, signal) : undefined,
  ]);
  const { host } = new URL(storeUrl(config));
  const isLate = !ping.success && signal.aborted;
  const why = isLate ? `no answer within ${STORE_TIMEOUT_MS / 1000} s` : ping.success ? '' : ping.error.message;
  const isBusy = isLate && process?.isWell === true;
  const message = isBusy ? `the store at ${host} is busy: a query got ${why}` : `${host} does not answer: ${why}`;
  return { isReachable: ping.success, isBusy, message, ...(process === undefined ? {} : { process }) };
}

async function readStoreHealth(port: number, signal: AbortSignal): Promise<ProcessReport | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal });
    return checkProcess(await response.json());
  } catch {
    // Whether it answers at all is said already; what it says of itself is an extra.
    return undefined;
  }
}
