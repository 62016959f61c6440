/**
 * YOLOv5-style models, with the decoding inside the file: one output [n, 5 + classes] of centre x, centre y, width and
 * height in pixels of the input, objectness and class scores after the sigmoid.
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

export const createYolov5Decode: CreateDecode = (manifest, shapes) => {
  const { classCount } = manifest;
  const size = 5 + classCount;
  checkOutputs(manifest, shapes, { count: 1, rank: 3, as: `one output of boxes x ${size}` });
  checkClassDim(manifest, shapes[0] as OutputShape, { axis: 2, size });
  const { kindOf } = classMap(manifest);
  return (outputs, scoreMin, found) => {
    const { data } = outputs[0] as Output;
    for (let at = 0; at + size <= data.length; at += size) {
      const objectness = data[at + 4] as number;
      if (objectness < scoreMin) continue;
      const best = largest(data, { start: at + 5, count: classCount });
      const kind = kindOf[best] as number;
      const score = objectness * (data[at + 5 + best] as number);
      if (kind < 0 || score < scoreMin) continue;
      const [x, y, width, height] = data.subarray(at, at + 4) as unknown as [number, number, number, number];
      found.addCentre(kind, score, x, y, width, height);
    }
  };
};
