/** The lane before one detector: cameras take turns, and frames that wait together go in one batch where the model can. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detector } from '#models/detectors/detector.ts';
import type { Detection } from '#models/schema/detection.ts';

export type Lane = AsyncDisposable & {
  detector: Detector;
  /** One frame, waiting its turn; each camera asks for one at a time, which makes first come, first served fair. */
  detect: (frame: AvFrame, options: { scoreMin: number }) => Promise<Detection[]>;
  waiting: () => number;
};

export type LaneOptions = {
  /** Told after every call of the detector. */
  onBatch?: (batch: { frames: number; seconds: number }) => void;
};

type Request = {
  frame: AvFrame;
  scoreMin: number;
  resolve: (detections: Detection[]) => void;
  reject: (error: unknown) => void;
};

/** Owns the detector: closing the lane refuses what waits and closes it. */
export function openLane(detector: Detector, options: LaneOptions = {}): Lane {
  const queue: Request[] = [];
  let isClosed = false;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (queue.length > 0 && !isClosed) {
      await runBatch(detector, queue.splice(0, detector.maxBatch), options);
      // The detector computes on this thread: sockets and timers get their turn between two calls.
      await nextTurn();
    }
    running = undefined;
  }

  return {
    detector,
    waiting: () => queue.length,
    detect(frame, { scoreMin }) {
      if (isClosed) return Promise.reject(new Error('the detector is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ frame, scoreMin, resolve, reject });
        running ??= work();
      });
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await running;
      for (const request of queue.splice(0)) request.reject(new Error('the detector is closed'));
      await detector[Symbol.asyncDispose]();
    },
  };
}

async function runBatch(detector: Detector, batch: Request[], { onBatch }: LaneOptions): Promise<void> {
  const startedAt = performance.now();
  try {
    const scoreMin = Math.min(...batch.map((request) => request.scoreMin));
    const found = await detector.detect(
      batch.map((request) => request.frame),
      { scoreMin },
    );
    batch.forEach((request, index) => {
      request.resolve((found[index] ?? []).filter((detection) => detection.score >= request.scoreMin));
    });
  } catch (error) {
    // One bad picture must not take its neighbours with it.
    if (batch.length === 1) for (const request of batch) request.reject(error);
    else for (const request of batch) await runBatch(detector, [request], {});
  }
  onBatch?.({ frames: batch.length, seconds: (performance.now() - startedAt) / 1000 });
}
