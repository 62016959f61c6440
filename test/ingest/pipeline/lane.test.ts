import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lane, openLane } from '#ingest/pipeline/lane.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { Frame } from '#ingest/sight.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig } from '#system/config.ts';

const config = loadConfig();
const footage = resolve(config.materialDir, 'footage/avenue.mp4');
const model = resolve(config.materialDir, 'models/yolox_nano.onnx');
const isMaterialThere = existsSync(footage) && existsSync(model);
if (!isMaterialThere) console.log(`skipped: ${footage} or ${model} is absent, so there is nothing to detect with`);

describe.skipIf(!isMaterialThere)('lane', () => {
  let lane: Lane;
  let frame: Frame;
  const batches: number[] = [];

  beforeAll(async () => {
    const found = resolveModel({ name: 'yolox-nano', modelsDir: config.modelsDir, materialDir: config.materialDir });
    lane = openLane(await openDetector(found), { onBatch: ({ frames }) => batches.push(frames) });
    const source = { kind: 'file' as const, path: footage, isLooped: false };
    const stopping = new AbortController();
    for await (const sight of readSource(source, { signal: stopping.signal, isGated: false })) {
      if (sight.type !== 'frame') continue;
      frame = sight.frame;
      break;
    }
    stopping.abort();
  });
  afterAll(async () => {
    frame?.[Symbol.dispose]();
    await lane?.[Symbol.asyncDispose]();
  });

  it('gives every camera its turn, however many frames another one has', async () => {
    const turns: string[] = [];
    const camera = async (name: string, frames: number) => {
      for (let count = 0; count < frames; count++) {
        await lane.detect(frame.av, { scoreMin: 0.3 });
        turns.push(name);
      }
    };
    await Promise.all([camera('a', 6), camera('b', 3), camera('c', 3)]);
    expect(turns.slice(0, 9).join('')).toBe('abcabcabc');
    expect(batches.reduce((sum, frames) => sum + frames, 0)).toBe(12);
  });

  it('hands out no detection below the score that was asked for', async () => {
    const [low, high] = await Promise.all([
      lane.detect(frame.av, { scoreMin: 0.1 }),
      lane.detect(frame.av, { scoreMin: 0.6 }),
    ]);
    expect(low.length).toBeGreaterThan(high.length);
    expect(high.every(({ score }) => score >= 0.6)).toBe(true);
  });

  it('lets other work have the thread between two frames', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await Promise.all(Array.from({ length: 5 }, () => lane.detect(frame.av, { scoreMin: 0.3 })));
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(3);
  });

  it('refuses what still waits when it is closed', async () => {
    const found = resolveModel({ name: 'yolox-nano', modelsDir: config.modelsDir, materialDir: config.materialDir });
    const other = openLane(await openDetector(found));
    const asked = Array.from({ length: 3 }, () => other.detect(frame.av, { scoreMin: 0.3 }));
    const outcomes = Promise.allSettled(asked);
    await other[Symbol.asyncDispose]();
    expect((await outcomes).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    await expect(other.detect(frame.av, { scoreMin: 0.3 })).rejects.toThrow('closed');
  });
});
