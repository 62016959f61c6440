/** Non-maximum suppression: of boxes of one kind that overlap by more than `iouMax`, the best stays. */
import type { Candidates } from './candidates.ts';

/** Boxes that go into the comparison, best first; a street picture has far fewer. */
const COMPARED_MAX = 1000;
const KEPT_MAX = 300;

/** Indices of the candidates that stay, best score first. `iouMax` of 1 keeps all. */
export function suppress(candidates: Candidates, iouMax: number): number[] {
  const { left, top, right, bottom, score, kind, count } = candidates;
  const order = Array.from({ length: count }, (_, at) => at)
    .sort((a, b) => (score[b] as number) - (score[a] as number))
    .slice(0, COMPARED_MAX);
  const kept: number[] = [];
  const overlaps = (a: number, b: number): boolean => {
    if (kind[a] !== kind[b]) return false;
    const width = Math.min(right[a] as number, right[b] as number) - Math.max(left[a] as number, left[b] as number);
    const height = Math.min(bottom[a] as number, bottom[b] as number) - Math.max(top[a] as number, top[b] as number);
    if (width <= 0 || height <= 0) return false;
    const shared = width * height;
    return shared > iouMax * (area(candidates, a) + area(candidates, b) - shared);
  };
  for (const at of order) {
    if (kept.length >= KEPT_MAX) break;
    if (iouMax >= 1 || !kept.some((other) => overlaps(at, other))) kept.push(at);
  }
  return kept;
}

const area = ({ left, top, right, bottom }: Candidates, at: number) =>
  ((right[at] as number) - (left[at] as number)) * ((bottom[at] as number) - (top[at] as number));
