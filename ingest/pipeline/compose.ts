/** Looks become spans: each look stands for the time until the next one, and looks that saw nothing join into one span. */
import type { Box, DetectionMessage, Sighting } from '#models/schema/detection.ts';
import type { FaultCode } from '#models/schema/fault.ts';
import type { Look } from '../sight.ts';
import { tellBlindness } from './blindness.ts';
import { withFirst } from './first-seen.ts';

/**
 * What happened to a camera, in order: it was looked at; nobody could look any more; or its pictures came and showed
 * nothing (`reason`: a code of the troubleshooting page).
 */
export type Watch =
  | { type: 'look'; look: Look }
  | { type: 'lost'; capturedAtMs: number }
  | { type: 'blind'; capturedAtMs: number; receivedAtMs: number; reason: FaultCode };

/** The part of a message that the looks decide; the rest is who saw it and under which lease. */
export type Span = Pick<
  DetectionMessage,
  'capturedAtMs' | 'receivedAtMs' | 'watchedFromMs' | 'watchedToMs' | 'looks' | 'sightings' | 'unwatchedReason'
>;

export type ComposeOptions = {
  /** Longest time that one look may stand for. */
  presenceCapMs: number;
  /** Looks that saw nothing are joined up to this length. */
  emptyRunMs: number;
  /**
   * Told at once of each look that saw something, after all spans before it: what it stands for is not known yet (none), and
   * what it confirms says where it was `first`. The next span is this one, whole.
   */
  onLook?: (early: Span) => void;
};

type Pending = { look: Look; fromMs: number };

/**
 * A look is told when what follows it is known: the next look, a held look (the scene is quiet), or the loss of the
 * camera. Its sightings' presence and its watched interval end there, or at `presenceCapMs` where that is sooner; at a
 * loss no later than a step as long as the one before. What the next look confirms was there already: it is told with both.
 * Time in which pictures came and showed nothing is told too, in spans that say why it was not watched.
 * Intervals follow each other and never overlap, also where a clock goes back. At the end of the source the last look
 * is told with the time that is known: none.
 */
export async function* compose(watches: AsyncIterable<Watch>, options: ComposeOptions): AsyncGenerator<Span> {
  let pending: Pending | undefined;
  let run: Span | undefined;
  let watchedToMs = 0;
  let stepMs = Number.POSITIVE_INFINITY;
  const blindness = tellBlindness(options);

  const close = (untilMs: number): Span[] => {
    if (pending === undefined) return [];
    const span = spanOf(pending, untilMs, options.presenceCapMs);
    pending = undefined;
    watchedToMs = span.watchedToMs;
    const told: Span[] = [];
    if (run !== undefined && (span.sightings.length > 0 || span.watchedFromMs !== run.watchedToMs)) told.push(run);
    if (span.sightings.length > 0) {
      run = undefined;
      told.push(span);
      return told;
    }
    run = told.length === 0 && run !== undefined ? join(run, span) : span;
    if (run.watchedToMs - run.watchedFromMs < options.emptyRunMs) return told;
    told.push(run);
    run = undefined;
    return told;
  };
  const flush = (): Span[] => {
    const told = run === undefined ? [] : [run];
    run = undefined;
    return told;
  };

  for await (const watch of watches) {
    if (watch.type !== 'look') {
      // A frozen camera is given up seconds after its last picture: nobody watched all that time.
      yield* close(Math.min(watch.capturedAtMs, (pending?.fromMs ?? 0) + stepMs));
      yield* flush();
      yield* blindness.see(watch, watchedToMs);
      watchedToMs = Math.max(watchedToMs, blindness.untilMs());
      continue;
    }
    yield* blindness.end();
    const told = pending?.look.capturedAtMs;
    if (pending !== undefined) {
      stepMs = Math.max(0, watch.look.capturedAtMs - pending.fromMs);
      pending.look = withFirst(pending.look, watch.look);
    }
    yield* close(watch.look.capturedAtMs);
    if (watch.look.detections.length > 0) yield* flush();
    pending = { look: watch.look, fromMs: Math.max(Math.round(watch.look.capturedAtMs), watchedToMs) };
    if (watch.look.detections.length > 0) options.onLook?.(earlyOf(pending, told));
  }
  if (pending !== undefined) yield* close(pending.fromMs);
  yield* flush();
  yield* blindness.end();
}

function spanOf({ look, fromMs }: Pending, untilMs: number, presenceCapMs: number): Span {
  const presenceMs = Math.min(Math.max(0, Math.round(untilMs) - fromMs), presenceCapMs);
  return {
    capturedAtMs: Math.round(look.capturedAtMs),
    receivedAtMs: Math.round(look.receivedAtMs),
    watchedFromMs: fromMs,
    watchedToMs: fromMs + presenceMs,
    looks: look.isHeld ? 0 : 1,
    sightings: look.detections.map(
      ({ track, kind, score, box, isHeld, isFirst }): Sighting => ({
        track,
        kind,
        score: round(score),
        box: roundBox(box),
        presenceMs,
        isHeld: isHeld || look.isHeld,
        ...(isFirst === true ? { isFirst } : {}),
      }),
    ),
  };
}

/** What is known of a look when it is taken. Of where a thing was first, only what the look before will tell too. */
function earlyOf(pending: Pending, beforeMs: number | undefined): Span {
  const span = spanOf(pending, pending.fromMs, 0);
  const sightings = span.sightings.map((sighting, index): Sighting => {
    const first = pending.look.detections[index]?.first;
    if (first === undefined || first.atMs !== beforeMs) return sighting;
    return {
      ...sighting,
      first: { atMs: Math.round(first.atMs), score: round(first.score), box: roundBox(first.box) },
    };
  });
  return { ...span, sightings };
}

const roundBox = (box: Box) => box.map(round) as Box;

/** A fiftieth of a pixel of 1080p; all digits of a double would double the message. */
function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}

function join(run: Span, span: Span): Span {
  return { ...run, watchedToMs: span.watchedToMs, looks: run.looks + span.looks };
}
