/** Lets the messages of a live video through to one viewer, or drops them from a moment of congestion to a keyframe. */
import { isFragment, isKeyframe } from './video.ts';

/** As little as this may always wait for a viewer: some seconds of a street's camera. */
const FEW_BYTES = 256 * 1024;
/** More may wait for so long: the pictures since a keyframe come all at once when a viewer comes. */
const CONGESTED_AFTER_MS = 2000;
/** Never more than this. */
export const WAITING_MAX_BYTES = 16 * 1024 ** 2;

export type KeyframeValve = {
  /** Whether the message may go out while `waitingBytes` wait before it; what is no picture always may. */
  passes: (message: Uint8Array, waitingBytes: number) => boolean;
  /** Pictures: passed + dropped = came. */
  passed: () => number;
  dropped: () => number;
};

/** **Open** → *closed* when much has waited for too long → **open** again at a keyframe, once little waits. */
export function createKeyframeValve(now: () => number = () => performance.now()): KeyframeValve {
  let isOpen = true;
  let littleAtMs = now();
  let passed = 0;
  let dropped = 0;

  function isLetThrough(message: Uint8Array, waitingBytes: number): boolean {
    const isLittle = waitingBytes <= FEW_BYTES;
    if (isLittle) littleAtMs = now();
    if (!isOpen) return isLittle && isKeyframe(message);
    return waitingBytes <= WAITING_MAX_BYTES && now() - littleAtMs <= CONGESTED_AFTER_MS;
  }

  return {
    passes(message, waitingBytes) {
      if (!isFragment(message)) return true;
      isOpen = isLetThrough(message, waitingBytes);
      if (isOpen) passed++;
      else dropped++;
      return isOpen;
    },
    passed: () => passed,
    dropped: () => dropped,
  };
}
