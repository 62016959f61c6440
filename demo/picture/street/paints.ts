/** The street's materials, by name; a job puts them behind those of bodies and vehicles. */
import type { Paint, Paving } from '#demo/world/stages/stage.ts';
import { type Material, material, type Rgb } from '../job/material.ts';

const facade = (name: string, color: Rgb, frame: Rgb, seed: number, scale = 0): Material =>
  material(name, 'facade', color, { color2: frame, seed, scale, roughness: 0.85 });

const WHITE: Rgb = [0.86, 0.86, 0.84];
const DARK: Rgb = [0.16, 0.16, 0.17];
const BROWN: Rgb = [0.36, 0.25, 0.18];

/** Walls: each kind in several colours and window styles (the tracer takes the style from the seed). */
const FACADES: Material[] = [
  facade('tile-1', [0.74, 0.7, 0.63], WHITE, 3),
  facade('tile-2', [0.6, 0.5, 0.44], WHITE, 8),
  facade('tile-3', [0.7, 0.72, 0.72], DARK, 12),
  facade('brick-1', [0.5, 0.3, 0.24], WHITE, 5),
  facade('brick-2', [0.44, 0.34, 0.29], BROWN, 21),
  facade('brick-3', [0.4, 0.38, 0.37], WHITE, 34),
  facade('plaster-1', [0.8, 0.74, 0.6], WHITE, 2),
  facade('plaster-2', [0.78, 0.76, 0.72], DARK, 9),
  facade('plaster-3', [0.72, 0.58, 0.47], WHITE, 17),
  facade('plaster-4', [0.62, 0.68, 0.68], WHITE, 26),
  facade('stone-1', [0.62, 0.6, 0.56], DARK, 7),
  facade('stone-2', [0.55, 0.51, 0.45], DARK, 15),
  facade('glass-1', [0.34, 0.4, 0.44], [0.5, 0.52, 0.54], 6, 1.5),
  facade('glass-2', [0.4, 0.4, 0.38], [0.2, 0.2, 0.21], 19, 1.8),
  facade('concrete-1', [0.56, 0.55, 0.52], WHITE, 4),
  facade('concrete-2', [0.5, 0.49, 0.48], DARK, 11),
  facade('old-1', [0.52, 0.49, 0.44], BROWN, 13),
  facade('old-2', [0.42, 0.41, 0.4], BROWN, 22),
];

const shopfronts: Material[] = [1, 2, 3, 4, 5, 6].map((seed) =>
  material(`shop-${seed}`, 'shopfront', [0.6, 0.57, 0.52], {
    color2: [0.5, 0.5, 0.5],
    seed: seed * 37,
    scale: 3.4 + seed * 0.35,
    roughness: 0.4,
  }),
);

const plain = (name: string, color: Rgb, rest: Partial<Omit<Material, 'name' | 'pattern' | 'color'>> = {}) =>
  material(name, 'plain', color, rest);
const metal = (name: string, color: Rgb, roughness = 0.5, metalness = 0.5) =>
  material(name, 'metal', color, { roughness, metalness });
const cloth = (name: string, color: Rgb, color2: Rgb = color) =>
  material(name, color === color2 ? 'cloth' : 'stripes', color, { color2, roughness: 0.9, scale: 0.35 });
const leaf = (name: string, color: Rgb, color2: Rgb, scale: number, seed: number) =>
  material(name, 'leaf', color, { color2, scale, seed, roughness: 0.7 });
const glow = (name: string, color: Rgb, emission: Rgb) =>
  plain(name, color, { emission, nightOnly: true, roughness: 0.4 });

const GROUND: Material[] = [
  material('asphalt', 'asphalt', [0.34, 0.34, 0.345], { roughness: 0.92, scale: 1, seed: 3 }),
  material('new-asphalt', 'asphalt', [0.25, 0.25, 0.26], { roughness: 0.9, scale: 1, seed: 4 }),
  material('red-asphalt', 'asphalt', [0.45, 0.24, 0.2], { roughness: 0.92, scale: 1, seed: 5 }),
  material('concrete', 'concrete', [0.56, 0.55, 0.52], { roughness: 0.9, scale: 5, seed: 6 }),
  material('slabs', 'paving', [0.55, 0.54, 0.52], { color2: [0.47, 0.46, 0.45], scale: 0.6, roughness: 0.88, seed: 7 }),
  material('pale-slabs', 'paving', [0.66, 0.63, 0.58], {
    color2: [0.58, 0.5, 0.44],
    scale: 0.8,
    roughness: 0.8,
    seed: 8,
  }),
  material('bricks', 'brick-paving', [0.5, 0.36, 0.31], {
    color2: [0.42, 0.32, 0.28],
    scale: 0.22,
    roughness: 0.9,
    seed: 9,
  }),
  material('setts', 'brick-paving', [0.44, 0.43, 0.42], {
    color2: [0.37, 0.36, 0.36],
    scale: 0.16,
    roughness: 0.85,
    seed: 10,
  }),
  material('granite', 'paving', [0.58, 0.58, 0.58], { color2: [0.4, 0.4, 0.41], scale: 1, roughness: 0.6, seed: 11 }),
  material('grass', 'grass', [0.24, 0.33, 0.13], { color2: [0.33, 0.36, 0.17], roughness: 0.95, seed: 12 }),
  material('soil', 'soil', [0.3, 0.24, 0.18], { color2: [0.22, 0.18, 0.14], roughness: 0.97, seed: 13 }),
  material('water', 'glass', [0.09, 0.13, 0.12], { roughness: 0.08, specular: 0.5, seed: 14 }),
  material('kerb', 'stone', [0.62, 0.61, 0.58], { roughness: 0.85, scale: 1, seed: 15 }),
];

const MARKS: Material[] = [
  material('mark-white', 'marking', [0.88, 0.88, 0.85], { color2: [0.34, 0.34, 0.345], roughness: 0.7, seed: 16 }),
  material('mark-yellow', 'marking', [0.84, 0.62, 0.14], { color2: [0.34, 0.34, 0.345], roughness: 0.7, seed: 17 }),
  material('mark-red', 'marking', [0.55, 0.2, 0.16], { color2: [0.34, 0.34, 0.345], roughness: 0.8, seed: 18 }),
  material('mark-tactile', 'paving', [0.72, 0.58, 0.25], {
    color2: [0.62, 0.5, 0.2],
    scale: 0.3,
    roughness: 0.8,
    seed: 19,
  }),
  material('mark-cover', 'metal', [0.22, 0.21, 0.2], { roughness: 0.7, metalness: 0.4 }),
  material('mark-stone', 'paving', [0.46, 0.4, 0.36], {
    color2: [0.4, 0.35, 0.32],
    scale: 0.5,
    roughness: 0.75,
    seed: 20,
  }),
  plain('mark-dark', [0.2, 0.2, 0.2], { roughness: 0.9 }),
];

const THINGS: Material[] = [
  metal('pole', [0.42, 0.44, 0.45]),
  metal('dark-metal', [0.16, 0.18, 0.18], 0.45),
  metal('green-metal', [0.12, 0.27, 0.2], 0.5, 0.2),
  metal('white-metal', [0.82, 0.83, 0.82], 0.45, 0.1),
  metal('steel', [0.66, 0.67, 0.68], 0.3, 0.85),
  metal('rust', [0.4, 0.25, 0.17], 0.85, 0.2),
  metal('container-blue', [0.13, 0.26, 0.42], 0.6, 0.1),
  metal('container-red', [0.48, 0.16, 0.12], 0.6, 0.1),
  metal('container-green', [0.16, 0.34, 0.26], 0.6, 0.1),
  metal('corrugated', [0.6, 0.64, 0.66], 0.55, 0.2),
  material('bark', 'bark', [0.36, 0.31, 0.25], { color2: [0.5, 0.47, 0.38], roughness: 0.95, scale: 0.3 }),
  material('dark-bark', 'bark', [0.24, 0.2, 0.17], { color2: [0.3, 0.26, 0.22], roughness: 0.95, scale: 0.3 }),
  leaf('leaf-plane', [0.25, 0.36, 0.12], [0.38, 0.42, 0.16], 0.17, 31),
  leaf('leaf-pagoda', [0.19, 0.31, 0.11], [0.28, 0.38, 0.15], 0.11, 32),
  leaf('leaf-autumn', [0.5, 0.38, 0.12], [0.44, 0.42, 0.16], 0.16, 33),
  leaf('leaf-willow', [0.32, 0.42, 0.17], [0.4, 0.46, 0.2], 0.09, 34),
  leaf('leaf-hedge', [0.17, 0.28, 0.1], [0.24, 0.33, 0.13], 0.07, 35),
  leaf('leaf-flower', [0.62, 0.16, 0.28], [0.7, 0.42, 0.16], 0.09, 36),
  material('wood', 'bark', [0.45, 0.31, 0.2], { color2: [0.38, 0.26, 0.17], roughness: 0.7, scale: 0.2 }),
  material('pale-stone', 'stone', [0.66, 0.65, 0.62], { roughness: 0.8, scale: 0.8, seed: 21 }),
  material('dark-stone', 'stone', [0.42, 0.41, 0.4], { roughness: 0.8, scale: 0.8, seed: 22 }),
  material('plain-plaster', 'plaster', [0.76, 0.73, 0.67], { roughness: 0.9, scale: 1, seed: 23 }),
  material('grey-brick', 'brick', [0.42, 0.41, 0.4], {
    color2: [0.55, 0.54, 0.52],
    roughness: 0.9,
    scale: 0.24,
    seed: 24,
  }),
  material('red-brick', 'brick', [0.5, 0.29, 0.23], {
    color2: [0.6, 0.57, 0.53],
    roughness: 0.9,
    scale: 0.24,
    seed: 25,
  }),
  material('roof', 'concrete', [0.42, 0.41, 0.4], { roughness: 0.95, scale: 4, seed: 26 }),
  material('roof-tile', 'brick', [0.34, 0.33, 0.34], {
    color2: [0.22, 0.22, 0.23],
    roughness: 0.85,
    scale: 0.3,
    seed: 27,
  }),
  material('window', 'glass', [0.05, 0.07, 0.08], { roughness: 0.05, specular: 0.6 }),
  material('clear-glass', 'glass', [0.2, 0.25, 0.26], { roughness: 0.04, specular: 0.5 }),
  cloth('cloth-red', [0.6, 0.12, 0.1]),
  cloth('cloth-blue', [0.14, 0.26, 0.48]),
  cloth('cloth-green', [0.14, 0.36, 0.24]),
  cloth('cloth-sand', [0.78, 0.7, 0.55]),
  cloth('cloth-red-white', [0.66, 0.14, 0.12], [0.85, 0.83, 0.78]),
  cloth('cloth-blue-white', [0.16, 0.3, 0.52], [0.86, 0.86, 0.84]),
  cloth('cloth-green-white', [0.15, 0.38, 0.25], [0.86, 0.86, 0.82]),
  plain('plastic-blue', [0.12, 0.3, 0.6], { roughness: 0.45 }),
  plain('plastic-yellow', [0.88, 0.68, 0.1], { roughness: 0.45 }),
  plain('plastic-green', [0.15, 0.5, 0.3], { roughness: 0.45 }),
  plain('plastic-orange', [0.85, 0.32, 0.08], { roughness: 0.5 }),
  plain('plastic-white', [0.84, 0.84, 0.82], { roughness: 0.45 }),
  plain('plastic-grey', [0.46, 0.47, 0.48], { roughness: 0.5 }),
  plain('rubber', [0.08, 0.08, 0.085], { roughness: 0.95 }),
  plain('fruit-orange', [0.85, 0.45, 0.1], { roughness: 0.5 }),
  plain('fruit-red', [0.66, 0.14, 0.1], { roughness: 0.5 }),
  plain('fruit-green', [0.32, 0.5, 0.16], { roughness: 0.6 }),
  plain('fruit-pale', [0.8, 0.78, 0.62], { roughness: 0.7 }),
  material('sign-blue', 'sign', [0.1, 0.27, 0.58], { color2: [0.9, 0.9, 0.9], roughness: 0.4, seed: 41 }),
  material('sign-green', 'sign', [0.06, 0.36, 0.24], { color2: [0.9, 0.9, 0.9], roughness: 0.4, seed: 42 }),
  material('sign-red', 'sign', [0.62, 0.1, 0.08], { color2: [0.92, 0.85, 0.6], roughness: 0.4, seed: 43 }),
  material('sign-gold', 'sign', [0.15, 0.13, 0.11], { color2: [0.85, 0.68, 0.3], roughness: 0.4, seed: 44 }),
  material('sign-white', 'sign', [0.85, 0.85, 0.83], { color2: [0.2, 0.25, 0.4], roughness: 0.4, seed: 45 }),
  material('sign-ad', 'sign', [0.75, 0.6, 0.5], {
    color2: [0.2, 0.3, 0.45],
    roughness: 0.3,
    seed: 46,
    emission: [0.9, 0.85, 0.8],
    nightOnly: true,
  }),
  glow('lamp-head', [0.85, 0.85, 0.82], [26, 20, 13]),
  glow('lantern', [0.72, 0.08, 0.06], [2.4, 0.35, 0.2]),
  glow('neon-red', [0.7, 0.1, 0.1], [3, 0.3, 0.25]),
  glow('neon-blue', [0.1, 0.25, 0.6], [0.25, 0.7, 2.6]),
  glow('shop-light', [0.85, 0.8, 0.7], [4, 3.2, 2.1]),
  material('light-red', 'traffic-red', [0.6, 0.05, 0.04], { emission: [9, 0.5, 0.3], roughness: 0.3 }),
  material('light-amber', 'traffic-amber', [0.6, 0.4, 0.04], { emission: [8, 4, 0.3], roughness: 0.3 }),
  material('light-green', 'traffic-green', [0.04, 0.5, 0.25], { emission: [0.5, 7, 3.2], roughness: 0.3 }),
];

export const STREET_MATERIALS: readonly Material[] = [...GROUND, ...MARKS, ...FACADES, ...shopfronts, ...THINGS];

const NUMBERS = new Map(STREET_MATERIALS.map(({ name }, index) => [name, index]));

/** A material's number in the street's own list. */
export function paintOf(name: string): number {
  const found = NUMBERS.get(name);
  if (found === undefined) throw new Error(`the street has no material "${name}"`);
  return found;
}

export const pavingPaint = (paving: Paving): number => paintOf(paving);
export const markPaint = (paint: Paint): number => paintOf(`mark-${paint}`);
