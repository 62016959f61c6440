/** What a cell is worth to see: a point for every cell, and more where a key place lies. Declared, so that it can be argued with. */
import type { KeyPlace } from '#models/schema/key-place.ts';
import { cellsOfPlace } from '../places.ts';

/** A key place that is seen as a whole counts as this many cells of plain ground, evenly over its own. */
export const WORTH = { low: 50, normal: 150, high: 400 } as const;

export type Worth = {
  of: (cell: string) => number;
  /** Cells of each place. */
  places: ReadonlyMap<KeyPlace, readonly string[]>;
};

export function worthOf(places: readonly KeyPlace[]): Worth {
  const cells = new Map(places.map((place) => [place, cellsOfPlace(place)]));
  const worth = new Map<string, number>();
  for (const [place, own] of cells)
    for (const cell of own) worth.set(cell, (worth.get(cell) ?? 1) + WORTH[place.importance] / own.length);
  return { of: (cell) => worth.get(cell) ?? 1, places: cells };
}

type Change = { id: string; name: string; before: number; after: number };

/** Key places of which more or less is seen after than before. */
export function changesOf(
  { places }: Worth,
  isSeenBefore: (cell: string) => boolean,
  isSeenAfter: (cell: string) => boolean,
): Change[] {
  return [...places].flatMap(([{ id, name }, cells]) => {
    const share = (isSeen: (cell: string) => boolean) => cells.filter(isSeen).length / cells.length;
    const [before, after] = [share(isSeenBefore), share(isSeenAfter)];
    return before === after ? [] : [{ id, name, before, after }];
  });
}
