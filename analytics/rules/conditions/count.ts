/** So many things at once, and so many per square metre; without a break for so long. */
import type { Static } from 'typebox';
import type { CountCondition, DensityCondition } from '#models/schema/rule-condition.ts';
import { areaOf, type Point } from '../geometry.ts';
import { type LastingState, lasts, notLasting } from '../lasting.ts';
import type { Thing } from '../thing.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { type Counter, counterOf, isBeyond, limitOf } from './counting.ts';

export function watchCount(when: Static<typeof CountCondition>, setting: Setting): Watcher {
  return watchNumber(counterOf(when.zone, setting), setting, {
    forMs: when.forS * 1000,
    isSo: (counted) => isBeyond(counted.length, when),
    valuesOf: (counted) => ({ count: counted.length, limit: limitOf(when) }),
  });
}

/** The zone's ground is measured by the calibration; a zone that reaches above the horizon has none, and is never so. */
export function watchDensity(when: Static<typeof DensityCondition>, setting: Setting): Watcher {
  const corners = when.zone.points.map(([x = 0, y = 0]) =>
    when.zone.space === 'ground' ? setting.onPlane('ground', [x, y]) : setting.onGround(x, y),
  );
  const areaM2 = corners.every((corner): corner is Point => corner !== undefined) ? areaOf(corners) : Number.NaN;
  const densityOf = (counted: readonly Thing[]) => counted.length / areaM2;
  return watchNumber(counterOf(when.zone, setting), setting, {
    forMs: when.forS * 1000,
    isSo: (counted) => densityOf(counted) > when.abovePerM2,
    valuesOf: (counted) => ({
      ...{ count: counted.length, perM2: rounded(densityOf(counted)), limit: when.abovePerM2, areaM2: rounded(areaM2) },
    }),
  });
}

type Number = {
  forMs: number;
  isSo: (counted: readonly Thing[]) => boolean;
  valuesOf: (counted: readonly Thing[]) => Record<string, number>;
};

function watchNumber(counter: Counter, { emit }: Setting, { forMs, isSo, valuesOf }: Number): Watcher {
  let lasting = notLasting();
  return {
    ...(counter.reach === undefined ? {} : { reach: counter.reach }),
    see: counter.see,
    gone: counter.gone,
    look(now: Now) {
      if (now.isAfterGap && !lasting.isOpen) lasting = notLasting();
      const counted = now.isWatched ? counter.count(now) : [];
      const change = lasts(lasting, now.isWatched ? isSo(counted) : undefined, { atMs: now.atMs, forMs });
      if (change === 'end') emit.end('', now.atMs);
      // The schedule may have slept when it began.
      if (!lasting.isOpen || lasting.offSinceMs > 0 || !now.isWatched || emit.isOpen('')) return;
      emit.begin('', { atMs: now.atMs, things: counted, values: valuesOf(counted) });
    },
    save: () => ({ members: counter.save(), lasting }),
    load(state) {
      const saved = state as { members: unknown; lasting: LastingState };
      counter.load(saved.members);
      lasting = saved.lasting;
    },
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
