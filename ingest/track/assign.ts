/**
 * Pairs tracks with detections at the least total cost (the assignment problem; Kuhn 1955, in the shortest-path form of
 * Jonker and Volgenant, Computing 38, 1987). Things far apart cannot pair, so the problem falls into small islands and
 * the cost of a frame stays near linear in what is in it.
 */

/** `cost` below `costMax` is a possible pair. */
export type Possible = { row: number; column: number; cost: number };

/** The pairs that make the fewest unpaired and, of those, the least cost, leaving a pair out where it costs `costMax`. */
export function assign(possible: readonly Possible[], costMax: number): { row: number; column: number }[] {
  return islands(possible).flatMap((island) => (island.length === 1 ? island : solve(island, costMax)));
}

/** Groups of pairs that share a row or a column, directly or through others. */
function islands(possible: readonly Possible[]): Possible[][] {
  const byRow = Map.groupBy(possible, ({ row }) => row);
  const byColumn = Map.groupBy(possible, ({ column }) => column);
  const seen = new Set<Possible>();
  const groups: Possible[][] = [];
  for (const first of possible) {
    if (seen.has(first)) continue;
    seen.add(first);
    const group = [first];
    for (let at = 0; at < group.length; at++) {
      const { row, column } = group[at] as Possible;
      for (const next of [...(byRow.get(row) ?? []), ...(byColumn.get(column) ?? [])]) {
        if (seen.has(next)) continue;
        seen.add(next);
        group.push(next);
      }
    }
    groups.push(group);
  }
  return groups;
}

function solve(island: readonly Possible[], costMax: number): { row: number; column: number }[] {
  const rows = [...new Set(island.map(({ row }) => row))];
  const columns = [...new Set(island.map(({ column }) => column))];
  // Each row has a column of its own in which it stays alone, for `costMax`.
  const width = columns.length + rows.length;
  const costs = rows.map((_, row) => {
    const line = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    line[columns.length + row] = costMax;
    return line;
  });
  const rowAt = new Map(rows.map((row, index) => [row, index]));
  const columnAt = new Map(columns.map((column, index) => [column, index]));
  for (const { row, column, cost } of island) {
    (costs[rowAt.get(row) as number] as Float64Array)[columnAt.get(column) as number] = cost;
  }
  return shortestPaths(costs, width).flatMap((at, index) => {
    const [row, column] = [rows[at], columns[index]];
    return row === undefined || column === undefined ? [] : [{ row, column }];
  });
}

/** For each column the row that it is given, or -1. Needs as many columns as rows, and a finite way for each row. */
function shortestPaths(costs: readonly Float64Array[], width: number): number[] {
  const rowOf = new Array<number>(width).fill(-1);
  const rowPrice = new Float64Array(costs.length);
  const columnPrice = new Float64Array(width);
  for (let start = 0; start < costs.length; start++) {
    const cheapest = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(width).fill(-1);
    const isDone = new Uint8Array(width);
    let row = start;
    let column = -1;
    do {
      if (column >= 0) isDone[column] = 1;
      let next = -1;
      let step = Number.POSITIVE_INFINITY;
      for (let other = 0; other < width; other++) {
        if (isDone[other] === 1) continue;
        const reduced = (costs[row]?.[other] as number) - (rowPrice[row] as number) - (columnPrice[other] as number);
        if (reduced < (cheapest[other] as number)) {
          cheapest[other] = reduced;
          from[other] = column;
        }
        if ((cheapest[other] as number) < step) {
          step = cheapest[other] as number;
          next = other;
        }
      }
      rowPrice[start] = (rowPrice[start] as number) + step;
      for (let other = 0; other < width; other++) {
        if (isDone[other] === 1) {
          rowPrice[rowOf[other] as number] = (rowPrice[rowOf[other] as number] as number) + step;
          columnPrice[other] = (columnPrice[other] as number) - step;
        } else cheapest[other] = (cheapest[other] as number) - step;
      }
      column = next;
      row = rowOf[column] as number;
    } while (row >= 0);
    for (let at = column; at >= 0; at = from[at] as number) {
      const before = from[at] as number;
      rowOf[at] = before < 0 ? start : (rowOf[before] as number);
    }
  }
  return rowOf;
}
