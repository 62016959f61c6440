/** How long each camera was watched in the time that is tried, and the longest times in which it was not. */
import type { TryWatched } from '#models/schema/rule-try.ts';
import type { Look } from '../look.ts';

const GAP_MS = 60_000;
const GAPS_MAX = 200;
const GAPS_TOLD = 10;

type Camera = { watchedMs: number; untilMs: number; gaps: { fromMs: number; toMs: number }[] };

export function createWatched(cameras: readonly string[], { fromMs, toMs }: { fromMs: number; toMs: number }) {
  const known = new Map<string, Camera>(cameras.map((id) => [id, { watchedMs: 0, untilMs: fromMs, gaps: [] }]));

  function close(camera: Camera, untilMs: number): void {
    if (untilMs - camera.untilMs < GAP_MS) return;
    camera.gaps.push({ fromMs: camera.untilMs, toMs: untilMs });
    if (camera.gaps.length > 2 * GAPS_MAX) camera.gaps = longest(camera.gaps, GAPS_MAX);
  }
  return {
    look({ camera: id, watchedFromMs, watchedToMs, isWatched }: Look): void {
      const camera = known.get(id);
      if (camera === undefined || !isWatched || watchedToMs <= camera.untilMs) return;
      const beginMs = Math.max(watchedFromMs, camera.untilMs);
      close(camera, Math.min(beginMs, toMs));
      camera.watchedMs += Math.max(0, Math.min(watchedToMs, toMs) - beginMs);
      camera.untilMs = watchedToMs;
    },
    told(): TryWatched[] {
      return [...known].map(([camera, state]) => {
        close(state, toMs);
        const watchedShare = toMs > fromMs ? Math.min(1, state.watchedMs / (toMs - fromMs)) : 0;
        return { camera, watchedShare, gaps: longest(state.gaps, GAPS_TOLD).sort((a, b) => a.fromMs - b.fromMs) };
      });
    },
  };
}

const longest = <Gap extends { fromMs: number; toMs: number }>(gaps: readonly Gap[], max: number) =>
  [...gaps].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, max);
