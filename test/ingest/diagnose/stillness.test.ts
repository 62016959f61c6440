import { beforeEach, describe, expect, it } from 'vitest';
import { randomStream } from '#demo/world/random.ts';
import type { SmallPicture } from '#ingest/diagnose/small-picture.ts';
import { type StillnessWatch, watchStillness } from '#ingest/diagnose/stillness.ts';

const [COLUMNS, ROWS] = [320, 180];

/** A scene of slopes; `noise` levels up and down, and a clock in the corner that shows `second`. */
function scene({ second = 0, noise = 0 }: { second?: number; noise?: number }): SmallPicture {
  const random = randomStream(second + 1, 'sensor');
  const luma = Uint8Array.from({ length: COLUMNS * ROWS }, (_, at) => {
    const [x, y] = [at % COLUMNS, Math.floor(at / COLUMNS)];
    if (y < 12 && x < 180) return (x >> 3) % 10 < second % 10 ? 235 : 20;
    return 90 + ((x + 2 * y) % 64) + Math.round((2 * random() - 1) * noise);
  });
  return { columns: COLUMNS, rows: ROWS, luma, colour: 5 };
}

let watch: StillnessWatch;
beforeEach(() => {
  watch = watchStillness();
});

describe('the watch over stillness', () => {
  it('counts seconds and keyframes of a picture that stands still behind a running clock', () => {
    const seen = [0, 1, 2, 3, 4].map((second) =>
      watch.see(scene({ second }), { atS: second, keyframes: second, checksum: second }),
    );
    expect(seen.at(-1)).toMatchObject({ alike: 1, forS: 4, keyframes: 4, isBytewise: false });
  });

  it('says that keyframes are the same byte by byte', () => {
    for (const atS of [0, 2]) watch.see(scene({}), { atS, keyframes: atS, checksum: 77 });
    expect(watch.see(scene({}), { atS: 4, keyframes: 4, checksum: 77 }).isBytewise).toBe(true);
    expect(watch.see(scene({}), { atS: 6, keyframes: 6, checksum: 78 }).isBytewise).toBe(false);
  });

  it('begins anew when the noise of a sensor is in the picture, and measures it', () => {
    const seen = [0, 1, 2].map((second) =>
      watch.see(scene({ second, noise: 6 }), { atS: second, keyframes: second, checksum: 1 }),
    );
    expect(seen.at(-1)).toMatchObject({ forS: 0 });
    // Even noise of ±6 has a deviation of 3.5; its differences are triangular, so the median says a little more.
    expect(seen.at(-1)?.noise).toBeGreaterThan(3);
    expect(seen.at(-1)?.noise).toBeLessThan(4.5);
  });

  it('begins anew when a thing has come', () => {
    watch.see(scene({}), { atS: 0, keyframes: 0, checksum: 1 });
    const changed = scene({});
    for (let row = 60; row < 90; row++) changed.luma.fill(30, row * COLUMNS + 100, row * COLUMNS + 140);
    expect(watch.see(changed, { atS: 9, keyframes: 5, checksum: 1 })).toMatchObject({ forS: 0, keyframes: 0 });
  });
});
