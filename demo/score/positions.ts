/** How far from where a thing is the pipeline places it, how well its ellipses say so, and whether the grid is right. */
import { toMetres } from '#demo/world/origin.ts';
import { gridAt } from '#demo/world/plan/grid-at.ts';
import { stageLonLat } from '#demo/world/sight.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { AREA_LEVELS } from '#models/schema/area.ts';
import type { Detection } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { ClipMatching } from './accuracy.ts';
import type { Ground } from './ground.ts';
import type { LookedFrame } from './infer.ts';

/** From the camera, metres: from, and below what. */
export const DISTANCES = {
  '0–10': [0, 10],
  '10–20': [10, 20],
  '20–30': [20, 30],
  '30–60': [30, 60],
  '≥ 60': [60, 1e6],
} as const;
export type Distance = keyof typeof DISTANCES;

export type Position = {
  view: string;
  isHeldOut: boolean;
  kind: Kind;
  distance: Distance;
  /** Metres; infinite where it was not placed. */
  errorM: number;
  isInEllipse: boolean;
  placedBy: 'foot' | 'head' | 'none';
  /** Where the truth lies in a grid: whether it was placed in it, and whether its ellipse keeps clear of borders. */
  grid?: { isRight: boolean; isClearOfBorders: boolean };
};

/** The ellipse that 90 % of a Gauss of two dimensions lie in, as a squared distance. */
export const WITHIN_90 = 4.605;

/** Of everything that was found. `looks`: all detections of each frame of a clip, because they may hide each other. */
export function positionsOf(
  { clip, matchings }: ClipMatching,
  looks: readonly LookedFrame[],
  { ground, scoreMin }: { ground: Ground; scoreMin: number },
): Position[] {
  const { view } = clip;
  const all = new Map(
    looks.map(({ frame, detections }) => [frame, detections.filter(({ score }) => score >= scoreMin)]),
  );
  const camera = toMetres(...stageLonLat(view, [view.camera.x, view.camera.y]));
  return matchings.flatMap(({ frame, matching }) => {
    const detections = all.get(frame) ?? [];
    const places = ground.place(view.id, detections);
    const placeOf = new Map<Detection, (typeof places)[number]>(detections.map((one, index) => [one, places[index]!]));
    return matching.pairs.flatMap(({ label: { agent }, detection }): Position[] => {
      const place = placeOf.get(detection);
      if (place === undefined) return [];
      const { lon, lat, kind } = agent;
      const truth = toMetres(lon, lat);
      const distance = distanceOf(Math.hypot(truth[0] - camera[0], truth[1] - camera[1]));
      const { placedBy } = place;
      const off = tangentPlane(lon, lat).toMetres(place.lon, place.lat);
      const grid = gridAt(truth);
      const judged = placedBy === 'none' || grid === undefined ? {} : { grid: judgeGrid(place, grid) };
      const errorM = placedBy === 'none' ? Number.POSITIVE_INFINITY : Math.hypot(...off);
      const { id, isHeldOut = false } = view;
      return [{ view: id, isHeldOut, kind, distance, errorM, placedBy, isInEllipse: isWithin(place, off), ...judged }];
    });
  });
}

type Place = { lon: number; lat: number; covEe: number; covEn: number; covNn: number; areaPath: string };

function isWithin({ covEe, covEn, covNn }: Place, [east, north]: readonly number[]): boolean {
  const determinant = covEe * covNn - covEn * covEn;
  const squared = (covNn * east! ** 2 - 2 * covEn * east! * north! + covEe * north! ** 2) / determinant;
  return squared <= WITHIN_90;
}

const GRID = AREA_LEVELS.indexOf('grid');
const CORNERS = 16;

function judgeGrid(place: Place, grid: string): { isRight: boolean; isClearOfBorders: boolean } {
  const placed = place.areaPath.split('.')[GRID];
  const middle = toMetres(place.lon, place.lat);
  const root = Math.sqrt(place.covEe);
  const lean = place.covEn / root;
  const rest = Math.sqrt(Math.max(0, place.covNn - lean * lean));
  const radius = Math.sqrt(WITHIN_90);
  const isClearOfBorders = Array.from({ length: CORNERS }, (_, corner) => {
    const [u, v] = [
      radius * Math.cos((corner * 2 * Math.PI) / CORNERS),
      radius * Math.sin((corner * 2 * Math.PI) / CORNERS),
    ];
    return gridAt([middle[0] + root * u, middle[1] + lean * u + rest * v]);
  }).every((at) => at === placed);
  return { isRight: placed === grid, isClearOfBorders };
}

const distanceOf = (metres: number): Distance =>
  (Object.entries(DISTANCES).find(([, [from, to]]) => metres >= from && metres < to)?.[0] ?? '≥ 60') as Distance;

export type PositionFigures = {
  boxes: number;
  /** Of those that are placed. */
  medianM: number;
  p90M: number;
  inEllipseShare: number;
  byHeadShare: number;
  unplacedShare: number;
  /** Of those whose ellipse keeps clear of borders, how many are in the right grid. */
  clearOfBorders: number;
  rightGridShare: number;
};

export function figuresOf(positions: readonly Position[]): PositionFigures {
  const placed = positions.filter(({ placedBy }) => placedBy !== 'none');
  const errors = placed.map(({ errorM }) => errorM).sort((a, b) => a - b);
  const at = (share: number) => errors[Math.min(errors.length - 1, Math.floor(errors.length * share))] ?? Number.NaN;
  const share = (is: (one: Position) => boolean, of: readonly Position[]) => of.filter(is).length / of.length;
  const clear = placed.filter(({ grid }) => grid?.isClearOfBorders === true);
  return {
    boxes: positions.length,
    medianM: at(0.5),
    p90M: at(0.9),
    inEllipseShare: share(({ isInEllipse }) => isInEllipse, placed),
    byHeadShare: share(({ placedBy }) => placedBy === 'head', placed),
    unplacedShare: share(({ placedBy }) => placedBy === 'none', positions),
    clearOfBorders: clear.length,
    rightGridShare: share(({ grid }) => grid?.isRight === true, clear),
  };
}

export type PositionRow = PositionFigures & { what: string; where: string };

/** Fewer say nothing. */
const BOXES_MIN = 30;

export type PositionTables = {
  byDistance: PositionRow[];
  byView: PositionRow[];
  near: PositionFigures;
  all: PositionFigures;
};

export function positionTables(positions: readonly Position[]): PositionTables {
  const rows = (keys: readonly (readonly [what: string, where: string, is: (one: Position) => boolean])[]) =>
    keys.flatMap(([what, where, is]): PositionRow[] => {
      const some = positions.filter(is);
      return some.length < BOXES_MIN ? [] : [{ what, where, ...figuresOf(some) }];
    });
  const distances = Object.keys(DISTANCES) as Distance[];
  const views = [...new Map(positions.map(({ view, isHeldOut }) => [view, isHeldOut]))];
  const isNear = ({ distance }: Position) => distance === '0–10' || distance === '10–20' || distance === '20–30';
  return {
    byDistance: rows(
      KINDS.flatMap((kind) => [
        ...distances.map(
          (distance) =>
            [kind, `${distance} m`, (one: Position) => one.kind === kind && one.distance === distance] as const,
        ),
        [kind, 'all', (one: Position) => one.kind === kind] as const,
        [kind, 'all, held-out views', (one: Position) => one.kind === kind && one.isHeldOut] as const,
      ]),
    ),
    byView: rows(
      views.flatMap(([view, isHeldOut]) =>
        KINDS.map(
          (kind) =>
            [
              isHeldOut ? `${view} (held out)` : view,
              kind,
              (one: Position) => one.view === view && one.kind === kind,
            ] as const,
        ),
      ),
    ),
    near: figuresOf(positions.filter(isNear)),
    all: figuresOf(positions),
  };
}
