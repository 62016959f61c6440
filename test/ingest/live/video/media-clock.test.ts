import { describe, expect, it } from 'vitest';
import { TIMESCALE } from '#ingest/live/video/init-segment.ts';
import { createMediaClock, type MediaClock } from '#ingest/live/video/media-clock.ts';

function placeAll(clock: MediaClock, ptsS: readonly number[]) {
  return ptsS.map((at) => {
    const { decodeAt, showAfter, duration } = clock.place(at);
    return { decodeS: decodeAt / TIMESCALE, shownS: (decodeAt + showAfter) / TIMESCALE, standsS: duration / TIMESCALE };
  });
}

const steps = (values: readonly number[]) => values.slice(1).map((value, index) => value - values[index]!);

describe('the time line of a live video', () => {
  it('follows the camera’s own clock where pictures come in order', () => {
    const placed = placeAll(createMediaClock(), [5, 5.04, 5.08, 5.13, 5.16]);
    expect(placed.map(({ shownS }) => Math.round(shownS * 100) / 100)).toEqual([0, 0.04, 0.08, 0.13, 0.16]);
    expect(placed.every(({ decodeS, shownS }) => decodeS === shownS)).toBe(true);
  });

  it('goes on by one step when the camera’s clock jumps, back or ahead', () => {
    const placed = placeAll(createMediaClock(), [100, 100.04, 100.08, 3, 3.04, 7000, 7000.04]);
    for (const step of steps(placed.map(({ shownS }) => shownS))) expect(step).toBeCloseTo(0.04, 4);
  });

  it('never takes a step of twice the duration that was stated, so that no player waits for a keyframe', () => {
    const placed = placeAll(createMediaClock(), [0, 0.04, 0.08, 0.6, 0.64, 2.64, 4.64, 6.64, 6.68]);
    steps(placed.map(({ decodeS }) => decodeS)).forEach((step, index) => {
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(2 * placed[index]!.standsS);
    });
    // A camera that slowed down is shown at its new speed at once.
    expect(placed[7]!.shownS - placed[6]!.shownS).toBeCloseTo(2, 4);
  });

  it('decodes B-pictures evenly and, after a moment, no later than they are shown', () => {
    const order = [0, 3, 1, 2];
    const pts = Array.from({ length: 400 }, (_, index) =>
      index === 0 ? 0 : (Math.floor((index - 1) / 3) * 3 + order[((index - 1) % 3) + 1]!) * 0.04,
    );
    const placed = placeAll(createMediaClock(), pts);
    for (const step of steps(placed.map(({ decodeS }) => decodeS))) expect(step).toBeGreaterThan(0);
    for (const { decodeS, shownS } of placed.slice(100)) {
      expect(decodeS).toBeLessThan(shownS + 0.03);
      expect(shownS - decodeS).toBeLessThan(0.25);
    }
    expect(placed.map(({ shownS }, index) => Math.abs(shownS - pts[index]!)).every((error) => error < 0.001)).toBe(
      true,
    );
  });

  it('begins later than everything before it after a restart', () => {
    const clock = createMediaClock();
    const [last] = placeAll(clock, [0, 0.04, 0.08]).slice(-1);
    clock.restart(0);
    expect(placeAll(clock, [500])[0]!.decodeS).toBeGreaterThan(last!.shownS);
    clock.restart(60);
    expect(placeAll(clock, [1])[0]!.decodeS).toBe(60);
  });
});
