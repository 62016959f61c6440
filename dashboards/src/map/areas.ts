/** The administrative tree as it is drawn: outlines by level, where a name stands, and how far everything reaches. */
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { AreaLevel } from '#models/schema/area.ts';

export type AreaProperties = { id: string; name: string; level: AreaLevel; parent: string | null; households?: number };
export type AreaCollection = FeatureCollection<Polygon | MultiPolygon, AreaProperties>;

/** west, south, east, north */
export type Bounds = [west: number, south: number, east: number, north: number];

export type AreaLabel = { id: string; name: string; level: AreaLevel; lon: number; lat: number; bounds: Bounds };

type Point = readonly number[];

export function boundsOf(points: Iterable<Point>): Bounds | null {
  let bounds: Bounds | null = null;
  for (const [lon = 0, lat = 0] of points) {
    if (bounds === null) bounds = [lon, lat, lon, lat];
    else
      bounds = [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  }
  return bounds;
}

const outerRings = (geometry: Polygon | MultiPolygon): Point[][] =>
  geometry.type === 'Polygon' ? [geometry.coordinates[0] ?? []] : geometry.coordinates.map((part) => part[0] ?? []);

/** Centre of gravity and twice the signed area of a ring. */
function centreOf(ring: Point[]): { lon: number; lat: number; area: number } {
  const [originLon = 0, originLat = 0] = ring[0] ?? [];
  let [area, lon, lat] = [0, 0, 0];
  for (let index = 0; index + 1 < ring.length; index++) {
    const [x1, y1] = [(ring[index]?.[0] ?? 0) - originLon, (ring[index]?.[1] ?? 0) - originLat];
    const [x2, y2] = [(ring[index + 1]?.[0] ?? 0) - originLon, (ring[index + 1]?.[1] ?? 0) - originLat];
    const cross = x1 * y2 - x2 * y1;
    area += cross;
    lon += (x1 + x2) * cross;
    lat += (y1 + y2) * cross;
  }
  if (area === 0) return { lon: originLon, lat: originLat, area: 0 };
  return { lon: originLon + lon / (3 * area), lat: originLat + lat / (3 * area), area: Math.abs(area) };
}

export function labelsOf(areas: AreaCollection): AreaLabel[] {
  return areas.features.flatMap(({ properties, geometry }) => {
    const rings = outerRings(geometry);
    const bounds = boundsOf(rings.flat());
    const centres = rings.map(centreOf).sort((a, b) => b.area - a.area);
    if (bounds === null || centres[0] === undefined) return [];
    const { id, name, level } = properties;
    return [{ id, name, level, lon: centres[0].lon, lat: centres[0].lat, bounds }];
  });
}

export const areaBounds = (areas: AreaCollection['features']): Bounds | null =>
  boundsOf(areas.flatMap(({ geometry }) => outerRings(geometry).flat()));

export const cornersOf = (bounds: Bounds | null): Point[] =>
  bounds === null ? [] : [bounds.slice(0, 2), bounds.slice(2)];

type Placed = { area: string | null; position?: { lon: number; lat: number } };

/** The cameras that stand on the map, and the areas they belong to; null where none does. */
export function watchedBounds(cameras: readonly Placed[], areas: AreaCollection | undefined): Bounds | null {
  const placed = cameras.flatMap(({ area, position }) => (position === undefined ? [] : [{ area, ...position }]));
  if (placed.length === 0) return null;
  const watched = new Set(placed.map(({ area }) => area));
  const around = areaBounds(areas?.features.filter(({ properties }) => watched.has(properties.id)) ?? []);
  return boundsOf([...placed.map(({ lon, lat }) => [lon, lat]), ...cornersOf(around)]);
}

/** Grows bounds so that a single camera is seen with its street, not as a point at the highest zoom. */
export function atLeast(bounds: Bounds, spanM: number): Bounds {
  const [west, south, east, north] = bounds;
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const halfLat = Math.max((north - south) / 2, spanM / 2 / 111_320);
  const halfLon = Math.max((east - west) / 2, spanM / 2 / (111_320 * Math.cos((lat * Math.PI) / 180)));
  return [lon - halfLon, lat - halfLat, lon + halfLon, lat + halfLat];
}
