import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { likeness, lossOf, type Orientation, orientationOf } from '#ingest/diagnose/orientation.ts';
import { bestShift } from '#ingest/diagnose/shift.ts';
import type { SmallPicture } from '#ingest/diagnose/small-picture.ts';
import { ROOT_DIR } from '#system/config.ts';
import { smallPictures } from '#test/bench/judging/small-pictures.ts';

const clip = (name: string) => resolve(ROOT_DIR, `demo/clips/${name}.mp4`);

/** The field of the first picture, or of what a filter makes of it. */
async function fieldOf(name: string, filter?: string): Promise<Orientation> {
  const [picture] = await smallPictures(clip(name), { count: 1, ...(filter === undefined ? {} : { filter }) });
  return orientationOf(picture as SmallPicture);
}

let yard: Orientation;
beforeAll(async () => {
  yard = await fieldOf('yard-rain');
});

describe('fields of edges', () => {
  it('of one view are alike whatever the light, those of two views are not', async () => {
    expect(likeness(yard, yard)).toBeCloseTo(1);
    expect(likeness(yard, await fieldOf('yard-rain', 'negate'))).toBeGreaterThan(0.95);
    expect(likeness(yard, await fieldOf('yard-rain', 'eq=brightness=-0.25:contrast=0.6'))).toBeGreaterThan(0.85);
    expect(likeness(yard, await fieldOf('yard-night'))).toBeGreaterThan(0.35);
    expect(Math.abs(likeness(yard, await fieldOf('market-rain')))).toBeLessThan(0.15);
  });

  it.each([
    { x: 24, y: 0 },
    { x: -40, y: 16 },
    { x: 120, y: -56 },
  ])('shifted by $x and $y pixels of 1280 are found where they went', async ({ x, y }) => {
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const size = `crop=iw-${Math.abs(x)}:ih-${Math.abs(y)}:${Math.max(0, -x)}:${Math.max(0, -y)}`;
    const moved = await fieldOf('yard-rain', `${size},pad=1280:720:${left}:${top}`);
    const found = bestShift(yard, moved, { farFrom: 2 });
    expect(found).toMatchObject({ columns: x / 8, rows: y / 8 });
    expect(found.likeness).toBeGreaterThan(0.5);
    expect(found.likeness).toBeGreaterThan(1.3 * likeness(yard, moved));
  });

  it('say which share of the view is hidden, and that the rest is where it was', async () => {
    const hidden = await fieldOf('yard-rain', 'drawbox=x=0:y=0:w=iw*0.4:h=ih:color=0x303030:t=fill');
    const { lost, kept } = lossOf(yard, hidden);
    expect(lost).toBeGreaterThan(0.25);
    expect(lost).toBeLessThan(0.55);
    expect(kept).toBeGreaterThan(0.9);
    expect(lossOf(yard, yard)).toMatchObject({ lost: 0 });
  });
});
