/** The planned ground cell by cell, and as GeoJSON: cells with their figures, or what is seen as one shape. */
import type { Feature, FeatureCollection } from 'geojson';
import { cellsToMultiPolygon, cellToBoundary, cellToLatLng } from 'h3-js';
import type { Light } from '#models/registry/sight/recall.ts';
import type { CoverageCell } from '#models/schema/coverage.ts';
import type { Bbox } from '../figures/period.ts';
import { isInAreas, isSeen, type Planned, type PlannedCell } from './planned.ts';
import { watchedShare } from './report.ts';
import type { Watched } from './watched.ts';

type Wanted = {
  watched: ReadonlyMap<string, Watched>;
  scope: readonly string[];
  area?: string | undefined;
  bbox?: Bbox | undefined;
};

export function cellsOf(planned: Planned, { watched, scope, area, bbox }: Wanted): CoverageCell[] {
  return [...planned.values()]
    .filter((cell) => isInAreas(cell, scope) && (area === undefined || cell.areaPath.includes(area)))
    .filter(({ cell }) => bbox === undefined || isInside(cell, bbox))
    .map((cell) => cellOf(cell, watched));
}

function cellOf(planned: PlannedCell, watched: ReadonlyMap<string, Watched>): CoverageCell {
  const free = planned.looks.filter(({ hiddenBy }) => hiddenBy === '');
  const most = (pick: (look: (typeof free)[number]) => number) => Math.max(0, ...free.map(pick));
  const isSeenBy = { day: isSeen(planned, 'day'), night: isSeen(planned, 'night') };
  const hiddenBy = free.length > 0 ? undefined : planned.looks[0]?.hiddenBy;
  return {
    cell: planned.cell,
    day: most(({ day }) => day),
    night: most(({ night }) => night),
    isSeen: isSeenBy,
    personPx: Math.round(most(({ personPx }) => personPx)),
    ...(hiddenBy === 'building' || hiddenBy === 'mask' ? { hiddenBy } : {}),
    watched: isSeenBy.day || isSeenBy.night ? watchedShare(planned, watched) : null,
    cameras: free.length,
  };
}

function isInside(cell: string, [west, south, east, north]: Bbox): boolean {
  const [lat, lon] = cellToLatLng(cell);
  return lat >= south && lat <= north && lon >= west && lon <= east;
}

export function asCells(cells: readonly CoverageCell[]): FeatureCollection {
  const features = cells.map(({ isSeen: seen, ...figures }): Feature => {
    const ring = cellToBoundary(figures.cell, true);
    const properties = { ...figures, isSeenByDay: seen.day, isSeenByNight: seen.night };
    return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  return { type: 'FeatureCollection', features };
}

/** One feature: everything that is seen in the light, borders between cells dissolved. */
export function asUnion(cells: readonly CoverageCell[], light: Light): FeatureCollection {
  const seen = cells.filter(({ isSeen: by }) => by[light]);
  const coordinates = cellsToMultiPolygon(
    seen.map(({ cell }) => cell),
    true,
  );
  const feature: Feature = {
    type: 'Feature',
    properties: { light, cells: seen.length },
    geometry: { type: 'MultiPolygon', coordinates },
  };
  return { type: 'FeatureCollection', features: [feature] };
}
