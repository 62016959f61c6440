/** Whether a score is what it says: of the things found at 0.6, six in ten should be there. */
import type { Judged } from './average-precision.ts';

export type ReliabilityBin = { from: number; to: number; count: number; meanScore: number; right: number };

/** Ten equal bins of the score; those without detections are left out. */
export function reliabilityOf(judged: readonly Judged[]): ReliabilityBin[] {
  return Array.from({ length: 10 }, (_, index): ReliabilityBin => {
    const [from, to] = [index / 10, (index + 1) / 10];
    const inside = judged.filter(({ score }) => score >= from && (score < to || (index === 9 && score <= 1)));
    const sum = inside.reduce((total, { score }) => total + score, 0);
    const right = inside.filter(({ isRight }) => isRight).length;
    return { from, to, count: inside.length, meanScore: sum / inside.length, right: right / inside.length };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017): the mean distance. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  const off = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.meanScore - bin.right), 0);
  return count === 0 ? 0 : off / count;
}
