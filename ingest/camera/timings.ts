/** How patient the supervisor of a camera is; tests are less so. */

export type CameraTimings = {
  /** A camera that has not answered after this did not answer. */
  openMs: number;
  /** The stream stands, but nothing comes. */
  firstPacketMs: number;
  /** Something comes, but no picture: H.265 at a low frame rate was seen to take 78 s to its first keyframe. */
  firstPictureMs: number;
  /** Something comes that will not decode. */
  garbageMs: number;
  /** Least silence of a running stream that counts as frozen; several pictures' or GOPs' time where that is longer. */
  silenceMs: number;
  retryBaseMs: number;
  retryCapMs: number;
  /** The one quick retry after a first 401: a burst of logins gets one, too. */
  unauthorisedOnceMs: number;
  /** Cameras lock out for 5 to 30 minutes after 3 to 7 bad logins, and every retry starts that anew. */
  unauthorisedBaseMs: number;
  unauthorisedCapMs: number;
  /** A camera that was live for this long starts again with short waits; one that flaps does not. */
  stableMs: number;
  tickMs: number;
  tellEveryMs: number;
};

export const CAMERA_TIMINGS: Readonly<CameraTimings> = {
  openMs: 15_000,
  firstPacketMs: 15_000,
  firstPictureMs: 90_000,
  garbageMs: 8000,
  silenceMs: 5000,
  retryBaseMs: 1000,
  retryCapMs: 30_000,
  unauthorisedOnceMs: 2000,
  unauthorisedBaseMs: 60_000,
  unauthorisedCapMs: 300_000,
  stableMs: 30_000,
  tickMs: 500,
  tellEveryMs: 5000,
};
