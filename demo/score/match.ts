/** Which detection is which thing of the truth, frame by frame. */
import { insideBox, isThing, type TruthAgent } from '#demo/world/truth/clip-truth.ts';
import { iou } from '#models/detectors/evaluate/average-precision.ts';
import type { Box, Detection } from '#models/schema/detection.ts';

/** A detection fits a thing from this overlap on. */
const IOU_MIN = 0.5;
/** Less of a thing in sight than this, inside the picture or before others, helps no detector and hurts none. */
const SEEN_MIN = 0.5;
const INSIDE_MIN = 0.5;
const HEIGHT_MIN = 8 / 720;
/** As good as whole. */
const CLEAR_MIN = 0.8;

export type Label = {
  agent: TruthAgent;
  /** The part inside the picture. */
  box: Box;
  /** Of a rider's machine: with its rider. */
  both: Box | undefined;
  isIgnored: boolean;
  /** Nothing stands before it and the picture does not cut it. */
  isClear: boolean;
};

export type Matching = {
  pairs: readonly { label: Label; detection: Detection }[];
  missed: readonly Label[];
  wrong: readonly Detection[];
};

export function labelsOf(agents: readonly TruthAgent[]): Label[] {
  const both = new Map(agents.filter(({ part }) => part === 'both').map(({ id, box }) => [id, insideBox(box)]));
  return agents.filter(isThing).flatMap((agent): Label[] => {
    const box = insideBox(agent.box);
    if (box === undefined) return [];
    const inside = (box[2] * box[3]) / (agent.box[2] * agent.box[3]);
    const isIgnored = agent.visible < SEEN_MIN || inside < INSIDE_MIN || box[3] < HEIGHT_MIN;
    const isClear = agent.visible >= CLEAR_MIN && inside >= CLEAR_MIN;
    return [{ agent, box, both: both.get(agent.id), isIgnored, isClear }];
  });
}

/** Best score first, each detection takes the free label of its kind that it overlaps most. */
export function match(labels: readonly Label[], detections: readonly Detection[]): Matching {
  const taken = new Set<Label>();
  const pairs: { label: Label; detection: Detection }[] = [];
  const wrong: Detection[] = [];
  for (const detection of detections.toSorted((a, b) => b.score - a.score)) {
    const label = bestOf(labels, detection, taken);
    if (label === undefined) wrong.push(detection);
    else if (!label.isIgnored) {
      taken.add(label);
      pairs.push({ label, detection });
    }
  }
  return { pairs, missed: labels.filter((label) => !label.isIgnored && !taken.has(label)), wrong };
}

function bestOf(labels: readonly Label[], { kind, box }: Detection, taken: ReadonlySet<Label>): Label | undefined {
  let [best, bestIou]: [Label | undefined, number] = [undefined, IOU_MIN];
  for (const label of labels) {
    if (label.agent.kind !== kind || taken.has(label)) continue;
    const overlap = Math.max(iou(box, label.box), label.both === undefined ? 0 : iou(box, label.both));
    if (overlap >= bestIou) [best, bestIou] = [label, overlap];
  }
  return best;
}
