/** How much ground an area has, and how much of it lies under houses; worked out anew when areas or houses change. */
import { area as squareMetres } from '@turf/area';
import { type AreaIndex, buildAreaIndex } from '#models/registry/polygon.ts';
import { buildWalls, type Walls } from '#models/registry/sight/walls.ts';
import type { Building } from '#models/schema/building.ts';
import type { Context } from '../context.ts';

export type AreaGround = { areaM2: number; builtM2: number };

export type Ground = {
  of: (area: string) => AreaGround;
  /** Area path of a place, five tokens. */
  pathAt: (lon: number, lat: number) => readonly string[];
  /** The deepest area that holds a place. */
  areaAt: (lon: number, lat: number) => string | null;
  walls: Walls;
  buildings: readonly Building[];
};

export function createGround(context: Pick<Context, 'areas' | 'buildings' | 'tree'>): () => Ground {
  let kept: Ground | undefined;
  const forget = () => {
    kept = undefined;
  };
  context.areas.onChange(forget);
  context.buildings.onChange(forget);
  return () => {
    kept ??= measure(context);
    return kept;
  };
}

function measure({ areas, buildings: tiles, tree }: Pick<Context, 'areas' | 'buildings' | 'tree'>): Ground {
  const all = areas.list();
  const index: AreaIndex = buildAreaIndex(all);
  const { pathOf } = tree();
  const buildings = tiles.list().flatMap((tile) => tile.buildings);
  const grounds = new Map(all.map(({ id, geometry }) => [id, { areaM2: squareMetres(geometry), builtM2: 0 }]));
  for (const { geometry } of buildings) {
    const m2 = squareMetres(geometry);
    for (const area of pathOf(index.locate(...middleOf(geometry.coordinates[0]!)))) {
      const ground = grounds.get(area);
      if (ground !== undefined) ground.builtM2 += m2;
    }
  }
  return {
    of: (area) => grounds.get(area) ?? { areaM2: 0, builtM2: 0 },
    pathAt: (lon, lat) => pathOf(index.locate(lon, lat)),
    areaAt: (lon, lat) => index.locate(lon, lat),
    walls: buildWalls(buildings),
    buildings,
  };
}

/** The mean of the corners. */
export function middleOf(ring: readonly (readonly number[])[]): [lon: number, lat: number] {
  const corners = ring.length > 1 ? ring.slice(1) : ring;
  const sum = (axis: 0 | 1) => corners.reduce((total, corner) => total + corner[axis]!, 0);
  return [sum(0) / corners.length, sum(1) / corners.length];
}
