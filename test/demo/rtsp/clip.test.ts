/** Synthetic clips: the same from the same seed, with motion where they say it is. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { writeClip } from '#demo/rtsp/clip.ts';
import { inspectClip, readClip } from '#demo/rtsp/clip-file.ts';
import { CLIP, openClipFolder } from './clips.ts';

const clips = openClipFolder();
afterAll(() => clips[Symbol.dispose]());

describe('a written clip', () => {
  for (const codec of ['h264', 'h265'] as const) {
    test(`in ${codec} is the same from the same seed and another from another`, async () => {
      const bytes = await Promise.all([
        clips.write(`1.${codec}.mp4`, { codec }),
        clips.write(`2.${codec}.mp4`, { codec }),
        clips.write(`3.${codec}.mp4`, { codec, seed: 8 }),
      ]);
      const [one, two, three] = bytes.map((path) => readFileSync(path));
      expect(one!.equals(two!)).toBe(true);
      expect(one!.equals(three!)).toBe(false);
    });
  }

  test('has the codec, the size, the pictures and the keyframes that were asked for', async () => {
    const clip = await inspectClip(await clips.write('shape.mp4', { codec: 'h265' }));
    expect(clip).toMatchObject({
      codec: 'h265',
      width: CLIP.width,
      height: CLIP.height,
      frameTicks: 90_000 / CLIP.fps,
    });
    const keyframes: number[] = [];
    let pictures = 0;
    for await (const unit of readClip(clip)) {
      if (unit.isKeyframe) keyframes.push(pictures);
      pictures += 1;
    }
    expect([pictures, keyframes]).toEqual([30, [0, 10, 20]]);
  });

  test('with sparse motion is quiet but for its crossings, and its packets show both', async () => {
    const path = clips.file('sparse.mp4');
    const truth = await writeClip({ ...CLIP, path, fps: 10, seconds: 9, gopS: 2, scene: 'sparse-motion' });
    const sizes = { quiet: [] as number[], busy: [] as number[] };
    let at = 0;
    for await (const unit of readClip(await inspectClip(path))) {
      if (!unit.isKeyframe) (truth.boxes[at] === null ? sizes.quiet : sizes.busy).push(unit.bytes);
      at += 1;
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    expect(truth.boxes.filter((box) => box !== null)).toHaveLength(40);
    expect(median(sizes.busy)).toBeGreaterThan(1.5 * median(sizes.quiet));
  });
});
