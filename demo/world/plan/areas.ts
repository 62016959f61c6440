/** The administrative tree: 1 city, 2 districts, 4 streets, 8 communities, 40 grids that share every edge. */
import type { Area } from '#models/schema/area.ts';
import { toLonLat } from '../origin.ts';
import { COLUMNS, ROWS, ringAround } from './lattice.ts';

type Span = readonly [west: number, south: number, east: number, north: number];
type Block = { id: string; name: string; parent: string | null; level: Area['level']; span: Span };

const BLOCKS: readonly Block[] = [
  { id: 'linjiang', name: '临江市 Linjiang', parent: null, level: 'city', span: [0, 0, 8, 5] },
  { id: 'hexi', name: '河西区 Hexi', parent: 'linjiang', level: 'district', span: [0, 0, 4, 5] },
  { id: 'hedong', name: '河东区 Hedong', parent: 'linjiang', level: 'district', span: [4, 0, 8, 5] },
  { id: 'nanmen', name: '南门街道 South Gate', parent: 'hexi', level: 'street', span: [0, 0, 4, 2] },
  { id: 'shuyuan', name: '书院街道 Academy', parent: 'hexi', level: 'street', span: [0, 2, 4, 5] },
  { id: 'qiaotou', name: '桥头街道 Bridge Head', parent: 'hedong', level: 'street', span: [4, 0, 8, 2] },
  { id: 'beiyuan', name: '北园街道 North Garden', parent: 'hedong', level: 'street', span: [4, 2, 8, 5] },
  { id: 'liuxiang', name: '柳巷社区 Willow Lane', parent: 'nanmen', level: 'village', span: [0, 0, 2, 2] },
  { id: 'caishi', name: '菜市社区 Old Market', parent: 'nanmen', level: 'village', span: [2, 0, 4, 2] },
  { id: 'xuefu', name: '学府社区 School Hill', parent: 'shuyuan', level: 'village', span: [0, 2, 2, 5] },
  { id: 'huaishu', name: '槐树社区 Pagoda Tree', parent: 'shuyuan', level: 'village', span: [2, 2, 4, 5] },
  { id: 'duchuan', name: '渡船社区 Ferry', parent: 'qiaotou', level: 'village', span: [4, 0, 6, 2] },
  { id: 'cangqian', name: '仓前社区 Granary', parent: 'qiaotou', level: 'village', span: [6, 0, 8, 2] },
  { id: 'zhongxin', name: '中心社区 Central', parent: 'beiyuan', level: 'village', span: [4, 2, 6, 5] },
  { id: 'taoyuan', name: '桃园社区 Peach Garden', parent: 'beiyuan', level: 'village', span: [6, 2, 8, 5] },
];

export const gridId = (column: number, row: number): string => `grid-${row * COLUMNS + column + 1}`;

function communityOf(column: number, row: number): string {
  const holds = ({ level, span: [west, south, east, north] }: Block) =>
    level === 'village' && column >= west && column < east && row >= south && row < north;
  const block = BLOCKS.find(holds);
  if (block === undefined) throw new RangeError(`no community holds column ${column}, row ${row}`);
  return block.id;
}

/** 300 to 500, uneven but fixed. */
const householdsOf = (column: number, row: number) => 304 + ((column * 53 + row * 89 + column * row * 17) % 192);

/** One leader each, one or two full-time workers, and some who help. */
const staffingOf = (column: number, row: number) => ({
  leaders: 1,
  fullTimeWorkers: 1 + ((column + row * 3) % 2),
  partTimeWorkers: (column * 5 + row * 7) % 4,
});

function toArea({ id, name, parent, level, span }: Block, facts: Partial<Area> = {}): Area {
  const coordinates = [ringAround(span).map((point) => toLonLat(point))];
  const geometry: Area['geometry'] = { type: 'Polygon', coordinates };
  return { id, name, level, parent, ...facts, geometry, version: 1 };
}

/** Every area, parents before children. */
export function cityAreas(): Area[] {
  const grids: Area[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const name = `第 ${row * COLUMNS + column + 1} 网格`;
      const span: Span = [column, row, column + 1, row + 1];
      const block: Block = { id: gridId(column, row), name, parent: communityOf(column, row), level: 'grid', span };
      const households = householdsOf(column, row);
      grids.push(toArea(block, { households, form: 'road-block', ...staffingOf(column, row) }));
    }
  }
  return [...BLOCKS.map((block) => toArea(block)), ...grids];
}
