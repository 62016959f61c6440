/** How many cameras a worker takes, and which: computed alike by every worker, so that nobody has to decide for all. */
import { crc32 } from 'node:zlib';

/**
 * An even share of the cameras, rounded up: the lowest level at which all workers together can take them, where none
 * takes more than its cap.
 */
export function fairShare(counts: { cameras: number; cap: number; otherCaps: readonly number[] }): number {
  const caps = [counts.cap, ...counts.otherCaps].sort((a, b) => a - b);
  let left = counts.cameras;
  let level = 0;
  for (const [index, cap] of caps.entries()) {
    level = Math.ceil(left / (caps.length - index));
    if (level <= cap) break;
    left -= cap;
  }
  return Math.min(counts.cap, level);
}

/** Cameras in the order in which this worker likes them; each worker has another order, so they seldom collide. */
export function byPreference(worker: string, cameras: Iterable<string>): string[] {
  return [...cameras]
    .map((camera) => ({ camera, rank: crc32(`${worker}/${camera}`) }))
    .sort((a, b) => a.rank - b.rank || (a.camera < b.camera ? -1 : 1))
    .map(({ camera }) => camera);
}
