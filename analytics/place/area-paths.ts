/** Area paths of places; a cell that no border runs through is asked for once. */
import { cellToBoundary } from 'h3-js';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { buildAreaIndex } from '#models/registry/polygon.ts';
import type { Area } from '#models/schema/area.ts';

export type AreaPaths = { at: (cell: string, lon: number, lat: number) => string | undefined };

/** Cells whose area is kept; a city of 1,000 cameras sees about 500,000. */
const CACHE_MAX = 1_000_000;

export function areaPathsOf(areas: readonly Area[]): AreaPaths {
  const index = buildAreaIndex(areas);
  const tree = buildAreaTree(areas);
  const paths = new Map<string | null, string | undefined>([[null, undefined]]);
  for (const area of areas) paths.set(area.id, tree.pathOf(area.id).join('.'));
  const whole = new Map<string, string | undefined>();
  const divided = new Set<string>();

  function isDivided(cell: string): boolean {
    const boundary = cellToBoundary(cell);
    const [lats, lons] = [boundary.map(([lat]) => lat), boundary.map(([, lon]) => lon)];
    return index.isDivided(Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)) === true;
  }

  return {
    at(cell, lon, lat) {
      if (areas.length === 0) return undefined;
      if (whole.has(cell)) return whole.get(cell);
      const path = paths.get(index.locate(lon, lat));
      if (divided.has(cell)) return path;
      if (whole.size + divided.size >= CACHE_MAX) {
        whole.clear();
        divided.clear();
      }
      if (isDivided(cell)) divided.add(cell);
      else whole.set(cell, path);
      return path;
    },
  };
}
