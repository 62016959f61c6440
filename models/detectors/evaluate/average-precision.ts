/**
 * How well detections fit labelled boxes: precision, recall and average precision of one kind at one overlap.
 * Boxes are [left, top, width, height] in any one unit. Every point of the curve counts (the VOC 2010 and COCO way,
 * Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2015), not eleven of them.
 */
import type { Box } from '../../schema/detection.ts';

/**
 * Of one picture: what was found, and what is there. A label that is `isIgnored` neither helps nor hurts; nor does what is
 * found for the better half inside one of the `regions`, or what is `isOptional` and on no label.
 */
export type LabelledPicture = {
  found: readonly { score: number; box: Box; isOptional?: boolean }[];
  labels: readonly { box: Box; isIgnored?: boolean }[];
  regions?: readonly Box[];
};

/** The curve, best score first: after each detection, what of the labels is found and what of the found is right. */
export type PrecisionPoint = { scoreMin: number; precision: number; recall: number };

export type Judged = { score: number; isRight: boolean };

export type Accuracy = { averagePrecision: number; labels: number; curve: PrecisionPoint[]; judged: Judged[] };

export function judge(pictures: Iterable<LabelledPicture>, { iouMin = 0.5 } = {}): Accuracy {
  const judged: Judged[] = [];
  let labels = 0;
  for (const picture of pictures) {
    labels += picture.labels.filter(({ isIgnored }) => isIgnored !== true).length;
    judged.push(...judgePicture(picture, iouMin));
  }
  judged.sort((a, b) => b.score - a.score);
  const curve = curveOf(judged, labels);
  return { averagePrecision: areaUnder(curve), labels, curve, judged };
}

/** Best score first, each takes the free label that it overlaps most; a second one on the same label is wrong. */
function judgePicture({ found, labels, regions = [] }: LabelledPicture, iouMin: number): Judged[] {
  const isTaken = new Array<boolean>(labels.length).fill(false);
  const judged: Judged[] = [];
  for (const { score, box, isOptional } of [...found].sort((a, b) => b.score - a.score)) {
    let best = -1;
    let bestIou = iouMin;
    labels.forEach((label, index) => {
      const overlap = iou(box, label.box);
      if (overlap >= bestIou && (label.isIgnored === true || isTaken[index] !== true)) {
        bestIou = overlap;
        best = index;
      }
    });
    if (best >= 0 && labels[best]?.isIgnored === true) continue;
    if (best >= 0) isTaken[best] = true;
    else if (isOptional === true || regions.some((region) => shareInside(box, region) >= 0.5)) continue;
    judged.push({ score, isRight: best >= 0 });
  }
  return judged;
}

function curveOf(judged: readonly Judged[], labels: number): PrecisionPoint[] {
  let right = 0;
  return judged.map(({ score, isRight }, index) => {
    if (isRight) right += 1;
    return { scoreMin: score, precision: right / (index + 1), recall: labels === 0 ? 0 : right / labels };
  });
}

function areaUnder(curve: readonly PrecisionPoint[]): number {
  let area = 0;
  let ceiling = 0;
  for (let at = curve.length - 1; at >= 0; at--) {
    const { precision, recall } = curve[at] as PrecisionPoint;
    ceiling = Math.max(ceiling, precision);
    area += ceiling * (recall - (curve[at - 1]?.recall ?? 0));
  }
  return area;
}

/** Precision and recall when everything below `scoreMin` is left out. */
export function atScore({ curve }: Pick<Accuracy, 'curve'>, scoreMin: number): PrecisionPoint {
  const last = curve.findLast((point) => point.scoreMin >= scoreMin);
  return { precision: last?.precision ?? 1, recall: last?.recall ?? 0, scoreMin };
}

/** The point of the curve where precision and recall are best together: the largest harmonic mean (F1). */
export function bestPoint({ curve }: Pick<Accuracy, 'curve'>): PrecisionPoint & { f1: number } {
  let best = { scoreMin: 1, precision: 1, recall: 0, f1: 0 };
  for (const point of curve) {
    const sum = point.precision + point.recall;
    const f1 = sum === 0 ? 0 : (2 * point.precision * point.recall) / sum;
    if (f1 > best.f1) best = { ...point, f1 };
  }
  return best;
}

/** Intersection over union of two boxes [left, top, width, height]. */
export function iou(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

function shareInside(box: Box, region: Box): number {
  const area = box[2] * box[3];
  return area <= 0 ? 0 : sharedArea(box, region) / area;
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width <= 0 || height <= 0 ? 0 : width * height;
}
