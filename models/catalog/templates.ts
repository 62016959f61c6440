/** A first manifest for a file of each family: what exports of it usually look like. */

import { COCO_CLASS_COUNT, COCO_CLASSES } from '../detectors/coco.ts';
import { DECODERS, type ModelManifest } from '../schema/model-manifest.ts';
import { KNOWN_MODELS } from './known.ts';

type Template = Pick<ModelManifest, 'decoder' | 'iouMax' | 'scoreMin'> & { input?: Partial<ModelManifest['input']> };

/** Red first and 0 to 1, as the YOLO exports that came after YOLOX are fed. */
const UNIT_RGB: Partial<ModelManifest['input']> = {
  colour: 'rgb',
  mean: [0, 0, 0],
  std: [255, 255, 255],
  resize: 'letterbox-centre',
  pad: 114,
} as const;
/** The mean and deviation of ImageNet, times 255. */
const IMAGENET = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };

const TEMPLATES: Record<Exclude<ModelManifest['decoder'], 'yolox' | 'nanodet'>, Template> = {
  yolov5: { decoder: 'yolov5', scoreMin: 0.4, iouMax: 0.5, input: { ...UNIT_RGB } },
  yolov8: { decoder: 'yolov8', scoreMin: 0.4, iouMax: 0.6, input: { ...UNIT_RGB } },
  detr: { decoder: 'detr', scoreMin: 0.5, iouMax: 1, input: { ...IMAGENET, resize: 'stretch' } },
  ssd: { decoder: 'ssd', scoreMin: 0.4, iouMax: 0.5, input: { resize: 'stretch' } },
  fastestdet: {
    decoder: 'fastestdet',
    scoreMin: 0.55,
    iouMax: 0.45,
    input: { width: 352, height: 352, colour: 'bgr', std: [255, 255, 255], resize: 'stretch' },
  },
};

/** A manifest like that of a known model, by name, or like a family's, by decoder; undefined where there is neither. */
export function templateFor(like: string): ModelManifest | undefined {
  const known = KNOWN_MODELS.find(({ name }) => name === like) ?? KNOWN_MODELS.find(({ decoder }) => decoder === like);
  if (known !== undefined) return known;
  const template = Object.values(TEMPLATES).find(({ decoder }) => decoder === like);
  if (template === undefined) return undefined;
  const { input, ...rest } = template;
  return {
    name: like,
    file: `${like}.onnx`,
    licence: 'unknown',
    source: 'unknown',
    classes: COCO_CLASSES,
    classCount: COCO_CLASS_COUNT,
    maxBatch: 1,
    ...rest,
    input: {
      width: 640,
      height: 640,
      layout: 'nchw',
      colour: 'rgb',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: 'letterbox-centre',
      pad: 114,
      ...input,
    },
  };
}

export const TEMPLATE_NAMES: readonly string[] = [...KNOWN_MODELS.map(({ name }) => name), ...DECODERS];
