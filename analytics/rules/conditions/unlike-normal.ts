/**
 * More or fewer things at once, on average over the window, than at this hour of the week: so many robust sigmas off the
 * median of earlier weeks. Time that was not watched is left out; a window that was watched under four fifths says nothing.
 */
import type { Static } from 'typebox';
import type { UnlikeNormalCondition } from '#models/schema/rule-condition.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { counterOf } from './counting.ts';

const WATCHED_SHARE_MIN = 0.8;
/** It is over when it is this many sigmas nearer to normal. */
const SIGMAS_BACK = 0.5;
/** Where earlier weeks were all alike: nobody is alarmed by a third of a thing, or by what chance alone does. */
const SPREAD_MIN = 0.3;
const STEPS_MAX = 5000;

/** So many things were there for so long. */
type Step = { atMs: number; ms: number; count: number };

export function watchUnlikeNormal(when: Static<typeof UnlikeNormalCondition>, setting: Setting): Watcher {
  const { emit } = setting;
  const counter = counterOf(undefined, setting);
  const windowMs = when.windowS * 1000;
  /** Steps of one look each would be many: they are joined to a hundredth of the window. */
  const stepMs = windowMs / 100;
  let steps: Step[] = [];
  let count = 0;

  function add(ms: number, atMs: number): void {
    const last = steps.at(-1);
    if (last === undefined || last.ms >= stepMs) steps.push({ atMs, ms, count });
    else {
      last.count = (last.count * last.ms + count * ms) / (last.ms + ms);
      last.ms += ms;
      last.atMs = atMs;
    }
    while (steps.length > STEPS_MAX || (steps[0] !== undefined && atMs - steps[0].atMs >= windowMs)) steps.shift();
  }

  function look(now: Now): void {
    const { atMs, sinceMs, isAfterGap, isWatched } = now;
    if (isWatched && !isAfterGap && sinceMs > 0) add(sinceMs, atMs);
    if (isWatched) count = counter.count(now).length;
    const normal = setting.normalAt(atMs);
    if (normal === undefined) return;
    let [watchedMs, thereMs] = [0, 0];
    for (const step of steps) {
      watchedMs += step.ms;
      thereMs += step.count * step.ms;
    }
    if (watchedMs < windowMs * WATCHED_SHARE_MIN) return;
    const mean = thereMs / watchedMs;
    const spread = Math.max(normal.spread, SPREAD_MIN, Math.sqrt(normal.median) / 5);
    const off = (mean - normal.median) / spread;
    const far = when.side === 'above' ? off : when.side === 'below' ? -off : Math.abs(off);
    if (far < when.sigmas - SIGMAS_BACK) emit.end('', atMs);
    if (far < when.sigmas || emit.isOpen('')) return;
    const values = { mean: rounded(mean), normal: rounded(normal.median), spread: rounded(spread) };
    emit.begin('', { atMs, values: { ...values, sigmas: rounded(off), limit: when.sigmas } });
  }

  return {
    look,
    save: () => ({ steps, count }),
    load(state) {
      ({ steps, count } = state as { steps: Step[]; count: number });
    },
  };
}

const rounded = (value: number) => Math.round(value * 100) / 100;
