/** An hour in which a camera is covered for half an hour, through the real `compose`: what becomes of its rates. */
import { compose, type Span, type Watch } from '#ingest/pipeline/compose.ts';
import type { Kind } from '#models/schema/kind.ts';
import { type HourWanted, type TrackedLook, trackedLooks } from './hour.ts';

export type Rate = { presenceS: number; observedS: number };

type Wanted = Omit<HourWanted, 'ground'> & { kind: Kind };

const CAPS = { presenceCapMs: 20_000, emptyRunMs: 10_000 };

/** Covered from a quarter to three quarters of the time; and without, over the half in which it was not. */
export async function halfCovered(wanted: Wanted): Promise<{ covered: Rate; seen: Rate; whole: Rate }> {
  const { fromMs, toMs, kind } = wanted;
  const [awayMs, backMs] = [fromMs + (toMs - fromMs) / 4, fromMs + ((toMs - fromMs) * 3) / 4];
  const isAway = (atMs: number) => atMs >= awayMs && atMs < backMs;
  const never = () => false;
  const looks = [...trackedLooks(wanted)];
  const [whole, seen, covered] = [none(), none(), none()];
  for await (const span of compose(watches(looks, never), CAPS)) {
    addSpan(whole, span, kind);
    if (!isAway(span.watchedFromMs)) addSpan(seen, span, kind);
  }
  for await (const span of compose(watches(looks, isAway), CAPS)) addSpan(covered, span, kind);
  return { covered, seen, whole };
}

const none = (): Rate => ({ presenceS: 0, observedS: 0 });

async function* watches(looks: readonly TrackedLook[], isCovered: (atMs: number) => boolean): AsyncGenerator<Watch> {
  for (const { capturedAtMs: atMs, detections } of looks) {
    const times = { capturedAtMs: atMs, receivedAtMs: atMs };
    if (isCovered(atMs)) yield { type: 'blind', ...times, reason: 'picture-covered' };
    else yield { type: 'look', look: { ...times, isHeld: false, detections } };
  }
}

function addSpan(rate: Rate, span: Span, kind: Kind): void {
  if (span.unwatchedReason !== undefined) return;
  rate.observedS += (span.watchedToMs - span.watchedFromMs) / 1000;
  for (const sighting of span.sightings) if (sighting.kind === kind) rate.presenceS += sighting.presenceMs / 1000;
}
