/** The division as the page has it: areas with their figures, what of them is coloured, and where a thing lies. */
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { AreaForm, AreaLevel } from '#models/schema/area.ts';
import { type AreaProperties, type Bounds, boundsOf } from '../map/areas.ts';

export type DivisionProperties = AreaProperties & {
  form?: AreaForm;
  leaders?: number;
  fullTimeWorkers?: number;
  partTimeWorkers?: number;
};
export type DivisionAreas = FeatureCollection<Polygon | MultiPolygon, DivisionProperties>;

export const COLOURINGS = ['plain', 'households', 'staffing'] as const;
export type Colouring = (typeof COLOURINGS)[number];

/** The order in which the legend names them. */
export const TONES = ['none', 'low', 'good', 'high'] as const;
export type Tone = (typeof TONES)[number];

const HOUSEHOLDS = { min: 300, max: 500 };
/** Where few or none live, 300 to 500 households are not asked for. */
const WITHOUT_HOUSEHOLDS: readonly (AreaForm | undefined)[] = ['building', 'business-quarter'];

/** `good` is the standard; `none` where nothing is said, or nothing is asked. */
export function toneOf(area: DivisionProperties, colouring: Colouring): Tone {
  if (area.level !== 'grid') return 'none';
  if (colouring === 'households') {
    const { households, form } = area;
    if (households === undefined || WITHOUT_HOUSEHOLDS.includes(form)) return 'none';
    return households < HOUSEHOLDS.min ? 'low' : households > HOUSEHOLDS.max ? 'high' : 'good';
  }
  if (colouring === 'staffing') {
    const { leaders = 0, fullTimeWorkers = 0, partTimeWorkers = 0 } = area;
    if (leaders < 1 || fullTimeWorkers < 1) return 'low';
    return fullTimeWorkers + partTimeWorkers > 1 ? 'high' : 'good';
  }
  return 'none';
}

/** How many grids have each tone, for the legend. */
export function toneCounts(areas: DivisionAreas | undefined, colouring: Colouring): Record<Tone, number> {
  const counts: Record<Tone, number> = { none: 0, low: 0, good: 0, high: 0 };
  for (const { properties } of areas?.features ?? [])
    if (properties.level === 'grid') counts[toneOf(properties, colouring)]++;
  return counts;
}

export const levelsThere = (areas: DivisionAreas | undefined): Set<AreaLevel> =>
  new Set(areas?.features.map(({ properties }) => properties.level));

export function shapeBounds(shape: Polygon | MultiPolygon): Bounds | null {
  const rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
  return boundsOf(rings.flat());
}
