/**
 * The lane before one detector. Cameras take turns: who had no look for the longest goes first, with the newest picture
 * that it has. What a later picture of its own camera overtook is let go before it is looked at, not after: where more
 * comes than can be looked at, a look at what is now is worth more than one at what was. Where a call takes no longer for several
 * pictures, those that wait together go in one batch.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Frame as AvFrame } from 'node-av/lib';
import type { Detector } from '#models/detectors/detector.ts';
import type { Detection } from '#models/schema/detection.ts';

export type Lane = AsyncDisposable & {
  detector: Detector;
  /** One frame, waiting its turn; of those that do not say when they were captured, first come, first served. */
  detect: (frame: AvFrame, options: DetectOptions) => Promise<Detection[]>;
  /** A camera's frame; undefined where it was let go. */
  look: (frame: AvFrame, options: DetectOptions & Turn) => Promise<Detection[] | undefined>;
  waiting: () => number;
  /** Nobody waits, and there was time to spare of late. */
  hasSlack: () => boolean;
  /** Whether one camera more may be looked at in a larger size: asked by one at a time, so that the load shows it. */
  mayGrow: () => boolean;
};

export type LaneOptions = {
  /** Told after every call of the detector. */
  onBatch?: (batch: { frames: number; seconds: number }) => void;
};

type DetectOptions = { scoreMin: number; size?: number };
/** `isOvertaken`: asked when it comes, and while it waits. */
type Turn = {
  camera: string;
  capturedAtMs: number;
  isOvertaken?: (() => boolean) | undefined;
  /** Told when its turn comes. */
  begin?: () => void;
};

type Request = {
  frame: AvFrame;
  size: number;
  scoreMin: number;
  turn: Turn | undefined;
  askedAtMs: number;
  resolve: (detections: Detection[] | undefined) => void;
  reject: (error: unknown) => void;
};

/** Owns the detector: closing the lane refuses what waits and closes it. */
export function openLane(detector: Detector, options: LaneOptions = {}): Lane {
  const queue: Request[] = [];
  const load = createLoad();
  const lastLooks = new Map<string, number>();
  // A CPU takes six times as long for six pictures: all would wait for the last.
  const batchMax = detector.runtime.provider === 'cpu' ? 1 : Number.POSITIVE_INFINITY;
  let grownAtMs = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (queue.length > 0 && !isClosed) {
      const beganMs = performance.now();
      const batch = takeBatch(queue, { detector, batchMax, first: nextOf(queue, lastLooks) });
      for (const { turn } of batch) {
        if (turn !== undefined) lastLooks.set(turn.camera, beganMs);
        turn?.begin?.();
      }
      await runBatch(detector, batch, options);
      load.worked(performance.now() - beganMs);
      // Sockets and timers get their turn between two calls, also where the detector computes on this thread.
      await nextTurn();
      // Whose picture is let go comes with its later one at once, and does not lose its turn.
      if (letGo(queue)) await nextTurn();
    }
    running = undefined;
  }

  function ask(frame: AvFrame, { scoreMin, size = 0 }: DetectOptions, turn?: Turn): Promise<Detection[] | undefined> {
    if (isClosed) return Promise.reject(new Error('the detector is closed'));
    if (turn?.isOvertaken?.() === true) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      queue.push({ frame, size, scoreMin, turn, askedAtMs: performance.now(), resolve, reject });
      running ??= work();
    });
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
    hasSlack: () => queue.length === 0 && load.share() < SLACK_SHARE,
    detect: async (frame, wanted) => (await ask(frame, wanted)) ?? [],
    look: (frame, { scoreMin, size = 0, ...turn }) => ask(frame, { scoreMin, size }, turn),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await running;
      for (const request of queue.splice(0)) request.reject(new Error('the detector is closed'));
      await detector[Symbol.asyncDispose]();
    },
  };
}

/** Of the time: below it there is some to spare. */
const SLACK_SHARE = 0.6;

const NEVER = -1;

/** Says whether there were any. */
function letGo(queue: Request[]): boolean {
  const before = queue.length;
  for (let at = before - 1; at >= 0; at--)
    if (queue[at]?.turn?.isOvertaken?.() === true) for (const { resolve } of queue.splice(at, 1)) resolve(undefined);
  return queue.length < before;
}

/** Place in the queue of who has waited for the longest, a camera since its last look; of equals the newest picture. */
function nextOf(queue: readonly Request[], lastLooks: ReadonlyMap<string, number>): number {
  const since = ({ turn, askedAtMs }: Request) =>
    turn === undefined ? askedAtMs : (lastLooks.get(turn.camera) ?? NEVER);
  const isBefore = (one: Request, other: Request) => {
    const [sinceMs, otherSinceMs] = [since(one), since(other)];
    if (sinceMs !== otherSinceMs) return sinceMs < otherSinceMs;
    return (one.turn?.capturedAtMs ?? 0) > (other.turn?.capturedAtMs ?? 0);
  };
  return queue.reduce((best, one, at) => (isBefore(one, queue[best]!) ? at : best), 0);
}

type Batching = { detector: Detector; batchMax: number; first: number };

/** That one, and others that are looked at in the same size. */
function takeBatch(queue: Request[], { detector, batchMax, first }: Batching): Request[] {
  const batch = queue.splice(first, 1);
  const size = batch[0]?.size ?? 0;
  const most = Math.min(batchMax, detector.sizes[size]?.maxBatch ?? 1);
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
