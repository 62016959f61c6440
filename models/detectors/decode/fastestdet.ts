/**
 * FastestDet (github.com/dog-qiuqiu/FastestDet): one output [5 + classes, rows, columns] over the cells of one stride:
 * objectness after the sigmoid, offsets of the centre in cells before the tanh, width and height as fractions of the input
 * before the sigmoid, class scores after the softmax. A box's score is objectness^0.6 times its best class^0.4.
 */
import { mismatch } from '../mismatch.ts';
import {
  type CreateDecode,
  checkClassDim,
  checkOutputs,
  classMap,
  describeShapes,
  fits,
  largest,
  type Output,
  type OutputShape,
  sigmoid,
} from './decoder.ts';

export const createFastestdetDecode: CreateDecode = (manifest, shapes) => {
  const { classCount, input, name } = manifest;
  const [stride = 16] = manifest.strides ?? [];
  const [columns, rows] = [Math.ceil(input.width / stride), Math.ceil(input.height / stride)];
  checkOutputs(manifest, shapes, { count: 1, rank: 4, as: `one output of ${5 + classCount} x rows x columns` });
  checkClassDim(manifest, shapes[0] as OutputShape, { axis: 1, size: 5 + classCount });
  const [, , tall, wide] = (shapes[0] as OutputShape).dims;
  if (!fits(tall, rows) || !fits(wide, columns)) {
    const expected = `${rows} x ${columns} cells for stride ${stride} of ${input.width} x ${input.height}`;
    throw mismatch(name, 'strides', { expected, found: describeShapes(shapes) });
  }
  const { kindOf } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    const { data } = outputs[0] as Output;
    const cells = rows * columns;
    const at = (row: number, cell: number) => data[row * cells + cell] as number;
    for (let cell = 0; cell < cells; cell++) {
      const best = largest(data, { start: 5 * cells + cell, count: classCount, step: cells });
      const kind = kindOf[best] as number;
      const score = at(0, cell) ** 0.6 * at(5 + best, cell) ** 0.4;
      if (kind < 0 || score < scoreMin) continue;
      const x = ((cell % columns) + Math.tanh(at(1, cell))) * stride;
      const y = (Math.floor(cell / columns) + Math.tanh(at(2, cell))) * stride;
      const width = sigmoid(at(3, cell)) * input.width;
      found.addCentre(kind, score, x, y, width, sigmoid(at(4, cell)) * input.height);
    }
  };
};
