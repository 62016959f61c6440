/** The motion of a view's variant: simulated once, then kept. */
import { type Motion, simulate } from './traffic/motion.ts';
import type { Variant, View } from './view.ts';

const CITY_SEED = 2026;

const rehearsed = new Map<string, Motion>();

export function variantOf(view: View, id: string): Variant {
  const variant = view.variants.find((candidate) => candidate.id === id);
  if (variant === undefined) throw new RangeError(`${view.id} has no variant "${id}"`);
  return variant;
}

export function rehearse(view: View, { id, seconds, crowd, signals, extra }: Variant): Motion {
  const key = `${view.id} ${id}`;
  const known = rehearsed.get(key);
  if (known !== undefined) return known;
  const motion = simulate({
    stage: view.stage,
    camera: view.camera,
    seed: seedOf(key),
    seconds,
    crowd,
    signals: signals ?? view.stage.signals,
    ...(extra === undefined ? {} : { extra }),
  });
  rehearsed.set(key, motion);
  return motion;
}

function seedOf(key: string): number {
  return [...key].reduce((seed, letter) => (seed * 31 + (letter.codePointAt(0) ?? 0)) | 0, CITY_SEED);
}
