/** What a new camera could see: each pole in twelve directions, as the cells that nobody sees yet. */
import { cellToLatLng, gridDisk, latLngToCell } from 'h3-js';
import { COUNTED_RESOLUTION } from '#models/registry/sight/outlook.ts';
import type { Light } from '#models/registry/sight/recall.ts';
import type { Walls } from '#models/registry/sight/walls.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Pole } from './poles.ts';
import { isSeenAhead, STANDARD_CAMERA } from './standard-camera.ts';

export type Option = Pole & { headingDeg: number; cells: string[] };

const HEADINGS = 12;
const CELL_STEP_M = 6;
const RADIANS = Math.PI / 180;

type Known = { walls: Walls; light: Light; reachM: number; isWanted: (cell: string) => boolean };

/** Walls are asked once per pole and cell, whatever the direction. */
export function optionsAt({ lon, lat }: Pole, { walls, light, reachM, isWanted }: Known): Option[] {
  const isFree = walls.seenFrom({ lon, lat, heightM: STANDARD_CAMERA.heightM });
  const plane = tangentPlane(lon, lat);
  const options = Array.from({ length: HEADINGS }, (_, turn): Option => {
    return { lon, lat, headingDeg: (turn * 360) / HEADINGS, cells: [] };
  });
  const own = latLngToCell(lat, lon, COUNTED_RESOLUTION);
  for (const cell of gridDisk(own, Math.ceil(reachM / CELL_STEP_M))) {
    const [cellLat, cellLon] = cellToLatLng(cell);
    const [east, north] = plane.toMetres(cellLon, cellLat);
    if (Math.hypot(east, north) > reachM || !isWanted(cell) || !isFree(cellLon, cellLat)) continue;
    for (const option of options) {
      const [sin, cos] = [Math.sin(option.headingDeg * RADIANS), Math.cos(option.headingDeg * RADIANS)];
      if (isSeenAhead(east * sin + north * cos, east * cos - north * sin, light)) option.cells.push(cell);
    }
  }
  return options.filter(({ cells }) => cells.length > 0);
}
