/**
 * Looks, each taken in once and in its turn: by the stream of looks at once, and from the detections stream, which has all
 * that was told, where it had not come that way. Whoever takes over reads the quick stream to its end first: so looks of
 * different cameras come in the order in which they came before.
 */
import { setImmediate } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { DETECTIONS_STREAM, LOOKS_STREAM } from '#models/wire/streams.ts';
import type { Broker } from '#system/broker.ts';
import { pause } from '#system/lifecycle.ts';
import { admit } from '../consume/admit.ts';
import { createFence, type Fence } from '../consume/fence.ts';
import type { Firing } from './firing.ts';
import { type Look, lookOf, unfold } from './look.ts';
import { readFrom } from './read.ts';
import type { Session } from './session.ts';
import { createTurns, type Turns } from './turns.ts';

/** A camera whose clock is ahead by more does not make time go on for the others. */
const AHEAD_MAX_MS = 5000;
/** Messages after which timers get their turn: catching up must not cost the lock. */
const TURN_MESSAGES = 200;
/** So long a look may come later on the quick way than on the sure one. */
const GRACE_MS = 1000;
/** A quick stream that cannot be read must not keep the rules from the other. */
const CATCH_UP_MS = 20_000;

type Take = (firings: readonly Firing[], atMs: number) => Promise<void>;

/** What both readers share; `heard` resolves at the next look of the quick stream. */
type Intake = Session & { turns: Turns; fence: Fence; heard: PromiseWithResolvers<void>; takeFirings: Take };

export async function takeLooks(session: Session, takeFirings: Take): Promise<void> {
  const turns = createTurns(session.engine.lastOf);
  const heard = Promise.withResolvers<void>();
  const intake: Intake = { ...session, turns, fence: createFence(), heard, takeFirings };
  const caughtUp = Promise.withResolvers<void>();
  const { state } = await session.broker.manager.streams.info(LOOKS_STREAM.name);
  const last = state.messages === 0 ? 0 : state.last_seq;
  if (last <= session.sequences.looks) caughtUp.resolve();
  const onTaken = (sequence: number) => {
    if (sequence >= last) caughtUp.resolve();
  };
  await Promise.all([
    readQuick(intake, onTaken),
    Promise.race([caughtUp.promise, pause(CATCH_UP_MS, session.signal)]).then(() => readWhole(intake)),
  ]);
}

async function readQuick(intake: Intake, onTaken: (sequence: number) => void): Promise<void> {
  const { sequences, turns } = intake;
  for await (const message of messagesOf(intake, { stream: LOOKS_STREAM.name, from: sequences.looks + 1 })) {
    const look = readLook(message, intake);
    if (look !== undefined) for (const one of turns.early(look)) await takeOne(intake, one, false);
    sequences.looks = message.seq;
    onTaken(message.seq);
    intake.heard.resolve();
    intake.heard = Promise.withResolvers();
  }
}

async function readWhole(intake: Intake): Promise<void> {
  const { sequences, turns, gauges, engine } = intake;
  const isFresh = freshness();
  const from = sequences.detections + 1;
  for await (const message of messagesOf(intake, { stream: DETECTIONS_STREAM.name, from, onLost: gauges.lost })) {
    const look = readLook(message, intake);
    if (look !== undefined) {
      const waitMs = isFresh(look.publishedAtMs ?? 0);
      if (waitMs > 0) await untilKnown(look, intake, waitMs);
      if (turns.isKnown(look)) engine.look(look);
      else for (const one of turns.whole(look)) await takeOne(intake, one, one === look);
    }
    sequences.detections = message.seq;
  }
}

async function takeOne({ gauges, engine, takeFirings }: Intake, look: Look, isLate: boolean): Promise<void> {
  gauges.looked(look, isLate);
  await takeFirings(engine.look(look), Math.min(look.capturedAtMs, look.receivedAtMs + AHEAD_MAX_MS));
}

async function untilKnown(look: Look, intake: Intake, waitMs: number): Promise<void> {
  const { turns, signal } = intake;
  const over = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  while (!turns.isKnown(look) && !over.aborted) await Promise.race([intake.heard.promise, pause(waitMs, over)]);
}

/**
 * How much of the grace is left to a message, by the broker's clock: that may be off from ours, by no more than what the
 * quickest message seems to have taken.
 */
function freshness(): (publishedAtMs: number) => number {
  let leastMs = Number.POSITIVE_INFINITY;
  return (publishedAtMs) => {
    const tookMs = Date.now() - publishedAtMs;
    leastMs = Math.min(leastMs, tookMs);
    return GRACE_MS - (tookMs - leastMs);
  };
}

type Wanted = { stream: string; from: number; onLost?: (messages: number) => void };
type Source = Pick<Session, 'signal' | 'logger'> & { broker: Broker };

export async function* messagesOf(
  { broker, signal, logger }: Source,
  { stream, from, onLost = () => {} }: Wanted,
): AsyncGenerator<JsMsg> {
  let turn = 0;
  for await (const message of readFrom(broker, stream, { from, signal, logger, onLost })) {
    yield message;
    if (++turn % TURN_MESSAGES === 0) await setImmediate();
  }
}

/** undefined for what analytics would not count either, and for what cannot be placed: it ends nothing. */
function readLook(message: JsMsg, { placer, fence, config, gauges, logger }: Intake): Look | undefined {
  const publishedAtMs = Math.floor(message.info.timestampNanos / 1e6);
  try {
    const offMaxMs = config.quarantineHours * 3_600_000;
    const admission = admit(message.data, publishedAtMs, { fence, offMaxMs, floorMs: 0 });
    if ('message' in admission) return lookOf(placer.place(unfold(admission.message)), publishedAtMs);
    gauges.refused(admission.quarantined.reason);
  } catch (error) {
    gauges.refused('failed');
    logger.error({ sequence: message.seq, error: (error as Error).message }, 'look not read');
  }
  return undefined;
}
