/** The ground of one calibration: where a box stands on it, how sure that is, and which cells are counted in. */
import { cellToLatLng } from 'h3-js';
import { toImage } from '#models/registry/homography.ts';
import type { Outlook } from '#models/registry/sight/outlook.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Vague } from './cell-weights.ts';
import { footFinder, type Seen, type Sight } from './foot-finder.ts';

export type Found = {
  /** Degrees; covariance in square metres. */
  place: { lon: number; lat: number; covEe: number; covEn: number; covNn: number };
  vague: Vague;
  placedBy: 'foot' | 'head';
  /** 1 sigma along the ellipse's long axis. */
  errorM: number;
};

export type Ground = {
  find: (seen: Seen, sight: Sight) => Found | undefined;
  isWithin: (lon: number, lat: number) => boolean;
  /** Cells (H3 indexes, hexadecimal) that it sees and in which a person would be placed with this error at most. */
  cells: (errorMaxM: number) => string[];
};

/** `outlook` says which cells are in the picture, and where its ground ends. */
export function groundOf(calibration: Calibration, outlook: Pick<Outlook, 'isWithin' | 'cells'>): Ground {
  const plane = tangentPlane(calibration.originLon, calibration.originLat);
  const stand = footFinder(calibration);
  const locate = toImage(calibration);
  const [lonPerM, latPerM] = degreesPerMetre(plane);

  function find(seen: Seen, sight: Sight): Found | undefined {
    const at = stand(seen, sight);
    if (at === undefined) return undefined;
    const { ee, en, nn, placedBy } = at;
    const [lon, lat] = plane.toDegrees(at.eastM, at.northM);
    return {
      place: { lon, lat, covEe: ee, covEn: en, covNn: nn },
      vague: {
        lon,
        lat,
        lonLon: ee * lonPerM * lonPerM,
        lonLat: en * lonPerM * latPerM,
        latLat: nn * latPerM * latPerM,
      },
      placedBy,
      errorM: Math.sqrt((ee + nn) / 2 + Math.hypot((ee - nn) / 2, en)),
    };
  }

  /** A clear box as small as a person is there; what is vaguer than that is not counted in cells. */
  function errorAt(cell: string): number {
    const [lat, lon] = cellToLatLng(cell);
    const foot = locate(lon, lat);
    if (foot === undefined) return Number.POSITIVE_INFINITY;
    const [x, y] = foot;
    return find({ kind: 'person', score: 1, box: [x, y - PERSON_HEIGHT, 0, PERSON_HEIGHT] }, 'clear')?.errorM ?? 0;
  }

  return {
    find,
    isWithin: outlook.isWithin,
    cells: (errorMaxM) => outlook.cells().filter((cell) => errorAt(cell) <= errorMaxM),
  };
}

/** Fraction of the picture: 14 pixels of 720, the least that a detector finds. */
const PERSON_HEIGHT = 0.02;

function degreesPerMetre(plane: ReturnType<typeof tangentPlane>): [lon: number, lat: number] {
  const [lon0, lat0] = plane.toDegrees(0, 0);
  const [lon1, lat1] = plane.toDegrees(1, 1);
  return [lon1 - lon0, lat1 - lat0];
}
