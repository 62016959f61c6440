/**
 * The heat map's colours: ordered by lightness alone, so that they read the same to colour-blind eyes and in grey.
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

const STEPS = 17;

/** The scale as `STEPS` colours from least to most, `#rrggbb`. */
export function heatColours(theme: Theme): readonly string[] {
  return Array.from({ length: STEPS }, (_, step) => heatColour(step / (STEPS - 1), theme));
}

/** `t` from 0 (least) to 1 (most). */
export function heatColour(t: number, theme: Theme): string {
  const stops = STOPS[theme];
  const at = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mix = (a: number, b: number) => a + (b - a) * (at - index);
  const turn = ((to[2] - from[2] + 540) % 360) - 180;
  return oklchToHex(mix(from[0], to[0]), mix(from[1], to[1]), from[2] + turn * (at - index));
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
