/** In which area each key place lies: that of its point, or of its outline's first corner. */
import { buildAreaIndex } from '#models/registry/polygon.ts';
import type { Area } from '#models/schema/area.ts';
import type { KeyPlace } from '#models/schema/key-place.ts';

export function keyPlacesIn(places: readonly KeyPlace[], areas: readonly Area[]): (string | null)[] {
  if (places.length === 0) return [];
  const index = buildAreaIndex([...areas]);
  return places.map(({ geometry }) => {
    const [lon = 0, lat = 0] = geometry.type === 'Point' ? geometry.coordinates : (geometry.coordinates[0]?.[0] ?? []);
    return index.locate(lon, lat);
  });
}
