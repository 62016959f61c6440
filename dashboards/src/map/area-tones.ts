/** Figures of areas made ready to colour: the tone of each, and whether it was watched at all, seldom, or in vain. */
import type { AreaFigures } from '#models/schema/heat-map.ts';
import {
  COLUMN_NAMES,
  type ColumnName,
  type Scale,
  SELDOM,
  SHARE_MIN,
  type Shown,
  scaleOf,
  toneOf,
  UNKNOWN,
} from './heat-columns.ts';

export type AreaTone = { id: string; tone: number; isWatched: boolean; isEmpty: boolean; isSeldom: boolean };

export type AreaHeat = { scale: Scale; areas: AreaTone[]; hasFigures: boolean; observedShare: number; marks: number };

type Figure = AreaFigures['areas'][number];

export const figureRow = (figure: Figure): Record<ColumnName, number> =>
  Object.fromEntries(COLUMN_NAMES.map((name) => [name, figure[name] ?? Number.NaN])) as Record<ColumnName, number>;

export function areaHeat(answer: AreaFigures, shown: Shown): AreaHeat {
  const areas = answer.areas.map((figure) => {
    const tone = toneOf(figureRow(figure), answer.measure, shown);
    return {
      id: figure.area,
      tone,
      isWatched: figure.observedS > 0,
      isEmpty: shown === 'value' && !((figure.value ?? 0) > 0),
      isSeldom: figure.observedS > 0 && (figure.observedShare ?? 0) < SHARE_MIN,
    };
  });
  const watched = answer.areas.filter(({ observedShare }) => observedShare !== null);
  const shares = watched.reduce((sum, { observedShare }) => sum + (observedShare ?? 0), 0);
  return {
    scale: scaleOf(
      Float32Array.from(areas, ({ tone }) => tone),
      answer.measure,
      shown,
    ),
    areas,
    hasFigures: areas.some(({ tone }) => (shown === 'value' ? tone > 0 : !Number.isNaN(tone))),
    observedShare: shares / watched.length,
    marks: areas.reduce((all, { isWatched, isSeldom, isEmpty, tone }) => {
      const isUnknown = isWatched && !isEmpty && Number.isNaN(tone);
      return all | (isSeldom ? SELDOM : 0) | (isUnknown ? UNKNOWN : 0);
    }, 0),
  };
}
