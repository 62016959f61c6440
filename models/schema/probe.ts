/** What a probe of a device tells, step by step, as each happens. */
import Type, { type Static } from 'typebox';
import { Id } from './id.ts';

export const PROBE_STEPS = [
  'reachable',
  'onvif',
  'clock',
  'login',
  'services',
  'device',
  'profiles',
  'paths',
  'stream',
  'snapshot',
  'cost',
  'choice',
] as const;

export const PROBE_VERDICTS = ['good', 'warning', 'wrong', 'skipped'] as const;

export const DeviceInformation = Type.Object(
  {
    manufacturer: Type.String(),
    model: Type.String(),
    firmware: Type.String(),
    serial: Type.String({ description: 'Text: its zeros count' }),
    hardware: Type.String(),
    mac: Type.Optional(Type.String()),
    name: Type.Optional(Type.String({ description: 'What somebody called it, out of its scopes' })),
  },
  { additionalProperties: false },
);
export type DeviceInformation = Static<typeof DeviceInformation>;

export const MediaProfile = Type.Object(
  {
    token: Type.String(),
    name: Type.String(),
    channel: Type.String({ description: 'Token of the video source: which picture it shows' }),
    codec: Type.String({ description: 'h264, h265, jpeg …; empty where the device does not say' }),
    width: Type.Integer(),
    height: Type.Integer(),
    fps: Type.Number({ description: 'Promised; 0 where the device does not say' }),
    gop: Type.Integer({ description: 'Pictures from keyframe to keyframe, promised; 0 where it does not say' }),
    bitrateKbps: Type.Number({ description: 'Promised at most; 0 where it does not say' }),
    url: Type.Optional(Type.String({ description: 'RTSP, without credentials, on the host that was named' })),
  },
  { additionalProperties: false },
);
export type MediaProfile = Static<typeof MediaProfile>;

export const StreamMeasurement = Type.Object(
  {
    token: Type.String(),
    url: Type.String(),
    codec: Type.String(),
    width: Type.Integer(),
    height: Type.Integer(),
    seconds: Type.Number({ description: 'Measured over so long' }),
    pictures: Type.Integer(),
    fps: Type.Number(),
    gop: Type.Integer({ description: 'Pictures from keyframe to keyframe; 0 where no second one came' }),
    bitrateKbps: Type.Number(),
    firstPictureMs: Type.Number({ description: 'From connecting to the first packet of a picture' }),
    decodeMsPerS: Type.Number({
      description: 'CPU milliseconds on this machine for each second of video, all decoded',
    }),
  },
  { additionalProperties: false },
);
export type StreamMeasurement = Static<typeof StreamMeasurement>;

export const ChannelChoice = Type.Object(
  {
    channel: Type.String(),
    name: Type.String(),
    detect: Type.Object({ token: Type.String(), url: Type.String() }),
    watch: Type.Object({ token: Type.String(), url: Type.String() }),
    reason: Type.String(),
  },
  { additionalProperties: false },
);
export type ChannelChoice = Static<typeof ChannelChoice>;

/** What the API is asked; the password goes on to a worker sealed. */
export const ProbeInput = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      maxLength: 260,
      description: 'A name or an address; "host:port" too, and the URL of a device service',
    }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'Absent: the usual ones are tried' })),
    user: Type.Optional(Type.String({ maxLength: 200 })),
    password: Type.Optional(Type.String({ maxLength: 500, description: 'No answer ever holds it' })),
    login: Type.Optional(Id),
    scheme: Type.Optional(Type.Enum(['onvif', 'rtsp'], { description: 'rtsp: known paths are tried at once' })),
    isBasicAllowed: Type.Optional(
      Type.Boolean({ description: 'The password may go out readable where the device takes nothing else' }),
    ),
    measureS: Type.Optional(
      Type.Number({ minimum: 0, maximum: 30, description: 'How long each stream is measured; 0: not at all' }),
    ),
  },
  { additionalProperties: false },
);
export type ProbeInput = Static<typeof ProbeInput>;

/** As it crosses NATS. */
export const ProbeQuestion = Type.Object(
  {
    ...Type.Omit(ProbeInput, ['password', 'login']).properties,
    sealedPassword: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
);
export type ProbeQuestion = Static<typeof ProbeQuestion>;

/** Whom a sealed password belongs to: the seal of one device does not open for another. */
export const sealOwnerOf = (host: string) => `probe ${host}`;

export const ProbeStep = Type.Object(
  {
    step: Type.Enum(PROBE_STEPS),
    verdict: Type.Enum(PROBE_VERDICTS),
    message: Type.String({ description: 'One sentence' }),
    code: Type.Optional(Type.String({ description: 'A code of the troubleshooting page, where something is wrong' })),
    cure: Type.Optional(Type.String({ description: 'What to do' })),
    tookMs: Type.Integer({ minimum: 0 }),
    port: Type.Optional(Type.Integer({ description: 'Where it speaks ONVIF' })),
    clockOffsetS: Type.Optional(Type.Number({ description: 'How far the device is ahead of us' })),
    login: Type.Optional(Type.String({ description: 'none, wsse-digest, wsse-text, http-digest or http-basic' })),
    services: Type.Optional(Type.Array(Type.String())),
    device: Type.Optional(DeviceInformation),
    profiles: Type.Optional(Type.Array(MediaProfile)),
    stream: Type.Optional(StreamMeasurement),
    channel: Type.Optional(Type.String({ description: 'Token of the video source that a stream or a snapshot is of' })),
    jpegBase64: Type.Optional(Type.String({ description: 'The snapshot' })),
    choices: Type.Optional(Type.Array(ChannelChoice, { description: 'One for each channel' })),
  },
  { additionalProperties: false },
);
export type ProbeStep = Static<typeof ProbeStep>;
