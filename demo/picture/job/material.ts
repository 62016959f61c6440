/** What a surface of the rendered city is made of: one entry of a trace job's materials.json. */

export type Pattern =
  | 'plain'
  | 'asphalt'
  | 'paving'
  | 'brick-paving'
  | 'concrete'
  | 'grass'
  | 'soil'
  | 'marking'
  | 'brick'
  | 'plaster'
  | 'stone'
  | 'facade'
  | 'shopfront'
  | 'glass'
  | 'car-paint'
  | 'tyre'
  | 'chrome'
  | 'metal'
  | 'cloth'
  | 'denim'
  | 'stripes'
  | 'checks'
  | 'skin'
  | 'hair'
  | 'leather'
  | 'leaf'
  | 'bark'
  | 'lamp-glass'
  | 'traffic-red'
  | 'traffic-amber'
  | 'traffic-green'
  | 'sign';

export type Rgb = readonly [number, number, number];

/** Colours are sRGB 0..1, emission linear; `slot` -1 keeps the material's colour, 0..7 takes the instance's palette entry. */
export interface Material {
  readonly name: string;
  readonly pattern: Pattern;
  readonly color: Rgb;
  readonly color2: Rgb;
  readonly roughness: number;
  readonly metalness: number;
  readonly specular: number;
  readonly clearcoat: number;
  readonly emission: Rgb;
  readonly nightOnly: boolean;
  readonly slot: number;
  readonly scale: number;
  readonly seed: number;
}

const PLAIN: Omit<Material, 'name' | 'pattern' | 'color'> = {
  color2: [0.5, 0.5, 0.5],
  roughness: 0.8,
  metalness: 0,
  specular: 0.5,
  clearcoat: 0,
  emission: [0, 0, 0],
  nightOnly: false,
  slot: -1,
  scale: 1,
  seed: 1,
};

/** A material with everything that is not said left plain. */
export function material<Name extends string>(
  name: Name,
  pattern: Pattern,
  color: Rgb,
  rest: Partial<typeof PLAIN> = {},
): Material & { readonly name: Name } {
  return { name, pattern, color, ...PLAIN, color2: color, ...rest };
}
