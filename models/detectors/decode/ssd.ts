/**
 * SSD-style models (Liu et al., "SSD: Single Shot MultiBox Detector", arXiv:1512.02325) with decoded boxes.
 * Outputs in order: boxes [n, 4] and scores [n, c] (after softmax or sigmoid; with c = classes + 1 the first is
 * background), or boxes [n, 4], best scores [n] and class indices [n]. The manifest's `boxes` says how a box is written;
 * without it: left, top, right, bottom as fractions of the input.
 */

import type { ModelManifest } from '../../schema/model-manifest.ts';
import type { Candidates } from '../candidates.ts';
import { mismatch } from '../mismatch.ts';
import { type CreateDecode, classMap, describeShapes, fits, type Output, type OutputShape } from './decoder.ts';

export const createSsdDecode: CreateDecode = (manifest, shapes) => {
  checkShapes(manifest, shapes);
  const { kindOf } = classMap(manifest);
  const add = createAdd(manifest);
  const { classCount } = manifest;
  if (shapes.length === 3) {
    return (outputs, scoreMin, found) => {
      const [boxes, scores, indices] = outputs as [Output, Output, Output];
      for (let box = 0; box < scores.data.length; box++) {
        const score = scores.data[box] as number;
        const kind = kindOf[Math.round(indices.data[box] as number)] ?? -1;
        if (score >= scoreMin && kind >= 0) add(found, { kind, score, boxes: boxes.data, at: box * 4 });
      }
    };
  }
  return (outputs, scoreMin, found) => {
    const [boxes, scores] = outputs as [Output, Output];
    const [count, columns] = scores.dims as [number, number];
    const first = columns - classCount;
    for (let box = 0; box < count; box++) {
      for (let index = 0; index < classCount; index++) {
        const score = scores.data[box * columns + first + index] as number;
        const kind = kindOf[index] as number;
        if (score >= scoreMin && kind >= 0) add(found, { kind, score, boxes: boxes.data, at: box * 4 });
      }
    }
  };
};

function checkShapes(manifest: ModelManifest, shapes: readonly OutputShape[]): void {
  const { classCount, name } = manifest;
  const [boxes, scores, indices] = shapes;
  const isRight =
    boxes?.dims.length === 3 &&
    fits(boxes.dims[2], 4) &&
    (shapes.length === 2 ? scores?.dims.length === 3 : shapes.length === 3 && scores?.dims.length === 2);
  if (!isRight || (indices !== undefined && indices.dims.length !== 2)) {
    const expected = 'boxes (n x 4) and scores (n x classes), or boxes, scores (n) and class indices (n)';
    throw mismatch(name, 'outputs', { expected, found: describeShapes(shapes) });
  }
  if (indices !== undefined || scores === undefined) return;
  if (!fits(scores.dims[2], classCount) && !fits(scores.dims[2], classCount + 1)) {
    const expected = `${classCount}, or ${classCount + 1} with background first, in dimension 3`;
    throw mismatch(name, 'classCount', { expected, found: describeShapes([scores]) });
  }
}

type Found = { kind: number; score: number; boxes: Float32Array; at: number };

function createAdd({ boxes: form, input }: ModelManifest): (found: Candidates, box: Found) => void {
  const order = form?.order ?? 'left-top-right-bottom';
  const [scaleX, scaleY] = form?.unit === 'pixel' ? [1, 1] : [input.width, input.height];
  return (found, { kind, score, boxes, at }) => {
    const [a, b, c, d] = boxes.subarray(at, at + 4) as unknown as [number, number, number, number];
    if (order === 'centre') found.addCentre(kind, score, a * scaleX, b * scaleY, c * scaleX, d * scaleY);
    else if (order === 'left-top-right-bottom') {
      found.addCorners(kind, score, a * scaleX, b * scaleY, c * scaleX, d * scaleY);
    } else found.addCorners(kind, score, b * scaleX, a * scaleY, d * scaleX, c * scaleY);
  };
}
