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

/** OpenCV's camera model: focal lengths and middle as fractions of the picture's width and height, and five coefficients. */
export const Lens = Type.Object(
  {
    fx: Type.Number({ exclusiveMinimum: 0 }),
    fy: Type.Number({ exclusiveMinimum: 0 }),
    cx: Type.Number(),
    cy: Type.Number(),
    k1: Type.Number(),
    k2: Type.Number(),
    p1: Type.Number(),
    p2: Type.Number(),
    k3: Type.Number(),
  },
  { additionalProperties: false },
);
export type Lens = Static<typeof Lens>;

/** How well a foot is placed 30 m away: A up to 0.5 m, B up to 1 m, C up to 2 m, D beyond (1 sigma). */
export const Grade = Type.Enum(['A', 'B', 'C', 'D']);
export type Grade = Static<typeof Grade>;

export const GroundError = Type.Object({
  distanceM: Type.Number({ description: 'From the camera, along the middle of the picture' }),
  errorM: Type.Number({ description: '1 sigma of where a foot is placed there' }),
});
export type GroundError = Static<typeof GroundError>;

/** Where a camera hangs and how it looks, as a person knows it or as points have shown it. */
export const Viewpoint = Type.Object(
  {
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    heightM: Type.Number({ minimum: 0.5, maximum: 500, description: 'Above the ground it looks at' }),
    headingDeg: Type.Number({ minimum: 0, maximum: 360, description: '0 is north, clockwise' }),
    tiltDeg: Type.Number({ minimum: -30, maximum: 90, description: 'Below the horizon' }),
    rollDeg: Type.Number({ minimum: -90, maximum: 90, description: 'Clockwise, as the camera sees it' }),
    fieldOfViewDeg: Type.Number({
      minimum: 1,
      maximum: 175,
      description: 'Horizontal, of the picture without distortion',
    }),
    aspect: Type.Number({ minimum: 0.2, maximum: 5, description: 'Width over height of the picture' }),
    k1: Type.Optional(Type.Number({ minimum: -2, maximum: 2, description: 'Radial distortion, OpenCV’s first' })),
    k2: Type.Optional(Type.Number({ minimum: -2, maximum: 2 })),
  },
  { additionalProperties: false },
);
export type Viewpoint = Static<typeof Viewpoint>;

export const CALIBRATION_METHODS = ['points', 'pose', 'imported'] as const;

const one = {
  version: Type.Integer({ minimum: 1 }),
  points: Type.Array(CalibrationPoint, { minItems: 4, maxItems: 200 }),
  originLon: Type.Number(),
  originLat: Type.Number(),
  homography: Type.Array(Type.Number(), { minItems: 9, maxItems: 9 }),
  residualM: Type.Number({ description: 'Root mean square distance of the points from where they land, metres' }),
  horizonY: Type.Number({ description: 'Fraction of the image height above which nothing is on the ground' }),
  createdAtMs: TimeMs,
  method: Type.Optional(Type.Enum(CALIBRATION_METHODS, { description: 'How it came about; absent: points' })),
  lens: Type.Optional({ ...Lens, description: 'Its distortion is taken out before the homography' }),
  viewpoint: Type.Optional({ ...Viewpoint, description: 'What it was made of, where it was made of a pose' }),
  aspect: Type.Optional(
    Type.Number({
      minimum: 0.2,
      maximum: 5,
      description: 'Width over height of the picture; absent: 16:9, or unknown',
    }),
  ),
  covariance: Type.Optional(
    Type.Array(Type.Number(), {
      minItems: 81,
      maxItems: 81,
      description: 'Of the nine numbers of the homography, row by row: how far it may be wrong itself',
    }),
  ),
  grade: Type.Optional(Grade),
  errors: Type.Optional(Type.Array(GroundError, { maxItems: 10 })),
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
  points: Type.Array(CalibrationPoint, { description: 'Those that it was made of, or that show what it means' }),
  viewpoint: Type.Union([Viewpoint, Type.Null()], {
    description: 'Where the camera hangs by it, if its lens is a plain one; null where that cannot be told',
  }),
  lens: Type.Union([Lens, Type.Null()]),
  grade: Grade,
  errors: Type.Array(GroundError),
  ellipses: Type.Array(
    Type.Object({
      distanceM: Type.Number(),
      errorM: Type.Number(),
      ring: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
    }),
    { description: 'Where a foot seen at that distance may be, nine times of ten, as closed rings of [lon, lat]' },
  ),
  seen: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
    description: 'Ground in the picture as a closed ring of [lon, lat], as far as a person is a few pixels high',
  }),
});
export type CalibrationTrial = Static<typeof CalibrationTrial>;

/** Where the ground frame of an imported calibration lies: its origin, where its y axis points, and its unit. */
export const CalibrationFrame = Type.Object(
  {
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    headingDeg: Type.Number({
      minimum: -360,
      maximum: 360,
      default: 0,
      description: 'Of the y axis: 0 is north, clockwise',
    }),
    unitM: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description: 'Metres per unit: 0.001 where it counts in mm',
    }),
  },
  { additionalProperties: false, description: 'x right of y, z upwards, the ground at z = 0' },
);
export type CalibrationFrame = Static<typeof CalibrationFrame>;

export const CALIBRATION_FORMATS = ['tsai', 'opencv', 'json'] as const;

export const CalibrationImport = Type.Object(
  {
    format: Type.Enum(CALIBRATION_FORMATS),
    text: Type.String({ minLength: 1, maxLength: 200_000, description: 'The file as it is' }),
    frame: Type.Optional(CalibrationFrame),
  },
  { additionalProperties: false },
);
export type CalibrationImport = Static<typeof CalibrationImport>;

/** One of three ways: `points`, `viewpoint` or `import`. */
export const CalibrationInput = Type.Object(
  {
    points: Type.Optional(Type.Array(CalibrationPoint, { minItems: 1, maxItems: 200 })),
    viewpoint: Type.Optional(Viewpoint),
    import: Type.Optional(CalibrationImport),
  },
  { additionalProperties: false },
);
export type CalibrationInput = Static<typeof CalibrationInput>;
