/** Features of other coordinate systems brought to WGS-84 before anything is judged. */
import { mapPositions, toWgs84 } from '#models/registry/division/crs.ts';
import type { CrsName } from '#models/schema/division.ts';

/** What is no GeoJSON is left as it is: what is wrong with it is said later. */
export function featuresIn(features: readonly unknown[], crs: CrsName): unknown[] {
  if (crs === 'wgs84') return [...features];
  return features.map((feature) => {
    const geometry = (feature as { geometry?: { coordinates?: unknown } | null } | null)?.geometry;
    if (geometry == null) return feature;
    const coordinates = mapPositions(geometry.coordinates, (position) => toWgs84(position, crs));
    return { ...(feature as object), geometry: { ...geometry, coordinates } };
  });
}
