/** A calibration ties a camera's picture to the ground, by pairs of picture and map points. */
import Type, { type Static } from 'typebox';
import { Id, TimeMs } from './id.ts';
import { Pose, PtzPreset } from './ptz.ts';

/** x, y as fractions of the image; lon, lat in degrees, WGS-84. */
export const CalibrationPoint = Type.Object(
  {
    x: Type.Number({ minimum: -1, maximum: 2 }),
    y: Type.Number({ minimum: -1, maximum: 2 }),
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
  },
  { additionalProperties: false },
);
export type CalibrationPoint = Static<typeof CalibrationPoint>;

/** Poses that one camera may be calibrated at. */
export const CALIBRATED_POSES_MAX = 16;

const one = {
  version: Type.Integer({ minimum: 1 }),
  points: Type.Array(CalibrationPoint, { minItems: 4, maxItems: 200 }),
  originLon: Type.Number(),
  originLat: Type.Number(),
  homography: Type.Array(Type.Number(), { minItems: 9, maxItems: 9 }),
  residualM: Type.Number({ description: 'Root mean square distance of the points from where they land, metres' }),
  horizonY: Type.Number({ description: 'Fraction of the image height above which nothing is on the ground' }),
  createdAtMs: TimeMs,
  pose: Type.Optional({ ...Pose, description: 'Where a camera that turns stood; it holds there alone' }),
  preset: Type.Optional(PtzPreset),
};

/**
 * `homography`: nine numbers, row by row, from image fractions (x, y, 1) to metres east and north of the origin.
 * `version` counts up from 1 per camera, over all its poses; rows keep the version that placed them.
 */
export const Calibration = Type.Object({
  camera: Id,
  ...one,
  others: Type.Optional(
    Type.Array(Type.Object(one), {
      maxItems: CALIBRATED_POSES_MAX - 1,
      description: 'Former ones that hold at other poses, newest first',
    }),
  ),
});
export type Calibration = Static<typeof Calibration>;

/** A calibration that was tried and not kept, with what a person needs to see whether it is right. */
export const CalibrationTrial = Type.Object({
  residualM: Calibration.properties.residualM,
  missesM: Type.Array(Type.Number({ minimum: 0 }), {
    description: 'How far each point lands from its place, metres, in the order of the points',
  }),
  misses: Type.Array(Type.Number({ minimum: 0 }), { description: 'The same in the picture, as a fraction of it' }),
  horizonY: Calibration.properties.horizonY,
  netM: Type.Number({ description: 'Distance between the lines of the net, metres' }),
  net: Type.Array(Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })), {
    description: 'Lines that lie north-south and east-west on the ground, as they run through the picture (fractions)',
  }),
  seen: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
    description: 'Ground in the picture as a closed ring of [lon, lat], as far as a person is a few pixels high',
  }),
});
export type CalibrationTrial = Static<typeof CalibrationTrial>;
