/**
 * DETR (Carion et al., "End-to-End Object Detection with Transformers", arXiv:2005.12872) and its descendants.
 * Two outputs: class logits [queries, c] and boxes [queries, 4] (centre x, centre y, width, height as fractions of the
 * input). With c = classes + 1 the last is "no object" and a softmax is taken (DETR); with c = classes each class has a
 * sigmoid of its own (Deformable DETR, RT-DETR). There is no suppression to do: give such a manifest `iouMax` 1.
 */
import { mismatch } from '../mismatch.ts';
import {
  type CreateDecode,
  checkOutputs,
  classMap,
  describeShapes,
  fits,
  largest,
  type Output,
  type OutputShape,
  sigmoid,
} from './decoder.ts';

export const createDetrDecode: CreateDecode = (manifest, shapes) => {
  const { classCount, input } = manifest;
  const as = 'two outputs: logits (queries x classes) and boxes (queries x 4)';
  checkOutputs(manifest, shapes, { count: 2, rank: 3, as });
  const [logitShape, boxShape] = shapes as [OutputShape, OutputShape];
  if (!fits(boxShape.dims[2], 4)) {
    throw mismatch(manifest.name, 'outputs', { expected: as, found: describeShapes(shapes) });
  }
  if (!fits(logitShape.dims[2], classCount) && !fits(logitShape.dims[2], classCount + 1)) {
    const expected = `${classCount} (sigmoid) or ${classCount + 1} (softmax, the last is "no object") in dimension 3`;
    throw mismatch(manifest.name, 'classCount', { expected, found: describeShapes([logitShape]) });
  }
  const { kindOf } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    const [{ data: logits, dims }, { data: boxes }] = outputs as [Output, Output];
    const [queries, count] = dims as [number, number];
    for (let query = 0; query < queries; query++) {
      const start = query * count;
      const best = largest(logits, { start, count: classCount });
      const kind = kindOf[best] as number;
      if (kind < 0) continue;
      const logit = logits[start + best] as number;
      const score = count > classCount ? Math.exp(logit) / exponentials(logits, start, count) : sigmoid(logit);
      if (score < scoreMin) continue;
      const box = boxes.subarray(query * 4, query * 4 + 4) as unknown as [number, number, number, number];
      const { width, height } = input;
      found.addCentre(kind, score, box[0] * width, box[1] * height, box[2] * width, box[3] * height);
    }
  };
};

function exponentials(logits: Float32Array, start: number, count: number): number {
  let sum = 0;
  for (let at = start; at < start + count; at++) sum += Math.exp(logits[at] as number);
  return sum;
}
