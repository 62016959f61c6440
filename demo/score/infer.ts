/** What the real detector finds in a clip: each sampled frame is looked at once and remembered. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readSource } from '#ingest/read/read-source.ts';
import { lowScoreMin } from '#ingest/track/tracker.ts';
import type { Detector } from '#models/detectors/detector.ts';
import type { Box, Detection } from '#models/schema/detection.ts';
import { KINDS } from '#models/schema/kind.ts';

/** As the pipeline samples a camera where something moves. */
export const LOOKS_PER_S = 5;

export type LookedFrame = { frame: number; detections: Detection[] };

/** Detections down to what the tracker wants, or `scoreMin`, frame by frame; of the whole clip, or until so many seconds of it. */
export async function lookAtClip(
  detector: Detector,
  file: string,
  fps: number,
  {
    untilS = Number.POSITIVE_INFINITY,
    scoreMin = lowScoreMin(detector.manifest.scoreMin),
  }: { untilS?: number; scoreMin?: number } = {},
): Promise<LookedFrame[]> {
  const looked: LookedFrame[] = [];
  const { signal } = new AbortController();
  const source = { kind: 'file', path: file, isLooped: false } as const;
  for await (const sight of readSource(source, { signal, sampleFps: LOOKS_PER_S, isGated: false })) {
    if (sight.type !== 'frame') continue;
    using frame = sight.frame;
    if (frame.t >= untilS) break;
    const [detections = []] = await detector.detect([frame.av], { scoreMin });
    looked.push({ frame: Math.round(frame.t * fps), detections });
  }
  return looked;
}

/** `key`: checksums of what looked and what was looked at. */
export const cachePath = (folder: string, key: string): string => resolve(folder, `${key}.json.gz`);

type PackedFrame = [frame: number, detections: number[]];

/** A fifth of a pixel of 720p. */
const BOX_TICKS = 6400;

export function readLooks(path: string): LookedFrame[] | undefined {
  if (!existsSync(path)) return undefined;
  const packed = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as PackedFrame[];
  return packed.map(([frame, numbers]) => ({ frame, detections: unpack(numbers) }));
}

export function writeLooks(path: string, looked: readonly LookedFrame[]): void {
  const packed = looked.map(
    ({ frame, detections }): PackedFrame => [
      frame,
      detections.flatMap(({ kind, score, box }) => [
        KINDS.indexOf(kind),
        Math.round(score * 1e4),
        ...box.map((value) => Math.round(value * BOX_TICKS)),
      ]),
    ],
  );
  mkdirSync(resolve(path, '..'), { recursive: true });
  writeFileSync(`${path}.${process.pid}.part`, gzipSync(JSON.stringify(packed)));
  renameSync(`${path}.${process.pid}.part`, path);
}

function unpack(numbers: readonly number[]): Detection[] {
  const detections: Detection[] = [];
  for (let at = 0; at < numbers.length; at += 6) {
    const [kind, score, ...box] = numbers.slice(at, at + 6) as [number, number, ...Box];
    detections.push({ kind: KINDS[kind]!, score: score / 1e4, box: box.map((value) => value / BOX_TICKS) as Box });
  }
  return detections;
}
