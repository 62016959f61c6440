/** How good a calibration is: the error of a foot's place at 10, 30 and 60 m, and one letter for it. */
import type { Calibration, Grade, GroundError } from '../schema/calibration.ts';
import { cameraCentre } from './camera-centre.ts';
import { type GroundPoint, groundProjector } from './homography.ts';
import { tangentPlane } from './tangent-plane.ts';

export type Graded = {
  grade: Grade;
  errors: GroundError[];
  /** Nine of ten feet seen there lie within: closed rings of [lon, lat]. */
  ellipses: (GroundError & { ring: [number, number][] })[];
};

const DISTANCES_M = [10, 30, 60] as const;
const GRADED_AT_M = 30;
const LIMITS_M = [
  ['A', 0.5],
  ['B', 1],
  ['C', 2],
] as const;
/** Chi-squared with two freedoms. */
const NINETY_PERCENT = Math.sqrt(4.605);
const STEPS = 400;
const RING_STEPS = 32;

/**
 * Along the middle of the picture, from its lower edge up. Distances count from where the camera hangs; where neither the
 * calibration nor the registration can say that, from the nearest ground in the picture. Graded at 30 m, or, where the
 * picture does not reach so far, at its farthest ground; `D` where it shows no ground at all.
 */
export function gradeOf(calibration: Calibration, position?: { lon: number; lat: number }): Graded {
  const project = groundProjector(calibration);
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const seen: { distanceM: number; place: GroundPoint }[] = [];
  let from: readonly [number, number] | undefined = footOf(calibration, position);
  for (let step = 0; step <= STEPS; step++) {
    const place = project(0.5, 1 - step / STEPS);
    if (place === undefined) break;
    const [east, north] = plane.toMetres(place.lon, place.lat);
    from ??= [east, north];
    const distanceM = Math.hypot(east - from[0], north - from[1]);
    if (seen.length > 0 && distanceM < seen.at(-1)!.distanceM) break;
    seen.push({ distanceM, place });
  }
  const reached = DISTANCES_M.flatMap((wantedM) => {
    const index = seen.findIndex(({ distanceM }) => distanceM >= wantedM);
    const [near, far] = [seen[index - 1], seen[index]];
    if (far === undefined || (near === undefined && far.distanceM > wantedM * 1.02)) return [];
    return [{ distanceM: wantedM as number, place: between(near ?? far, far, wantedM) }];
  });
  const last = seen.at(-1);
  const graded =
    reached.find(({ distanceM }) => distanceM === GRADED_AT_M) ??
    (last !== undefined && last.distanceM < GRADED_AT_M ? last : (reached[0] ?? seen[0]));
  const ellipses = reached.map(({ distanceM, place }) => ({ distanceM, errorM: errorOf(place), ring: ringOf(place) }));
  const errors = ellipses.map(({ distanceM, errorM }) => ({ distanceM, errorM }));
  return { grade: graded === undefined ? 'D' : letterOf(errorOf(graded.place)), errors, ellipses };
}

function footOf(calibration: Calibration, position: { lon: number; lat: number } | undefined) {
  const { viewpoint, originLon, originLat } = calibration;
  const known = viewpoint ?? position;
  const centre = viewpoint === undefined ? cameraCentre(calibration) : undefined;
  if (centre !== undefined) return [centre.eastM, centre.northM] as const;
  return known === undefined ? undefined : tangentPlane(originLon, originLat).toMetres(known.lon, known.lat);
}

type At = { distanceM: number; place: GroundPoint };

function between(near: At, far: At, wantedM: number): GroundPoint {
  const share = far.distanceM === near.distanceM ? 0 : (wantedM - near.distanceM) / (far.distanceM - near.distanceM);
  const mix = (of: (place: GroundPoint) => number) => of(near.place) + share * (of(far.place) - of(near.place));
  return {
    lon: mix(({ lon }) => lon),
    lat: mix(({ lat }) => lat),
    covEe: mix(({ covEe }) => covEe),
    covEn: mix(({ covEn }) => covEn),
    covNn: mix(({ covNn }) => covNn),
  };
}

/** 1 sigma along the worst direction. */
const errorOf = (place: GroundPoint) => Math.round(Math.sqrt(axesOf(place).longSquare) * 1000) / 1000;

const letterOf = (errorM: number): Grade => LIMITS_M.find(([, limitM]) => errorM <= limitM)?.[0] ?? 'D';

function axesOf({ covEe, covEn, covNn }: GroundPoint) {
  const spread = Math.hypot((covEe - covNn) / 2, covEn);
  const middle = (covEe + covNn) / 2;
  return {
    longSquare: middle + spread,
    shortSquare: Math.max(0, middle - spread),
    turn: Math.atan2(2 * covEn, covEe - covNn) / 2,
  };
}

function ringOf(place: GroundPoint): [number, number][] {
  const { longSquare, shortSquare, turn } = axesOf(place);
  const [long, short] = [Math.sqrt(longSquare) * NINETY_PERCENT, Math.sqrt(shortSquare) * NINETY_PERCENT];
  const plane = tangentPlane(place.lon, place.lat);
  return Array.from({ length: RING_STEPS + 1 }, (_, step) => {
    const angle = (2 * Math.PI * step) / RING_STEPS;
    const [along, across] = [long * Math.cos(angle), short * Math.sin(angle)];
    return plane.toDegrees(
      along * Math.cos(turn) - across * Math.sin(turn),
      along * Math.sin(turn) + across * Math.cos(turn),
    );
  });
}
