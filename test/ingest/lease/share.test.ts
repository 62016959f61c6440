import { describe, expect, it } from 'vitest';
import { byPreference, fairShare } from '#ingest/lease/share.ts';

describe('fairShare', () => {
  it('is an even share, rounded up', () => {
    expect(fairShare({ cameras: 10, cap: 32, otherCaps: [] })).toBe(10);
    expect(fairShare({ cameras: 10, cap: 32, otherCaps: [32, 32] })).toBe(4);
    expect(fairShare({ cameras: 0, cap: 32, otherCaps: [32] })).toBe(0);
  });

  it('is never more than the worker’s own cap', () => {
    expect(fairShare({ cameras: 100, cap: 32, otherCaps: [] })).toBe(32);
  });

  it('grows where another worker takes less, so that no camera is left while there is room', () => {
    expect(fairShare({ cameras: 100, cap: 90, otherCaps: [10] })).toBe(90);
    expect(fairShare({ cameras: 100, cap: 10, otherCaps: [90] })).toBe(10);
    for (const caps of [
      [5, 7, 40],
      [1, 1, 1],
      [32, 32, 32, 8],
    ]) {
      const cameras = 30;
      const shares = caps.map((cap, index) => fairShare({ cameras, cap, otherCaps: caps.toSpliced(index, 1) }));
      const room = caps.reduce((sum, cap) => sum + cap, 0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThanOrEqual(Math.min(cameras, room));
    }
  });
});

describe('byPreference', () => {
  it('gives each worker an order of its own, and always the same', () => {
    const cameras = Array.from({ length: 20 }, (_, index) => `camera-${index}`);
    expect(byPreference('worker-1', cameras)).toEqual(byPreference('worker-1', cameras.toReversed()));
    expect(byPreference('worker-1', cameras)).not.toEqual(byPreference('worker-2', cameras));
    expect(byPreference('worker-2', cameras).toSorted()).toEqual(cameras.toSorted());
  });
});
