/**
 * The rules of one process while it leads: its memory from the last snapshot, the streams from there on, and what they
 * give published. What was published after that snapshot is worked out again, and not published again.
 */
import type { JsMsg } from '@nats-io/jetstream';
import type { AlertRegistry, Registry } from '#models/registry/registry.ts';
import { CameraEvent } from '#models/schema/camera-event.ts';
import { checker } from '#models/schema/check.ts';
import { decodeCameraState } from '#models/wire/codec.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import { readDetectionsSubject } from '#models/wire/subjects.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { createPlacer, type Placer } from '../place/placer.ts';
import { createEngine, type Engine } from './engine.ts';
import { eventOf } from './events.ts';
import { feed } from './feed.ts';
import type { Firing } from './firing.ts';
import { messagesOf, takeLooks } from './intake.ts';
import { type CameraWord, wordOfEvent, wordOfState } from './look.ts';
import type { Gauges } from './metrics.ts';
import type { Normals } from './normal-now.ts';
import { createPublisher, idsAfter, type Publisher } from './publisher.ts';
import { createRaiser, type Raiser } from './raise.ts';
import { createRuleStates, type RuleStates } from './rule-states.ts';
import type { Snapshots } from './snapshots.ts';

type Parts = {
  config: Config;
  broker: Broker;
  registry: Registry;
  alerts: AlertRegistry;
  snapshots: Snapshots;
  gauges: Gauges;
  logger: Logger;
  /** Tells what is normal, now and whenever that or the holidays change, until the signal aborts. */
  keepNormals: (options: {
    signal: AbortSignal;
    holidays: () => ReadonlySet<string>;
    onNormals: (normals: Normals) => void;
  }) => Promise<void>;
  onLeading: () => void;
};

const SNAPSHOT_EVERY_MS = 3000;
/** Of its time the engine gives a twentieth to snapshots at the most. */
const SNAPSHOT_SHARE = 20;
const REFRESH_EVERY_MS = 2000;

const checkEvent = checker('the camera event', CameraEvent);

/** What a session works with; `sequences` are the last messages it has taken in. */
export type Session = Parts & {
  engine: Engine;
  raiser: Raiser;
  placer: Placer;
  states: RuleStates;
  publisher: Publisher;
  sequences: { detections: number; looks: number; health: number };
  /** Something was taken in since the last snapshot. */
  isChanged: boolean;
  signal: AbortSignal;
};

export async function runSession(parts: Parts, signal: AbortSignal): Promise<void> {
  const { gauges, alerts, config, logger } = parts;
  const ending = new AbortController();
  const life = AbortSignal.any([signal, ending.signal]);
  const zone = config.timeZone;
  let holidays: ReadonlySet<string> = new Set();
  const memory = {
    ...{ engine: createEngine({ zone }), raiser: createRaiser({ zone }) },
    placer: createPlacer({ errorMaxM: config.placeErrorMaxM, areCellsWanted: false }),
    states: createRuleStates(alerts.ruleStates, logger),
  };
  const onHolidays = (days: ReadonlySet<string>) => {
    holidays = days;
    memory.engine.setHolidays(days);
  };
  try {
    await feed({ ...parts, ...memory, onHolidays }, { signal: life, logger });
    const session: Session = { ...parts, ...memory, ...(await resume(parts, memory, life)) };
    gauges.leading(true);
    parts.onLeading();
    const { setNormals: onNormals } = memory.engine;
    const normals = parts.keepNormals({ signal: life, holidays: () => holidays, onNormals });
    const looks = takeLooks(session, (firings, atMs) => take(session, firings, atMs));
    await Promise.all([looks, readWords(session), keepSnapshots(session), refresh(session), normals]);
    // Told to end, not pushed aside: who comes next begins where this one ended.
    await Promise.race([snapshot(session), pause(2000)]).catch(() => {});
  } finally {
    gauges.leading(false);
    ending.abort();
  }
}

type Resumed = Pick<Session, 'publisher' | 'sequences' | 'isChanged' | 'signal'>;

/** Takes up the memory of the last snapshot, and finds out what was published after it. */
async function resume(
  { broker, snapshots, gauges, logger }: Parts,
  { engine, raiser }: Pick<Session, 'engine' | 'raiser'>,
  signal: AbortSignal,
): Promise<Resumed> {
  const saved = await snapshots.read();
  if (saved !== undefined) {
    engine.restore(saved.engine);
    raiser.restore(saved.raiser);
  }
  const at = saved ?? (await ends(broker));
  const { ids, last } = await idsAfter(broker, at.alertsSequence);
  const details = { fromSnapshot: saved !== undefined, detections: at.detectionsSequence, published: ids.size };
  logger.info(details, 'rules begin');
  // The very first one says where this site's rules began: a crash right after that loses nothing.
  if (saved === undefined)
    await snapshots.write(snapshots.pack({ ...at, engine: engine.snapshot(), raiser: raiser.snapshot() }));
  const publishing = { signal, logger, published: ids, sequence: last, onPublished: gauges.published };
  return {
    publisher: createPublisher(broker, publishing),
    sequences: { detections: at.detectionsSequence, looks: at.looksSequence, health: at.healthSequence },
    isChanged: true,
    signal,
  };
}

async function readWords(session: Session): Promise<void> {
  const { engine, sequences, gauges } = session;
  const from = sequences.health + 1;
  for await (const message of messagesOf(session, { stream: HEALTH_STREAM.name, from, onLost: gauges.lost })) {
    const word = wordOf(message);
    if (word !== undefined) await take(session, engine.cameraState(word), word.atMs);
    sequences.health = message.seq;
  }
}

async function take(session: Session, firings: readonly Firing[], atMs: number): Promise<void> {
  const { raiser, gauges, publisher } = session;
  const nowMs = Date.now();
  gauges.fired(firings);
  for (const raised of [...raiser.raise(firings, nowMs), ...raiser.advance(atMs, nowMs)]) {
    gauges.raised(raised);
    const { subject, event } = eventOf(raised);
    publisher.send(subject, event);
  }
  session.isChanged = true;
  await publisher.room();
}

async function keepSnapshots(session: Session): Promise<void> {
  const { signal, logger } = session;
  while (!signal.aborted) {
    await pause(SNAPSHOT_EVERY_MS, signal);
    if (!session.isChanged || signal.aborted) continue;
    await snapshot(session).catch((error: Error) => logger.warn({ error: error.message }, 'snapshot not written'));
  }
}

async function snapshot(session: Session): Promise<void> {
  const { snapshots, sequences, publisher, engine, raiser, gauges, signal } = session;
  const beganMs = performance.now();
  const packed = snapshots.pack({
    ...{ detectionsSequence: sequences.detections, looksSequence: sequences.looks },
    healthSequence: sequences.health,
    ...{ alertsSequence: publisher.sequence(), engine: engine.snapshot(), raiser: raiser.snapshot() },
  });
  session.isChanged = false;
  const tookMs = performance.now() - beganMs;
  // What it remembers as sent must be sent before it counts.
  await publisher.flushed();
  await snapshots.write(packed);
  gauges.snapshot(packed.length);
  await pause(tookMs * SNAPSHOT_SHARE, signal);
}

async function refresh({ states, engine, raiser, gauges, signal }: Session): Promise<void> {
  while (!signal.aborted) {
    states.refresh(engine);
    gauges.rules(states.counts());
    gauges.held(raiser.counts());
    await pause(REFRESH_EVERY_MS, signal);
  }
}

/** Without a snapshot the rules begin with what comes now: a day of old looks would be a day of old alerts. */
async function ends({
  manager,
}: Broker): Promise<Record<`${'detections' | 'looks' | 'health' | 'alerts'}Sequence`, number>> {
  const lastOf = async (stream: string) => (await manager.streams.info(stream)).state.last_seq;
  return {
    detectionsSequence: await lastOf(DETECTIONS_STREAM.name),
    looksSequence: await lastOf(LOOKS_STREAM.name),
    healthSequence: await lastOf(HEALTH_STREAM.name),
    alertsSequence: await lastOf(ALERTS_STREAM.name),
  };
}

function wordOf(message: JsMsg): CameraWord | undefined {
  const { areaPath } = readDetectionsSubject(message.subject);
  const state = decodeCameraState(message.data);
  if (state !== undefined) return wordOfState(state, areaPath);
  try {
    return wordOfEvent(checkEvent(message.json()), areaPath);
  } catch {
    return undefined;
  }
}
