/** Import of buildings from GeoJSON: every fault of every feature is found before anything is written, or all is written. */
import { area as squareMetres } from '@turf/area';
import { latLngToCell } from 'h3-js';
import { checkPolygon } from '#models/registry/polygon.ts';
import type { Polygon } from '#models/schema/area.ts';
import { BUILDING_TILE_RESOLUTION, type Building, type BuildingTile } from '#models/schema/building.ts';
import { nearest } from '#system/config.ts';

export type ImportProblem = { id: string; code: string; message: string };
export type BuildingsPlan = { tiles: BuildingTile[]; buildings: number; problems: ImportProblem[] };

/** Properties that say how high a building is, as maps have them; the first that is there counts. */
const HEIGHTS = ['heightM', 'height', 'building:height'] as const;
const FLOORS = ['floors', 'levels', 'building:levels'] as const;
const FLOOR_M = 3;
const HEIGHT_MAX_M = 1000;
/** A message of NATS holds 1 MiB. */
const TILE_MAX_BYTES = 900_000;
/** Larger is no building but a quarter. */
const FOOTPRINT_MAX_M2 = 1_000_000;

export function planBuildings(features: readonly unknown[]): BuildingsPlan {
  const problems: ImportProblem[] = [];
  const tiles = new Map<string, BuildingTile>();
  let count = 0;
  for (const [index, feature] of features.entries()) {
    for (const building of readFeature(feature, index, problems)) {
      const [lon, lat] = building.geometry.coordinates[0]![0]!;
      const tile = latLngToCell(lat!, lon!, BUILDING_TILE_RESOLUTION);
      const held = tiles.get(tile) ?? { tile, buildings: [] };
      tiles.set(tile, held);
      held.buildings.push(building);
      count++;
    }
  }
  for (const tile of tiles.values()) {
    const bytes = Buffer.byteLength(JSON.stringify(tile));
    if (bytes <= TILE_MAX_BYTES) continue;
    const message = `its ${tile.buildings.length} buildings take ${bytes} bytes, more than ${TILE_MAX_BYTES}: simplify their outlines`;
    problems.push({ id: `tile ${tile.tile}`, code: 'polygon-invalid', message });
  }
  return { tiles: [...tiles.values()], buildings: count, problems };
}

function readFeature(feature: unknown, index: number, problems: ImportProblem[]): Building[] {
  const {
    properties,
    geometry,
    id: outerId,
  } = (feature ?? {}) as {
    properties?: Record<string, unknown> | null;
    geometry?: unknown;
    id?: unknown;
  };
  const given = properties ?? {};
  const id = String(given.id ?? outerId ?? `feature ${index + 1}`);
  const before = problems.length;
  const say = (code: string, message: string) => problems.push({ id, code, message });
  for (const { message } of checkPolygon(geometry)) say('polygon-invalid', message);
  const height = readHeight(given);
  if (typeof height === 'string') say('invalid-value', height);
  if (problems.length > before || typeof height === 'string') return [];
  return partsOf(geometry).flatMap((part): Building[] => {
    const m2 = squareMetres(part);
    if (m2 <= FOOTPRINT_MAX_M2) return [{ geometry: part, heightM: height }];
    say('polygon-invalid', `it covers ${Math.round(m2 / 1e4)} hectares: that is a quarter and no building`);
    return [];
  });
}

/** Metres, or what is wrong. A height that is missing is not guessed: a city that forgets it would see through walls. */
function readHeight(given: Record<string, unknown>): number | string {
  const name = [...HEIGHTS, ...FLOORS].find((key) => given[key] !== undefined && given[key] !== null);
  if (name === undefined) {
    const meant = nearest('height', Object.keys(given)) ?? nearest('floors', Object.keys(given));
    return `it has no height: "height" in metres or "floors" is needed${meant === undefined ? '' : `; did you mean it by "${meant}"?`}`;
  }
  const value = Number(String(given[name]).replace(/\s*m$/i, ''));
  const isFloors = FLOORS.some((key) => key === name);
  const heightM = isFloors ? value * FLOOR_M : value;
  if (heightM > 0 && heightM <= HEIGHT_MAX_M) return heightM;
  return `"${name}" should be a number of ${isFloors ? 'floors' : 'metres'} above 0 and up to ${HEIGHT_MAX_M} m, but is ${JSON.stringify(given[name])}`;
}

function partsOf(geometry: unknown): Polygon[] {
  const { type, coordinates } = geometry as { type: string; coordinates: unknown };
  if (type === 'Polygon') return [{ type: 'Polygon', coordinates: coordinates as number[][][] }];
  return (coordinates as number[][][][]).map((part) => ({ type: 'Polygon', coordinates: part }));
}
