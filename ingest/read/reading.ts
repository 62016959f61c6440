/** What is known of one connection while it is read: counters and figures that its owner looks at, changed in place. */

/** Packets of video: `packets` = sent to the decoder + `skipped`. Looks: `sampled` = those that were due = taken + `dropped`. */
export type Reading = {
  isConnected: boolean;
  codec: string | undefined;
  width: number | undefined;
  height: number | undefined;
  isGateOpen: boolean;
  packets: number;
  bytes: number;
  keyframes: number;
  /** Pictures that came out of the decoder. */
  decoded: number;
  /** Packets that the gate did not decode, and pictures between the wanted ones that nothing refers to. */
  skipped: number;
  sampled: number;
  dropped: number;
  failed: number;
  timeJumps: number;
  gateOpenings: number;
  fullLooks: number;
  /** Milliseconds that the decoder has worked. */
  decodeMs: number;
  /** Pictures a second that the source announces. */
  promisedFps: number | undefined;
  lastPacketAtMs: number | undefined;
  lastPictureAtMs: number | undefined;
  /** Median seconds between pictures and between keyframes, learned. */
  frameIntervalS: number | undefined;
  gopS: number | undefined;
  /** A file that ends before the length it states: seconds that were there. */
  cutAtS: number | undefined;
};

export function createReading(): Reading {
  return {
    isConnected: false,
    codec: undefined,
    width: undefined,
    height: undefined,
    isGateOpen: true,
    packets: 0,
    bytes: 0,
    keyframes: 0,
    decoded: 0,
    skipped: 0,
    sampled: 0,
    dropped: 0,
    failed: 0,
    timeJumps: 0,
    gateOpenings: 0,
    fullLooks: 0,
    decodeMs: 0,
    promisedFps: undefined,
    lastPacketAtMs: undefined,
    lastPictureAtMs: undefined,
    frameIntervalS: undefined,
    gopS: undefined,
    cutAtS: undefined,
  };
}
