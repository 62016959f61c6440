/** What hides ground from a camera: a ray from its lens to the ground must pass over every wall on its way. */
import Flatbush from 'flatbush';
import pointInPolygon from 'point-in-polygon-hao';
import type { Building } from '#models/schema/building.ts';

type Place = readonly [lon: number, lat: number];
type Wall = { a: Place; b: Place; heightM: number; building: number };
type Lens = { lon: number; lat: number; heightM: number };

export type Walls = {
  count: number;
  /** For one lens: whether a building stands before the ground at a place, or on it. Buildings that hold the lens hide nothing. */
  seenFrom: (lens: Lens) => (lon: number, lat: number) => boolean;
};

/** A lens hangs on a wall, and maps are a little off: walls nearer than this hide nothing, metres. */
const AT_THE_LENS_M = 1;
const METRES_PER_DEGREE = 111_000;

/**
 * Crossings of two lines do not change when the map is stretched, so degrees serve as they are; the height of the ray
 * falls evenly along it.
 */
export function buildWalls(buildings: readonly Building[]): Walls {
  const rings = buildings.map(({ geometry }) => geometry.coordinates.map((ring) => ring.map(placeOf)));
  const walls = rings.flatMap((all, building) =>
    all.flatMap((ring) =>
      ring.slice(1).map((b, index): Wall => ({ a: ring[index]!, b, heightM: buildings[building]!.heightM, building })),
    ),
  );
  if (walls.length === 0) return { count: 0, seenFrom: () => () => true };
  const wallTree = treeOf(walls.map(({ a, b }) => [a, b]));
  const houseTree = treeOf(rings.map(([outer]) => outer!));
  const holding = (lon: number, lat: number): number[] =>
    houseTree.search(lon, lat, lon, lat).filter((index) => pointInPolygon([lon, lat], mutable(rings[index]!)) === true);
  return {
    count: buildings.length,
    seenFrom({ lon: fromLon, lat: fromLat, heightM }) {
      const own = new Set(holding(fromLon, fromLat));
      return (lon, lat) => {
        if (holding(lon, lat).some((building) => !own.has(building))) return false;
        const lengthM =
          Math.hypot((lon - fromLon) * Math.cos((lat * Math.PI) / 180), lat - fromLat) * METRES_PER_DEGREE;
        const near = wallTree.search(
          Math.min(lon, fromLon),
          Math.min(lat, fromLat),
          Math.max(lon, fromLon),
          Math.max(lat, fromLat),
        );
        return !near.some((index) => {
          const wall = walls[index]!;
          if (own.has(wall.building)) return false;
          const along = crossingAt([fromLon, fromLat], [lon, lat], wall);
          return along !== undefined && along * lengthM > AT_THE_LENS_M && heightM * (1 - along) < wall.heightM;
        });
      };
    },
  };
}

/** Where on the way from one place to the other it crosses the wall, 0 to 1. */
function crossingAt(from: Place, to: Place, { a, b }: Wall): number | undefined {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [wx, wy] = [b[0] - a[0], b[1] - a[1]];
  const turn = dx * wy - dy * wx;
  if (turn === 0) return undefined;
  const [ox, oy] = [a[0] - from[0], a[1] - from[1]];
  const along = (ox * wy - oy * wx) / turn;
  const across = (ox * dy - oy * dx) / turn;
  return along >= 0 && along <= 1 && across >= 0 && across <= 1 ? along : undefined;
}

const placeOf = (point: readonly number[]): Place => [point[0]!, point[1]!];
const mutable = (rings: readonly (readonly Place[])[]) => rings as unknown as number[][][];

function treeOf(shapes: readonly (readonly Place[])[]): Flatbush {
  const tree = new Flatbush(shapes.length);
  for (const points of shapes) {
    const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
    tree.add(Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats));
  }
  tree.finish();
  return tree;
}
