/** The demo's administrative tree: one invented city, with grids that share every edge, so no gap and no overlap. */
import type { Area } from '#models/schema/area.ts';
import { placeAt } from './pose.ts';

/** South-west corner. The place is invented, like its names. */
export const CITY_ORIGIN = { lon: 117.03, lat: 36.66 };

const COLUMNS = 4;
const ROWS = 3;
export const GRID_WIDTH_M = 150;
export const GRID_HEIGHT_M = 130;

/** A lattice corner, moved a little so that the division looks like streets and not like squared paper. */
function corner(column: number, row: number): [number, number] {
  const isEdge = (index: number, last: number) => index === 0 || index === last;
  const eastShift = isEdge(column, COLUMNS) ? 0 : 9 * Math.sin(column * 2.1 + row * 1.3);
  const northShift = isEdge(row, ROWS) ? 0 : 8 * Math.cos(column * 1.7 + row * 2.9);
  const place = placeAt(CITY_ORIGIN, column * GRID_WIDTH_M + eastShift, row * GRID_HEIGHT_M + northShift);
  return [place.lon, place.lat];
}

/** The closed ring around columns [west, east) and rows [south, north). */
function ring(west: number, south: number, east: number, north: number): [number, number][] {
  const points: [number, number][] = [];
  for (let column = west; column < east; column++) points.push(corner(column, south));
  for (let row = south; row < north; row++) points.push(corner(east, row));
  for (let column = east; column > west; column--) points.push(corner(column, north));
  for (let row = north; row > south; row--) points.push(corner(west, row));
  return [...points, corner(west, south)];
}

type Block = {
  id: string;
  name: string;
  parent: string | null;
  level: Area['level'];
  span: [number, number, number, number];
};

const BLOCKS: Block[] = [
  { id: 'linjiang', name: '临江市 Linjiang', parent: null, level: 'city', span: [0, 0, 4, 3] },
  { id: 'hedong', name: '河东区 Hedong', parent: 'linjiang', level: 'district', span: [0, 0, 4, 3] },
  { id: 'nanmen', name: '南门街道 South Gate', parent: 'hedong', level: 'street', span: [0, 0, 2, 3] },
  { id: 'beiyuan', name: '北园街道 North Garden', parent: 'hedong', level: 'street', span: [2, 0, 4, 3] },
  { id: 'nanmen-1', name: '柳巷社区 Willow Lane', parent: 'nanmen', level: 'village', span: [0, 0, 2, 2] },
  { id: 'nanmen-2', name: '书院社区 Academy', parent: 'nanmen', level: 'village', span: [0, 2, 2, 3] },
  { id: 'beiyuan-1', name: '桥头社区 Bridge Head', parent: 'beiyuan', level: 'village', span: [2, 0, 4, 3] },
];

const VILLAGE_OF = (column: number, row: number) => (column >= 2 ? 'beiyuan-1' : row < 2 ? 'nanmen-1' : 'nanmen-2');

const area = ({ id, name, parent, level, span }: Block, households?: number): Area => ({
  id,
  name,
  level,
  parent,
  ...(households === undefined ? {} : { households }),
  geometry: { type: 'Polygon', coordinates: [ring(...span)] },
  version: 1,
});

export function gridId(column: number, row: number): string {
  return `grid-${row * COLUMNS + column + 1}`;
}

/** The middle of a grid. */
export function gridCentre(column: number, row: number): { lon: number; lat: number } {
  return placeAt(CITY_ORIGIN, (column + 0.5) * GRID_WIDTH_M, (row + 0.5) * GRID_HEIGHT_M);
}

/** 1 city, 1 district, 2 streets, 3 communities and 12 grids of 300 to 500 households. */
export function demoAreas(): Area[] {
  const grids: Area[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const id = gridId(column, row);
      const name = `第 ${row * COLUMNS + column + 1} 网格`;
      const span: Block['span'] = [column, row, column + 1, row + 1];
      grids.push(
        area(
          { id, name, parent: VILLAGE_OF(column, row), level: 'grid', span },
          310 + ((column * 53 + row * 37) % 180),
        ),
      );
    }
  }
  return [...BLOCKS.map((block) => area(block)), ...grids];
}
