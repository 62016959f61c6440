/** A manifest for tests, filled up from what a case says. */
import type { ModelManifest } from '#models/schema/model-manifest.ts';

type Values = Partial<Omit<ModelManifest, 'input'>> & { input?: Partial<ModelManifest['input']> };

export function testManifest({ input, ...values }: Values = {}): ModelManifest {
  return {
    name: 'test',
    file: 'test.onnx',
    licence: 'Apache-2.0',
    source: 'written by the test',
    decoder: 'yolov5',
    classes: { 0: 'person', 1: 'car' },
    classCount: 3,
    scoreMin: 0.4,
    iouMax: 0.5,
    maxBatch: 1,
    ...values,
    input: {
      width: 32,
      height: 32,
      layout: 'nchw',
      colour: 'rgb',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: 'stretch',
      pad: 114,
      ...input,
    },
  };
}
