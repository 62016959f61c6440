/** The committed clips against their truth: what changes in the picture changes inside the boxes. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variantOf } from '#demo/world/rehearse.ts';
import { type ClipTruth, insideBox, isThing } from '#demo/world/truth/clip-truth.ts';
import { CLIPS_DIR, loadTruth, truthPath } from '#demo/world/truth/load.ts';
import { MISFIT_MAX_M, misfitM } from '#demo/world/truth/misfit.ts';
import type { VariantId } from '#demo/world/view.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';
import { clipFrames } from '#test/bench/judging/footage.ts';

const clips = existsSync(CLIPS_DIR) ? readdirSync(CLIPS_DIR).filter((name) => name.endsWith('.mp4')) : [];
if (clips.length === 0) console.log('skipped: demo/clips has no clips yet');

describe.skipIf(clips.length === 0)('the truth of a committed clip', () => {
  it('is there for every clip, as long as its loop, with feet under their boxes', () => {
    for (const view of VIEWS) {
      for (const { id, seconds } of view.variants) {
        if (!clips.includes(`${view.id}-${id}.mp4`)) continue;
        expect(existsSync(truthPath(view.id, id)), `${view.id}-${id}`).toBe(true);
        const truth = loadTruth(view, id);
        expect(truth.frames.length).toBe(seconds * truth.fps);
        expect(variantOf(view, id).seconds).toBe(seconds);
        expect(misfitM(view, truth) ?? 0).toBeLessThan(MISFIT_MAX_M);
      }
    }
  });

  // By day and without rain nothing else moves.
  it.each(clips.filter((name) => /^(crossing|shops|avenue)-busy/.test(name)))(
    'of %s lies where the picture moves',
    async (name) => {
      const [, view = '', variant = ''] = /^(.*)-(\w+)\.mp4$/.exec(name) ?? [];
      const truth = loadTruth(viewOf(view), variant as VariantId);
      const { inside, outside } = await changes(resolve(CLIPS_DIR, name), truth);
      expect(inside).toBeGreaterThan(4 * outside);
    },
  );
});

const STEP = 5;

/** Mean change of a pixel's brightness from frame 40 to 45, inside the boxes of what moves and elsewhere. */
async function changes(path: string, truth: ClipTruth): Promise<{ inside: number; outside: number }> {
  const pictures: Buffer[] = [];
  let [width, height] = [0, 0];
  for await (const { index, av } of clipFrames(path)) {
    if (index - 1 === 40 || index - 1 === 40 + STEP) {
      [width, height] = [av.width, av.height];
      pictures.push(av.toBuffer().subarray(0, width * height));
    }
    if (index - 1 === 40 + STEP) break;
  }
  const mask = new Uint8Array(width * height);
  for (const frame of [40, 40 + STEP]) {
    for (const agent of (truth.frames[frame] ?? []).filter(isThing)) {
      const [x, y, w, h] = insideBox(agent.box) ?? [0, 0, 0, 0];
      for (let row = Math.floor(y * height); row < Math.min(height, (y + h) * height); row++)
        mask.fill(agent.stays ? 2 : 1, row * width + Math.floor(x * width), row * width + Math.ceil((x + w) * width));
    }
  }
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  for (let at = 0; at < mask.length; at++) {
    sums[mask[at]!]! += Math.abs(pictures[0]![at]! - pictures[1]![at]!);
    counts[mask[at]!]! += 1;
  }
  return { inside: sums[1]! / counts[1]!, outside: sums[0]! / counts[0]! };
}
