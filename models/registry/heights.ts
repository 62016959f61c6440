/** How tall people come out by a calibration, along the picture: wrong tilts and heights of cameras show in it. */
import type { Calibration } from '../schema/calibration.ts';
import type { HeightCheck } from '../schema/calibration-check.ts';
import type { Box } from '../schema/detection.ts';
import { cameraCentre } from './camera-centre.ts';
import { undistort } from './lens.ts';
import { apply } from './projective.ts';
import { tangentPlane } from './tangent-plane.ts';
import { homographyOf, viewpointOf } from './viewpoint.ts';

/** Grown-ups and children in a street, in shoes; the median of a crowd lies within some centimetres of it. */
export const EXPECTED_M = 1.7;
const SAMPLES_MIN = 30;
const TRACKS_MIN = 6;
const BINS = 8;
/** The far end is so much farther than the near one, or nothing shows. */
const SPREAD_MIN = 1.5;
/** People's heights, boxes and bent knees leave so much of the whole, and of what changes from near to far. */
const SCALE_TOLERANCE = 0.08;
const CHANGE_TOLERANCE = 0.13;
const HEIGHTS_M = { min: 0.5, max: 4 };
const TILTS_DEG = Array.from({ length: 49 }, (_, index) => (index - 24) / 4);

/** One person in one look; of a track that stands about there may be many. */
export type PersonBox = { track: string; box: Box };
type Sample = { distanceM: number; heightM: number };
type Ground = Pick<Calibration, 'homography' | 'lens'> & { centre: { eastM: number; northM: number; heightM: number } };

export function checkHeights(
  calibration: Calibration,
  boxes: readonly PersonBox[],
  { aspect }: { aspect: number },
): Omit<HeightCheck, 'fromMs' | 'toMs'> {
  const { viewpoint } = calibration;
  const centre =
    viewpoint === undefined ? cameraCentre(calibration) : { eastM: 0, northM: 0, heightM: viewpoint.heightM };
  const whole = boxes.filter(({ box }) => isWhole(box, aspect));
  const samples = centre === undefined ? [] : samplesOf({ ...calibration, centre }, whole);
  const tracks = new Set(whole.map(({ track }) => track)).size;
  const plain = { samples: samples.length, tracks, expectedM: EXPECTED_M, medianM: null, change: null, bins: [] };
  if (centre === undefined) return { ...plain, verdict: 'untellable' };
  if (samples.length < SAMPLES_MIN || tracks < TRACKS_MIN) return { ...plain, verdict: 'too-few' };
  const bins = binsOf(samples);
  const medianM = round(median(samples.map(({ heightM }) => heightM)));
  const near = bins[0]!.distanceM;
  if (bins.at(-1)!.distanceM < near * SPREAD_MIN) return { ...plain, bins, medianM, verdict: 'too-near' };
  const change = round(changeOf(samples));
  const isTilted = Math.abs(change) > CHANGE_TOLERANCE;
  const isScaled = Math.abs(medianM / EXPECTED_M - 1) > SCALE_TOLERANCE;
  const verdict = isTilted ? (isScaled ? 'both' : 'tilt') : isScaled ? 'scale' : 'good';
  const suggestion = verdict === 'good' ? undefined : suggest(calibration, whole, aspect);
  return { ...plain, medianM, change, bins, verdict, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Head and feet are in the picture, and it stands: who sits, rides or is half hidden is wider. */
function isWhole([x, y, width, height]: Box, aspect: number): boolean {
  const isInside = x > 0.01 && x + width < 0.99 && y > 0.01 && y + height < 0.98;
  return isInside && height / (width * aspect) > 1.6;
}

function samplesOf({ homography, lens, centre }: Ground, boxes: readonly PersonBox[]): Sample[] {
  const plainOf = (x: number, y: number) => (lens === undefined ? ([x, y] as const) : undistort(lens, x, y));
  return boxes.flatMap(({ box: [x, y, width, height] }) => {
    const foot = plainOf(x + width / 2, y + height);
    const head = plainOf(x + width / 2, y);
    if (foot === undefined || head === undefined) return [];
    const [a, b, w] = apply(homography, ...foot);
    if (!(w > 1e-9)) return [];
    const [eastM, northM] = [a / w - centre.eastM, b / w - centre.northM];
    // The ray through the head, and where it passes over the feet; it may well run upwards.
    const [c, d, v] = apply(homography, ...head);
    const [rayE, rayN] = [c - centre.eastM * v, d - centre.northM * v];
    const along = (eastM * rayE + northM * rayN) / (rayE * rayE + rayN * rayN);
    const heightM = centre.heightM * (1 - along * v);
    const distanceM = Math.hypot(eastM, northM);
    return heightM > HEIGHTS_M.min && heightM < HEIGHTS_M.max && distanceM > 1 ? [{ distanceM, heightM }] : [];
  });
}

function binsOf(samples: readonly Sample[]): HeightCheck['bins'] {
  const sorted = samples.toSorted((a, b) => a.distanceM - b.distanceM);
  const count = Math.min(BINS, Math.floor(samples.length / 8));
  return Array.from({ length: count }, (_, index) => {
    const part = sorted.slice(
      Math.round((index * sorted.length) / count),
      Math.round(((index + 1) * sorted.length) / count),
    );
    const heights = part.map(({ heightM }) => heightM);
    return {
      distanceM: round(median(part.map(({ distanceM }) => distanceM))),
      medianM: round(median(heights)),
      lowM: round(quantile(heights, 0.25)),
      highM: round(quantile(heights, 0.75)),
      samples: part.length,
    };
  });
}

/** By the median of the slopes between bins (Theil and Sen): who is very tall or very small moves nothing. */
function changeOf(samples: readonly Sample[]): number {
  const bins = binsOf(samples);
  const slopes = bins.flatMap((near, index) =>
    bins
      .slice(index + 1)
      .filter((far) => far.distanceM > near.distanceM)
      .map((far) => (far.medianM - near.medianM) / (far.distanceM - near.distanceM)),
  );
  const middle = median(bins.map(({ medianM }) => medianM));
  const reachM = bins.at(-1)!.distanceM - bins[0]!.distanceM;
  return slopes.length === 0 ? 0 : (median(slopes) * reachM) / middle;
}

/** Tries tilts until people are equally tall near and far; their size then says the camera's height. */
function suggest(calibration: Calibration, boxes: readonly PersonBox[], aspect: number): HeightCheck['suggestion'] {
  const { homography, originLon, originLat, lens } = calibration;
  const { toDegrees } = tangentPlane(originLon, originLat);
  const view = calibration.viewpoint ?? viewpointOf(homography, { originLon, originLat, aspect, toDegrees });
  if (view === undefined) return undefined;
  let best: { change: number; tiltDeg: number; medianM: number } | undefined;
  for (const tiltDeg of TILTS_DEG) {
    const turned = { ...view, tiltDeg: view.tiltDeg + tiltDeg };
    const centre = { eastM: 0, northM: 0, heightM: view.heightM };
    const samples = samplesOf(
      { homography: homographyOf(turned), centre, ...(lens === undefined ? {} : { lens }) },
      boxes,
    );
    if (samples.length < boxes.length / 2 || samples.length < SAMPLES_MIN) continue;
    const change = Math.abs(changeOf(samples));
    if (best === undefined || change < best.change)
      best = { change, tiltDeg, medianM: median(samples.map(({ heightM }) => heightM)) };
  }
  if (best === undefined) return undefined;
  return { tiltDeg: best.tiltDeg, heightM: round(view.heightM * (EXPECTED_M / best.medianM - 1)) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
const median = (values: readonly number[]) => quantile(values, 0.5);
const round = (value: number) => Math.round(value * 100) / 100;
