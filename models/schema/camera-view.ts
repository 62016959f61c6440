/** A camera as the API shows and takes it: no sealed password goes out, credentials come in as fields. */
import Type, { type Static } from 'typebox';
import { AreaPath } from './area.ts';
import { Grade } from './calibration.ts';
import {
  Camera,
  CameraState,
  Device,
  FileSource,
  Importance,
  InputSizeSetting,
  Placement,
  RtspSource,
  Tags,
} from './camera.ts';
import { Id } from './id.ts';
import { PictureRings } from './mask.ts';

/** Whether a worker goes by a change, asked for by `?wait`. */
export const Applied = Type.Object({
  isApplied: Type.Boolean(),
  worker: Type.Optional(Type.String()),
  afterMs: Type.Optional(Type.Integer({ description: 'From the change to the word of the worker' })),
  code: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
});
export type Applied = Static<typeof Applied>;

export const CameraView = Type.Object({
  ...Type.Omit(Camera, ['source']).properties,
  source: Type.Union([Type.Omit(RtspSource, ['sealedPassword']), FileSource]),
  hasPassword: Type.Boolean(),
  revision: Type.Integer({ description: 'Of the registry; as the ETag, which If-Match takes' }),
  applied: Type.Optional(Applied),
  areaPath: AreaPath,
  state: Type.Union([CameraState, Type.Null()]),
  calibrationVersion: Type.Union([Type.Integer(), Type.Null()]),
  calibrationGrade: Type.Optional(Grade),
});
export type CameraView = Static<typeof CameraView>;

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

const settings = {
  url: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'rtsp:// or rtsps://; a user and password in it are taken out and kept as fields',
    }),
  ),
  file: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4000,
      description: 'Absolute path on the machine of the ingest worker, below one of its media folders',
    }),
  ),
  transport: Type.Optional(RtspSource.properties.transport),
  isLooped: Type.Optional(Type.Boolean({ description: 'A file starts again at its end; true unless said otherwise' })),
  isEnabled: Type.Optional(Type.Boolean()),
  sampleFps: Type.Optional(Camera.properties.sampleFps),
  isGated: Type.Optional(Camera.properties.isGated),
  fullLookIntervalS: Type.Optional(Camera.properties.fullLookIntervalS),
  inputSize: Type.Optional(InputSizeSetting),
};

const position = Type.Object(
  { lon: Type.Number({ minimum: -180, maximum: 180 }), lat: Type.Number({ minimum: -90, maximum: 90 }) },
  { additionalProperties: false },
);
const user = Type.String({ maxLength: 200 });
const password = Type.String({ maxLength: 500, description: 'Sealed at once; no answer ever holds it' });
const model = Type.String({ minLength: 1, maxLength: 200 });
const scoreMin = Type.Number({ minimum: 0, maximum: 1 });
const watchUrl = Type.String({
  maxLength: 2000,
  description: 'rtsp:// or rtsps://; seen with the camera’s own user and password, and without those in it',
});
const { heightM, headingDeg, tiltDeg, fieldOfViewDeg } = Placement.properties;
const placementPatch = Type.Object(
  {
    heightM: Type.Optional(nullable(heightM)),
    headingDeg: Type.Optional(nullable(headingDeg)),
    tiltDeg: Type.Optional(nullable(tiltDeg)),
    fieldOfViewDeg: Type.Optional(nullable(fieldOfViewDeg)),
  },
  { additionalProperties: false, description: 'Field by field: what is absent stays, null clears' },
);

/** Either `url` or `file`; what is absent takes the configured default. */
export const CameraInput = Type.Object(
  {
    id: Type.Optional(Id),
    name: Camera.properties.name,
    ...settings,
    user: Type.Optional(user),
    password: Type.Optional(password),
    /** A remembered login, in the place of user and password. */
    login: Type.Optional(Id),
    area: Type.Optional(nullable(Id)),
    position: Type.Optional(position),
    placement: Type.Optional(Placement),
    device: Type.Optional(Device),
    watchUrl: Type.Optional(watchUrl),
    tags: Type.Optional(Tags),
    importance: Type.Optional(Importance),
    site: Type.Optional(Id),
    model: Type.Optional(model),
    scoreMin: Type.Optional(scoreMin),
    privacyMasks: Type.Optional(PictureRings),
    groundMask: Type.Optional(PictureRings),
  },
  { additionalProperties: false },
);
export type CameraInput = Static<typeof CameraInput>;

/** What is absent stays; null clears. */
export const CameraPatch = Type.Object(
  {
    name: Type.Optional(Camera.properties.name),
    ...settings,
    user: Type.Optional(nullable(user)),
    password: Type.Optional(nullable(password)),
    /** A remembered login, in the place of user and password. */
    login: Type.Optional(Id),
    area: Type.Optional(nullable(Id)),
    position: Type.Optional(nullable(position)),
    placement: Type.Optional(nullable(placementPatch)),
    device: Type.Optional(nullable(Device)),
    watchUrl: Type.Optional(nullable(watchUrl)),
    tags: Type.Optional(nullable(Tags)),
    importance: Type.Optional(nullable(Importance)),
    site: Type.Optional(nullable(Id)),
    model: Type.Optional(nullable(model)),
    scoreMin: Type.Optional(nullable(scoreMin)),
    privacyMasks: Type.Optional(nullable(PictureRings)),
    groundMask: Type.Optional(nullable(PictureRings)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type CameraPatch = Static<typeof CameraPatch>;
