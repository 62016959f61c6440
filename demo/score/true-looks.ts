/** Looks of a detector that misses nothing: the boxes of the truth, as often as the pipeline looks. */
import { type ClipTruth, insideBox, isThing } from '#demo/world/truth/clip-truth.ts';
import { SEEN_SHARE_MIN } from '#demo/world/truth/digest.ts';
import { LOOKS_PER_S, type LookedFrame } from './infer.ts';

/** Of everything that can be counted, from `seenMin` of it in sight on. */
export function trueLooks({ frames, fps }: ClipTruth, seenMin = SEEN_SHARE_MIN): LookedFrame[] {
  const step = Math.round(fps / LOOKS_PER_S);
  return frames.flatMap((agents, frame) =>
    frame % step !== 0
      ? []
      : [
          {
            frame,
            detections: agents
              .filter((agent) => isThing(agent) && agent.visible >= seenMin)
              .flatMap(({ kind, box }) => {
                const inside = insideBox(box);
                return inside === undefined ? [] : [{ kind, score: 0.9, box: inside }];
              }),
          },
        ],
  );
}
