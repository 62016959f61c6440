/** A heat map as shapes to draw: which cells, how large, and where a value stands on the scale. */
import type { FeatureCollection, Polygon } from 'geojson';
import { cellToBoundary } from 'h3-js';
import type { HeatMap } from '#models/schema/heat-map.ts';

export type CellProperties = { cell: string; value: number };

/** Mean distance across a cell, metres, by H3 resolution (twice the mean edge; h3geo.org, "Tables of cell statistics"). */
const CELL_SIZE_M: Record<number, number> = { 9: 401, 10: 152, 11: 57, 12: 22, 13: 8 };
const RESOLUTIONS = [13, 12, 11, 10, 9] as const;

/** Smaller than this on the screen a cell is no longer something to point at. */
const CELL_SIZE_MIN_PX = 13;
const EARTH_M = 40_075_016;
const TILE_PX = 512;

export const cellSizeM = (resolution: number): number => CELL_SIZE_M[resolution] ?? 0;

/** The finest resolution whose cells can still be told apart. */
export function resolutionAt(zoom: number, latitude: number): number {
  const metresPerPixel = (EARTH_M * Math.cos((latitude * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);
  return RESOLUTIONS.find((resolution) => cellSizeM(resolution) / metresPerPixel >= CELL_SIZE_MIN_PX) ?? 9;
}

const RINGS_KEPT = 60_000;
const rings = new Map<string, [number, number][]>();

/** The cell's outline, closed, as [lon, lat]; kept, since the same cells come every five seconds. */
export function cellRing(cell: string): [number, number][] {
  const kept = rings.get(cell);
  if (kept !== undefined) return kept;
  if (rings.size >= RINGS_KEPT) rings.clear();
  const ring = cellToBoundary(cell, true) as [number, number][];
  rings.set(cell, ring);
  return ring;
}

export function cellShapes(heatMap: HeatMap | undefined): FeatureCollection<Polygon, CellProperties> {
  return {
    type: 'FeatureCollection',
    features: (heatMap?.cells ?? []).map(({ cell, value }) => ({
      type: 'Feature',
      properties: { cell, value: value ?? 0 },
      geometry: { type: 'Polygon', coordinates: [cellRing(cell)] },
    })),
  };
}

/** Ends that read well as durations, seconds: 1 s … 30 s, 1 min … 30 min, 1 h … */
const DURATION_ENDS = [1, 60, 3600].flatMap((unit) => [1, 2, 5, 10, 20, 30].map((step) => step * unit));

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value * 0.999) ?? 10) * power;
}

/**
 * Where the scale ends: the 98th percentile of what is there, rounded up, so that one parked lorry does not turn the
 * city dark and growing figures do not repaint the map at each refresh.
 */
export function scaleEnd(heatMap: HeatMap | undefined): number {
  const values = (heatMap?.cells ?? []).map((cell) => cell.value ?? 0).filter((value) => value > 0);
  if (values.length === 0) return 1;
  const sorted = Float64Array.from(values).sort();
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))]!;
  if (heatMap?.measure === 'tracks') return Math.max(roundUp(high), 1);
  return DURATION_ENDS.find((end) => end >= high * 0.999) ?? roundUp(high / 3600) * 3600;
}

/** Values stand on the scale by their square root: streets are full of cells with little and few with much. */
export const scalePlace = (value: number, end: number): number => Math.sqrt(Math.min(Math.max(value / end, 0), 1));
