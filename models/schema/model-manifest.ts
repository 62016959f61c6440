/** A model manifest: how an ONNX file is fed and read, where it comes from, and what its classes mean to us. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';
import { Kind } from './kind.ts';

export const DECODERS = ['yolox', 'nanodet', 'yolov5', 'yolov8', 'detr', 'ssd', 'fastestdet'] as const;

export const ModelManifest = Type.Object(
  {
    name: Id,
    file: Type.String({ description: 'ONNX file, relative to the manifest or absolute' }),
    licence: Type.String(),
    source: Type.String({ description: 'Who published it, and where' }),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    input: Type.Object(
      {
        name: Type.Optional(Type.String({ description: 'Absent: the model has one input' })),
        width: Type.Integer({ minimum: 32 }),
        height: Type.Integer({ minimum: 32 }),
        layout: Type.Enum(['nchw', 'nhwc']),
        colour: Type.Enum(['rgb', 'bgr']),
        mean: Type.Array(Type.Number(), {
          minItems: 3,
          maxItems: 3,
          description: 'In 0..255, in the model’s colour order',
        }),
        std: Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }),
        resize: Type.Enum(['letterbox-top-left', 'letterbox-centre', 'stretch']),
        pad: Type.Integer({ minimum: 0, maximum: 255 }),
        larger: Type.Optional(
          Type.Array(
            Type.Object(
              { width: Type.Integer({ minimum: 32 }), height: Type.Integer({ minimum: 32 }) },
              { additionalProperties: false },
            ),
            { description: 'Sizes that the same file may be fed at where things look small, in rising order' },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    decoder: Type.Enum(DECODERS),
    outputs: Type.Optional(Type.Array(Type.String())),
    strides: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))),
    boxes: Type.Optional(
      Type.Object(
        {
          order: Type.Enum(['left-top-right-bottom', 'top-left-bottom-right', 'centre']),
          unit: Type.Enum(['fraction', 'pixel']),
        },
        { additionalProperties: false, description: 'How an ssd model writes a box; absent: corners as fractions' },
      ),
    ),
    classes: Type.Record(Type.String({ pattern: '^[0-9]+$' }), Kind, {
      description: 'Class index → kind; others are ignored',
    }),
    classCount: Type.Integer({ minimum: 1 }),
    scoreMin: Type.Number({ minimum: 0, maximum: 1 }),
    iouMax: Type.Number({ minimum: 0, maximum: 1, description: 'Overlap above which two boxes of a kind are one' }),
    maxBatch: Type.Integer({ minimum: 1, default: 1 }),
  },
  { additionalProperties: false },
);
export type ModelManifest = Static<typeof ModelManifest>;
