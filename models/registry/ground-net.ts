/** What a calibration means, to be looked at: a net of lines on the ground in the picture, and the seen ground on the map. */
import type { Calibration } from '../schema/calibration.ts';
import { toGround, toImage } from './homography.ts';
import { tangentPlane } from './tangent-plane.ts';

type Pair = [number, number];

/** Rows this close below the horizon are too far to be looked at, as a fraction of the image height. */
const HORIZON_MARGIN = 0.04;
/** Ground further than this from the nearest seen ground is left out, metres. */
const REACH_M = 120;
const STEPS = 24;
const LINES_MAX = 40;
const SPACINGS_M = [1, 2, 5, 10, 20] as const;

/** The ground in the picture as a closed ring of [lon, lat]: down the left edge, along the bottom, up the right edge. */
export function seenGround(calibration: Calibration): Pair[] {
  const top = topOf(calibration);
  const near = toGround(calibration, 0.5, 1);
  if (top >= 1 || near === undefined) return [];
  const rows = Array.from({ length: STEPS + 1 }, (_, step) => top + ((1 - top) * step) / STEPS);
  const columns = Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS);
  const edge: Pair[] = [
    ...rows.map((y): Pair => [0, y]),
    ...columns.map((x): Pair => [x, 1]),
    ...rows.toReversed().map((y): Pair => [1, y]),
    ...columns.toReversed().map((x): Pair => [x, top]),
  ];
  const plane = tangentPlane(near.lon, near.lat);
  const ring = edge.flatMap(([x, y]): Pair[] => {
    const place = toGround(calibration, x, y);
    if (place === undefined) return [];
    const [east, north] = plane.toMetres(place.lon, place.lat);
    const short = Math.min(1, REACH_M / Math.hypot(east, north));
    return [plane.toDegrees(east * short, north * short)];
  });
  return ring[0] === undefined ? [] : [...ring, ring[0]];
}

/** Lines every `netM` metres, north-south and east-west, as polylines of fractions of the picture. */
export function groundNet(calibration: Calibration): { netM: number; net: Pair[][] } {
  const ring = seenGround(calibration);
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const places = ring.map(([lon, lat]) => plane.toMetres(lon, lat));
  const [easts, norths] = [places.map(([east]) => east), places.map(([, north]) => north)];
  const [west, east, south, north] = [Math.min(...easts), Math.max(...easts), Math.min(...norths), Math.max(...norths)];
  const span = Math.max(east - west, north - south);
  if (!Number.isFinite(span)) return { netM: 0, net: [] };
  const netM = SPACINGS_M.find((spacing) => span / spacing <= LINES_MAX / 2) ?? 20;
  const place = toImage(calibration);
  const trace = (at: (share: number) => Pair): Pair[] =>
    Array.from({ length: 4 * STEPS + 1 }, (_, step) => at(step / (4 * STEPS))).flatMap(([e, n]) => {
      const point = place(...plane.toDegrees(e, n));
      return point !== undefined && isInPicture(point, topOf(calibration))
        ? [[round(point[0]), round(point[1])] as Pair]
        : [];
    });
  const net = [
    ...marks(west, east, netM).map((at) => trace((share) => [at, south + share * (north - south)])),
    ...marks(south, north, netM).map((at) => trace((share) => [west + share * (east - west), at])),
  ];
  return { netM, net: net.filter((line) => line.length > 1) };
}

function marks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) => (first + index) * step);
}

const topOf = ({ horizonY }: Calibration) => Math.max(0, horizonY + HORIZON_MARGIN);
const isInPicture = ([x, y]: readonly [number, number], top: number) =>
  x >= -0.05 && x <= 1.05 && y >= top && y <= 1.05;
const round = (value: number) => Math.round(value * 1e4) / 1e4;
