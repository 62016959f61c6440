/** Of what crossed a line within the window, one direction has more than its share. */
import type { Static } from 'typebox';
import type { FlowImbalanceCondition } from '#models/schema/rule-condition.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { watchCrossings } from './crossings.ts';

const REMEMBERED_MAX = 100_000;
/** It is over when the share is this much below the limit: no flicker. */
const SHARE_BACK = 0.05;

type Passage = { atMs: number; isForth: boolean };

export function watchFlowImbalance(when: Static<typeof FlowImbalanceCondition>, setting: Setting): Watcher {
  const { emit } = setting;
  let passages: Passage[] = [];
  let forth = 0;
  const crossings = watchCrossings(
    {
      line: when.line,
      onCross(_thing, way, { atMs }) {
        passages.push({ atMs, isForth: way === 'forth' });
        if (way === 'forth') forth++;
        if (passages.length > REMEMBERED_MAX) drop();
      },
    },
    setting,
  );
  function drop(): void {
    if (passages.shift()?.isForth === true) forth--;
  }

  function look({ atMs }: Now): void {
    while (passages.length > 0 && atMs - passages[0]!.atMs > when.windowS * 1000) drop();
    const count = passages.length;
    const share = count === 0 ? 0 : Math.max(forth, count - forth) / count;
    if (count < when.countMin || share <= when.shareAbove - SHARE_BACK) emit.end('', atMs);
    if (count < when.countMin || share <= when.shareAbove || emit.isOpen('')) return;
    const values = { ...{ count, forth, back: count - forth }, share: Math.round(share * 1000) / 1000 };
    emit.begin('', { atMs, values: { ...values, limit: when.shareAbove } });
  }

  return {
    reach: crossings.reach,
    see: crossings.see,
    gone: crossings.gone,
    look,
    save: () => ({ crossings: crossings.save(), passages, forth }),
    load(state) {
      const saved = state as { crossings: unknown; passages: Passage[]; forth: number };
      crossings.load(saved.crossings);
      ({ passages, forth } = saved);
    },
  };
}
