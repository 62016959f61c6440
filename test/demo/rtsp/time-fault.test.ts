import { describe, expect, it } from 'vitest';
import { toldTicks, toldWallMs } from '#demo/rtsp/time-fault.ts';

const start = { ticks: 90_000, wallMs: Date.UTC(2026, 4, 1, 8) };
const hourTicks = 90_000 * 3600;
const atIndex = (index: number) => ({ start, index });

describe('a fault of the clock', () => {
  it('of 200 ppm is 0.72 s off after an hour, RTP time and wall clock alike, and nothing at first', () => {
    const fault = { kind: 'drift', ppm: 200 } as const;
    expect(toldTicks(fault, start.ticks, { start })).toBe(start.ticks);
    expect(toldTicks(fault, start.ticks + hourTicks, { start })).toBe(start.ticks + hourTicks + 0.72 * 90_000);
    expect(toldWallMs(fault, start.wallMs + 3_600_000, start)).toBe(start.wallMs + 3_600_720);
  });

  it('that counts wrong goes on from where it began at half the rate, in the year 2000', () => {
    const fault = { kind: 'wrong-time' } as const;
    expect(toldTicks(fault, start.ticks, { start })).toBe(start.ticks);
    expect(toldTicks(fault, start.ticks + 1000, { start })).toBe(start.ticks + 500);
    expect(new Date(toldWallMs(fault, start.wallMs + 5000, start)).toISOString()).toBe('2000-01-01T00:00:05.000Z');
  });

  it('that is not monotonic puts every fifth picture before the one before it', () => {
    const times = Array.from({ length: 11 }, (_, index) =>
      toldTicks({ kind: 'non-monotonic' }, index * 6000, atIndex(index)),
    );
    const isBack = times.map((time, index) => index > 0 && time < times[index - 1]!);
    expect(isBack.flatMap((back, index) => (back ? [index] : []))).toEqual([5, 10]);
  });

  it('is none where nothing is wrong', () => {
    expect(toldTicks({ kind: 'none' }, 1234, atIndex(5))).toBe(1234);
    expect(toldWallMs({ kind: 'freeze' }, 1234, start)).toBe(1234);
  });
});
