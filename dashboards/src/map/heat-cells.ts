/** Cells of the heat map: how large they are, which can still be told apart, their outline, and which one is at a place. */
import { cellToBoundary, cellToLatLng, latLngToCell } from 'h3-js';

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

/** The cell's outline, closed, as [lon, lat]. */
export const cellRing = (cell: string): [number, number][] => cellToBoundary(cell, true) as [number, number][];

/** [lon, lat]. */
export function cellMiddle(cell: string): [number, number] {
  const [lat, lon] = cellToLatLng(cell);
  return [lon, lat];
}

export const cellAtPlace = ({ lon, lat }: { lon: number; lat: number }, resolution: number): string =>
  latLngToCell(lat, lon, resolution);
