/** What a live video says of itself, and why it cannot be shown. */
import Type, { type Static } from 'typebox';

/** Comes first, and again whenever the stream's format changes: pictures that follow need the new init segment. */
export const VideoStart = Type.Object({
  codec: Type.Enum(['h264', 'hevc']),
  mime: Type.String({ description: 'As MediaSource.isTypeSupported wants it' }),
  width: Type.Integer(),
  height: Type.Integer(),
  stream: Type.Enum(['detected', 'watched'], {
    description: 'The stream that is looked at, or the one that the camera has for people',
  }),
});
export type VideoStart = Static<typeof VideoStart>;

/** Why the video ends; `code` stands on the troubleshooting page. */
export const VideoNotice = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  title: Type.Optional(Type.String()),
  cure: Type.Optional(Type.String()),
});
export type VideoNotice = Static<typeof VideoNotice>;

/** Why the API closed a live video: the WebSocket's close code. Its reason is a fault code. */
export const VIDEO_CLOSE_CODES = {
  /** The sign-in ended or the user was changed: sign in again. */
  signInEnded: 4401,
  /** Another place or another stream is to be asked for: see the reason; come back later. */
  refused: 4429,
  /** The stream cannot be passed on as it is, for its codec or for privacy masks: take the pictures. */
  codec: 4415,
  /** The viewer took nothing for too long. */
  tooSlow: 4408,
  /** No worker has the camera now, or it was given to another one: come back at once. */
  moved: 4503,
} as const;
