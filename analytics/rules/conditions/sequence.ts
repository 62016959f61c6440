/**
 * One thing happens, then another within a time. Whichever word of the two arrives first: what counts is when they
 * happened, so that the order in which cameras are heard changes nothing.
 */
import type { Static } from 'typebox';
import type { SequenceCondition } from '#models/schema/rule-condition.ts';
import type { Source } from '../watcher.ts';

/** One that comes this much later than the other was told still finds it. */
const LATENESS_MS = 10_000;
const REMEMBERED_MAX = 500;

/** Where: a camera, or the area. */
export type Event = { place: string; key: string; atMs: number; tracks: readonly string[]; source: Source };
type State = { firsts: Event[]; nexts: Event[]; latestMs: number };

export type Pairs = {
  note: (part: 'first' | 'next', event: Event) => void;
  save: () => unknown;
  load: (state: unknown) => void;
};

type OnPair = (pair: { first: Event; next: Event }) => void;

export function pairsOf({ withinS, same }: Static<typeof SequenceCondition>, onPair: OnPair): Pairs {
  let state: State = { firsts: [], nexts: [], latestMs: 0 };
  const isPair = (first: Event, next: Event) =>
    (same === 'area' || first.place === next.place) &&
    first.atMs <= next.atMs &&
    next.atMs - first.atMs <= withinS * 1000 &&
    first.key !== next.key;

  function forget(): void {
    const { firsts, nexts, latestMs } = state;
    const keepMs = { firsts: withinS * 1000 + LATENESS_MS, nexts: LATENESS_MS };
    state.firsts = firsts.filter(({ atMs }) => latestMs - atMs <= keepMs.firsts).slice(-REMEMBERED_MAX);
    state.nexts = nexts.filter(({ atMs }) => latestMs - atMs <= keepMs.nexts).slice(-REMEMBERED_MAX);
  }

  return {
    note(part, event) {
      state.latestMs = Math.max(state.latestMs, event.atMs);
      if (part === 'next') {
        const first = state.firsts.findLast((one) => isPair(one, event));
        if (first === undefined) state.nexts.push(event);
        else onPair({ first, next: event });
      } else {
        state.firsts.push(event);
        const found = state.nexts.filter((next) => isPair(event, next));
        state.nexts = state.nexts.filter((next) => !found.includes(next));
        for (const next of found) onPair({ first: event, next });
      }
      forget();
    },
    save: () => state,
    load(saved) {
      state = saved as State;
    },
  };
}
