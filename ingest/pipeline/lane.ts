/** The lane before one detector: cameras take turns, and frames that wait together go in one batch where the model can. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detector } from '#models/detectors/detector.ts';
import type { Detection } from '#models/schema/detection.ts';

export type Lane = AsyncDisposable & {
  detector: Detector;
  /** One frame, waiting its turn; each camera asks for one at a time, which makes first come, first served fair. */
  detect: (frame: AvFrame, options: { scoreMin: number; size?: number }) => Promise<Detection[]>;
  waiting: () => number;
  /** Whether one camera more may be looked at in a larger size: asked by one at a time, so that the load shows it. */
  mayGrow: () => boolean;
};

export type LaneOptions = {
  /** Told after every call of the detector. */
  onBatch?: (batch: { frames: number; seconds: number }) => void;
};

type Request = {
  frame: AvFrame;
  size: number;
  scoreMin: number;
  resolve: (detections: Detection[]) => void;
  reject: (error: unknown) => void;
};

/** Owns the detector: closing the lane refuses what waits and closes it. */
export function openLane(detector: Detector, options: LaneOptions = {}): Lane {
  const queue: Request[] = [];
  const load = createLoad();
  let grownAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (queue.length > 0 && !isClosed) {
      const beganMs = performance.now();
      await runBatch(detector, takeBatch(queue, detector), options);
      load.worked(performance.now() - beganMs);
      // The detector computes on this thread: sockets and timers get their turn between two calls.
      await nextTurn();
    }
    running = undefined;
  }

  return {
    detector,
    waiting: () => queue.length,
    mayGrow() {
      const nowMs = performance.now();
      if (load.share() > LOAD_MAX || nowMs - grownAtMs < 2 * LOAD_PERIOD_MS) return false;
      grownAtMs = nowMs;
      return true;
    },
    detect(frame, { scoreMin, size = 0 }) {
      if (isClosed) return Promise.reject(new Error('the detector is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ frame, size, scoreMin, resolve, reject });
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

/** The first that waits, and those behind it that are looked at in the same size. */
function takeBatch(queue: Request[], detector: Detector): Request[] {
  const size = queue[0]?.size ?? 0;
  const most = detector.sizes[size]?.maxBatch ?? 1;
  const batch: Request[] = [];
  for (let at = 0; at < queue.length && batch.length < most; ) {
    if (queue[at]?.size === size) batch.push(...queue.splice(at, 1));
    else at++;
  }
  return batch;
}

/** Above this share of the time a lane has none to spare: a larger size takes up to three times as long. */
const LOAD_MAX = 0.5;
const LOAD_PERIOD_MS = 5000;

/** The share of the time that was worked, over the last one to two periods. */
function createLoad(): { worked: (ms: number) => void; share: () => number } {
  let [former, present] = [0, 0];
  let beganMs = performance.now();
  const turn = () => {
    const elapsedMs = performance.now() - beganMs;
    if (elapsedMs >= LOAD_PERIOD_MS) {
      former = elapsedMs >= 2 * LOAD_PERIOD_MS ? 0 : present / elapsedMs;
      present = 0;
      beganMs += elapsedMs;
    }
    return performance.now() - beganMs;
  };
  return {
    worked(ms) {
      turn();
      present += ms;
    },
    share() {
      const elapsedMs = turn();
      return Math.max(former, present / Math.max(elapsedMs, LOAD_PERIOD_MS));
    },
  };
}

async function runBatch(detector: Detector, batch: Request[], { onBatch }: LaneOptions): Promise<void> {
  const startedAt = performance.now();
  try {
    const scoreMin = Math.min(...batch.map((request) => request.scoreMin));
    const found = await detector.detect(
      batch.map((request) => request.frame),
      { scoreMin, size: batch[0]?.size ?? 0 },
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
