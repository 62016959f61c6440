/** Where a calibrated camera hangs, and how tall people look to it at a place of the ground. */
import type { Calibration } from '../../schema/calibration.ts';
import { cameraCentre } from '../camera-centre.ts';
import { toGround, toImage } from '../homography.ts';
import { tangentPlane } from '../tangent-plane.ts';

/** A person on average, shoes included: the middle between women and men of the sizes that the city's truth uses. */
export const PERSON_M = 1.7;
/** Farther than this from where the map has the camera, the homography says nothing of where it hangs. */
const ASTRAY_M = 25;
/** Poles of cities are this high; used where neither the homography nor a person tells. */
const USUAL_HEIGHT_M = 6;
/** Below this a head would be above the horizon. */
const HEIGHT_MIN_M = 2;

export type Mounting = { position?: { lon: number; lat: number } | undefined; heightM?: number | undefined };

export type Eye = {
  lon: number;
  lat: number;
  heightM: number;
  /** `calibration`: of its pose or read out of its homography; `placement`: as a person entered it; `guess`: nobody knows. */
  from: 'calibration' | 'placement' | 'guess';
  /** Height in the picture (fraction of it) of a person whose feet are on a place of the ground; 0 where they are not seen. */
  personShare: (lon: number, lat: number) => number;
};

export function eyeOf(calibration: Calibration, mounting: Mounting = {}): Eye {
  const lens = lensOf(calibration, mounting);
  const locate = toImage(calibration);
  const plane = tangentPlane(lens.lon, lens.lat);
  // A head hides the ground behind it: where its ray comes down, the picture knows how high that is.
  const beyond = lens.heightM / (lens.heightM - PERSON_M);
  return {
    ...lens,
    personShare: (lon, lat) => {
      const [east, north] = plane.toMetres(lon, lat);
      const [foot, head] = [locate(lon, lat), locate(...plane.toDegrees(east * beyond, north * beyond))];
      return foot === undefined || head === undefined ? 0 : Math.max(0, foot[1] - head[1]);
    },
  };
}

type Lens = Omit<Eye, 'personShare'>;

function lensOf(calibration: Calibration, { position, heightM }: Mounting): Lens {
  const own = ownLens(calibration);
  const strayM =
    own === undefined || position === undefined
      ? 0
      : Math.hypot(...tangentPlane(own.lon, own.lat).toMetres(position.lon, position.lat));
  if (own !== undefined && own.heightM >= HEIGHT_MIN_M && strayM <= ASTRAY_M) return own;
  const { lon, lat } = position ?? own ?? toGround(calibration, 0.5, 1) ?? originOf(calibration);
  const isKnown = position !== undefined && heightM !== undefined;
  return {
    lon,
    lat,
    heightM: Math.max(HEIGHT_MIN_M, heightM ?? USUAL_HEIGHT_M),
    from: isKnown ? 'placement' : 'guess',
  };
}

function ownLens(calibration: Calibration): Lens | undefined {
  const { viewpoint } = calibration;
  if (viewpoint !== undefined) {
    const { lon, lat, heightM } = viewpoint;
    return { lon, lat, heightM, from: 'calibration' };
  }
  const centre = cameraCentre(calibration);
  if (centre === undefined) return undefined;
  const { originLon, originLat } = calibration;
  const [lon, lat] = tangentPlane(originLon, originLat).toDegrees(centre.eastM, centre.northM);
  return { lon, lat, heightM: centre.heightM, from: 'calibration' };
}

const originOf = ({ originLon, originLat }: Calibration) => ({ lon: originLon, lat: originLat });
