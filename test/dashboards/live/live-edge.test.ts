import { describe, expect, it } from 'vitest';
import { createCushion, steer } from '#dashboards/src/live/live-edge.ts';

/** Plays a minute against a live edge that moves at the speed of time, and returns how far behind it ends. */
function playOn(behindS: number, targetS: number): { behindS: number; jumps: number; rates: number[] } {
  let [behind, jumps] = [behindS, 0];
  const rates: number[] = [];
  for (let tick = 0; tick < 600; tick++) {
    const { rate, isJump } = steer(behind, targetS);
    if (isJump) {
      jumps++;
      behind = targetS;
    }
    rates.push(rate);
    behind += (1 - rate) * 0.1;
  }
  return { behindS: behind, jumps, rates };
}

describe('a live video near its edge', () => {
  it('is brought to its distance from ahead and from behind by its speed alone', () => {
    for (const startS of [0, 0.1, 0.9, 1.8]) {
      const { behindS, jumps, rates } = playOn(startS, 0.4);
      expect(jumps).toBe(0);
      expect(Math.abs(behindS - 0.4)).toBeLessThan(0.06);
      expect(Math.max(...rates)).toBeLessThanOrEqual(1.25);
      expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.85);
    }
  });

  it('jumps when it is more than two seconds behind, or on another time line', () => {
    expect(steer(2.1, 0.4).isJump).toBe(true);
    expect(steer(5000, 0.4).isJump).toBe(true);
    expect(steer(-3, 0.4).isJump).toBe(true);
    expect(steer(0.42, 0.4)).toEqual({ rate: 1, isJump: false });
  });

  it('keeps a cushion as large as pictures come unevenly, and never a second', () => {
    const even = createCushion();
    const uneven = createCushion();
    for (let number = 0; number < 200; number++) {
      even.add(number * 0.04, 100 + number * 0.04);
      uneven.add(number * 0.04, 100 + number * 0.04 + (number % 10 === 0 ? 0.4 : 0));
    }
    expect(even.targetS(0)).toBe(0.2);
    expect(uneven.targetS(0)).toBeGreaterThan(0.4);
    expect(uneven.targetS(0)).toBeLessThan(0.6);
    expect(even.targetS(0.5)).toBe(0.5);
    expect(even.targetS(3)).toBe(0.8);
  });

  it('does not take a new time line for lateness', () => {
    const cushion = createCushion();
    cushion.add(5, 100);
    cushion.add(900, 100.04);
    cushion.add(900.04, 100.08);
    expect(cushion.targetS(0)).toBe(0.2);
  });
});
