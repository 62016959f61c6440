/** The tree of areas: from an id to its path, and whether one lies below another. */
import { AREA_LEVELS, type Area, type AreaPath } from '../schema/area.ts';

export type AreaTree = {
  /** Five ids from city to grid, `_` where unknown; an unknown or absent area gives five `_`. */
  pathOf: (area: string | null) => AreaPath;
  isWithin: (area: string | null, ancestor: string) => boolean;
};

export function buildAreaTree(areas: Iterable<Pick<Area, 'id' | 'level' | 'parent'>>): AreaTree {
  const byId = new Map([...areas].map((area) => [area.id, area]));
  const pathOf = (area: string | null): AreaPath => {
    const path = AREA_LEVELS.map(() => '_');
    let node = area === null ? undefined : byId.get(area);
    for (let step = 0; node !== undefined && step < AREA_LEVELS.length; step++) {
      path[AREA_LEVELS.indexOf(node.level)] = node.id;
      node = node.parent === null ? undefined : byId.get(node.parent);
    }
    return path;
  };
  return { pathOf, isWithin: (area, ancestor) => pathOf(area).includes(ancestor) };
}
