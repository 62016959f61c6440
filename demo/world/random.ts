/** Random numbers with one stream per concern, so that switching one thing off moves nothing else. */

/** Answers 0 <= x < 1, the same row of numbers for the same seed and concern. */
export type Random = () => number;

/** FNV-1a of the name starts a Weyl sequence; each step goes through MurmurHash3's finaliser. */
export function randomStream(seed: number, concern: string): Random {
  let state = 0x811c9dc5 ^ seed;
  for (let index = 0; index < concern.length; index++) state = Math.imul(state ^ concern.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

export function pickOne<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Normal by the sum of twelve uniforms (Irwin-Hall), so never more than six deviations out. */
export function normal(random: Random, mean: number, deviation: number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += random();
  return mean + deviation * sum;
}
