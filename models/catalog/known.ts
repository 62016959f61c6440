/** Public models that we know how to feed and read: facts only, no files. */

import { COCO_CLASS_COUNT, COCO_CLASSES } from '../detectors/coco.ts';
import type { ModelManifest } from '../schema/model-manifest.ts';

function yolox(name: string, size: number, values: { file: string; sha256?: string; scoreMin: number }): ModelManifest {
  return {
    name,
    licence: 'Apache-2.0',
    source: 'Megvii, https://github.com/Megvii-BaseDetection/YOLOX',
    input: {
      name: 'images',
      width: size,
      height: size,
      layout: 'nchw',
      colour: 'bgr',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: 'letterbox-top-left',
      pad: 114,
    },
    decoder: 'yolox',
    strides: [8, 16, 32],
    classes: COCO_CLASSES,
    classCount: COCO_CLASS_COUNT,
    iouMax: 0.5,
    maxBatch: 1,
    ...values,
  };
}

const NANODET_M_416: ModelManifest = {
  name: 'nanodet-m-416',
  file: 'nanodet_m_416.onnx',
  licence: 'Apache-2.0',
  source: 'RangiLyu, https://github.com/RangiLyu/nanodet',
  sha256: '08b62b9ee4a7878e7a64d6ef4faf3074322c033a0252c83a20f41b86c76e8146',
  input: {
    name: 'input.1',
    width: 416,
    height: 416,
    layout: 'nchw',
    colour: 'bgr',
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
    resize: 'letterbox-centre',
    pad: 0,
  },
  decoder: 'nanodet',
  outputs: [
    'cls_pred_stride_8',
    'cls_pred_stride_16',
    'cls_pred_stride_32',
    'dis_pred_stride_8',
    'dis_pred_stride_16',
    'dis_pred_stride_32',
  ],
  strides: [8, 16, 32],
  classes: COCO_CLASSES,
  classCount: COCO_CLASS_COUNT,
  scoreMin: 0.45,
  iouMax: 0.6,
  maxBatch: 1,
};

/** In the order in which one is chosen when nobody names one. */
export const KNOWN_MODELS: readonly ModelManifest[] = [
  yolox('yolox-nano', 416, {
    file: 'yolox_nano.onnx',
    sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
    scoreMin: 0.5,
  }),
  NANODET_M_416,
  yolox('yolox-tiny', 416, { file: 'yolox_tiny.onnx', scoreMin: 0.4 }),
  yolox('yolox-s', 640, { file: 'yolox_s.onnx', scoreMin: 0.4 }),
];
