/** The materials of bodies and vehicles; a view's street adds its own behind them. */
import { type Material, material } from './material.ts';

/** Palette entries of a person. */
export const PERSON_SLOTS = ['skin', 'hair', 'top', 'trousers', 'shoes', 'bag', 'second top', 'hat'] as const;

/** Palette entries of a vehicle. */
export const VEHICLE_SLOTS = ['paint', 'second'] as const;

const LIST = [
  material('skin', 'skin', [0.8, 0.6, 0.48], { slot: 0, roughness: 0.55, specular: 0.4 }),
  material('hair', 'hair', [0.06, 0.05, 0.045], { slot: 1, roughness: 0.5, scale: 0.02 }),
  material('top-cloth', 'cloth', [0.3, 0.35, 0.45], { slot: 2, roughness: 0.92, scale: 0.25, seed: 3 }),
  material('top-stripes', 'stripes', [0.3, 0.35, 0.45], {
    slot: 2,
    color2: [0.86, 0.85, 0.82],
    roughness: 0.92,
    scale: 0.07,
  }),
  material('top-checks', 'checks', [0.3, 0.35, 0.45], {
    slot: 2,
    color2: [0.8, 0.78, 0.74],
    roughness: 0.92,
    scale: 0.06,
  }),
  material('top-padded', 'cloth', [0.3, 0.35, 0.45], { slot: 2, roughness: 0.6, specular: 0.45, scale: 0.12, seed: 5 }),
  material('second-cloth', 'cloth', [0.8, 0.8, 0.78], { slot: 6, roughness: 0.92, scale: 0.25, seed: 7 }),
  material('trousers-cloth', 'cloth', [0.14, 0.15, 0.18], { slot: 3, roughness: 0.92, scale: 0.3, seed: 11 }),
  material('trousers-denim', 'denim', [0.2, 0.28, 0.42], { slot: 3, roughness: 0.95, scale: 0.3, seed: 13 }),
  material('shoe', 'leather', [0.12, 0.12, 0.13], { slot: 4, roughness: 0.6, scale: 0.1 }),
  material('sole-light', 'plain', [0.82, 0.81, 0.78], { roughness: 0.8 }),
  material('sole-dark', 'plain', [0.09, 0.09, 0.09], { roughness: 0.85 }),
  material('bag-leather', 'leather', [0.3, 0.2, 0.14], { slot: 5, roughness: 0.5, scale: 0.1 }),
  material('bag-cloth', 'cloth', [0.2, 0.22, 0.28], { slot: 5, roughness: 0.9, scale: 0.2, seed: 17 }),
  material('hat-cloth', 'cloth', [0.3, 0.3, 0.3], { slot: 7, roughness: 0.92, scale: 0.15, seed: 19 }),
  material('helmet', 'plain', [0.8, 0.8, 0.2], { slot: 7, roughness: 0.3, clearcoat: 0.6 }),
  material('umbrella', 'cloth', [0.3, 0.3, 0.6], { slot: 7, roughness: 0.7, scale: 0.2, seed: 23 }),
  material('eye', 'plain', [0.05, 0.04, 0.035], { roughness: 0.3 }),
  material('lip', 'plain', [0.55, 0.3, 0.28], { roughness: 0.5 }),
  material('phone', 'plain', [0.03, 0.03, 0.035], { roughness: 0.15 }),
  material('rod', 'metal', [0.45, 0.46, 0.47], { roughness: 0.4, metalness: 0.9 }),
  material('paint', 'car-paint', [0.8, 0.8, 0.8], { slot: 0, roughness: 0.35, metalness: 0.15, clearcoat: 0.9 }),
  material('paint-second', 'car-paint', [0.9, 0.9, 0.9], { slot: 1, roughness: 0.35, metalness: 0.1, clearcoat: 0.8 }),
  material('box-wall', 'metal', [0.88, 0.88, 0.87], { slot: 1, roughness: 0.55, metalness: 0, seed: 3 }),
  material('car-glass', 'glass', [0.03, 0.04, 0.045], { roughness: 0.05, specular: 0.6 }),
  material('trim', 'plain', [0.055, 0.056, 0.06], { roughness: 0.7 }),
  material('under', 'plain', [0.02, 0.02, 0.02], { roughness: 1, specular: 0.1 }),
  material('chrome', 'chrome', [0.78, 0.79, 0.8], { roughness: 0.2, metalness: 0.95 }),
  material('grey-metal', 'metal', [0.35, 0.36, 0.37], { roughness: 0.5, metalness: 0.6 }),
  material('tyre', 'tyre', [0.05, 0.05, 0.052], { roughness: 0.95, specular: 0.2 }),
  material('rim', 'metal', [0.62, 0.63, 0.64], { roughness: 0.35, metalness: 0.8 }),
  material('head-lamp', 'lamp-glass', [0.86, 0.87, 0.86], { roughness: 0.15, emission: [30, 27, 22], nightOnly: true }),
  material('tail-lamp', 'lamp-glass', [0.5, 0.03, 0.03], { roughness: 0.2, emission: [3, 0.15, 0.1], nightOnly: true }),
  material('side-lamp', 'lamp-glass', [0.82, 0.4, 0.06], { roughness: 0.3 }),
  material('plate-blank', 'plain', [0.12, 0.25, 0.6], { roughness: 0.5 }),
  material('plate-green', 'plain', [0.6, 0.82, 0.66], { roughness: 0.5 }),
  material('plate-yellow', 'plain', [0.85, 0.65, 0.1], { roughness: 0.5 }),
  material('display', 'plain', [0.1, 0.06, 0.02], { roughness: 0.4, emission: [1.2, 0.5, 0.05], nightOnly: true }),
  material('taxi-sign', 'plain', [0.9, 0.88, 0.8], { roughness: 0.4, emission: [4, 3.6, 2.6], nightOnly: true }),
  material('seat', 'leather', [0.06, 0.06, 0.065], { roughness: 0.7, scale: 0.1 }),
  material('basket', 'metal', [0.2, 0.2, 0.21], { roughness: 0.6, metalness: 0.5 }),
  material('frame-paint', 'car-paint', [0.3, 0.3, 0.3], { slot: 0, roughness: 0.35, clearcoat: 0.6 }),
];

export const LIBRARY_MATERIALS: readonly Material[] = LIST;

export type LibraryMaterial = (typeof LIST)[number]['name'];

const NUMBERS = new Map<string, number>(LIST.map(({ name }, number) => [name, number]));

/** The number under which triangles name the material. */
export function numberOf(name: LibraryMaterial): number {
  return NUMBERS.get(name)!;
}
