/**
 * YOLOv8-style models (also 9 and 11, and others that put boxes in columns): one output [4 + classes, n], the rows being
 * centre x, centre y, width and height in pixels of the input, then one row of scores (after the sigmoid) per class.
 */
import {
  type CreateDecode,
  checkClassDim,
  checkOutputs,
  classMap,
  largest,
  type Output,
  type OutputShape,
} from './decoder.ts';

export const createYolov8Decode: CreateDecode = (manifest, shapes) => {
  const { classCount } = manifest;
  checkOutputs(manifest, shapes, { count: 1, rank: 3, as: `one output of ${4 + classCount} x boxes` });
  checkClassDim(manifest, shapes[0] as OutputShape, { axis: 1, size: 4 + classCount });
  const { kindOf, ours } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    const { data, dims } = outputs[0] as Output;
    const boxes = dims[1] as number;
    for (const index of ours) {
      const start = (4 + index) * boxes;
      for (let box = 0; box < boxes; box++) {
        const score = data[start + box] as number;
        if (score < scoreMin) continue;
        // A box belongs to its best class, ours or not.
        if (largest(data, { start: 4 * boxes + box, count: classCount, step: boxes }) !== index) continue;
        const [x, y, width, height] = [0, 1, 2, 3].map((row) => data[row * boxes + box] as number);
        found.addCentre(kindOf[index] as number, score, x as number, y as number, width as number, height as number);
      }
    }
  };
};
