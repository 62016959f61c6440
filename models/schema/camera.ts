/** A camera as it is registered: where its stream comes from and how it is looked at. */
import Type, { type Static } from 'typebox';
import { EventsState } from './camera-event.ts';
import { Id, TimeMs } from './id.ts';
import { PictureRings } from './mask.ts';
import { PictureFinding } from './picture-finding.ts';
import { PtzState } from './ptz.ts';

/** An address without credentials: those are fields of their own and never stand in a URL that may be logged. */
export const RtspSource = Type.Object(
  {
    kind: Type.Literal('rtsp'),
    url: Type.String({ pattern: '^rtsps?://', maxLength: 2000 }),
    transport: Type.Enum(['tcp', 'udp'], { default: 'tcp' }),
    user: Type.Optional(Type.String({ maxLength: 200 })),
    sealedPassword: Type.Optional(Type.String({ description: 'AES-256-GCM, base64url; never leaves API answers' })),
  },
  { additionalProperties: false },
);
export type RtspSource = Static<typeof RtspSource>;

/** A file that is played at its own speed, again and again when `isLooped`. */
export const FileSource = Type.Object(
  { kind: Type.Literal('file'), path: Type.String({ minLength: 1 }), isLooped: Type.Boolean({ default: true }) },
  { additionalProperties: false },
);
export type FileSource = Static<typeof FileSource>;

export const CameraSource = Type.Union([RtspSource, FileSource]);
export type CameraSource = Static<typeof CameraSource>;

/** Words of people, to find cameras by. */
export const Tags = Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,64}$' }), { maxItems: 20, uniqueItems: true });
export type Tags = Static<typeof Tags>;

/** Who comes back first after an outage; absent means normal. */
export const Importance = Type.Enum(['low', 'normal', 'high']);
export type Importance = Static<typeof Importance>;

const Text = Type.String({ minLength: 1, maxLength: 200 });

/** The box with an address that a camera is one channel of; what it said of itself stays text, a serial number too. */
export const Device = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
    manufacturer: Type.Optional(Text),
    model: Type.Optional(Text),
    serial: Type.Optional(Text),
    firmware: Type.Optional(Text),
    mac: Type.Optional(Text),
    profile: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Token of the ONVIF profile' })),
    channel: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Token of the ONVIF video source' }),
    ),
    scheme: Type.Optional(Type.Enum(['onvif', 'rtsp'], { description: 'What it is spoken to in' })),
  },
  { additionalProperties: false },
);
export type Device = Static<typeof Device>;

/** How a camera hangs where it stands. */
export const Placement = Type.Object(
  {
    heightM: Type.Optional(Type.Number({ minimum: 0, maximum: 1000, description: 'Above the ground it looks at' })),
    headingDeg: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: '0 is north, clockwise' })),
    tiltDeg: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'Below the horizon' })),
    fieldOfViewDeg: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 360, description: 'Horizontal, edge to edge' }),
    ),
  },
  { additionalProperties: false },
);
export type Placement = Static<typeof Placement>;

/** Absent means auto. */
export const InputSizeSetting = Type.Enum(['auto', 'normal', 'wide', 'far'], {
  description:
    'Size of the model’s input: auto takes a larger one where people look small and the detector has the time',
});
export type InputSizeSetting = Static<typeof InputSizeSetting>;

const PrivacyMasks = {
  ...PictureRings,
  description: 'Where not to look: blanked before anything looks, and in every picture that leaves the worker',
};
const GroundMask = {
  ...PictureRings,
  description: 'Where things can stand; absent: wherever the calibration has ground',
};

export const Camera = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    source: CameraSource,
    area: Type.Union([Id, Type.Null()], { description: 'The area it belongs to, usually a grid' }),
    position: Type.Optional(
      Type.Object({
        lon: Type.Number({ minimum: -180, maximum: 180 }),
        lat: Type.Number({ minimum: -90, maximum: 90 }),
      }),
    ),
    placement: Type.Optional(Placement),
    device: Type.Optional(Device),
    watchUrl: Type.Optional(
      Type.String({
        pattern: '^rtsps?://',
        maxLength: 2000,
        description: 'The stream that people watch, where it is not the one that is looked at',
      }),
    ),
    tags: Type.Optional(Tags),
    importance: Type.Optional(Importance),
    /** Where devices share a login and a line. */
    site: Type.Optional(Id),
    isEnabled: Type.Boolean({ default: true }),
    sampleFps: Type.Number({
      minimum: 0.1,
      maximum: 30,
      description: 'Frames looked at per second while something moves',
    }),
    isGated: Type.Boolean({ description: 'Cost follows motion; false decodes and looks at everything sampled' }),
    fullLookIntervalS: Type.Number({ minimum: 1, maximum: 3600, description: 'A quiet scene is looked at this often' }),
    model: Type.Optional(
      Type.String({ description: 'Name in the model catalog; absent means the configured default' }),
    ),
    scoreMin: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    inputSize: Type.Optional(InputSizeSetting),
    privacyMasks: Type.Optional(PrivacyMasks),
    groundMask: Type.Optional(GroundMask),
    createdAtMs: TimeMs,
    updatedAtMs: TimeMs,
  },
  { additionalProperties: false },
);
export type Camera = Static<typeof Camera>;

export const CAMERA_STATES = ['waiting', 'connecting', 'live', 'degraded', 'down', 'disabled'] as const;

/** What a worker says of one camera, on every change and every few seconds. */
export const CameraState = Type.Object({
  camera: Id,
  state: Type.Enum(CAMERA_STATES),
  reason: Type.Optional(
    Type.String({
      description: 'An error code of the troubleshooting page; kept while a camera that is down is tried again',
    }),
  ),
  message: Type.Optional(Type.String({ description: 'One sentence: what happened' })),
  cure: Type.Optional(Type.String({ description: 'One sentence: what to do' })),
  sinceMs: TimeMs,
  downSinceMs: Type.Optional({
    ...TimeMs,
    description: 'Since when it brings no picture although it should, over all attempts; absent once it is live',
  }),
  reasonSinceMs: Type.Optional({
    ...TimeMs,
    description: 'Since when it is so for this reason; trying again and being down are one',
  }),
  nextTryAtMs: Type.Optional({ ...TimeMs, description: 'When it is tried again' }),
  updatedAtMs: TimeMs,
  worker: Type.String(),
  appliedRevision: Type.Optional(
    Type.Integer({ description: 'Of the registry: the state of the registration that the worker goes by' }),
  ),
  appliedAtMs: Type.Optional(TimeMs),
  codec: Type.Optional(Type.String()),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  fps: Type.Optional(Type.Number({ description: 'Pictures a second that arrive, measured' })),
  fpsPromised: Type.Optional(Type.Number({ description: 'Pictures a second that the camera announces' })),
  bitrateKbps: Type.Optional(Type.Number()),
  decodeCostMs: Type.Optional(
    Type.Number({ description: 'Milliseconds per second that its decoder works, by the clock; more under overload' }),
  ),
  isGateOpen: Type.Optional(Type.Boolean()),
  input: Type.Optional(Type.String({ description: 'Size of the model’s input that it is looked at with: `544x320`' })),
  lastPictureAtMs: Type.Optional(TimeMs),
  reconnects: Type.Integer({ minimum: 0 }),
  packets: Type.Integer({ minimum: 0 }),
  decoded: Type.Integer({ minimum: 0, description: 'Pictures decoded' }),
  skipped: Type.Integer({ minimum: 0, description: 'Pictures that the gate did not decode' }),
  looked: Type.Integer({ minimum: 0, description: 'Frames that went through the detector' }),
  dropped: Type.Integer({ minimum: 0, description: 'Frames dropped because the detector lagged' }),
  failed: Type.Integer({ minimum: 0, description: 'Pictures that would not decode' }),
  timeJumps: Type.Integer({ minimum: 0, description: 'Jumps in the timestamps of the stream' }),
  ...EventsState.properties,
  ptz: Type.Optional(PtzState),
  picture: Type.Optional(Type.Array(PictureFinding, { description: 'What the pictures show; absent: nothing' })),
  calibrationDoubtfulSinceMs: Type.Optional(TimeMs),
});
export type CameraState = Static<typeof CameraState>;
