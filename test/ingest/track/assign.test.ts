import { expect, test } from 'vitest';
import { assign, type Possible } from '#ingest/track/assign.ts';

/** Numbers that look random and are the same every time (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** The least cost there is, by trying everything; a row that stays alone costs `costMax`. */
function leastCost(possible: readonly Possible[], rows: number, costMax: number): number {
  const from = (row: number, taken: ReadonlySet<number>): number => {
    if (row === rows) return 0;
    const alone = costMax + from(row + 1, taken);
    return possible
      .filter((pair) => pair.row === row && !taken.has(pair.column))
      .reduce((least, { column, cost }) => Math.min(least, cost + from(row + 1, new Set([...taken, column]))), alone);
  };
  return from(0, new Set());
}

test('pairs cost as little as trying every way would find', () => {
  const random = numbers(7);
  for (let round = 0; round < 300; round++) {
    const rows = 1 + Math.floor(random() * 6);
    const columns = 1 + Math.floor(random() * 6);
    const density = random();
    const possible: Possible[] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (random() < density) possible.push({ row, column, cost: random() * 1.5 });
      }
    }
    const pairs = assign(possible, 2);
    const costs = pairs.map((pair) => possible.find((p) => p.row === pair.row && p.column === pair.column)?.cost);
    expect(costs).not.toContain(undefined);
    expect(new Set(pairs.map(({ row }) => row)).size).toBe(pairs.length);
    expect(new Set(pairs.map(({ column }) => column)).size).toBe(pairs.length);
    const total = costs.reduce((sum: number, cost) => sum + (cost as number), 0) + 2 * (rows - pairs.length);
    expect(total).toBeCloseTo(leastCost(possible, rows, 2), 9);
  }
});

test('the nearest pair gives way where that makes both pairs possible', () => {
  const possible = [
    { row: 0, column: 0, cost: 0.1 },
    { row: 0, column: 1, cost: 0.4 },
    { row: 1, column: 0, cost: 0.3 },
  ];
  const pairs = assign(possible, 2).sort((a, b) => a.row - b.row);
  expect(pairs.map(({ row, column }) => [row, column])).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test('nothing possible pairs nothing', () => {
  expect(assign([], 2)).toEqual([]);
});
