/** Chinese maps are shifted: coordinates of GCJ-02 and BD-09 are brought to WGS-84 before anything is judged. */
import gcoordPackage from 'gcoord';

// Its types describe an ES module; what Node loads is CommonJS, whose exports are the default itself.
const gcoord = gcoordPackage as unknown as typeof gcoordPackage.default;

export const CRS_NAMES = ['wgs84', 'gcj02', 'bd09'] as const;
export type CrsName = (typeof CRS_NAMES)[number];

const SYSTEMS = { wgs84: gcoord.WGS84, gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const;

/** Features that are no GeoJSON are left as they are: what is wrong with them is said later. */
export function toWgs84(features: readonly unknown[], crs: CrsName): unknown[] {
  if (crs === 'wgs84') return [...features];
  return features.map((feature) => {
    const geometry = (feature as { geometry?: { coordinates?: unknown } } | null)?.geometry;
    if (!isCoordinates(geometry?.coordinates)) return feature;
    return { ...(feature as object), geometry: { ...geometry, coordinates: moved(geometry?.coordinates, crs) } };
  });
}

type Coordinates = number[] | Coordinates[];

function isCoordinates(value: unknown): value is Coordinates {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each) => typeof each === 'number') ? value.length >= 2 : value.every(isCoordinates);
}

function moved(coordinates: unknown, crs: CrsName): unknown {
  const list = coordinates as Coordinates;
  if (typeof list[0] !== 'number') return (list as Coordinates[]).map((each) => moved(each, crs));
  return gcoord.transform([list[0], list[1] as number], SYSTEMS[crs], SYSTEMS.wgs84);
}
