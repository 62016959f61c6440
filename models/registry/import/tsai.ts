/** Tsai's calibration (R. Y. Tsai, 1987) as an XML file of attributes, as published with PETS and other data sets; unit mm. */
import type { Lens } from '../../schema/calibration.ts';
import { FaultError } from '../../schema/fault.ts';
import { solve } from '../projective.ts';
import { type ForeignCalibration, planeToPicture } from './frame.ts';

const SAMPLES = 40;
/** Focal lengths by which the turned-round distortion may miss at the corner: a pixel of a 1080p picture. */
const MISFIT_MAX = 0.001;

/** Throws FaultError `calibration-unfit` where a number is missing. */
export function readTsai(xml: string): ForeignCalibration {
  const number = (name: string) => {
    const text = new RegExp(`\\b${name}\\s*=\\s*["']([^"']+)["']`).exec(xml)?.[1];
    const value = Number(text);
    if (text !== undefined && text.trim() !== '' && Number.isFinite(value)) return value;
    const what = text === undefined ? 'has no' : `says "${text.slice(0, 40)}" for the`;
    throw new FaultError('calibration-unfit', `the Tsai file ${what} number "${name}"`);
  };
  const [width, height, dpx, dpy] = [number('width'), number('height'), number('dpx'), number('dpy')];
  const [focal, kappa1, cx, cy, sx] = [number('focal'), number('kappa1'), number('cx'), number('cy'), number('sx')];
  const shift = [number('tx'), number('ty'), number('tz')];
  const [sa, ca] = [Math.sin(number('rx')), Math.cos(number('rx'))];
  const [sb, cb] = [Math.sin(number('ry')), Math.cos(number('ry'))];
  const [sg, cg] = [Math.sin(number('rz')), Math.cos(number('rz'))];
  const turn = [
    ...[cb * cg, cg * sa * sb - ca * sg, sa * sg + ca * cg * sb],
    ...[sg * cb, sa * sb * sg + ca * cg, ca * sb * sg - cg * sa],
    ...[-sb, cb * sa, ca * cb],
  ];
  if ([width, height, dpx, dpy, focal, sx].some((value) => !(value > 0)))
    throw new FaultError(
      'calibration-unfit',
      'width, height, dpx, dpy, focal and sx of the Tsai file should be above 0',
    );
  const pinhole = { fx: (focal * sx) / dpx / width, fy: focal / dpy / height, cx: cx / width, cy: cy / height };
  const cornerX = Math.max(pinhole.cx, 1 - pinhole.cx) / pinhole.fx;
  const cornerY = Math.max(pinhole.cy, 1 - pinhole.cy) / pinhole.fy;
  const lens = { ...pinhole, ...turnedRound(kappa1 * focal * focal, Math.hypot(cornerX, cornerY)) };
  return { ...planeToPicture(turn, shift, pinhole), lens, aspect: width / height };
}

/** Tsai says how to take distortion out, OpenCV how to put it in: the same curve, fitted over the picture. */
function turnedRound(kappa: number, seenRadius: number): Pick<Lens, 'k1' | 'k2' | 'k3' | 'p1' | 'p2'> {
  const samples = Array.from({ length: SAMPLES }, (_, index) => {
    const seen = (seenRadius * (index + 1)) / SAMPLES;
    const square = (seen * (1 + kappa * seen * seen)) ** 2;
    return { square, seen, bent: seen / Math.sqrt(square) - 1 };
  });
  const powers = samples.map(({ square }) => [square, square ** 2, square ** 3]);
  const sum = (of: (index: number) => number) => samples.reduce((total, _, index) => total + of(index), 0);
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum((at) => powers[at]![i]! * powers[at]![j]!)));
  const right = [0, 1, 2].map((i) => sum((at) => powers[at]![i]! * samples[at]!.bent));
  const [k1, k2, k3] = kappa === 0 ? [0, 0, 0] : (solve(normal, right) as [number, number, number]);
  const worst = Math.max(
    ...samples.map(({ square, seen }) => {
      const put = Math.sqrt(square) * (1 + square * (k1 + square * (k2 + square * k3)));
      return Math.abs(put - seen);
    }),
  );
  if (!(worst < MISFIT_MAX * Math.max(1, seenRadius)))
    throw new FaultError('calibration-unfit', 'kappa1 of the Tsai file bends the picture so far that it folds over');
  return { k1, k2, k3, p1: 0, p2: 0 };
}
