/**
 * Small numbers: which places of a tree (cells in coarser cells, areas in areas) may not be told, so that nothing under
 * `min` tracks can be read, nor worked out by subtracting what is told from what is told.
 *
 * Of a place that is told, taking away all that is told below it leaves the sum of its *remainder*: the finest places
 * that are reached from it through untold ones only. So the rule is: a remainder is empty or surely has `min` tracks.
 * A track may have been in several places, so that of many only the most of one is sure, or, where all of a place is
 * left out, its own number. Where that is less, the smallest told child is left out as well, and within it the smallest
 * of the smallest, down to the finest: that one has `min` tracks itself.
 */
export type Node = { parent: string | null; tracks: number };

/** `tracks`: so many at the least; `isWhole`: nothing of the place is told. */
type Remainder = { tracks: number; isWhole: boolean };

/** The keys that are not told. Every parent but null is a key; places without tracks need not be there. */
export function untold(nodes: ReadonlyMap<string, Node>, min: number): Set<string> {
  const children = new Map<string | null, string[]>();
  for (const [key, { parent }] of nodes) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [key]);
    else siblings.push(key);
  }
  const hidden = new Set<string>();
  const remainders = new Map<string, Remainder>();
  const tracksOf = (key: string) => nodes.get(key)!.tracks;
  const below = (key: string) => (children.get(key) ?? []).filter((child) => tracksOf(child) > 0);

  function remainderOf(inner: readonly string[]): number {
    return Math.max(0, ...inner.map((child) => remainders.get(child)?.tracks ?? 0));
  }

  function hide(key: string): void {
    hidden.add(key);
    const inner = below(key);
    if (inner.length > 0 && remainderOf(inner) === 0) hide(smallest(inner));
    const isWhole = inner.every((child) => remainders.get(child)?.isWhole === true);
    remainders.set(key, { isWhole, tracks: isWhole ? tracksOf(key) : remainderOf(inner) });
  }

  function smallest(keys: readonly string[]): string {
    return keys.reduce((least, key) =>
      tracksOf(key) < tracksOf(least) || (tracksOf(key) === tracksOf(least) && key < least) ? key : least,
    );
  }

  function visit(key: string): void {
    const inner = below(key);
    for (const child of inner) visit(child);
    if (tracksOf(key) < min) {
      hide(key);
      return;
    }
    const remainder = remainderOf(inner);
    const isWhole = inner.every((child) => remainders.get(child)?.isWhole === true);
    if (remainder === 0 || remainder >= min || isWhole) return;
    const told = inner.filter((child) => !hidden.has(child));
    if (told.length > 0) hide(smallest(told));
    else hide(key);
  }

  for (const root of children.get(null) ?? []) if (tracksOf(root) > 0) visit(root);
  return hidden;
}
