/**
 * How often things come into a camera's sight. A track ends when its thing has been out of sight for too long, and nobody
 * asks whether who comes back is the one who went: so in the truth, too, what comes back counts anew.
 */
import type { ClipTruth } from '#demo/world/truth/clip-truth.ts';
import { noneOfAny, type PerKind } from '#demo/world/truth/counts.ts';
import { inSight } from '#demo/world/truth/digest.ts';
import { playsOf, thingKey } from '#demo/world/truth/interval.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { iou } from '#ingest/track/overlap.ts';
import { PATIENCE } from '#ingest/track/tracker.ts';
import type { Box } from '#models/schema/detection.ts';
import { LOOKS_PER_S } from './infer.ts';

export type ComingsWanted = {
  view: View;
  fromMs: number;
  toMs: number;
  clips: readonly VariantId[];
  truth: (clip: VariantId) => ClipTruth;
};

/** Of its own box this much must still be covered by a thing that is said to stand where it stood. */
const SAME_PLACE_IOU = 0.5;

/** At the looks: what shows between two of them only is nobody's to count. */
export function comingsOf({ view, fromMs, toMs, clips, truth }: ComingsWanted): PerKind {
  const comings = noneOfAny();
  const last = new Map<string, { atMs: number; box: Box }>();
  for (const play of playsOf(view, fromMs, toMs, { clips })) {
    const { fps, frames } = truth(play.clip);
    const step = Math.round(fps / LOOKS_PER_S);
    for (let frame = Math.ceil(play.fromFrame / step) * step; frame < play.toFrame; frame += step) {
      const atMs = play.startMs + ((frame - play.fromFrame) * 1000) / fps;
      for (const agent of inSight(frames[frame] ?? [])) {
        const key = thingKey(play, agent);
        const before = last.get(key);
        if (before === undefined || isAnew(before, { atMs, box: agent.box })) comings[agent.kind] += 1;
        last.set(key, { atMs, box: agent.box });
      }
    }
  }
  return comings;
}

type Seen = { atMs: number; box: Box };

function isAnew(before: Seen, now: Seen): boolean {
  const isInPlace = iou(before.box, now.box) >= SAME_PLACE_IOU;
  return now.atMs - before.atMs > (isInPlace ? PATIENCE.stillMs : PATIENCE.lostMs);
}
