/** Joins what the reader says of a camera with what only the worker knows: looks, its pictures, the lack of a model. */
import { MESSAGES, REASONS } from '#ingest/diagnose/rules.ts';
import type { CameraState } from '#models/schema/camera.ts';
import { FAULTS } from '#models/schema/fault.ts';
import type { PictureFinding } from '#models/schema/picture-finding.ts';
import type { CameraOptions } from './camera.ts';
import { isLane, type ModelTrouble } from './detectors.ts';
import type { Lane } from './lane.ts';
import type { FrameOutcome } from './look.ts';

export type Reporter = {
  state: (state: CameraState) => void;
  findings: (findings: readonly PictureFinding[]) => void;
  frame: (outcome: FrameOutcome) => void;
  /** What looks, or why nothing does; and the size of its input, as people read it. */
  lane: (lane: Lane | ModelTrouble, input: string | undefined) => void;
  /** Name of the model that looks; undefined before the first look. */
  model: () => string | undefined;
};

type Options = Pick<CameraOptions, 'states' | 'metrics' | 'calibrationVersion'>;

export function createReporter(camera: { id: string }, { states, metrics, calibrationVersion }: Options): Reporter {
  const counted = metrics.reading();
  let latest: CameraState | undefined;
  let findings: readonly PictureFinding[] = [];
  let trouble: ModelTrouble | undefined;
  let spoiltBy: string | undefined;
  let turnedAtMs = 0;
  let model: string | undefined;
  let input: string | undefined;
  let looked = 0;

  const tell = () => {
    if (latest === undefined) return;
    const isUp = latest.state === 'live' || latest.state === 'degraded';
    const state = {
      ...latest,
      looked,
      ...(input === undefined ? {} : { input }),
      ...(isUp && findings.length > 0 ? shown(findings, calibrationVersion()) : {}),
    };
    if (latest.state !== 'live') return states.report(state);
    // A live camera with such a trouble is no better than degraded, from when that began.
    const spoilt = pictureTrouble(findings) ?? modelTrouble(trouble);
    if (spoilt?.reason !== spoiltBy) turnedAtMs = Date.now();
    spoiltBy = spoilt?.reason;
    const since = turnedAtMs > latest.sinceMs ? { sinceMs: turnedAtMs, reasonSinceMs: turnedAtMs } : {};
    states.report({ ...state, ...since, ...spoilt });
  };
  return {
    state(state) {
      latest = { ...state, camera: camera.id };
      counted(state);
      tell();
    },
    findings(next) {
      const hasChanged = namesOf(next) !== namesOf(findings);
      findings = next;
      if (hasChanged) tell();
    },
    frame(outcome) {
      metrics.looks.inc({ outcome });
      if (outcome === 'looked') looked++;
    },
    lane(lane, size) {
      if (isLane(lane)) model = lane.detector.manifest.name;
      const next = isLane(lane) ? undefined : lane;
      if (next?.code === trouble?.code && size === input) return;
      trouble = next;
      input = size;
      tell();
    },
    model: () => model,
  };
}

function namesOf(findings: readonly PictureFinding[]): string {
  return findings.map(({ finding, isBlind, hasProof }) => `${finding} ${isBlind} ${hasProof}`).join();
}

function shown(findings: readonly PictureFinding[], calibrationVersion: number) {
  const moved = findings.find(({ finding }) => finding === 'moved');
  const isDoubtful = moved !== undefined && calibrationVersion > 0;
  return { picture: [...findings], ...(isDoubtful ? { calibrationDoubtfulSinceMs: moved.sinceMs } : {}) };
}

type Trouble = Pick<CameraState, 'state' | 'reason' | 'message' | 'cure'>;

function modelTrouble(trouble: ModelTrouble | undefined): Trouble | undefined {
  if (trouble === undefined) return undefined;
  const { code, message, cure } = trouble;
  return { state: 'degraded', reason: code, message, cure };
}

/** The first finding that is a reason, in the order of the reasons. */
function pictureTrouble(findings: readonly PictureFinding[]): Trouble | undefined {
  for (const name of Object.keys(REASONS) as (keyof typeof REASONS)[]) {
    if (!findings.some(({ finding }) => finding === name)) continue;
    const reason = REASONS[name];
    return { state: 'degraded', reason, message: MESSAGES[name], cure: FAULTS[reason].cure };
  }
  return undefined;
}
