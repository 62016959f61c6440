/** How much was before a camera in the city's past: the truth that the simulated rows sample. */
import { addTo, noneOfAny, type PerKind } from '../truth/counts.ts';
import type { View } from '../view.ts';
import { watchedSpans } from './outages.ts';
import { FRAMES_PER_S, pastFramesOf, thingOf } from './things.ts';

export type PastTruth = {
  fromMs: number;
  toMs: number;
  /** Seconds that the camera was on. */
  observedS: number;
  /** Seconds, all things together, while it was on. */
  presenceS: PerKind;
  /** Different things while it was on. */
  things: PerKind;
};

/** Every third frame: five times a second. */
const STEP_MS = 3000 / FRAMES_PER_S;

export function pastTruthOf(view: View, fromMs: number, toMs: number): PastTruth {
  const frames = pastFramesOf(view);
  const [presenceS, things] = [noneOfAny(), noneOfAny()];
  const seen = new Set<string>();
  const spans = watchedSpans(view.id, fromMs, toMs);
  for (const span of spans) {
    for (let atMs = span.fromMs; atMs < span.toMs; atMs += STEP_MS) {
      const moment = frames.at(atMs);
      for (const part of moment.parts) {
        for (const past of part.agents) {
          const thing = thingOf(past, part, moment);
          if (thing === undefined) continue;
          const { kind } = past.agent;
          presenceS[kind] += STEP_MS / 1000;
          const name = thing.identity.join(' ');
          if (!seen.has(name)) addTo(things, { ...noneOfAny(), [kind]: 1 });
          seen.add(name);
        }
      }
    }
  }
  const observedS = spans.reduce((sum, span) => sum + (span.toMs - span.fromMs) / 1000, 0);
  return { fromMs, toMs, observedS, presenceS, things };
}
