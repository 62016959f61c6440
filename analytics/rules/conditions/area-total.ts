/** All things at once over the cameras of an area, in the order in which it happened whatever camera told it first. */
import type { Static } from 'typebox';
import type { AreaTotalCondition } from '#models/schema/rule-condition.ts';
import { type LastingState, lasts, notLasting } from '../lasting.ts';
import { createMerge, type MergeState } from '../merge.ts';
import type { Setting, Source, Watcher } from '../watcher.ts';
import { counterOf, isBeyond, limitOf } from './counting.ts';

/** A camera that said nothing for so long: nobody knows what is there. */
const SILENT_MS = 60_000;
/** A clock that is ahead by more must not make all other cameras late. */
const AHEAD_MAX_MS = 5000;

/** undefined: nothing could be seen. */
type Told = { count: number | undefined; source: Source };
type Counted = { count: number | undefined; atMs: number; isLate: boolean };
type State = { merge: MergeState<Told>; counts: Map<string, Counted>; lasting: LastingState };

export type AreaTotal = {
  /** What tells it of one camera. */
  watch: (setting: Setting) => Watcher;
  save: () => unknown;
  load: (state: unknown) => void;
};

type AreaEmit = {
  begin: (values: Record<string, number>, at: { atMs: number; source: Source }) => void;
  end: (at: { atMs: number; source: Source }) => void;
  isOpen: () => boolean;
};
type Options = { cameras: () => ReadonlySet<string>; emit: AreaEmit };

export function areaTotalOf(when: Static<typeof AreaTotalCondition>, { cameras, emit }: Options): AreaTotal {
  const merge = createMerge<Told>();
  let counts = new Map<string, Counted>();
  let lasting = notLasting();

  function total(atMs: number): { count: number; isWhole: boolean; cameras: number; isLate: boolean } {
    let [count, known, isLate] = [0, 0, false];
    for (const [camera, told] of counts) {
      if (!cameras().has(camera) || atMs - told.atMs > SILENT_MS || told.count === undefined) continue;
      count += told.count;
      known++;
      isLate ||= told.isLate;
    }
    return { count, isWhole: known === cameras().size, cameras: known, isLate };
  }

  function take(camera: string, atMs: number, { count, source }: Told): void {
    counts.set(camera, { count, atMs, isLate: source.isLate });
    const now = total(atMs);
    const isSo = isBeyond(now.count, when);
    // Cameras that nobody hears can only add: "fewer than" needs all of them.
    const isKnown = now.isWhole || when.below === undefined;
    const change = lasts(lasting, isKnown ? isSo : undefined, { atMs, forMs: when.forS * 1000 });
    if (change === 'end') emit.end({ atMs, source });
    if (!lasting.isOpen || lasting.offSinceMs > 0 || emit.isOpen()) return;
    const values = { count: now.count, limit: limitOf(when), cameras: now.cameras };
    emit.begin(values, { atMs, source: { ...source, isLate: now.isLate } });
  }

  return {
    watch(setting) {
      const counter = counterOf(undefined, setting);
      return {
        look(now) {
          const count = now.isWatched ? counter.count(now).length : undefined;
          const atMs = Math.min(now.atMs, now.look.receivedAtMs + AHEAD_MAX_MS);
          for (const { item, isLate } of merge.add(setting.camera, atMs, { count, source: setting.source() })) {
            const { payload } = item;
            take(item.camera, item.atMs, { ...payload, source: { ...payload.source, isLate } });
          }
        },
        save: () => undefined,
        load: () => {},
      };
    },
    save: (): State => ({ merge: merge.save(), counts, lasting }),
    load(state) {
      const saved = state as State;
      merge.load(saved.merge);
      counts = saved.counts;
      lasting = saved.lasting;
    },
  };
}
