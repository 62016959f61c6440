/** Looks of a detector that sees everything: the boxes of the truth, five times a second. */
import type { LookedFrame } from '#demo/score/infer.ts';
import { type ClipTruth, insideBox, isThing } from '#demo/world/truth/clip-truth.ts';

export function perfectLooks({ frames }: ClipTruth): LookedFrame[] {
  return frames.flatMap((agents, frame) =>
    frame % 3 !== 0
      ? []
      : [
          {
            frame,
            detections: agents
              .filter((agent) => isThing(agent) && agent.visible >= 0.5)
              .flatMap(({ kind, box }) => {
                const inside = insideBox(box);
                return inside === undefined ? [] : [{ kind, score: 0.9, box: inside }];
              }),
          },
        ],
  );
}
