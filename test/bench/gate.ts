/**
 * What the gate saves and what it costs: node test/bench/gate.ts
 *
 * A quiet 1080p25 camera (noise, keyframe every 2 s, full look every 10 s) with the gate and without, inference in both;
 * goal: at most 1/15. And the share of the tracks of the ungated run that the gated one finds on footage that moves now
 * and then; goal: at least 99 %.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { readSource } from '#ingest/read/read-source.ts';
import { createReading } from '#ingest/read/reading.ts';
import { createTracker, lowScoreMin } from '#ingest/track/tracker.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { openDetector } from '#models/detectors/open.ts';
import type { Box } from '#models/schema/detection.ts';
import { loadConfig } from '#system/config.ts';
import { cpuMs, machine, writeLongStream, writeSparseFootage } from './judging/streams.ts';

const SCORE_MIN = 0.5;

type Seen = { atMs: number; box: Box };
type Run = {
  cpuMs: number;
  /** From the first word of quiet on: what a camera costs that has been quiet for long. */
  steadyCpuMs: number;
  steadyS: number;
  tracks: Map<string, Seen[]>;
  reading: ReturnType<typeof createReading>;
};

async function run(path: string, detector: Detector, isGated: boolean): Promise<Run> {
  const reading = createReading();
  const tracker = createTracker({ scoreMin: SCORE_MIN });
  const tracks = new Map<string, Seen[]>();
  let steadyFrom: { cpu: NodeJS.CpuUsage; atMs: number } | undefined;
  let firstMs: number | undefined;
  let atMs = 0;
  const source = { kind: 'file', path, isLooped: false } as const;
  const options = { signal: new AbortController().signal, sampleFps: 5, fullLookIntervalS: 10, isGated, reading };
  const spent = await cpuMs(async () => {
    for await (const sight of readSource(source, options)) {
      const capturedAtMs = sight.type === 'frame' ? sight.frame.capturedAtMs : sight.capturedAtMs;
      firstMs ??= capturedAtMs;
      atMs = capturedAtMs - firstMs;
      if (sight.type === 'quiet') steadyFrom ??= { cpu: process.cpuUsage(), atMs };
      if (sight.type === 'lost') continue;
      for (const { track, box } of await follow(sight)) {
        tracks.set(track, [...(tracks.get(track) ?? []), { atMs, box }]);
      }
    }
  });
  async function follow(sight: Parameters<typeof isFrame>[0]) {
    if (!isFrame(sight)) return tracker.hold(atMs);
    using frame = sight.frame;
    const [found = []] = await detector.detect([frame.av], { scoreMin: lowScoreMin(SCORE_MIN) });
    return tracker.update(found, { atMs });
  }
  const steady = process.cpuUsage(steadyFrom?.cpu);
  return {
    cpuMs: spent,
    steadyCpuMs: steadyFrom === undefined ? spent : (steady.user + steady.system) / 1000,
    steadyS: (atMs - (steadyFrom?.atMs ?? 0)) / 1000,
    tracks,
    reading,
  };
}

type AnySight = { type: 'frame'; frame: import('#ingest/sight.ts').Frame } | { type: 'quiet' | 'lost' };
const isFrame = (sight: AnySight): sight is Extract<AnySight, { type: 'frame' }> => sight.type === 'frame';

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}

/** A track is found when a gated one lies on it (IoU 0.5) at one look of the same time at least. */
export function isFound(track: readonly Seen[], gated: Map<string, Seen[]>): boolean {
  for (const seen of gated.values()) {
    for (const { atMs, box } of track) {
      if (seen.some((other) => Math.abs(other.atMs - atMs) <= 110 && overlap(other.box, box) >= 0.5)) return true;
    }
  }
  return false;
}

export async function measureGate({ quietS = 180 } = {}) {
  const { materialDir, modelsDir } = loadConfig();
  await using detector = await openDetector(resolveModel({ name: '', materialDir, modelsDir }));
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-bench-'));
  try {
    const quiet = resolve(folder, 'quiet.h264');
    const shape = { width: 1920, height: 1080, fps: 25, gopS: 2, scene: 'still-noise', seed: 1, noise: 2 } as const;
    await writeLongStream(quiet, Math.round(quietS / 20), { ...shape, seconds: 20 });
    const [open, gated] = [await run(quiet, detector, false), await run(quiet, detector, true)];
    const sparse = resolve(folder, 'sparse.h264');
    const campus = resolve(materialDir, 'footage/campus.mp4');
    await writeSparseFootage(campus, sparse, { stillS: 10, movingS: 6, turns: 6, noise: 2 });
    const [all, some] = [await run(sparse, detector, false), await run(sparse, detector, true)];
    const found = [...all.tracks.values()].filter((track) => isFound(track, some.tracks));
    return { open, gated, all, some, tracks: all.tracks.size, found: found.length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { open, gated, all, some, tracks, found } = await measureGate();
  const perS = (spent: Run) => spent.steadyCpuMs / spent.steadyS;
  console.log(`${machine()}; quiet 1080p25, a keyframe every 2 s, a full look every 10 s`);
  console.log(`gate off: ${perS(open).toFixed(1)} ms CPU per second of video`);
  console.log(
    `gate on: ${perS(gated).toFixed(1)} ms once it has closed = 1/${(perS(open) / perS(gated)).toFixed(1)} (goal: 1/15); ` +
      `over all, learning included: 1/${(open.cpuMs / gated.cpuMs).toFixed(1)}; ` +
      `${gated.reading.gateOpenings} openings, ${gated.reading.fullLooks} full looks`,
  );
  const share = (spent: Run) => (spent.reading.skipped / spent.reading.packets) * 100;
  console.log(
    `sparse motion: ${found} of ${tracks} tracks found = ${((found / tracks) * 100).toFixed(1)} % (goal: 99 %); ` +
      `${share(some).toFixed(0)} % not decoded, ${(some.cpuMs / all.cpuMs).toFixed(2)} of the CPU; ` +
      `${some.tracks.size} tracks`,
  );
}
