/**
 * Where a thing stands, from its box: its foot where the picture shows it, and a person's head at a height prior where
 * it does not, each with an error ellipse.
 */
import { cameraCentre } from '#models/registry/camera-centre.ts';
import { type GroundSpot, groundSpotter } from '#models/registry/homography.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';
import { CLEAR, CUT, FOOTPRINTS, type FootError, type Footprint, HEAD, HIDDEN, ROW } from './foot-error.ts';

export type Seen = { kind: Kind; score: number; box: Box };

/**
 * What of a box says where it stands. `cut`: its lower edge is the picture's; `covered`: something nearer is before it;
 * `row`: a two-wheeler among others.
 */
export type Sight = 'clear' | 'cut' | 'covered' | 'row';

/** Metres east and north of the calibration's origin, covariance in square metres. */
export type Stand = {
  eastM: number;
  northM: number;
  ee: number;
  en: number;
  nn: number;
  placedBy: 'foot' | 'head';
};

export type FootFinder = (seen: Seen, sight: Sight) => Stand | undefined;

export type FootErrors = {
  CLEAR: typeof CLEAR;
  HIDDEN: typeof HIDDEN;
  CUT: typeof CUT;
  ROW: FootError;
  HEAD: typeof HEAD;
};

/** undefined above the horizon. */
export function footFinder(
  calibration: Calibration,
  errors: FootErrors = { CLEAR, HIDDEN, CUT, ROW, HEAD },
): FootFinder {
  const spotAt = groundSpotter(calibration);
  const centre = cameraCentre(calibration);
  const head = errors.HEAD;

  function byFoot(seen: Seen, sight: Sight): Stand | undefined {
    const {
      kind,
      score,
      box: [x, y, width, height],
    } = seen;
    const error = errorOf(seen, sight, errors);
    const spot = spotAt(x + width / 2, y + height * (1 + (error.riseShare ?? 0)));
    if (spot === undefined) return undefined;
    const [east, north] = awayFrom(centre, spot);
    const acrossM = width * Math.hypot(spot.eastByX, spot.northByX);
    const { lengthM } = FOOTPRINTS[kind];
    // The picture's edge lies somewhere on what it cuts, not at its near end.
    const share = sight === 'cut' && kind !== 'person' ? CUT_SHARE : 1;
    const farM = share * middleBehind(FOOTPRINTS[kind], acrossM);
    const awayM = centre === undefined ? Number.POSITIVE_INFINITY : distance(centre, spot);
    const askewM = ((error.askew ?? 0) * lengthM ** 2) / 8 / Math.max(awayM, lengthM);
    const measured = { error, askewM, score, width, height, east, north, placedBy: 'foot' } as const;
    const stand = standOf(spot, measured);
    return { ...stand, eastM: spot.eastM + east * farM, northM: spot.northM + north * farM };
  }

  /** Along the ray through the head, to where that is as high as people are. */
  function byHead({ score, box: [x, y, width, height] }: Seen): Stand | undefined {
    if (centre === undefined || centre.heightM < head.heightM + HEAD_ROOM_M) return undefined;
    const spot = spotAt(x + width / 2, y);
    if (spot === undefined) return undefined;
    const share = 1 - head.heightM / centre.heightM;
    const [east, north] = awayFrom(centre, spot);
    const { error, spreadM } = head;
    const stand = standOf(spot, { error, askewM: 0, score, width, height, east, north, placedBy: 'head' });
    const awayM = distance(centre, spot);
    const byHeight = ((awayM / centre.heightM) * spreadM) ** 2;
    return {
      eastM: centre.eastM + (spot.eastM - centre.eastM) * share,
      northM: centre.northM + (spot.northM - centre.northM) * share,
      ee: stand.ee * share ** 2 + byHeight * east * east,
      en: stand.en * share ** 2 + byHeight * east * north,
      nn: stand.nn * share ** 2 + byHeight * north * north,
      placedBy: 'head',
    };
  }

  return (seen, sight) => {
    if (sight === 'clear' || seen.kind !== 'person') return byFoot(seen, sight);
    const fromHead = byHead(seen);
    if (sight === 'cut' && fromHead !== undefined) return fromHead;
    const fromFoot = byFoot(seen, sight);
    return fromHead === undefined || fromFoot === undefined ? (fromFoot ?? fromHead) : join(fromFoot, fromHead);
  };
}

function errorOf({ kind, box: [x, , width] }: Seen, sight: Sight, { CLEAR, HIDDEN, CUT, ROW }: FootErrors): FootError {
  if (kind === 'person') return (sight === 'clear' ? CLEAR : HIDDEN)[kind];
  if (sight === 'row') return ROW;
  if (sight === 'cut') return CUT[kind];
  const isWhole = sight === 'clear' && x > SIDE && x + width < 1 - SIDE;
  return (isWhole ? CLEAR : HIDDEN)[kind];
}

type Spot = { eastM: number; northM: number };

const distance = (a: Spot, b: Spot) => Math.hypot(a.eastM - b.eastM, a.northM - b.northM);

/** A box that ends this close to a side of the picture may go on beyond it. */
const SIDE = 0.01;
/** A camera must hang this much above heads: a ray that is nearly level says nothing of how far a head is. */
const HEAD_ROOM_M = 0.5;

/** Away from the camera, along the ground: a unit vector. */
function awayFrom(centre: Spot | undefined, spot: GroundSpot): [number, number] {
  const [east, north] =
    centre === undefined ? [-spot.eastByY, -spot.northByY] : [spot.eastM - centre.eastM, spot.northM - centre.northM];
  const length = Math.hypot(east, north) || 1;
  return [east / length, north / length];
}

const BROADSIDE = 0.95;
/** Of half its depth, what lies behind the picture's edge on average. */
const CUT_SHARE = 0.5;

/** How far behind its near edge the middle of a thing lies that is so wide across the line of sight. */
function middleBehind({ lengthM, widthM, reach }: Footprint, acrossM: number): number {
  const diagonal = Math.hypot(lengthM, widthM);
  // Nearly as wide as long: broadside, which traffic is more often than at the angle that looks as wide.
  const isBroadside = acrossM >= BROADSIDE * lengthM;
  const turn = Math.asin(Math.min(1, acrossM / diagonal)) - Math.atan2(widthM, lengthM);
  const angle = isBroadside ? Math.PI / 2 : Math.max(0, turn);
  return (reach * (lengthM * Math.cos(angle) + widthM * Math.sin(angle))) / 2;
}

type Measured = {
  error: FootError;
  /** 1 sigma, across. */
  askewM: number;
  score: number;
  width: number;
  height: number;
  /** Unit vector along the line of sight. */
  east: number;
  north: number;
  placedBy: 'foot' | 'head';
};

/** Carries the error in the picture to the ground and adds what is in metres there. */
function standOf(spot: GroundSpot, { error, askewM, score, width, height, east, north, placedBy }: Measured): Stand {
  const doubt = 1 + error.doubt * (1 - score);
  const xx = (error.acrossShare * width * doubt) ** 2;
  const yy = (error.alongShare * height * doubt) ** 2;
  const [along, across] = [error.alongM ** 2, error.acrossM ** 2 + askewM ** 2];
  const { eastM, northM, eastByX: ex, eastByY: ey, northByX: nx, northByY: ny } = spot;
  return {
    eastM,
    northM,
    ee: ex * ex * xx + ey * ey * yy + spot.ownEe + along * east * east + across * north * north,
    en: ex * nx * xx + ey * ny * yy + spot.ownEn + (along - across) * east * north,
    nn: nx * nx * xx + ny * ny * yy + spot.ownNn + along * north * north + across * east * east,
    placedBy,
  };
}

/**
 * Two words on one place, each by its weight (the Gauss-Markov mean of two vectors). Where they disagree the error grows
 * by as much: one of the two is wrong in a way that its ellipse does not know.
 */
function join(a: Stand, b: Stand): Stand {
  const [ee, en, nn] = [a.ee + b.ee, a.en + b.en, a.nn + b.nn];
  const turn = ee * nn - en * en;
  const [ie, ix, i] = [nn / turn, -en / turn, ee / turn];
  const [east, north] = [b.eastM - a.eastM, b.northM - a.northM];
  // Gain: a · (a + b)⁻¹.
  const [g11, g12] = [a.ee * ie + a.en * ix, a.ee * ix + a.en * i];
  const [g21, g22] = [a.en * ie + a.nn * ix, a.en * ix + a.nn * i];
  const apart = (east * (ie * east + ix * north) + north * (ix * east + i * north)) / 2;
  const grown = 1 + apart;
  return {
    eastM: a.eastM + g11 * east + g12 * north,
    northM: a.northM + g21 * east + g22 * north,
    ee: (a.ee - g11 * a.ee - g12 * a.en) * grown,
    en: (a.en - g11 * a.en - g12 * a.nn) * grown,
    nn: (a.nn - g21 * a.en - g22 * a.nn) * grown,
    placedBy: 'head',
  };
}

/** The lower edge counts as the picture's from here on. */
const CUT_FROM = 0.985;
/** Share of a box's width, at its lower edge, that something nearer must cover for its foot to be hidden. */
const COVERED = 0.6;
/** What is nearer ends lower in the picture, by more than boxes tremble. */
const NEARER = 0.004;

/** Two-wheelers of which one covers so much of another's box stand in a row. */
const ROW_IOU = 0.15;

const isTwoWheeler = ({ kind }: { kind: Kind }) => kind === 'bicycle' || kind === 'motorcycle';

/** What hides the foot of each box: the picture's edge, a row of its like, or a nearer thing of the same look. */
export function sightsOf(boxes: readonly { kind: Kind; box: Box }[]): Sight[] {
  const twoWheelers = boxes.filter(isTwoWheeler);
  return boxes.map((one, index) => {
    const [x, y, width, height] = one.box;
    const foot = y + height;
    if (foot > CUT_FROM) return 'cut';
    if (isTwoWheeler(one) && twoWheelers.some((other) => other !== one && overlap(one.box, other.box) > ROW_IOU))
      return 'row';
    const isCovered = boxes.some(({ box: [otherX, otherY, otherWidth, otherHeight] }, other) => {
      if (other === index || otherY + otherHeight <= foot + NEARER || otherY >= foot - 0.05 * height) return false;
      const shared = Math.min(x + width, otherX + otherWidth) - Math.max(x, otherX);
      return shared >= COVERED * width;
    });
    return isCovered ? 'covered' : 'clear';
  });
}

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a[2] * a[3] + b[2] * b[3] - width * height);
}
