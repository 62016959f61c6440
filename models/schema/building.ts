/** Buildings as the city has them: what stands between a camera and the ground. */
import Type, { type Static } from 'typebox';
import { Polygon } from './area.ts';

export const Building = Type.Object(
  {
    geometry: Polygon,
    heightM: Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'From the ground to the roof' }),
  },
  { additionalProperties: false },
);
export type Building = Static<typeof Building>;

/**
 * The buildings of one H3 cell of resolution 9 (about 0.1 km²), each in the tile of its first corner: one value of the
 * registry, so that a city of a hundred thousand houses is a thousand values.
 */
export const BuildingTile = Type.Object(
  { tile: Type.String(), buildings: Type.Array(Building) },
  { additionalProperties: false },
);
export type BuildingTile = Static<typeof BuildingTile>;

export const BUILDING_TILE_RESOLUTION = 9;
