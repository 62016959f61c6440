/** Greedy maximum coverage: always the option that adds most worth to what is seen already. */

export type Chosen<Option> = { option: Option; gained: string[]; worth: number };

/**
 * The share of the best possible worth that the greedy choice reaches at least, for as many options from the same list
 * (Nemhauser, Wolsey and Fisher 1978): 1 - 1/e. No other method that ends in reasonable time is known to promise more.
 */
export const GREEDY_SHARE = 1 - 1 / Math.E;

/**
 * Lazy (Minoux 1978): what an option adds only shrinks while others are chosen, so that one whose figure of before is
 * below the best of now need not be counted again. Of equal ones the first in the list is taken.
 */
export function* chooseGreedily<Option extends { cells: readonly string[] }>(
  options: readonly Option[],
  worthOf: (cell: string) => number,
  count: number,
): Generator<Chosen<Option>> {
  const seen = new Set<string>();
  const gainOf = ({ cells }: Option) => cells.reduce((sum, cell) => sum + (seen.has(cell) ? 0 : worthOf(cell)), 0);
  const bounds = options.map((option, index) => ({ option, index, gain: gainOf(option), round: 0 }));
  const better = (a: (typeof bounds)[number], b: (typeof bounds)[number]) => b.gain - a.gain || a.index - b.index;
  bounds.sort(better);
  for (let round = 1; round <= count && bounds.length > 0; round++) {
    for (;;) {
      const best = bounds[0]!;
      if (best.round === round) break;
      best.gain = gainOf(best.option);
      best.round = round;
      sink(bounds, better);
    }
    const best = bounds.shift()!;
    if (best.gain === 0) return;
    const gained = best.option.cells.filter((cell) => !seen.has(cell));
    for (const cell of gained) seen.add(cell);
    yield { option: best.option, gained, worth: best.gain };
  }
}

/** Brings the first one to its place in a list that is sorted otherwise. */
function sink<Each>(list: Each[], compare: (a: Each, b: Each) => number): void {
  const [first] = list.splice(0, 1);
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, first!) < 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, first!);
}
