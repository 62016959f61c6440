/** The classes of COCO (Lin et al., arXiv:1405.0312) that are kinds of ours, by index in the usual list of 80. */
import type { ModelManifest } from '../schema/model-manifest.ts';

export const COCO_CLASS_COUNT = 80;

export const COCO_CLASSES: ModelManifest['classes'] = {
  0: 'person',
  1: 'bicycle',
  2: 'car',
  3: 'motorcycle',
  5: 'bus',
  7: 'truck',
};
