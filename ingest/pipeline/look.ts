/** Sights become looks: each frame goes through the detector and the tracker; quiet scenes repeat what stands still. */
import type { Detection } from '#models/schema/detection.ts';
import type { FaultCode } from '#models/schema/fault.ts';
import type { Logger } from '#system/logs.ts';
import { COVER_SCORE_MIN } from '../evidence/seen.ts';
import type { Frame, Sight } from '../sight.ts';
import { lowScoreMin, type Tracker } from '../track/tracker.ts';
import type { Watch } from './compose.ts';
import { type Detectors, isLane, type ModelTrouble } from './detectors.ts';
import type { InputSizing } from './input-sizing.ts';
import type { Lane } from './lane.ts';

/** `overtaken`: let go, because a later picture was there before its turn came. */
export type FrameOutcome = 'looked' | 'failed' | 'no-model' | 'blind' | 'overtaken';

export type LookOptions = {
  camera: string;
  /** Name in the catalog; '' is the default model. */
  model: string;
  /** Absent: the model's own. */
  scoreMin: number | undefined;
  detectors: Detectors;
  /** The camera's tracker; it begins with the first look, because the model decides which scores begin a track. */
  trackerFor: (scoreMin: number) => Tracker;
  /** Why the pictures show nothing, where they do not; absent: they always do. */
  blindReason?: () => FaultCode | undefined;
  sizing: InputSizing;
  logger: Logger;
  onFrame: (outcome: FrameOutcome) => void;
  /** All that the detector gave for a frame, before the tracker judges it. */
  onFound?: (detections: readonly Detection[], capturedAtMs: number) => void;
  /** Told before every frame: what looks at it, or why nothing does. */
  onLane: (lane: Lane | ModelTrouble) => void;
};

/**
 * Frames are disposed here. Without a model nothing is looked at, so nothing is told: the ledger stays honest. While the
 * pictures show nothing, that is told instead.
 */
export async function* look(sights: AsyncIterable<Sight>, options: LookOptions): AsyncGenerator<Watch> {
  const { blindReason = () => undefined } = options;
  let tracker: Tracker | undefined;
  for await (const sight of sights) {
    const reason = sight.type === 'lost' ? undefined : blindReason();
    if (reason !== undefined) {
      yield toldBlind(sight, reason, options);
      continue;
    }
    if (sight.type === 'frame') {
      using frame = sight.frame;
      const found = await detect(frame, options);
      if (found === undefined) continue;
      tracker = options.trackerFor(found.scoreMin);
      const { capturedAtMs, receivedAtMs } = frame;
      options.onFound?.(found.detections, capturedAtMs);
      const detections = tracker.update(found.detections, { atMs: capturedAtMs });
      yield { type: 'look', look: { capturedAtMs, receivedAtMs, isHeld: false, detections } };
      // What was seen is told by now: it does not wait for what is only measured.
      await survey(frame, { ...options, ...found });
    } else if (tracker !== undefined && sight.type === 'quiet') {
      const { capturedAtMs, receivedAtMs } = sight;
      const detections = tracker.hold(capturedAtMs);
      yield { type: 'look', look: { capturedAtMs, receivedAtMs, isHeld: true, detections } };
    } else if (sight.type === 'lost') {
      yield sight;
    }
  }
}

function toldBlind(sight: Sight, reason: FaultCode, { onFrame }: LookOptions): Watch {
  if (sight.type !== 'frame') return { type: 'blind', reason, ...timesOf(sight) };
  const { frame } = sight;
  frame[Symbol.dispose]();
  onFrame('blind');
  return { type: 'blind', reason, ...timesOf(frame) };
}

const timesOf = ({ capturedAtMs, receivedAtMs }: { capturedAtMs: number; receivedAtMs: number }) => ({
  capturedAtMs,
  receivedAtMs,
});

type Found = { detections: Detection[]; scoreMin: number; lane: Lane; size: number };

/** Weak detections come along: they begin no track, but continue one; the weakest are blurred in clips, and told nowhere. */
async function detect(frame: Frame, options: LookOptions): Promise<Found | undefined> {
  const { camera, detectors, sizing, logger, onFrame, onLane } = options;
  const lane = await detectors.laneOf(options.model);
  onLane(lane);
  if (!isLane(lane)) {
    onFrame('no-model');
    return undefined;
  }
  try {
    const scoreMin = options.scoreMin ?? lane.detector.manifest.scoreMin;
    const size = sizing.choose(lane.detector);
    const { capturedAtMs, isOvertaken, begin } = frame;
    const turn = { camera, capturedAtMs, isOvertaken, begin };
    const detections = await lane.look(frame.av, {
      scoreMin: Math.min(COVER_SCORE_MIN, lowScoreMin(scoreMin)),
      size,
      ...turn,
    });
    if (detections !== undefined) onFrame('looked');
    else if (frame.letGo?.() !== false) onFrame('overtaken');
    return detections && { detections, scoreMin, lane, size };
  } catch (error) {
    logger.debug({ camera, error: (error as Error).message }, 'frame not looked at');
    onFrame('failed');
    return undefined;
  }
}

type Seen = Found & Pick<LookOptions, 'camera' | 'sizing' | 'logger'>;

/** One look more, at the largest size, where it is time for that; what it finds is measured and not told. */
async function survey(frame: Frame, { lane, sizing, size, scoreMin, camera, logger, ...seen }: Seen): Promise<void> {
  const atMs = frame.capturedAtMs;
  if (!sizing.isSurveyDue(lane.detector, atMs)) return;
  try {
    const largest = lane.detector.sizes.length - 1;
    const found = size === largest ? seen.detections : await lane.detect(frame.av, { scoreMin, size: largest });
    const sure = found.filter(({ score }) => score >= scoreMin);
    sizing.survey(sure, { lane, picture: frame, atMs });
  } catch (error) {
    logger.debug({ camera, error: (error as Error).message }, 'heights not measured');
  }
}
