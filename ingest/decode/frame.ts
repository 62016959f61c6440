/** A decoded picture with its times, and the count of those that nobody has disposed yet. */
import type { Frame as AvFrame } from 'node-av/lib';
import type { Frame } from '#ingest/sight.ts';

let live = 0;

/** Frames that were made and not yet disposed, in this process: zero when nothing is read and nothing leaks. */
export function liveFrames(): number {
  return live;
}

type Times = Pick<Frame, 'capturedAtMs' | 'receivedAtMs' | 't' | 'sequence' | 'isOvertaken' | 'letGo'>;

/** Takes over `av`. */
export function makeFrame(av: AvFrame, times: Times): Frame {
  let [isBegun, isDisposed] = [false, false];
  live++;
  return {
    av,
    width: av.width,
    height: av.height,
    ...times,
    isWaiting: () => !isBegun && !isDisposed,
    begin() {
      isBegun = true;
    },
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      live--;
      av.free();
    },
  };
}
