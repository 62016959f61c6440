/**
 * The rules of one process while it leads: its memory from the last snapshot, the streams from there on, and what they
 * give published. What was published after that snapshot is worked out again, and not published again.
 */
import { setImmediate } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import type { AlertRegistry, Registry } from '#models/registry/registry.ts';
import { CameraEvent } from '#models/schema/camera-event.ts';
import { checker } from '#models/schema/check.ts';
import { decodeCameraState } from '#models/wire/codec.ts';
import { ALERTS_STREAM, DETECTIONS_STREAM, HEALTH_STREAM } from '#models/wire/streams.ts';
import { readDetectionsSubject } from '#models/wire/subjects.ts';
import type { Broker } from '#system/broker.ts';
import type { Config } from '#system/config.ts';
import { pause } from '#system/lifecycle.ts';
import type { Logger } from '#system/logs.ts';
import { admit } from '../consume/admit.ts';
import { createFence } from '../consume/fence.ts';
import { createPlacer } from '../place/placer.ts';
import { createEngine, type Normals } from './engine.ts';
import { eventOf } from './events.ts';
import { feed } from './feed.ts';
import type { Firing } from './firing.ts';
import { type CameraWord, lookOf, wordOfEvent, wordOfState } from './look.ts';
import type { Gauges } from './metrics.ts';
import { createPublisher, idsAfter } from './publisher.ts';
import { createRaiser } from './raise.ts';
import { readFrom } from './read.ts';
import { createRuleStates } from './rule-states.ts';
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
/** Messages after which timers get their turn: catching up must not cost the lock. */
const TURN_MESSAGES = 200;

const checkEvent = checker('the camera event', CameraEvent);

export async function runSession(parts: Parts, signal: AbortSignal): Promise<void> {
  const { config, broker, registry, alerts, snapshots, gauges, logger } = parts;
  const ending = new AbortController();
  const life = AbortSignal.any([signal, ending.signal]);
  const zone = config.timeZone;
  const [engine, raiser] = [createEngine({ zone }), createRaiser({ zone })];
  const placer = createPlacer({ errorMaxM: config.placeErrorMaxM, areCellsWanted: false });
  const states = createRuleStates(alerts.ruleStates, logger);
  let holidays: ReadonlySet<string> = new Set();
  const onHolidays = (days: ReadonlySet<string>) => {
    holidays = days;
    engine.setHolidays(days);
  };
  try {
    await feed({ registry, alerts, engine, raiser, placer, states, onHolidays }, { signal: life, logger });
    const saved = await snapshots.read();
    if (saved !== undefined) {
      engine.restore(saved.engine);
      raiser.restore(saved.raiser);
    }
    const at = saved ?? { ...(await ends(broker)), engine: undefined, raiser: undefined };
    const { ids, last } = await idsAfter(broker, at.alertsSequence);
    logger.info(
      { fromSnapshot: saved !== undefined, detections: at.detectionsSequence, published: ids.size },
      'rules begin',
    );
    const sequences = { detections: at.detectionsSequence, health: at.healthSequence };
    const publisher = createPublisher(broker, {
      ...{ signal: life, logger, published: ids, sequence: last, onPublished: gauges.published },
    });
    let isChanged = true;

    async function take(firings: readonly Firing[], atMs: number): Promise<void> {
      const nowMs = Date.now();
      gauges.fired(firings);
      for (const raised of [...raiser.raise(firings, nowMs), ...raiser.advance(atMs, nowMs)]) {
        gauges.raised(raised);
        const { subject, event } = eventOf(raised);
        publisher.send(subject, event);
      }
      isChanged = true;
      await publisher.room();
    }

    const fence = createFence();
    const offMaxMs = config.quarantineHours * 3_600_000;
    async function readLooks(): Promise<void> {
      for await (const message of messagesOf(DETECTIONS_STREAM.name, sequences.detections + 1)) {
        const publishedAtMs = Math.floor(message.info.timestampNanos / 1e6);
        const admission = admit(message.data, publishedAtMs, { fence, offMaxMs, floorMs: 0 });
        if ('message' in admission) {
          const look = lookOf(placer.place(admission.message), publishedAtMs);
          gauges.looked(look);
          await take(engine.look(look), look.capturedAtMs);
        } else gauges.put(admission.quarantined.reason === 'undecodable' ? 'undecodable' : 'quarantined');
        sequences.detections = message.seq;
      }
    }
    async function readWords(): Promise<void> {
      for await (const message of messagesOf(HEALTH_STREAM.name, sequences.health + 1)) {
        const word = wordOf(message);
        if (word !== undefined) await take(engine.cameraState(word), word.atMs);
        sequences.health = message.seq;
      }
    }
    async function* messagesOf(stream: string, from: number): AsyncGenerator<JsMsg> {
      let turn = 0;
      for await (const message of readFrom(broker, stream, { from, signal: life, logger, onLost: gauges.lost })) {
        yield message;
        if (++turn % TURN_MESSAGES === 0) await setImmediate();
      }
    }

    const pack = () =>
      snapshots.pack({
        ...{ detectionsSequence: sequences.detections, healthSequence: sequences.health },
        ...{ alertsSequence: publisher.sequence(), engine: engine.snapshot(), raiser: raiser.snapshot() },
      });
    async function snapshot(): Promise<void> {
      const beganMs = performance.now();
      const packed = pack();
      isChanged = false;
      const tookMs = performance.now() - beganMs;
      // What it remembers as sent must be sent before it counts.
      await publisher.flushed();
      await snapshots.write(packed);
      gauges.snapshot(packed.length);
      await pause(tookMs * SNAPSHOT_SHARE, life);
    }
    async function keepSnapshots(): Promise<void> {
      while (!life.aborted) {
        await pause(SNAPSHOT_EVERY_MS, life);
        if (!isChanged || life.aborted) continue;
        await snapshot().catch((error: Error) => logger.warn({ error: error.message }, 'snapshot not written'));
      }
    }
    async function refresh(): Promise<void> {
      while (!life.aborted) {
        states.refresh(engine);
        gauges.rules(states.counts());
        gauges.held(raiser.counts());
        await pause(REFRESH_EVERY_MS, life);
      }
    }

    // The very first one says where this site's rules began: a crash right after that loses nothing.
    if (saved === undefined) await snapshots.write(pack());
    gauges.leading(true);
    parts.onLeading();
    const normals = parts.keepNormals({ signal: life, holidays: () => holidays, onNormals: engine.setNormals });
    await Promise.all([readLooks(), readWords(), keepSnapshots(), refresh(), normals]);
    // Told to end, not pushed aside: who comes next begins where this one ended.
    await Promise.race([snapshot(), pause(2000)]).catch(() => {});
  } finally {
    gauges.leading(false);
    ending.abort();
  }
}

/** Without a snapshot the rules begin with what comes now: a day of old looks would be a day of old alerts. */
async function ends({ manager }: Broker): Promise<Record<`${'detections' | 'health' | 'alerts'}Sequence`, number>> {
  const lastOf = async (stream: string) => (await manager.streams.info(stream)).state.last_seq;
  return {
    detectionsSequence: await lastOf(DETECTIONS_STREAM.name),
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
