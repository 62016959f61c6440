/** Which function reads which family of models. */
import type { ModelManifest } from '../../schema/model-manifest.ts';
import type { CreateDecode } from './decoder.ts';
import { createDetrDecode } from './detr.ts';
import { createFastestdetDecode } from './fastestdet.ts';
import { createNanodetDecode } from './nanodet.ts';
import { createSsdDecode } from './ssd.ts';
import { createYolov5Decode } from './yolov5.ts';
import { createYolov8Decode } from './yolov8.ts';
import { createYoloxDecode } from './yolox.ts';

export const CREATE_DECODE: Record<ModelManifest['decoder'], CreateDecode> = {
  yolox: createYoloxDecode,
  nanodet: createNanodetDecode,
  yolov5: createYolov5Decode,
  yolov8: createYolov8Decode,
  detr: createDetrDecode,
  ssd: createSsdDecode,
  fastestdet: createFastestdetDecode,
};
