/**
 * What reading costs above the bare work: node test/bench/decode.ts
 *
 * One 1080p25 camera, everything decoded, 5 frames a second through the detector; against a bare decode loop and a bare
 * inference loop over the same frames, in the same run. Goal: at most 1.15.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { type Frame as AvFrame, Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';
import { readSource } from '#ingest/read/read-source.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import type { Detector } from '#models/detectors/detector.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig } from '#system/config.ts';
import { cpuMs, machine, median, writeLongStream } from './judging/streams.ts';

const SAMPLE_EVERY = 5;
const ROUNDS = 3;

/** Decodes all of it, one thread, and gives every fifth picture to `take`, which may keep it. */
async function bareDecode(path: string, take: (picture: AvFrame) => boolean): Promise<void> {
  const input = new FormatContext();
  await input.openInput(path);
  await input.findStreamInfo(null);
  const stream = input.streams[input.findBestStream(AVMEDIA_TYPE_VIDEO)]!;
  const codec = Codec.findDecoder(stream.codecpar.codecId)!;
  const context = new CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.threadCount = 1;
  await context.open2(codec);
  const packet = new Packet();
  packet.alloc();
  let frame: AvFrame | undefined;
  let count = 0;
  for (let isOver = false; !isOver; ) {
    isOver = input.readFrameSync(packet) < 0;
    context.sendPacketSync(isOver ? null : packet);
    packet.unref();
    for (;;) {
      if (frame === undefined) {
        frame = new Frame();
        frame.alloc();
      }
      if (context.receiveFrameSync(frame) < 0) break;
      if (count++ % SAMPLE_EVERY === 0 && take(frame)) frame = undefined;
      else frame.unref();
    }
  }
  frame?.free();
  packet.free();
  context.freeContext();
  await input.closeInput();
}

async function bareInference(frames: readonly AvFrame[], detector: Detector): Promise<void> {
  for (const frame of frames) await detector.detect([frame]);
}

async function pipeline(path: string, detector: Detector): Promise<number> {
  const source = { kind: 'file', path, isLooped: false } as const;
  let looked = 0;
  for await (const sight of readSource(source, {
    signal: new AbortController().signal,
    sampleFps: 25 / SAMPLE_EVERY,
  })) {
    if (sight.type !== 'frame') continue;
    using frame = sight.frame;
    await detector.detect([frame.av]);
    looked++;
  }
  return looked;
}

/** The ratio, and the milliseconds it is made of, each the median of several rounds. */
export async function measureReading(seconds = 16) {
  const { materialDir, modelsDir } = loadConfig();
  await using detector = await openDetector(resolveModel({ name: '', materialDir, modelsDir }));
  const folder = mkdtempSync(resolve(tmpdir(), 'sharp-eyes-bench-'));
  try {
    const path = resolve(folder, 'moving.h264');
    const shape = { width: 1920, height: 1080, fps: 25, gopS: 2, scene: 'moving-box', seed: 1, noise: 2 } as const;
    await writeLongStream(path, Math.max(1, Math.round(seconds / 8)), { ...shape, seconds: 8 });
    const kept: AvFrame[] = [];
    await bareDecode(path, (picture) => kept.push(picture) > 0);
    await bareInference(kept.slice(0, 5), detector);
    const rounds: { decodeMs: number; inferenceMs: number; pipelineMs: number }[] = [];
    let looked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const decodeMs = await cpuMs(() => bareDecode(path, () => false));
      const inferenceMs = await cpuMs(() => bareInference(kept, detector));
      const pipelineMs = await cpuMs(async () => {
        looked = await pipeline(path, detector);
      });
      rounds.push({ decodeMs, inferenceMs, pipelineMs });
    }
    const frames = kept.length;
    for (const frame of kept) frame.free();
    if (looked !== frames) throw new Error(`the pipeline looked at ${looked} frames, the bare loop at ${frames}`);
    const of = (name: 'decodeMs' | 'inferenceMs' | 'pipelineMs') => median(rounds.map((round) => round[name]));
    const ratio = median(rounds.map((round) => round.pipelineMs / (round.decodeMs + round.inferenceMs)));
    return {
      ratio,
      frames,
      model: detector.manifest.name,
      decodeMs: of('decodeMs'),
      inferenceMs: of('inferenceMs'),
      pipelineMs: of('pipelineMs'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const result = await measureReading();
  const { ratio, frames, decodeMs, inferenceMs, pipelineMs, model } = result;
  console.log(`${machine()}; 1080p25, ${frames} frames at 5 a second, ${model}`);
  console.log(`bare decode ${decodeMs.toFixed(0)} ms + bare inference ${inferenceMs.toFixed(0)} ms CPU`);
  console.log(`pipeline ${pipelineMs.toFixed(0)} ms CPU = ${ratio.toFixed(3)} of both (goal: at most 1.15)`);
}
