/** A box on the map as ranges of H3 numbers: at one resolution, all cells below a coarser cell follow each other. */
import {
  getHexagonAreaAvg,
  getHexagonEdgeLengthAvg,
  getResolution,
  gridDisk,
  polygonToCellsExperimental,
  UNITS,
} from 'h3-js';

/** [west, south, east, north] in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** More ranges would cost more than the rows that they leave out. */
const RANGES_MAX = 64;
const RESOLUTIONS = [10, 9, 8, 7, 6, 5, 4];
/** Three bits per resolution; digits below the cell's own resolution are 7. */
const DIGIT_BITS = 3n;

/**
 * A condition that holds for every cell of resolution 13 below a cell of the given resolution whose middle lies in the
 * box, and for some around it: it lets the store skip rows, the exact cut comes after. `true` where the box is too large
 * for it to help.
 */
export function cellRangesOf(column: string, box: Box, wholeTo = 13): string {
  const [west, south, east, north] = wholeTo === 13 ? box : widened(box, wholeTo);
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const widthM = (east - west) * 111_000 * Math.cos((((south + north) / 2) * Math.PI) / 180);
  const areaM2 = Math.max(0, widthM * (north - south) * 111_000);
  const resolution = RESOLUTIONS.find((step) => areaM2 / getHexagonAreaAvg(step, UNITS.m2) < RANGES_MAX / 8);
  if (resolution === undefined) return 'true';
  const inside = polygonToCellsExperimental([ring], resolution, 'containmentOverlapping', true);
  // Children stick out of their parents a little: the neighbours may hold cells of the box.
  const cells = new Set(inside.flatMap((cell) => gridDisk(cell, 1)));
  if (cells.size > RANGES_MAX) return 'true';
  const ranges: [bigint, bigint][] = [];
  for (const [low, high] of [...cells]
    .map((cell) => rangeOf(cell, resolution))
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const last = ranges.at(-1);
    if (last !== undefined && low <= last[1] + 1n) last[1] = high;
    else ranges.push([low, high]);
  }
  return `(${ranges.map(([low, high]) => `${column} BETWEEN ${low} AND ${high}`).join(' OR ')})`;
}

/** Exactly the cells of resolution 13 below a cell. */
export function cellsBelow(column: string, cell: string): string {
  const [low, high] = rangeOf(cell, getResolution(cell));
  return `${column} BETWEEN ${low} AND ${high}`;
}

/** So that all of a cell lies in the box whose middle does: a cell reaches about as far as its edge is long. */
function widened([west, south, east, north]: Box, resolution: number): Box {
  const reachM = 1.5 * getHexagonEdgeLengthAvg(resolution, UNITS.m);
  const lat = reachM / 111_000;
  const lon = lat / Math.max(0.01, Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180));
  return [Math.max(-180, west - lon), Math.max(-90, south - lat), Math.min(180, east + lon), Math.min(90, north + lat)];
}

/** The numbers of all cells of resolution 13 below a cell: its own with resolution 13, and all digits in between. */
function rangeOf(cell: string, resolution: number): [bigint, bigint] {
  const child = (BigInt(`0x${cell}`) & ~(0xfn << 52n)) | (13n << 52n);
  const unused = DIGIT_BITS * 2n;
  const free = ((1n << (DIGIT_BITS * BigInt(13 - resolution))) - 1n) << unused;
  return [child & ~free, child | free];
}
