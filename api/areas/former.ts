/** What is known before an import: the areas that exist, and where cameras stand. */
import type { Known } from '#models/registry/division/suspect.ts';
import type { Context } from '../context.ts';

export function knownGround({ areas, cameras }: Pick<Context, 'areas' | 'cameras'>): Known {
  return {
    areas: new Map(areas.list().map((area) => [area.id, area])),
    cameras: cameras
      .list()
      .flatMap(({ area, position }) => (position == null ? [] : [{ area: area ?? null, ...position }])),
  };
}
