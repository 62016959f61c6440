/** A clip through tracker, placer and engine: with the detector's looks, or with the truth in their place. */
import { createPlacer } from '#analytics/place/placer.ts';
import { createEngine } from '#analytics/rules/engine.ts';
import type { Firing } from '#analytics/rules/firing.ts';
import { type Look, lookOf, type Seen } from '#analytics/rules/look.ts';
import { insideBox, isThing } from '#demo/world/truth/clip-truth.ts';
import { createTracker } from '#ingest/track/tracker.ts';
import type { DetectionMessage } from '#models/schema/detection.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import { calibrated } from '../calibrated.ts';
import type { ScoredClip } from '../clips.ts';
import { LOOKS_PER_S, type LookedFrame } from '../infer.ts';

/** A Tuesday at noon by the city's clock: clips have no time of their own. */
export const CLIP_BEGINS_MS = Date.parse('2026-11-10T12:00:00+08:00');
const LOOK_MS = 1000 / LOOKS_PER_S;

export function runClip(clip: ScoredClip, rule: RuleDraft, looks: Iterable<Look>): Firing[] {
  const engine = createEngine({ zone: 'Asia/Shanghai' });
  engine.setCamera(clip.view.id, { name: clip.view.name, areaPath: ['_', '_', '_', '_', '_'] });
  engine.setCalibration(clip.view.id, calibrated(clip.view));
  const { state, message } = engine.setRule({ ...rule, version: 1, updatedAtMs: 0, updatedBy: 'score' });
  if (state !== 'active') throw new Error(`${rule.id} is ${state}: ${message}`);
  return [...looks].flatMap((look) => engine.look(look)).filter(({ phase }) => phase === 'begin');
}

/** What the detector found, tracked and placed as the pipeline does it. */
export function* foundLooks(clip: ScoredClip, frames: readonly LookedFrame[], scoreMin: number): Generator<Look> {
  const placer = createPlacer({ areCellsWanted: false });
  placer.setCalibration(clip.view.id, calibrated(clip.view));
  const tracker = createTracker({ scoreMin });
  for (const { frame, detections } of frames) {
    const atMs = CLIP_BEGINS_MS + (frame * 1000) / clip.truth.fps;
    const sightings = tracker
      .update(detections, { atMs })
      .map(({ track, kind, score, box, isHeld }) => ({ track, kind, score, box, isHeld, presenceMs: LOOK_MS }));
    yield lookOf(placer.place({ ...headOf(clip, frame, atMs), sightings }));
  }
}

/** Where things truly are, on the ground as well. */
export function* trueLooksOf(clip: ScoredClip): Generator<Look> {
  const { frames, fps } = clip.truth;
  const step = Math.round(fps / LOOKS_PER_S);
  for (let frame = 0; frame < frames.length; frame += step) {
    const atMs = CLIP_BEGINS_MS + (frame * 1000) / fps;
    const seen = frames[frame]!.filter(isThing).flatMap((agent): Seen[] => {
      const box = insideBox(agent.box);
      if (box === undefined) return [];
      const place = { lon: agent.lon, lat: agent.lat, errorM: 0.1, varianceM2: 0.01 };
      return [{ track: `true${agent.id}`, kind: agent.kind, score: 1, box, isHeld: false, place }];
    });
    const { looks: _looks, version: _version, ...head } = headOf(clip, frame, atMs);
    yield { ...head, isWatched: true, calibrationVersion: 1, seen };
  }
}

function headOf({ view }: ScoredClip, frame: number, atMs: number): Omit<DetectionMessage, 'sightings'> {
  const times = { capturedAtMs: atMs, receivedAtMs: atMs, watchedFromMs: atMs, watchedToMs: atMs + LOOK_MS };
  const who = { camera: view.id, revision: 1, sequence: frame, id: `${view.id}:1:${frame}` };
  return { version: 1, ...who, ...times, areaPath: ['_', '_', '_', '_', '_'], model: 'score', looks: 1 };
}
