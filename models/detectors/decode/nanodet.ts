/**
 * NanoDet (RangiLyu/nanodet), a head of Generalized Focal Loss (Li et al., arXiv:2006.04388).
 * Per stride one output of class scores [n, classes] and one of distances [n, 4 * bins]: for each side (left, top,
 * right, bottom) the logits of how many strides it lies away from the cell's middle; the mean of their softmax counts.
 * Outputs in order: the class scores of all strides, then the distances of all strides.
 */
import { mismatch } from '../mismatch.ts';
import {
  type CreateDecode,
  checkCellDim,
  checkClassDim,
  checkOutputs,
  classMap,
  describeDims,
  largest,
  levelsOf,
  type Output,
} from './decoder.ts';

export const createNanodetDecode: CreateDecode = (manifest, shapes) => {
  const { classCount } = manifest;
  const levels = levelsOf(manifest);
  const as = `${levels.length} outputs of class scores, then ${levels.length} of distances (strides)`;
  checkOutputs(manifest, shapes, { count: 2 * levels.length, rank: 3, as });
  shapes.forEach((shape, index) => {
    const level = levels[index % levels.length] as (typeof levels)[number];
    checkCellDim(manifest, shape, { axis: 1, levels: [level] });
    const last = shape.dims[2];
    if (index < levels.length) checkClassDim(manifest, shape, { axis: 2, size: classCount });
    else if (typeof last === 'number' && last % 4 !== 0) {
      const found = `${shape.name} (${describeDims(shape.dims)})`;
      throw mismatch(manifest.name, 'outputs', { expected: 'distances of four sides, the same bins for each', found });
    }
  });
  const { kindOf, ours } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    levels.forEach(({ stride, columns, cells }, index) => {
      const scores = (outputs[index] as Output).data;
      const { data: distances, dims } = outputs[index + levels.length] as Output;
      const bins = (dims[1] as number) / 4;
      for (let cell = 0, at = 0; cell < cells; cell++, at += classCount) {
        // Looking at our few classes first saves reading 80 scores for every empty cell.
        if (!ours.some((index) => (scores[at + index] as number) >= scoreMin)) continue;
        const best = largest(scores, { start: at, count: classCount });
        const kind = kindOf[best] as number;
        if (kind < 0) continue;
        const x = ((cell % columns) + 0.5) * stride;
        const y = (Math.floor(cell / columns) + 0.5) * stride;
        const far = (side: number) => stride * softmaxMean(distances, (cell * 4 + side) * bins, bins);
        found.addCorners(kind, scores[at + best] as number, x - far(0), y - far(1), x + far(2), y + far(3));
      }
    });
  };
};

/** The mean of 0 … bins - 1 under the softmax of the logits from `start`. */
function softmaxMean(logits: Float32Array, start: number, bins: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) top = Math.max(top, logits[start + bin] as number);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp((logits[start + bin] as number) - top);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
