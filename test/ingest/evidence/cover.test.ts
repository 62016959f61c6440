import { describe, expect, it } from 'vitest';
import { type Cover, coverOf } from '#ingest/evidence/cover.ts';
import type { SeenLook } from '#ingest/evidence/seen.ts';
import type { Box } from '#models/schema/detection.ts';

const CLIP = { fromMs: 10_000, toMs: 20_000 };
const BOX: Box = [0.4, 0.4, 0.1, 0.2];

const look = (atMs: number, box?: Box, more: Partial<SeenLook> = {}): SeenLook => ({
  atMs,
  isQuiet: false,
  tracked: box === undefined ? [] : [{ track: 'track-one', box }],
  loose: [],
  ...more,
});
const every = (stepMs: number, boxAt: (atMs: number) => Box | undefined = () => undefined) =>
  Array.from({ length: 14_000 / stepMs + 1 }, (_, index) => look(8000 + index * stepMs, boxAt(8000 + index * stepMs)));

/** Whether the box is covered altogether at that time. */
function isCovered({ parts, whole }: Cover, atMs: number, [x, y, width, height]: Box): boolean {
  const isNow = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => fromMs <= atMs && atMs <= toMs;
  const encloses = ([left, top, w, h]: Box) => left <= x && top <= y && left + w >= x + width && top + h >= y + height;
  return whole.some(isNow) || parts.some((part) => isNow(part) && encloses(part.box));
}

describe('what a clip must not show', () => {
  it('is a person at every moment between looks, on whichever way', () => {
    const at = (atMs: number): Box => [0.05 + (0.8 * (atMs - 8000)) / 14_000, 0.4, 0.1, 0.2];
    const cover = coverOf(every(200, at), CLIP);
    expect(cover.whole).toEqual([]);
    for (let atMs = 10_000; atMs <= 20_000; atMs += 33) expect(isCovered(cover, atMs, at(atMs))).toBe(true);
  });

  it('is a person before the first and after the last look that found them, and while they were missed', () => {
    const cover = coverOf(
      every(200, (atMs) => (atMs >= 13_000 && atMs <= 17_000 && atMs % 2000 === 1000 ? BOX : undefined)),
      CLIP,
    );
    expect([12_100, 14_000, 16_500, 17_900].map((atMs) => isCovered(cover, atMs, BOX))).toEqual(Array(4).fill(true));
    expect([11_000, 19_000].map((atMs) => isCovered(cover, atMs, BOX))).toEqual([false, false]);
  });

  it('is what the detector was unsure of, though no track came of it', () => {
    const unsure = every(200).map((one) => (one.atMs === 15_000 ? { ...one, loose: [BOX] } : one));
    const cover = coverOf(unsure, CLIP);
    expect([14_600, 15_000, 15_400].map((atMs) => isCovered(cover, atMs, BOX))).toEqual([true, true, true]);
  });

  it('is everything where looks were too far apart, or came to an end', () => {
    const cover = coverOf(
      every(200).filter(({ atMs }) => atMs < 12_000 || (atMs > 15_000 && atMs < 17_000)),
      CLIP,
    );
    expect([13_000, 14_900, 19_500].map((atMs) => isCovered(cover, atMs, BOX))).toEqual([true, true, true]);
    expect([11_000, 16_000].map((atMs) => isCovered(cover, atMs, BOX))).toEqual([false, false]);
    expect(coverOf([], CLIP).whole).toHaveLength(1);
  });

  it('is who stands still, and nothing else, while the gate says that nothing moves', () => {
    const quiet = [8000, 13_000, 18_000, 22_500].map((atMs) => look(atMs, BOX, { isQuiet: true }));
    const cover = coverOf(quiet, CLIP);
    expect(cover.whole).toEqual([]);
    for (let atMs = 10_000; atMs <= 20_000; atMs += 250) expect(isCovered(cover, atMs, BOX)).toBe(true);
    expect(isCovered(cover, 15_000, [0.8, 0.1, 0.1, 0.1])).toBe(false);
  });
});
