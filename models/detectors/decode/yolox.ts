/**
 * YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430), exported without decoding.
 * One output [n, 5 + classes], n over all cells of strides 8, 16, 32 row by row: centre offset in cells, log of size in
 * cells, objectness and class scores after the sigmoid. A box's score is objectness times its best class.
 */
import {
  type CreateDecode,
  checkCellDim,
  checkClassDim,
  checkOutputs,
  classMap,
  largest,
  levelsOf,
  type Output,
  type OutputShape,
} from './decoder.ts';

export const createYoloxDecode: CreateDecode = (manifest, shapes) => {
  const { classCount } = manifest;
  const levels = levelsOf(manifest);
  const size = 5 + classCount;
  checkOutputs(manifest, shapes, { count: 1, rank: 3, as: `one output of cells x ${size}` });
  checkClassDim(manifest, shapes[0] as OutputShape, { axis: 2, size });
  checkCellDim(manifest, shapes[0] as OutputShape, { axis: 1, levels });
  const { kindOf } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    const { data } = outputs[0] as Output;
    let at = 0;
    for (const { stride, columns, cells } of levels) {
      for (let cell = 0; cell < cells; cell++, at += size) {
        const objectness = data[at + 4] as number;
        if (objectness < scoreMin) continue;
        const best = largest(data, { start: at + 5, count: classCount });
        const kind = kindOf[best] as number;
        const score = objectness * (data[at + 5 + best] as number);
        if (kind < 0 || score < scoreMin) continue;
        const x = ((data[at] as number) + (cell % columns)) * stride;
        const y = ((data[at + 1] as number) + Math.floor(cell / columns)) * stride;
        const width = Math.exp(data[at + 2] as number) * stride;
        found.addCentre(kind, score, x, y, width, Math.exp(data[at + 3] as number) * stride);
      }
    }
  };
};
