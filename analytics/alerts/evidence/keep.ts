/** Pictures of alerts: asked for when an alert is raised, kept, told of, and removed in their time. */
import type { JsMsg } from '@nats-io/jetstream';
import { type KeptRecord, openPictureStore } from '#analytics/store/pictures/kept.ts';
import { createSealer } from '#analytics/store/pictures/sealed.ts';
import { type AlertRegistry, openAlertRegistry } from '#models/registry/registry.ts';
import { loadSealKey } from '#models/registry/seal.ts';
import type { Evidence } from '#models/schema/alert.ts';
import { type FaultCode, faultCodeOf } from '#models/schema/fault.ts';
import { areaPathOf, decodeStreamEvent, makeEvent } from '#models/wire/events.ts';
import { ALERTS_STREAM } from '#models/wire/streams.ts';
import { alertsSubject } from '#models/wire/subjects.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import type { Metrics } from '#system/metrics.ts';
import { readMessages, type Source } from '../../consume/messages.ts';
import { askPictures, requestFor } from './ask-pictures.ts';
import { createGathering, type Gathering, type Waiting } from './gather.ts';
import { createShelf, type Shelf, type ShelfLimits } from './shelf.ts';

const SOURCE: Source = { stream: ALERTS_STREAM, consumer: 'alerts-evidence' };
const SWEEP_EVERY_MS = 60_000;
/** Somebody may change what lies there; it is read anew this often. */
const LOAD_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

type Parts = { config: Config; broker: Broker; metrics: Metrics; logger: Logger; signal: AbortSignal };

/** Ends when the signal aborts. Whatever cannot be kept is told as missing, with its reason. */
export async function keepEvidence(parts: Parts): Promise<void> {
  const { config, broker, metrics, logger, signal } = parts;
  const store = openPictureStore(config);
  const outcomes = metrics.counter(
    'sharp_eyes_evidence_alerts_total',
    'Alerts with a camera, by what became of their pictures; came = kept + missing',
    ['outcome', 'reason'],
  );
  const delay = metrics.histogram(
    'sharp_eyes_evidence_delay_seconds',
    'From the frame that decided until its pictures are kept; the seconds after it are part of it',
    [5, 10, 15, 20, 30, 45, 60, 120, 300, 600],
  );
  const tell = createTeller(broker);
  const { rules } = await openAlertRegistry(broker.connection);
  const shelf = createShelf({
    store,
    sealer: createSealer(loadSealKey(config.dataDir)),
    limits: limitsOf(config),
    onRemoved: async ({ evidence, areaPath, severity }, reason) => {
      const { alert, camera } = evidence;
      outcomes.inc({ outcome: 'deleted', reason });
      await tell({ alert, camera, state: 'deleted', reason }, { areaPath, severity });
      logger.info({ alert, camera, reason }, 'pictures deleted');
    },
  });
  const miss = async ({ alert, camera }: Waiting, reason: FaultCode) => {
    outcomes.inc({ outcome: 'missing', reason });
    await tell({ alert: alert.id, camera, state: 'missing', reason }, alert);
  };
  const gather = async (waiting: Waiting): Promise<'done' | 'again'> => {
    try {
      const evidence = await keepOne(waiting, { ...parts, shelf, rules });
      outcomes.inc({ outcome: 'kept', reason: '' });
      delay.observe(Math.max(0, Date.now() - waiting.alert.cause.capturedAtMs) / 1000);
      await tell(evidence, waiting.alert);
    } catch (error) {
      if (signal.aborted) return 'again';
      const { alert, camera } = waiting;
      logger.warn(
        { alert: alert.id, camera, code: faultCodeOf(error), error: (error as Error).message },
        'no pictures',
      );
      await miss(waiting, faultCodeOf(error)).catch(logFailure(logger));
    }
    return 'done';
  };
  await using gathering = createGathering({
    gather,
    refuse: (waiting) => miss(waiting, 'evidence-crowded').catch(logFailure(logger)),
  });
  watchQueue(metrics, gathering);
  const sweeping = keepSweeping(shelf, parts);
  const messages = readMessages(broker, SOURCE, { signal, logger, onLost: () => {}, onRecreated: () => {} });
  for await (const message of messages) {
    const waiting = read(message, logger);
    if (waiting === undefined) message.ack();
    else gathering.add(waiting);
  }
  await sweeping;
  store.close();
}

/** undefined for what has no pictures: other events, and alerts of no camera. */
function read(message: JsMsg, logger: Logger): Waiting | undefined {
  try {
    const event = decodeStreamEvent(message.data);
    if (event.type !== 'org.sharp-eyes.alert.raised.v1' || event.data.camera === null) return undefined;
    return { alert: { ...event.data, areaPath: areaPathOf(event) }, camera: event.data.camera, message };
  } catch (error) {
    logger.error({ sequence: message.seq, error: (error as Error).message }, 'event not readable');
    return undefined;
  }
}

type Keeping = Parts & { shelf: Shelf; rules: AlertRegistry['rules'] };

async function keepOne({ alert, camera }: Waiting, keeping: Keeping): Promise<Evidence> {
  const { config, broker, signal, shelf, rules } = keeping;
  await shelf.demandRoom(alert.severity);
  const wished = (await rules.get(alert.rule))?.value.evidence;
  const beforeMs = (wished?.beforeS ?? config.evidenceBeforeS) * 1000;
  const afterMs = (wished?.afterS ?? config.evidenceAfterS) * 1000;
  const ringMs = config.evidenceRingS * 1000;
  const request = requestFor(alert, { beforeMs, afterMs });
  const { about, parts } = await askPictures(camera, request, {
    ...{ connection: broker.connection, beforeMs, afterMs, ringMs, signal },
  });
  const { clip, still, unblurredClip, unblurredStill } = parts;
  if (clip === undefined || still === undefined || unblurredClip === undefined || unblurredStill === undefined)
    throw new Error(`the worker of ${camera} left pictures out`);
  const { severity, areaPath } = alert;
  const folder = `blurred/${alert.id.slice(0, 2)}/${alert.id}`;
  const evidence: Evidence = {
    alert: alert.id,
    camera,
    state: 'kept',
    clip: `${folder}/clip.mp4`,
    still: `${folder}/still.jpg`,
    fromMs: Math.round(about.fromMs),
    toMs: Math.round(about.toMs),
    bytes: clip.length + still.length,
    expiresAtMs: shelf.expiresAtMs(severity, Math.round(about.stillAtMs)),
  };
  const record: KeptRecord = {
    ...{ evidence, areaPath, severity, codec: about.codec, hasUnblurred: true },
    stillAtMs: Math.round(about.stillAtMs),
  };
  await shelf.keep(record, {
    blurred: { clip, still },
    unblurred: { clip: unblurredClip, still: unblurredStill },
  });
  return evidence;
}

/** Read whenever somebody asks. */
function watchQueue(metrics: Metrics, gathering: Gathering): void {
  const queue = metrics.gauge('sharp_eyes_evidence_queue_alerts', 'Alerts whose pictures are waited for', ['state']);
  const collect = () => {
    const { waiting, underWay } = gathering.counts();
    queue.set({ state: 'waiting' }, waiting);
    queue.set({ state: 'under-way' }, underWay);
  };
  Object.assign(queue, { collect });
}

type Place = Pick<KeptRecord, 'areaPath' | 'severity'>;

function createTeller({ stream }: Broker) {
  return async (evidence: Evidence, { areaPath, severity }: Place): Promise<void> => {
    const id = `evidence-${evidence.alert}-${evidence.state}`;
    const told = { id, source: '/sharp-eyes/alerts', areaPath, severity, atMs: Date.now(), data: evidence };
    await stream.publish(alertsSubject(areaPath, severity), JSON.stringify(makeEvent('evidence', told)), { msgID: id });
  };
}

async function keepSweeping(shelf: Shelf, { logger, metrics, signal }: Parts): Promise<void> {
  const bytes = metrics.gauge('sharp_eyes_evidence_kept_bytes', 'Pictures of alerts that are kept');
  const alerts = metrics.gauge('sharp_eyes_evidence_kept_alerts', 'Alerts whose pictures are kept');
  const headroom = metrics.gauge(
    'sharp_eyes_evidence_headroom_bytes',
    'Until the room for pictures is full, by evidenceMaxMb or evidenceReservedMb',
  );
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (Date.now() - loadedAtMs >= LOAD_EVERY_MS) {
        await shelf.load();
        loadedAtMs = Date.now();
      }
      await shelf.sweep(Date.now());
      bytes.set(shelf.counts().bytes);
      alerts.set(shelf.counts().alerts);
      headroom.set(await shelf.headroom());
    } catch (error) {
      logger.error({ code: faultCodeOf(error), error: (error as Error).message }, 'pictures not swept');
    }
    await pause(SWEEP_EVERY_MS, signal);
  }
}

function limitsOf(config: Config): ShelfLimits {
  return {
    maxBytes: config.evidenceMaxMb * 1024 ** 2,
    reservedBytes: config.evidenceReservedMb * 1024 ** 2,
    keptMs: {
      critical: config.evidenceCriticalDays * DAY_MS,
      major: config.evidenceMajorDays * DAY_MS,
      minor: config.evidenceMinorDays * DAY_MS,
      info: config.evidenceInfoDays * DAY_MS,
    },
    unblurredMs: config.evidenceUnblurredDays * DAY_MS,
  };
}

const logFailure = (logger: Logger) => (error: Error) =>
  logger.error({ error: error.message }, 'word of pictures not published');
