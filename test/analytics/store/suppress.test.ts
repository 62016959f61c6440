import { describe, expect, it } from 'vitest';
import { type Node, untold } from '#analytics/store/figures/suppress.ts';

const MIN = 5;

/** Numbers that look random and are the same at each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A tree of three levels below its root; tracks of a place are those of its children, some of which meet. */
function randomTree(random: () => number): Map<string, Node> {
  const nodes = new Map<string, Node>();
  const grow = (key: string, parent: string | null, depth: number): number => {
    if (depth === 0) {
      const tracks = random() < 0.2 ? 0 : Math.floor(random() ** 3 * 30) + 1;
      nodes.set(key, { parent, tracks });
      return tracks;
    }
    let [sum, most] = [0, 0];
    for (let child = 0; child < 1 + Math.floor(random() * 4); child++) {
      const tracks = grow(`${key}.${child}`, key, depth - 1);
      sum += tracks;
      most = Math.max(most, tracks);
    }
    const tracks = random() < 0.5 ? sum : most + Math.floor(random() * (sum - most + 1));
    nodes.set(key, { parent, tracks });
    return tracks;
  };
  grow('r', null, 3);
  return nodes;
}

const leavesUnder = (nodes: ReadonlyMap<string, Node>, key: string, leaves: readonly string[]) =>
  leaves.filter((leaf) => leaf === key || leaf.startsWith(`${key}.`)).filter((leaf) => nodes.get(leaf)!.tracks > 0);

/**
 * What somebody knows who has every told value: each is a sum of leaves. Reduced by Gauss; a value is worked out when its
 * own row of leaves is a sum of theirs.
 */
function attack(nodes: ReadonlyMap<string, Node>, hidden: ReadonlySet<string>): (leaves: readonly string[]) => boolean {
  const parents = new Set([...nodes.values()].map(({ parent }) => parent));
  const leaves = [...nodes.keys()].filter((key) => !parents.has(key) && nodes.get(key)!.tracks > 0);
  const rowOf = (own: readonly string[]) => leaves.map((leaf) => (own.includes(leaf) ? 1 : 0));
  const rows: { pivot: number; row: number[] }[] = [];
  const reduce = (row: number[]) => {
    const left = [...row];
    for (const { pivot, row: known } of rows) {
      const factor = left[pivot]!;
      if (factor !== 0) for (let at = 0; at < left.length; at++) left[at] = left[at]! - factor * known[at]!;
    }
    return left;
  };
  for (const key of nodes.keys()) {
    if (hidden.has(key) || nodes.get(key)!.tracks === 0) continue;
    const left = reduce(rowOf(leavesUnder(nodes, key, leaves)));
    const pivot = left.findIndex((value) => Math.abs(value) > 1e-9);
    if (pivot < 0) continue;
    const scaled = left.map((value) => value / left[pivot]!);
    for (const known of rows) {
      const factor = known.row[pivot]!;
      if (factor !== 0) known.row = known.row.map((value, at) => value - factor * scaled[at]!);
    }
    rows.push({ pivot, row: scaled });
  }
  return (own) => reduce(rowOf(own)).every((value) => Math.abs(value) < 1e-9);
}

describe('what is too small to be told', () => {
  it('cannot be worked out from all that is told, at any level, in three hundred trees', () => {
    const random = dice(11);
    let [small, more] = [0, 0];
    for (let run = 0; run < 300; run++) {
      const nodes = randomTree(random);
      const hidden = untold(nodes, MIN);
      const isKnown = attack(nodes, hidden);
      const parents = new Set([...nodes.values()].map(({ parent }) => parent));
      const leaves = [...nodes.keys()].filter((key) => !parents.has(key));
      for (const [key, { tracks }] of nodes) {
        if (tracks === 0) continue;
        const own = leavesUnder(nodes, key, leaves);
        if (tracks < MIN) {
          small++;
          expect(isKnown(own), `${key} of tree ${run}`).toBe(false);
        } else if (hidden.has(key)) more++;
      }
      // Nor the sum of any two that are small together.
      const few = leaves.filter((leaf) => nodes.get(leaf)!.tracks > 0 && nodes.get(leaf)!.tracks < MIN);
      for (const [index, one] of few.entries())
        for (const other of few.slice(index + 1))
          if (nodes.get(one)!.tracks + nodes.get(other)!.tracks < MIN) expect(isKnown([one, other])).toBe(false);
    }
    expect(small).toBeGreaterThan(500);
    expect(more).toBeGreaterThan(50);
  });

  it('is caught by the same attack where only the small ones themselves are left out', () => {
    const nodes = new Map<string, Node>([
      ['r', { parent: null, tracks: 22 }],
      ['r.0', { parent: 'r', tracks: 20 }],
      ['r.1', { parent: 'r', tracks: 2 }],
    ]);
    expect(attack(nodes, new Set(['r.1']))(['r.1'])).toBe(true);
    expect([...untold(nodes, MIN)].sort()).toEqual(['r.0', 'r.1']);
    expect(attack(nodes, untold(nodes, MIN))(['r.1'])).toBe(false);
  });

  it('takes no more than it must: nothing without small ones, the smallest neighbour with one', () => {
    const tree = (...tracks: number[]) =>
      new Map<string, Node>([
        ['r', { parent: null, tracks: tracks.reduce((a, b) => a + b) }],
        ...tracks.map((one, index): [string, Node] => [`r.${index}`, { parent: 'r', tracks: one }]),
      ]);
    expect(untold(tree(5, 6, 70), MIN).size).toBe(0);
    expect([...untold(tree(30, 3, 9, 70), MIN)]).toEqual(['r.1', 'r.2']);
    // The three may be among the four.
    expect([...untold(tree(30, 3, 4, 70), MIN)]).toEqual(['r.1', 'r.2', 'r.0']);
    expect([...untold(tree(1, 0, 2), MIN)].sort()).toEqual(['r', 'r.0', 'r.2']);
  });
});
