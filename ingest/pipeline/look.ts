/** Sights become looks: each frame goes through the detector and the tracker; quiet scenes repeat what stands still. */
import type { Logger } from '#system/logs.ts';
import type { Frame, Sight } from '../sight.ts';
import type { Tracker } from '../track/tracker.ts';
import type { Watch } from './compose.ts';
import { type Detectors, isLane, type ModelTrouble } from './detectors.ts';
import type { Lane } from './lane.ts';

export type LookOptions = {
  camera: string;
  /** Name in the catalog; '' is the default model. */
  model: string;
  /** Absent: the model's own. */
  scoreMin: number | undefined;
  detectors: Detectors;
  tracker: Tracker;
  logger: Logger;
  onFrame: (outcome: 'looked' | 'failed' | 'no-model') => void;
  /** Told before every frame: what looks at it, or why nothing does. */
  onLane: (lane: Lane | ModelTrouble) => void;
};

/** Frames are disposed here. Without a model nothing is looked at, so nothing is told: the ledger stays honest. */
export async function* look(sights: AsyncIterable<Sight>, options: LookOptions): AsyncGenerator<Watch> {
  const { tracker } = options;
  let isLooking = false;
  for await (const sight of sights) {
    if (sight.type === 'lost') {
      if (isLooking) yield sight;
      continue;
    }
    if (sight.type === 'quiet') {
      const { capturedAtMs, receivedAtMs } = sight;
      const detections = tracker.hold(capturedAtMs);
      if (isLooking) yield { type: 'look', look: { capturedAtMs, receivedAtMs, isHeld: true, detections } };
      continue;
    }
    using frame = sight.frame;
    const detections = await detect(frame, options);
    if (detections === undefined) continue;
    isLooking = true;
    const { capturedAtMs, receivedAtMs } = frame;
    const tracked = tracker.update(detections, { atMs: capturedAtMs });
    yield { type: 'look', look: { capturedAtMs, receivedAtMs, isHeld: false, detections: tracked } };
  }
}

async function detect(frame: Frame, options: LookOptions) {
  const { camera, detectors, logger, onFrame, onLane } = options;
  const lane = await detectors.laneOf(options.model);
  onLane(lane);
  if (!isLane(lane)) {
    onFrame('no-model');
    return undefined;
  }
  try {
    const scoreMin = options.scoreMin ?? lane.detector.manifest.scoreMin;
    const detections = await lane.detect(frame.av, { scoreMin });
    onFrame('looked');
    return detections;
  } catch (error) {
    logger.debug({ camera, error: (error as Error).message }, 'frame not looked at');
    onFrame('failed');
    return undefined;
  }
}
