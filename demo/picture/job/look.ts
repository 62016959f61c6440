/** Light and weather as the tracer takes them: sun, sky, fog, rain, sensor. Linear colours; the sun's in the city's frame. */
import type { Look } from '#demo/world/view.ts';

type Triple = readonly [number, number, number];

export type TraceLamp = { position: Triple; direction: Triple; color: Triple; coneCos: number; radius: number };

export type TraceLook = {
  sunDirection: Triple;
  sunColor: Triple;
  sunAngleDeg: number;
  skyZenith: Triple;
  skyHorizon: Triple;
  skyGround: Triple;
  overcast: number;
  exposure: number;
  contrast: number;
  saturation: number;
  fogDensity: number;
  fogColor: Triple;
  wet: number;
  rain: number;
  lampsOn: boolean;
  noiseSigma: number;
  blurPx: number;
  vignette: number;
  glare: number;
  lamps: readonly TraceLamp[];
};

/** `sunBearingDeg` clockwise from north, `sunHeightDeg` above the horizon. */
type Weather = Omit<TraceLook, 'sunDirection' | 'lamps'> & { sunBearingDeg: number; sunHeightDeg: number };

const CLEAR: Weather = {
  sunBearingDeg: 150,
  sunHeightDeg: 48,
  sunColor: [2.9, 2.65, 2.3],
  sunAngleDeg: 0.4,
  skyZenith: [0.22, 0.36, 0.66],
  skyHorizon: [0.62, 0.72, 0.84],
  skyGround: [0.25, 0.24, 0.22],
  overcast: 0.1,
  exposure: 1,
  contrast: 1.04,
  saturation: 1,
  fogDensity: 0.0006,
  fogColor: [0.62, 0.7, 0.8],
  wet: 0,
  rain: 0,
  lampsOn: false,
  noiseSigma: 0.8,
  blurPx: 0.55,
  vignette: 0.22,
  glare: 0.04,
};

const DARK: Weather = {
  ...CLEAR,
  sunBearingDeg: 200,
  sunHeightDeg: 40,
  sunColor: [0.012, 0.014, 0.02],
  sunAngleDeg: 2,
  skyZenith: [0.012, 0.014, 0.024],
  skyHorizon: [0.045, 0.036, 0.034],
  skyGround: [0.01, 0.01, 0.01],
  exposure: 1.9,
  saturation: 0.9,
  fogDensity: 0.0008,
  fogColor: [0.04, 0.035, 0.035],
  lampsOn: true,
  noiseSigma: 1.7,
  blurPx: 0.7,
  glare: 0.12,
};

/** What a look is made of; sizes were set by eye against the pictures and checked with a detector. */
const WEATHER: Readonly<Record<Look, Weather>> = {
  'clear-morning': { ...CLEAR, sunBearingDeg: 112, sunHeightDeg: 33, sunColor: [2.9, 2.5, 2.0] },
  'clear-noon': { ...CLEAR, sunBearingDeg: 178, sunHeightDeg: 60, sunColor: [2.7, 2.56, 2.34], exposure: 0.92 },
  'clear-afternoon': { ...CLEAR, sunBearingDeg: 238, sunHeightDeg: 40, sunColor: [3, 2.6, 2.1] },
  golden: {
    ...CLEAR,
    sunBearingDeg: 262,
    sunHeightDeg: 17,
    sunColor: [3, 1.95, 1.05],
    skyZenith: [0.26, 0.34, 0.52],
    skyHorizon: [0.8, 0.64, 0.5],
    exposure: 1.15,
    fogColor: [0.75, 0.62, 0.5],
    fogDensity: 0.0012,
  },
  hazy: {
    ...CLEAR,
    sunHeightDeg: 44,
    sunColor: [1.5, 1.36, 1.16],
    sunAngleDeg: 2.5,
    skyZenith: [0.46, 0.5, 0.54],
    skyHorizon: [0.74, 0.75, 0.74],
    overcast: 0.45,
    exposure: 1.2,
    saturation: 0.94,
    fogDensity: 0.0016,
    fogColor: [0.68, 0.69, 0.69],
  },
  overcast: {
    ...CLEAR,
    sunColor: [0.35, 0.35, 0.36],
    sunAngleDeg: 12,
    skyZenith: [0.72, 0.76, 0.82],
    skyHorizon: [0.6, 0.63, 0.67],
    overcast: 1,
    exposure: 1.25,
    saturation: 0.9,
    fogDensity: 0.0015,
    fogColor: [0.6, 0.62, 0.65],
    noiseSigma: 0.9,
  },
  rain: {
    ...CLEAR,
    sunColor: [0.12, 0.125, 0.13],
    sunAngleDeg: 15,
    skyZenith: [0.5, 0.54, 0.59],
    skyHorizon: [0.46, 0.49, 0.53],
    overcast: 1,
    exposure: 1.5,
    saturation: 0.92,
    fogDensity: 0.0022,
    fogColor: [0.36, 0.38, 0.41],
    contrast: 1.16,
    wet: 0.95,
    rain: 0.3,
    noiseSigma: 1.2,
    blurPx: 0.7,
    glare: 0.07,
  },
  fog: {
    ...CLEAR,
    sunColor: [0.25, 0.25, 0.24],
    sunAngleDeg: 20,
    skyZenith: [0.62, 0.64, 0.66],
    skyHorizon: [0.62, 0.63, 0.64],
    overcast: 1,
    exposure: 1.15,
    saturation: 0.85,
    fogDensity: 0.0105,
    fogColor: [0.6, 0.61, 0.62],
    contrast: 1.12,
    wet: 0.3,
    noiseSigma: 1,
    blurPx: 0.7,
  },
  dusk: {
    ...CLEAR,
    sunBearingDeg: 284,
    sunHeightDeg: 4,
    sunColor: [0.22, 0.13, 0.08],
    sunAngleDeg: 8,
    skyZenith: [0.1, 0.15, 0.29],
    skyHorizon: [0.36, 0.28, 0.27],
    skyGround: [0.07, 0.065, 0.06],
    exposure: 2.1,
    saturation: 0.95,
    fogDensity: 0.0016,
    fogColor: [0.24, 0.22, 0.25],
    lampsOn: true,
    noiseSigma: 1.2,
    glare: 0.1,
  },
  night: DARK,
  'wet-night': { ...DARK, wet: 0.9, rain: 0.12, fogDensity: 0.0012 },
  glare: {
    ...CLEAR,
    sunBearingDeg: 96,
    sunHeightDeg: 13,
    sunColor: [3.4, 2.5, 1.6],
    skyZenith: [0.3, 0.4, 0.58],
    skyHorizon: [0.95, 0.82, 0.66],
    exposure: 1.4,
    saturation: 0.92,
    fogDensity: 0.0011,
    fogColor: [0.9, 0.78, 0.62],
    glare: 0.2,
    vignette: 0.3,
  },
};

/** A look for a stage whose forward points to `bearingDeg`; `sunFromDeg` overrules where the sun stands over the stage. */
export function traceLook(
  look: Look,
  place: { bearingDeg: number; sunFromDeg?: number },
  lamps: readonly TraceLamp[],
): TraceLook {
  const { sunBearingDeg, sunHeightDeg, ...rest } = WEATHER[look];
  const turn = ((place.sunFromDeg ?? sunBearingDeg - place.bearingDeg) * Math.PI) / 180;
  const height = (sunHeightDeg * Math.PI) / 180;
  const level = Math.cos(height);
  const sunDirection: Triple = [level * Math.sin(turn), level * Math.cos(turn), Math.sin(height)];
  return { ...rest, sunDirection, lamps: rest.lampsOn ? lamps : [] };
}
