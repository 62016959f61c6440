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
  return (place, isSeen) => {
    const { lon, lat, lonLon, lonLat, latLat } = place;
    const middle = findCell(lon, lat);
    if (!spillsOver(middle, place)) return { middle, cells: middle.numbers, weights: WHOLE };
    // A triangular root of the covariance turns a round Gauss into this one.
    const root = Math.sqrt(lonLon);
    const lean = root === 0 ? 0 : lonLat / root;
    const rest = Math.sqrt(Math.max(0, latLat - lean * lean));
    const points = pointsFor(place);
    const weight = WEIGHT_SUM / (points.length / 2);
    found.length = 0;
    for (let at = 0; at < points.length; at += 2) {
      const [u, v] = [points[at]!, points[at + 1]!];
      const cell = findCell(lon + root * u, lat + lean * u + rest * v);
      const known = found.find((one) => one.cell.index === cell.index);
      if (known === undefined) found.push({ cell, weight });
      else known.weight += weight;
    }
    return merged(
      middle,
      found.filter(({ cell }) => isSeen(cell.index)),
    );
  };
}

/** True where a side of the cell is closer than the ellipse is wide towards it. */
function spillsOver({ sides }: Cell, { lon, lat, lonLon, lonLat, latLat }: Vague): boolean {
  for (let at = 0; at < sides.length; at += 3) {
    const [a, b] = [sides[at]!, sides[at + 1]!];
    const inside = a * lon + b * lat + sides[at + 2]!;
    const variance = a * a * lonLon + 2 * a * b * lonLat + b * b * latLat;
    if (inside * inside < INSIDE_SIGMAS * INSIDE_SIGMAS * variance) return true;
  }
  return false;
}

/** The middle first; the lightest go to it. */
function merged(middle: Cell, found: { cell: Cell; weight: number }[]): Weighted {
  const others = found.filter(({ cell, weight }) => cell.index !== middle.index && weight >= WEIGHT_MIN);
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
