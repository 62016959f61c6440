/** Lets packets go at no more than a given rate, in no window of a second more: networks of cameras are thin. */
import { pause } from '#system/lifecycle.ts';

export type Pacer = {
  /** Resolves when the next `packets` may go; they are counted. */
  next: (packets?: number) => Promise<void>;
  sent: () => number;
};

const SLICE_MS = 25;

/** States: within a slice of 25 ms a share of the rate goes at once; then it waits for the next slice. */
export function createPacer(packetsPerS: number, signal: AbortSignal): Pacer {
  const share = Math.max(1, Math.floor((packetsPerS * SLICE_MS) / 1000));
  const sliceMs = Math.max(SLICE_MS, (share * 1000) / packetsPerS);
  let endsAtMs = 0;
  let left = 0;
  let sent = 0;
  let turn = Promise.resolve();
  const one = async () => {
    while (left === 0 && !signal.aborted) {
      const nowMs = performance.now();
      if (nowMs >= endsAtMs) {
        endsAtMs = nowMs + sliceMs;
        left = share;
      } else await pause(endsAtMs - nowMs, signal);
    }
    left--;
    sent++;
  };
  return {
    next(packets = 1) {
      turn = turn.then(async () => {
        for (let count = 0; count < packets; count++) await one();
      });
      return turn;
    },
    sent: () => sent,
  };
}
