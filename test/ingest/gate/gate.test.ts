/** The gate on clips: closed while nothing moves, open whenever something does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { liveFrames } from '#ingest/decode/frame.ts';
import { type ReadOptions, readSource } from '#ingest/read/read-source.ts';
import { createReading } from '#ingest/read/reading.ts';
import type { Sight } from '#ingest/sight.ts';
import { makeClips } from '#test/ingest/clips.ts';

const SHAPE = { codec: 'h264', width: 320, height: 180, fps: 25, gopS: 2, seed: 5 } as const;
const clips = makeClips();
afterAll(() => clips[Symbol.dispose]());

type Told = { type: Sight['type']; atS: number };

async function read(path: string, options: Partial<ReadOptions> = {}) {
  const reading = createReading();
  const told: Told[] = [];
  let firstMs: number | undefined;
  const source = { kind: 'file', path, isLooped: false } as const;
  const defaults = { signal: new AbortController().signal, sampleFps: 5, isGated: true, fullLookIntervalS: 8, reading };
  for await (const sight of readSource(source, { ...defaults, ...options })) {
    const capturedAtMs = sight.type === 'frame' ? sight.frame.capturedAtMs : sight.capturedAtMs;
    if (sight.type === 'frame') sight.frame[Symbol.dispose]();
    firstMs ??= capturedAtMs;
    told.push({ type: sight.type, atS: (capturedAtMs - firstMs) / 1000 });
  }
  return { reading, told };
}

describe('the gate of a still, noisy scene', () => {
  let path: string;
  beforeAll(async () => {
    path = await clips.write('still.mp4', { ...SHAPE, scene: 'still-noise', seconds: 60, noise: 3 });
  });

  it('closes, skips nearly everything, and counts what it skipped', async () => {
    const { reading } = await read(path);
    expect(reading.decoded + reading.skipped).toBe(reading.packets);
    expect(reading.skipped).toBeGreaterThan(reading.packets * 0.75);
    expect(reading.gateOpenings).toBeLessThanOrEqual(2);
    expect(liveFrames()).toBe(0);
  });

  it('hands on a full look in every interval, and says every five seconds that it is quiet', async () => {
    const { told } = await read(path);
    const frames = told.filter((sight) => sight.type === 'frame').map((sight) => sight.atS);
    const gaps = frames.slice(1).map((atS, index) => atS - frames[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(8 + 2.1);
    const all = told.map((sight) => sight.atS);
    const silences = all.slice(1).map((atS, index) => atS - all[index]!);
    expect(Math.min(...silences)).toBeGreaterThan(0);
    expect(Math.max(...silences)).toBeLessThanOrEqual(5.1);
    expect(told.filter((sight) => sight.type === 'quiet').length).toBeGreaterThan(5);
  });

  it('stays open while somebody watches', async () => {
    const { reading } = await read(path, { isWatched: () => true });
    expect(reading).toMatchObject({ skipped: 0, decoded: reading.packets, gateOpenings: 0 });
  });

  it('opens again when somebody begins to watch', async () => {
    const reading = createReading();
    const { told } = await read(path, { reading, isWatched: () => reading.packets > 750 });
    expect(told.filter((sight) => sight.atS > 32 && sight.type === 'frame').length).toBeGreaterThan(130);
  });

  it('opens with the newest picture alone where nobody has time for those before it', async () => {
    const frames = async (hasTime: boolean) => {
      const reading = createReading();
      const { told } = await read(path, {
        reading,
        isWatched: () => reading.packets > 790,
        mayReplay: () => hasTime,
      });
      const seen = told.filter((sight) => sight.type === 'frame').map((sight) => sight.atS);
      return {
        before: seen.filter((atS) => atS > 25 && atS < 31.4).length,
        after: seen.filter((atS) => atS > 32).length,
      };
    };
    const [replayed, alone] = [await frames(true), await frames(false)];
    expect(replayed.before).toBeGreaterThan(alone.before + 2);
    expect(alone.before).toBeLessThanOrEqual(1);
    expect(alone.after).toBe(replayed.after);
  });

  it('is not there when it is switched off', async () => {
    const { reading, told } = await read(path, { isGated: false });
    expect(reading).toMatchObject({ skipped: 0, fullLooks: 0, decoded: reading.packets });
    expect(told).toHaveLength(300);
  });
});

describe.each([
  ['H.264', { codec: 'h264' }],
  ['H.264 with B-frames', { codec: 'h264', bFrames: 2 }],
  ['H.265', { codec: 'h265' }],
  ['much noise', { codec: 'h264', noise: 8 }],
  ['a GOP of ten seconds', { codec: 'h264', gopS: 10 }],
] as const)('the gate of a scene with sparse motion, %s', (_name, more) => {
  it('is open whenever something moves', async () => {
    const path = `${clips.folder}/sparse-${_name.replace(/\W/g, '')}.mp4`;
    const options = { ...SHAPE, width: 256, height: 144, seconds: 50, noise: 2, ...more };
    const truth = await writeClip({ path, ...options, scene: 'sparse-motion' });
    const { reading, told } = await read(path);
    const seen = told.filter((sight) => sight.type === 'frame').map((sight) => sight.atS);
    const there = truth.boxes.flatMap((box, index) => (box === null ? [] : [index / SHAPE.fps]));
    const missed = there.filter((atS) => !seen.some((seenS) => Math.abs(seenS - atS) < 0.21));
    expect(missed.length / there.length).toBeLessThan(0.01);
    expect(reading.skipped).toBeGreaterThan(100);
    expect(liveFrames()).toBe(0);
  });
});
