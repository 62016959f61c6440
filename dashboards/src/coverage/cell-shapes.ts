/** Cells of the plan as shapes with the state that they are drawn in. */
import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { cellToBoundary } from 'h3-js';
import type { CoverageCell } from '#models/schema/coverage.ts';
import type { Light } from './coverage-api.ts';

/** `faint`: in the picture, but people are too small there, or something hides it partly. */
export type CellState = 'seen' | 'unwatched' | 'faint';

/** Watched for less of the time than this is hardly watched, as the report has it. */
const WATCHED_MIN = 0.5;

export function stateOf({ isSeen, watched, hiddenBy }: CoverageCell, light: Light): CellState | undefined {
  if (hiddenBy !== undefined) return undefined;
  if (!isSeen[light]) return 'faint';
  return watched === null || watched >= WATCHED_MIN ? 'seen' : 'unwatched';
}

const shape = (cell: string, properties: Record<string, unknown>): Feature<Polygon> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: [cellToBoundary(cell, true)] },
});

export function coverageShapes(cells: readonly CoverageCell[], light: Light): FeatureCollection<Polygon> {
  const features = cells.flatMap((cell) => {
    const state = stateOf(cell, light);
    return state === undefined ? [] : [shape(cell.cell, { state, recall: cell[light] })];
  });
  return { type: 'FeatureCollection', features };
}

export const gainedShapes = (cells: readonly string[]): FeatureCollection<Polygon> => ({
  type: 'FeatureCollection',
  features: cells.map((cell) => shape(cell, {})),
});

const METRES_PER_LAT = 111_320;
const WEDGE_STEPS = 16;

type Aim = { lon: number; lat: number; headingDeg: number; fieldOfViewDeg: number };

/** Where a camera would look: a wedge of the given length from its pole. */
export function wedge({ lon, lat, headingDeg, fieldOfViewDeg }: Aim, lengthM: number): FeatureCollection<Polygon> {
  const metresPerLon = METRES_PER_LAT * Math.cos((lat * Math.PI) / 180);
  const rim = Array.from({ length: WEDGE_STEPS + 1 }, (_, step) => {
    const turn = ((headingDeg + (step / WEDGE_STEPS - 0.5) * fieldOfViewDeg) * Math.PI) / 180;
    return [lon + (Math.sin(turn) * lengthM) / metresPerLon, lat + (Math.cos(turn) * lengthM) / METRES_PER_LAT];
  });
  const ring = [[lon, lat], ...rim, [lon, lat]];
  const feature: Feature<Polygon> = {
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates: [ring] },
  };
  return { type: 'FeatureCollection', features: [feature] };
}
