/**
 * Which boxes belong to which picture. A look is told when the next one happens, so boxes come after their pictures:
 * pictures wait for about as long as looks lag, and boxes between two looks move along with their track.
 */
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';

const LOOKS_KEPT = 60;
/** Longer lags are no rhythm but a quiet scene, in which nothing moves away from its box. */
const LAG_MAX_MS = 1500;
const DELAY_MAX_MS = 1800;
const DELAY_FIRST_MS = 500;
/** A look of a quiet camera stands until the next, which comes within ten seconds or so. */
const LOOK_STANDS_MS = 25_000;
const LEAD_MS = 250;

export type LookTimeline = {
  add: (message: DetectionMessage, newestPictureAtMs: number) => void;
  /** How long pictures should wait for their boxes. */
  delayMs: () => number;
  sightingsAt: (atMs: number) => readonly Sighting[];
};

export function createLookTimeline(): LookTimeline {
  const looks: DetectionMessage[] = [];
  let delayMs = DELAY_FIRST_MS;
  let lastAtMs = 0;
  return {
    add: (message, newestPictureAtMs) => {
      const stepMs = message.capturedAtMs - lastAtMs;
      lastAtMs = message.capturedAtMs;
      looks.push(message);
      looks.sort((a, b) => a.capturedAtMs - b.capturedAtMs);
      if (looks.length > LOOKS_KEPT) looks.shift();
      const lagMs = newestPictureAtMs - message.capturedAtMs;
      if (lagMs < 0 || lagMs > LAG_MAX_MS || stepMs <= 0 || stepMs > LAG_MAX_MS) return;
      // Just before the next look is told, the newest known one is this much older than the newest picture.
      delayMs += (Math.min(lagMs + stepMs, DELAY_MAX_MS) - delayMs) * 0.15;
    },
    delayMs: () => delayMs,
    sightingsAt: (atMs) => {
      const next = looks.findIndex((look) => look.capturedAtMs > atMs);
      const after = next === -1 ? undefined : looks[next];
      const before = looks[next === -1 ? looks.length - 1 : next - 1];
      if (before === undefined || atMs - before.capturedAtMs > LOOK_STANDS_MS)
        return after !== undefined && after.capturedAtMs - atMs <= LEAD_MS ? after.sightings : [];
      if (after === undefined) return before.sightings;
      const spanMs = after.capturedAtMs - before.capturedAtMs;
      return spanMs > LAG_MAX_MS ? before.sightings : between(before, after, (atMs - before.capturedAtMs) / spanMs);
    },
  };
}

function between(before: DetectionMessage, after: DetectionMessage, share: number): Sighting[] {
  const later = new Map(after.sightings.map((sighting) => [sighting.track, sighting]));
  return before.sightings.map((sighting) => {
    const target = later.get(sighting.track);
    if (target === undefined) return sighting;
    const mix = (index: 0 | 1 | 2 | 3) => sighting.box[index] + (target.box[index] - sighting.box[index]) * share;
    return { ...sighting, box: [mix(0), mix(1), mix(2), mix(3)] };
  });
}
