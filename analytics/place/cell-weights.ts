/**
 * Shares a vague place out over H3 cells: the mass of its error ellipse in each, in thousandths that sum to 1000. A
 * place whose ellipse lies in one cell (the most of them) costs six comparisons.
 */
import { WEIGHT_SUM } from '#analytics/store/rows.ts';
import type { Cell } from './cell-finder.ts';

/** Degrees, and covariance in degrees squared: the finder's cells are in degrees too. */
export type Vague = { lon: number; lat: number; lonLon: number; lonLat: number; latLat: number };

export type Weighted = { middle: Cell; cells: readonly bigint[]; weights: readonly number[] };

/** Less than 2 % of a Gauss lies beyond so many sigma on one side of it. */
const INSIDE_SIGMAS = 2.06;
/** Cells with less than this many thousandths are counted with the middle: each would cost a row in every roll-up. */
const WEIGHT_MIN = 20;
export const CELLS_MAX = 37;

const WHOLE = [WEIGHT_SUM];

/** `isSeen`: a thing that is seen stands on ground that is seen; its mass elsewhere counts with the middle. */
export type Weigh = (place: Vague, isSeen: (cell: string) => boolean) => Weighted;

export function createCellWeights(findCell: (lon: number, lat: number) => Cell): Weigh {
  const found: { cell: Cell; weight: number }[] = [];

  /** Beyond one side lies one neighbour: the half-plane's mass is known, and its point nearest to the middle is in it. */
  function twoCells(middle: Cell, place: Vague, side: number): void {
    const { lon, lat, lonLon, lonLat, latLat } = place;
    const [a, b] = [middle.sides[side]!, middle.sides[side + 1]!];
    const inside = a * lon + b * lat + middle.sides[side + 2]!;
    const [towardsLon, towardsLat] = [a * lonLon + b * lonLat, a * lonLat + b * latLat];
    const variance = a * towardsLon + b * towardsLat;
    const share = inside / variance;
    const cell = findCell(lon - share * towardsLon - a * ACROSS, lat - share * towardsLat - b * ACROSS);
    found.push({ cell, weight: Math.round(WEIGHT_SUM * tail(inside / Math.sqrt(variance))) });
  }

  function manyCells(place: Vague): void {
    const { lon, lat, lonLon, lonLat, latLat } = place;
    // A triangular root of the covariance turns a round Gauss into this one.
    const root = Math.sqrt(lonLon);
    const lean = root === 0 ? 0 : lonLat / root;
    const rest = Math.sqrt(Math.max(0, latLat - lean * lean));
    const points = pointsFor(place);
    const weight = WEIGHT_SUM / (points.length / 2);
    for (let at = 0; at < points.length; at += 2) {
      const [u, v] = [points[at]!, points[at + 1]!];
      const cell = findCell(lon + root * u, lat + lean * u + rest * v);
      const known = found.find((one) => one.cell.index === cell.index);
      if (known === undefined) found.push({ cell, weight });
      else known.weight += weight;
    }
  }

  return (place, isSeen) => {
    const middle = findCell(place.lon, place.lat);
    const side = sideReached(middle, place);
    if (side === NONE) return { middle, cells: middle.numbers, weights: WHOLE };
    found.length = 0;
    if (side === SEVERAL) manyCells(place);
    else twoCells(middle, place, side);
    return merged(middle, found, isSeen);
  };
}

const NONE = -1;
const SEVERAL = -2;
/** Two centimetres in degrees, to be surely across a side. */
const ACROSS = 2e-7;

/** Which side of the cell is closer than the ellipse is wide towards it; its place in `sides`, NONE or SEVERAL. */
function sideReached({ sides }: Cell, { lon, lat, lonLon, lonLat, latLat }: Vague): number {
  let reached = NONE;
  for (let at = 0; at < sides.length; at += 3) {
    const [a, b] = [sides[at]!, sides[at + 1]!];
    const inside = a * lon + b * lat + sides[at + 2]!;
    const variance = a * a * lonLon + 2 * a * b * lonLat + b * b * latLat;
    if (inside * inside >= INSIDE_SIGMAS * INSIDE_SIGMAS * variance) continue;
    if (reached !== NONE) return SEVERAL;
    reached = at;
  }
  return reached;
}

/** Mass of a Gauss beyond so many sigma on one side (Abramowitz and Stegun 7.1.26, good to 1e-7). */
function tail(sigmas: number): number {
  const x = Math.abs(sigmas) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * series * Math.exp(-x * x);
}

/** The middle first; the lightest go to it. */
function merged(middle: Cell, found: readonly { cell: Cell; weight: number }[], isSeen: (cell: string) => boolean) {
  const others = found.filter(
    ({ cell, weight }) => cell.index !== middle.index && weight >= WEIGHT_MIN && isSeen(cell.index),
  );
  if (others.length >= CELLS_MAX) {
    others.sort((a, b) => b.weight - a.weight);
    others.length = CELLS_MAX - 1;
  }
  if (others.length === 0) return { middle, cells: middle.numbers, weights: WHOLE };
  const rest = others.reduce((sum, { weight }) => sum - weight, WEIGHT_SUM);
  return {
    middle,
    cells: [middle.numbers[0], ...others.map(({ cell }) => cell.numbers[0])],
    weights: [rest, ...others.map(({ weight }) => weight)],
  };
}

/**
 * Points of a round Gauss that stand for equal masses: radii by equal steps of its distribution, angles by the golden
 * ratio, as seeds lie in a sunflower, moved so that their mean is the middle.
 */
function sunflower(count: number): Float64Array {
  const points = new Float64Array(count * 2);
  for (let index = 0; index < count; index++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (index + 0.5) / count));
    const angle = index * Math.PI * (3 - Math.sqrt(5));
    points[index * 2] = radius * Math.cos(angle);
    points[index * 2 + 1] = radius * Math.sin(angle);
  }
  for (const axis of [0, 1]) {
    let sum = 0;
    for (let index = axis; index < points.length; index += 2) sum += points[index]!;
    for (let index = axis; index < points.length; index += 2) points[index]! -= sum / count;
  }
  return points;
}

/** Of 25 and of 8 thousandths. */
const FEW = sunflower(40);
const MANY = sunflower(125);
/** About 2 m in degrees of latitude: half a cell. */
const WIDE = 1.8e-5;

/** A wide ellipse lies in many cells, which few points would miss or share out by halves. */
const pointsFor = ({ lonLon, latLat }: Vague) => (lonLon + latLat > WIDE * WIDE ? MANY : FEW);
