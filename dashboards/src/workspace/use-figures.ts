/** Everything that the map page reads again and again, each question at its own pace. */

import { type AreaPart, api, type CellPart, type FigureQuery } from '../api-client.ts';
import type { MapView } from '../map/city-map.ts';
import { resolutionAt } from '../map/heat-cells.ts';
import type { Shown } from '../map/heat-columns.ts';
import { type FigureQuestion, readMapFigures } from '../map/map-figures.ts';
import { usePolled } from '../polled.ts';
import { type Choices, comparedSpan } from './choices.ts';
import { useKnownSite } from './known.tsx';
import { queryBounds } from './query-bounds.ts';
import { type RangeName, rangeKey, type Span, spanOf } from './time-range.ts';
import { writeHours } from './week-hours.ts';
import { browserZone, chosenS } from './zone-time.ts';

/** The longer the span, the less a few seconds change. */
const EVERY_MS: Record<RangeName, number> = {
  quarter: 5000,
  hour: 5000,
  today: 10_000,
  day: 10_000,
  yesterday: 60_000,
  week: 30_000,
  'last-week': 60_000,
  'this-month': 60_000,
  month: 60_000,
  custom: 60_000,
};
/** What is normal does not change while one looks. */
const NORMAL_EVERY_MS = 60_000;

export function shownBy({ compare }: Choices): Shown {
  return compare.name === 'off' ? 'value' : compare.name === 'normal' ? 'normal' : 'compare';
}

export function queryOf(choices: Choices, span: Span, zone: string): FigureQuery {
  const { kind, measure, hours, compare } = choices;
  return {
    ...span,
    ...{ kind, measure, hours: writeHours(hours), zone },
    compare: comparedSpan(compare, span),
    isVersusNormal: compare.name === 'normal',
  };
}

/** Which cells or areas: null until the map has told where it stands. */
export function partOf({ level, division }: Choices, view: MapView | undefined): CellPart | AreaPart | null {
  if (level !== 'cell') return { level, division };
  if (view === undefined) return null;
  return { resolution: resolutionAt(view.zoom, view.latitude), bbox: queryBounds(view) };
}

export function questionOf(
  choices: Choices,
  span: Span,
  where: { part: CellPart | AreaPart; zone: string },
): FigureQuestion {
  const past = { ...span, toMs: Math.min(span.toMs, Date.now()) };
  return {
    query: queryOf(choices, span, where.zone),
    part: where.part,
    shown: shownBy(choices),
    elapsedS: chosenS(past, choices.hours, where.zone),
  };
}

const partKey = (part: CellPart | AreaPart) =>
  'level' in part ? `${part.level} ${part.division}` : [part.resolution, ...part.bbox].join(' ');

/** Names a question: what changes it changes the key, the moving of the clock does not. */
export function questionKey(choices: Choices, part: CellPart | AreaPart | null, zone: string): string {
  const { range, kind, measure, hours, compare } = choices;
  const versus = compare.name === 'custom' ? rangeKey(compare) : compare.name;
  const where = part === null ? '' : partKey(part);
  return [rangeKey(range), zone, kind, measure, writeHours(hours), versus, where].join(' ');
}

export function useFigures(choices: Choices, view: MapView | undefined, onSignedOut: () => void) {
  const { range, compare, step } = choices;
  const site = usePolled('site', (signal) => api.readSite({ signal }), { intervalMs: 15_000, onSignedOut });
  const zone = site.data?.timeZone ?? browserZone();
  const part = partOf(choices, view);
  // While time is played the frames ask for themselves.
  const key = part === null || step !== null ? null : questionKey(choices, part, zone);
  const everyMs = EVERY_MS[range.name];
  const question = (signal: AbortSignal) => {
    if (part === null) throw new Error('nothing is asked before the map stands');
    return readMapFigures(questionOf(choices, spanOf(range, zone), { part, zone }), signal);
  };
  return {
    zone,
    part,
    heat: usePolled(key, question, {
      intervalMs: compare.name === 'normal' ? Math.max(everyMs, NORMAL_EVERY_MS) : everyMs,
      onSignedOut,
    }),
    summary: usePolled(`${rangeKey(range)} ${zone}`, (signal) => api.readSummary(spanOf(range, zone), { signal }), {
      intervalMs: everyMs,
      onSignedOut,
    }),
    cameras: usePolled('cameras', (signal) => api.readCameras({ signal }), { intervalMs: 3000, onSignedOut }),
    areas: useKnownSite().areas,
    site,
  };
}

export type Figures = ReturnType<typeof useFigures>;
