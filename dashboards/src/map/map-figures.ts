/** What the map is coloured by: figures of cells or of areas, read for one question and made ready to draw. */
import type { AreaFigures, Measure } from '#models/schema/heat-map.ts';
import type { Kind } from '#models/schema/kind.ts';
import { type AreaPart, api, type CellPart, type FigureQuery } from '../api-client.ts';
import { type AreaHeat, areaHeat, figureRow } from './area-tones.ts';
import { cellAtPlace, cellSizeM } from './heat-cells.ts';
import {
  type ColumnName,
  indexOfCell,
  rowOf,
  type Scale,
  SELDOM,
  SHARE_MIN,
  type Shown,
  toneOf,
  UNCERTAIN,
} from './heat-columns.ts';
import { type Heat, readHeat } from './heat-reader.ts';
import type { PointedPlace } from './map-events.ts';

/** `elapsedS`: how long the chosen hours of the span are, the most that one camera can have watched. */
export type FigureQuestion = {
  query: FigureQuery;
  part: CellPart | AreaPart;
  shown: Shown;
  elapsedS: number;
};

type Common = {
  fromMs: number;
  toMs: number;
  kind: Kind | null;
  measure: Measure;
  shown: Shown;
  elapsedS: number;
  scale: Scale;
  hasFigures: boolean;
  /** Mean over cells or areas, 0 to 1; NaN without any. */
  observedShare: number;
  /** Hours of the time that the store counts anew, and whose part is missing until it has. */
  missingHours: number;
  count: number;
  /** All marks that any cell or area bears: what the legend has to explain. */
  marks: number;
};

export type MapFigures = Common & ({ of: 'cells'; heat: Heat } | { of: 'areas'; answer: AreaFigures; areas: AreaHeat });

export async function readMapFigures(question: FigureQuestion, signal: AbortSignal): Promise<MapFigures> {
  const { query, part, shown, elapsedS } = question;
  if ('level' in part) {
    const answer = await api.readAreaFigures(query, part, { signal });
    const areas = areaHeat(answer, shown);
    const { fromMs, toMs, kind, measure, missingHours = 0 } = answer;
    const { scale, hasFigures, observedShare, marks } = areas;
    const span = { fromMs, toMs, kind, measure, shown, elapsedS, missingHours };
    const common = { ...span, scale, hasFigures, observedShare, marks };
    return { of: 'areas', ...common, answer, areas, count: answer.areas.length };
  }
  const asked = { shown, cellSizeM: cellSizeM(part.resolution), elapsedS };
  const heat = await readHeat(query, part, { asked, signal });
  const { fromMs, toMs, kind, measure, scale, hasFigures, observedShare, count, marks, missingHours } = heat;
  const span = { fromMs, toMs, kind, measure, shown, elapsedS, missingHours };
  const common = { ...span, scale, hasFigures, observedShare, count, marks };
  return { of: 'cells', ...common, heat };
}

export type PointedFigures = {
  what: 'cell' | 'area';
  id: string;
  name: string | null;
  row: Record<ColumnName, number>;
  tone: number;
  /** Of the time that was asked for, the part that was watched: 0 to 1, or more where several cameras watch. */
  share: number;
  isUncertain: boolean;
  isSeldom: boolean;
  isSuppressed: boolean;
};

/** The figures at a place; undefined where nobody watched, or no area is. */
export function figuresAt(figures: MapFigures, { lon, lat, area }: PointedPlace): PointedFigures | undefined {
  if (figures.of === 'areas') return area === null ? undefined : figuresOfArea(figures, area);
  return figuresOfCell(figures, cellAtPlace({ lon, lat }, figures.heat.resolution));
}

function figuresOfArea(figures: MapFigures & { of: 'areas' }, area: string): PointedFigures | undefined {
  const found = figures.answer.areas.find((each) => each.area === area);
  if (found === undefined) return undefined;
  const row = figureRow(found);
  const { measure, shown } = figures;
  return {
    ...{ what: 'area', id: area, name: found.name, row, tone: toneOf(row, measure, shown), isUncertain: false },
    share: found.observedShare ?? 0,
    isSeldom: (found.observedShare ?? 0) < SHARE_MIN,
    isSuppressed: found.isSuppressed === true,
  };
}

function figuresOfCell({ heat }: MapFigures & { of: 'cells' }, cell: string): PointedFigures | undefined {
  const index = indexOfCell(heat.cells, cell);
  if (index < 0) return undefined;
  const flags = heat.flags[index] ?? 0;
  const row = rowOf(heat, index);
  return {
    ...{ what: 'cell', id: cell, name: null, row, tone: heat.tones[index] ?? Number.NaN },
    share: row.observedS / heat.elapsedS,
    isUncertain: (flags & UNCERTAIN) !== 0,
    isSeldom: (flags & SELDOM) !== 0,
    isSuppressed: false,
  };
}
