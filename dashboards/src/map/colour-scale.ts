/**
 * The heat map's colours: ordered by lightness alone, so that they read the same to colour-blind eyes and in grey.
 * Differences have two arms, blue for less and orange for more, the pair that red-green blind eyes tell apart best; their
 * middle is neutral and close to the ground, and both ends stand out alike.
 * Computed in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020).
 */
import type { Theme } from '../theme.tsx';

type Stop = readonly [lightness: number, chroma: number, hue: number];

/** Against a dark ground more is lighter, against a light ground more is darker: more always stands out more. */
const STOPS: Record<Theme, readonly Stop[]> = {
  dark: [
    [0.33, 0.12, 290],
    [0.46, 0.17, 315],
    [0.6, 0.19, 5],
    [0.75, 0.16, 50],
    [0.93, 0.12, 98],
  ],
  light: [
    [0.93, 0.09, 98],
    [0.8, 0.14, 65],
    [0.66, 0.18, 25],
    [0.48, 0.17, 345],
    [0.3, 0.12, 300],
  ],
};

/** From far less to far more; the middle is "no difference". */
const DIVERGING: Record<Theme, readonly Stop[]> = {
  dark: [
    [0.86, 0.1, 235],
    [0.64, 0.15, 245],
    [0.42, 0.08, 250],
    [0.33, 0.008, 250],
    [0.42, 0.08, 50],
    [0.66, 0.15, 55],
    [0.88, 0.12, 75],
  ],
  light: [
    [0.36, 0.12, 255],
    [0.58, 0.14, 245],
    [0.82, 0.07, 235],
    [0.95, 0.006, 90],
    [0.84, 0.08, 65],
    [0.63, 0.15, 50],
    [0.42, 0.12, 40],
  ],
};

const STEPS = 17;
const GREY = 0.02;

const made = new Map<string, readonly string[]>();

/** The scale as colours from least to most, `#rrggbb`, evenly spaced; a diverging one has its neutral in the middle. */
export function scaleColours(theme: Theme, isDiverging: boolean): readonly string[] {
  const name = `${theme} ${isDiverging}`;
  const kept = made.get(name);
  if (kept !== undefined) return kept;
  const stops = (isDiverging ? DIVERGING : STOPS)[theme];
  const steps = isDiverging ? 2 * STEPS - 1 : STEPS;
  const colours = Array.from({ length: steps }, (_, step) => colourAlong(stops, step / (steps - 1)));
  made.set(name, colours);
  return colours;
}

/** `t` from 0 (least) to 1 (most). */
function colourAlong(stops: readonly Stop[], t: number): string {
  const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mix = (a: number, b: number) => a + (b - a) * (at - index);
  const turn = ((to[2] - from[2] + 540) % 360) - 180;
  // A neutral has no hue of its own: on its way to blue it must not pass through pink.
  const hue = from[1] < GREY ? to[2] : to[1] < GREY ? from[2] : from[2] + turn * (at - index);
  return oklchToHex(mix(from[0], to[0]), mix(from[1], to[1]), hue);
}

/** Gives up chroma, never lightness, where sRGB cannot show the colour. */
export function oklchToHex(lightness: number, chroma: number, hue: number): string {
  let held = chroma;
  let rgb = oklchToRgb(lightness, held, hue);
  while (held > 0.001 && rgb.some((channel) => channel < -0.001 || channel > 1.001)) {
    held *= 0.96;
    rgb = oklchToRgb(lightness, held, hue);
  }
  const byte = (channel: number) => Math.round(gamma(Math.min(Math.max(channel, 0), 1)) * 255);
  return `#${rgb.map((channel) => byte(channel).toString(16).padStart(2, '0')).join('')}`;
}

function oklchToRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const gamma = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
