import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lane, openLane } from '#ingest/pipeline/lane.ts';
import { readSource } from '#ingest/read/read-source.ts';
import type { Frame } from '#ingest/sight.ts';
import { resolveModel } from '#models/catalog/resolve.ts';
import { openDetector } from '#models/detectors/open.ts';
import { loadConfig, ROOT_DIR } from '#system/config.ts';

describe('turns before a detector that is apart', () => {
  let lane: Lane;
  let frame: Frame;
  beforeAll(async () => {
    const { modelsDir, materialDir } = loadConfig();
    lane = openLane(
      await openDetector({ ...resolveModel({ name: 'eyes-nano', modelsDir, materialDir }), isApart: true }),
    );
    const stopping = new AbortController();
    const source = { kind: 'file' as const, path: resolve(ROOT_DIR, 'demo/clips/crossing-main.mp4'), isLooped: false };
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

  const turns: string[] = [];
  const look = async (camera: string, capturedAtMs: number, isOvertaken?: () => boolean) => {
    const found = await lane.look(frame.av, { scoreMin: 0.3, camera, capturedAtMs, isOvertaken });
    turns.push(found === undefined ? `${camera} let go` : camera);
    return found;
  };

  it('go to the newest picture first where all waited alike', async () => {
    turns.length = 0;
    const found = await Promise.all([look('a', 5), look('b', 1), look('c', 3), look('d', 2)]);
    // Whoever comes first finds nobody before it.
    expect(turns).toEqual(['a', 'c', 'd', 'b']);
    expect(found[0]!.length).toBeGreaterThan(0);
    expect(found[3]).toEqual(found[0]);
  });

  it('are given up by pictures that a later one overtook, and kept by whoever comes with the later one', async () => {
    // The lane has come to its end behind the test before.
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    turns.length = 0;
    let isLater = false;
    const first = look('a', 10);
    const overtaken = look('c', 11, () => isLater).then(async (found) => {
      expect(found).toBeUndefined();
      await look('c', 20);
    });
    const other = look('b', 12);
    isLater = true;
    await Promise.all([first, overtaken, other]);
    expect(turns).toEqual(['a', 'c let go', 'c', 'b']);
  });

  it('are told when they come, and not given to a picture that was overtaken before it came', async () => {
    const told: string[] = [];
    const turn = (camera: string, isOvertaken: () => boolean) =>
      lane.look(frame.av, {
        ...{ scoreMin: 0.3, camera, capturedAtMs: 30, isOvertaken },
        begin: () => told.push(camera),
      });
    const found = await Promise.all([turn('a', () => false), turn('b', () => true)]);
    expect([found[0] !== undefined, found[1]]).toEqual([true, undefined]);
    expect(told).toEqual(['a']);
  });

  it('come to everybody in time, however many newer pictures others have', async () => {
    const stopping = new AbortController();
    let capturedAtMs = 100;
    let starved = 0;
    await look('slow', 0);
    const busy = ['x', 'y', 'z'].map(async (camera) => {
      while (!stopping.signal.aborted) {
        await look(camera, capturedAtMs++);
        starved++;
      }
    });
    await look('slow', 1);
    stopping.abort();
    await Promise.all(busy);
    expect(starved).toBeGreaterThan(3);
  });

  it('leave the thread that reads cameras free while the detector computes', async () => {
    let [ticks, longestMs, lastMs] = [0, 0, performance.now()];
    const timer = setInterval(() => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs);
      lastMs = nowMs;
      ticks++;
    }, 1);
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: 6 }, (_, index) => look(`t${index}`, index)));
    clearInterval(timer);
    const tookMs = performance.now() - beganMs;
    // As many as there were calls was all that it had when calls blocked it.
    expect(ticks).toBeGreaterThan(tookMs / 20);
    expect(longestMs).toBeLessThan(tookMs / 4);
  });

  it('end without a thread left', async () => {
    const { modelsDir, materialDir } = loadConfig();
    const found = resolveModel({ name: 'eyes-nano', modelsDir, materialDir });
    const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
    const before = threads();
    const other = openLane(await openDetector({ ...found, isApart: true }));
    const waiting = [1, 2, 3].map((at) => other.look(frame.av, { scoreMin: 0.3, camera: `w${at}`, capturedAtMs: at }));
    const outcomes = Promise.allSettled(waiting);
    await other[Symbol.asyncDispose]();
    expect((await outcomes).some(({ status }) => status === 'rejected')).toBe(true);
    expect(threads()).toBe(before);
  });
});
