/** How alike two maps are: Pearson's r over the values, Spearman's rho over their ranks. */

export type Correlation = { pearson: number; spearman: number; cells: number };

/** NaN where one of the maps is the same everywhere. */
export function correlate(pairs: readonly (readonly [number, number])[]): Correlation {
  const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  return { pearson: pearson(a, b), spearman: pearson(ranks(a), ranks(b)), cells: pairs.length };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const [x, y] = [value - meanA, b[index]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Equal values share the middle of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const ranked = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]!.value === order[from]!.value) to += 1;
    for (let at = from; at <= to; at++) ranked[order[at]!.index] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranked;
}
