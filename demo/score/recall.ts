/** From what a detector found of people of every height to the share that one look finds: by light, rising with the height. */
import type { Light } from '#models/registry/sight/recall.ts';
import { type ClipMatching, lightOf } from './accuracy.ts';
import type { Label } from './match.ts';

const PICTURE_PX = 720;
/** Fewer boxes than this in a step say little: it is joined with the next one. */
const BOXES_MIN = 300;
const STEP_PX = 10;

type Step = { px: number; recall: number };
type Pool = { boxes: number; found: number; sumPx: number };

/**
 * People in the clear of the loops of one light, in steps of height; neighbouring steps that fall are joined until the
 * shares rise (pool adjacent violators; Ayer and others 1955): a taller person is not harder to find.
 */
export function recallByHeight(clips: readonly ClipMatching[], light: Light, scoreMin: number): Step[] {
  const bins = new Map<number, Pool>();
  const add = ({ agent, box, isClear }: Label, isFound: boolean) => {
    if (agent.kind !== 'person' || !isClear) return;
    const px = box[3] * PICTURE_PX;
    const bin = Math.floor(px / STEP_PX);
    const pool = bins.get(bin) ?? { boxes: 0, found: 0, sumPx: 0 };
    bins.set(bin, { boxes: pool.boxes + 1, found: pool.found + Number(isFound), sumPx: pool.sumPx + px });
  };
  for (const { clip, matchings } of clips) {
    if (lightOf(clip) !== light) continue;
    for (const { matching } of matchings) {
      for (const { label, detection } of matching.pairs) add(label, detection.score >= scoreMin);
      for (const label of matching.missed) add(label, false);
    }
  }
  const sorted = [...bins.entries()].sort(([a], [b]) => a - b).map(([, pool]) => pool);
  return rising(joined(sorted)).map(({ boxes, found, sumPx }) => ({
    px: Math.round(sumPx / boxes),
    recall: Math.round((found / boxes) * 1000) / 1000,
  }));
}

const plus = (a: Pool, b: Pool): Pool => ({
  boxes: a.boxes + b.boxes,
  found: a.found + b.found,
  sumPx: a.sumPx + b.sumPx,
});

function joined(pools: readonly Pool[]): Pool[] {
  return pools.reduce<Pool[]>((out, pool) => {
    const last = out.at(-1);
    if (last !== undefined && last.boxes < BOXES_MIN) out[out.length - 1] = plus(last, pool);
    else out.push(pool);
    return out;
  }, []);
}

function rising(pools: readonly Pool[]): Pool[] {
  const out: Pool[] = [];
  for (const pool of pools) {
    let last = pool;
    for (;;) {
      const before = out.at(-1);
      if (before === undefined || before.found / before.boxes < last.found / last.boxes) break;
      out.pop();
      last = plus(before, last);
    }
    out.push(last);
  }
  return out;
}
