/** What is the same of a thing of a loop whenever it is seen, as columns: the past is made of copies of these. */
import type { Placed } from '#analytics/store/rows.ts';
import type { Sighting } from '#models/schema/detection.ts';

export type Templates = ReturnType<typeof createTemplates>;

export type Template = {
  sighting: Pick<Sighting, 'kind' | 'score' | 'box'>;
  placed: Placed;
  calibrationVersion: number;
};

/** Each name gets a number, in the order in which they come. */
export function createNames() {
  const numbers = new Map<string, number>();
  return {
    numberOf(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
    all: () => [...numbers.keys()],
  };
}

/** Room for twice as many numbers, with those that are there. */
export function doubled<Values extends Uint16Array | Uint32Array | Float64Array>(values: Values): Values {
  const Kind = values.constructor as new (size: number) => Values;
  const larger = new Kind(2 * values.length);
  larger.set(values);
  return larger;
}

const ROOM = 4096;

export function createTemplates() {
  const names = { kind: createNames(), areaPath: createNames(), placedBy: createNames(), reason: createNames() };
  const columns = Object.fromEntries(COLUMN_NAMES.map((name) => [name, new Float64Array(ROOM)])) as Columns;
  /** Of all, one after the other: cells by halves of 32 bits, low ones first. */
  const of = { cellHalves: new Uint32Array(2 * ROOM), weights: new Uint16Array(ROOM) };
  const count = { templates: 0, cells: 0 };

  function addCells({ cells, weights }: Placed): void {
    for (let index = 0; index < cells.length; index++, count.cells++) {
      if (count.cells === of.weights.length) {
        of.cellHalves = doubled(of.cellHalves);
        of.weights = doubled(of.weights);
      }
      of.cellHalves[2 * count.cells] = Number(cells[index]! & 0xffff_ffffn);
      of.cellHalves[2 * count.cells + 1] = Number(cells[index]! >> 32n);
      of.weights[count.cells] = weights[index]!;
    }
  }

  return {
    names,
    columns: columns as Readonly<Columns>,
    cells: of as Readonly<typeof of>,
    /** Returns its number. */
    add({ sighting, placed, calibrationVersion }: Template): number {
      const [x, y, width, height] = sighting.box;
      const { lon, lat, covEe, covEn, covNn } = placed;
      const values: Record<ColumnName, number> = {
        kind: names.kind.numberOf(sighting.kind),
        areaPath: names.areaPath.numberOf(placed.areaPath),
        placedBy: names.placedBy.numberOf(placed.placedBy),
        reason: names.reason.numberOf(placed.unplacedReason),
        calibration: calibrationVersion,
        score: sighting.score,
        ...{ x, y, width, height, lon, lat, covEe, covEn, covNn },
        firstCell: count.cells,
        cells: placed.cells.length,
      };
      const number = count.templates++;
      for (const name of COLUMN_NAMES) {
        if (number === columns[name].length) columns[name] = doubled(columns[name]);
        columns[name][number] = values[name];
      }
      addCells(placed);
      return number;
    },
  };
}

const COLUMN_NAMES = [
  ...(['kind', 'areaPath', 'placedBy', 'reason', 'calibration', 'score', 'x', 'y', 'width', 'height'] as const),
  ...(['lon', 'lat', 'covEe', 'covEn', 'covNn', 'firstCell', 'cells'] as const),
] as const;
type ColumnName = (typeof COLUMN_NAMES)[number];
/** `firstCell` and `cells`: where the cells of each begin, and how many they are. */
type Columns = Record<ColumnName, Float64Array>;
