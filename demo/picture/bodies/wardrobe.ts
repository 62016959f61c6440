/** The figures of the rendered city: fourteen ways to be built and dressed. */
import type { Bottom, Figure, Top } from './figure.ts';

const TEE: Top = { material: 'top-cloth', sleeves: 'short', looseM: 0.012, hemM: 0.075 };
const SHIRT: Top = { material: 'top-cloth', sleeves: 'long', looseM: 0.012, hemM: 0.06 };
const JACKET: Top = { material: 'top-cloth', sleeves: 'long', looseM: 0.024, hemM: 0.085, isOpen: true };
const HOODIE: Top = { material: 'top-cloth', sleeves: 'long', looseM: 0.024, hemM: 0.08, hasHood: true };
const PADDED: Top = { material: 'top-padded', sleeves: 'long', looseM: 0.034, hemM: 0.09, hasHood: true };
const COAT: Top = { material: 'top-cloth', sleeves: 'long', looseM: 0.024, hemM: 0.38 };

const JEANS: Bottom = { kind: 'trousers', material: 'trousers-denim', looseM: 0.014 };
const SLIM: Bottom = { kind: 'trousers', material: 'trousers-denim', looseM: 0.008 };
const SLACKS: Bottom = { kind: 'trousers', material: 'trousers-cloth', looseM: 0.018 };
const WIDE: Bottom = { kind: 'trousers', material: 'trousers-cloth', looseM: 0.03 };

const MAN = { build: 'man', girth: 1, stoop: 0.05, strideShare: 0.8, hair: 'short', sole: 'sole-light' } as const;
const WOMAN = { build: 'woman', girth: 1, stoop: 0.04, strideShare: 0.78, hair: 'long', sole: 'sole-light' } as const;

export const FIGURES: readonly Figure[] = [
  { ...MAN, name: 'man-tee', heightM: 1.74, top: TEE, bottom: JEANS },
  { ...MAN, name: 'man-shirt', heightM: 1.71, top: SHIRT, bottom: SLACKS, sole: 'sole-dark', bag: 'shoulder-bag' },
  { ...MAN, name: 'man-jacket', heightM: 1.77, girth: 1.06, top: JACKET, bottom: JEANS, bag: 'rucksack' },
  {
    ...MAN,
    name: 'man-heavy',
    heightM: 1.72,
    girth: 1.24,
    strideShare: 0.75,
    top: { ...TEE, material: 'top-stripes', looseM: 0.018 },
    bottom: { kind: 'shorts', material: 'trousers-cloth', lengthM: 0.42 },
  },
  {
    ...MAN,
    name: 'man-older',
    heightM: 1.66,
    girth: 1.05,
    stoop: 0.3,
    strideShare: 0.62,
    top: { ...JACKET, isOpen: false },
    bottom: SLACKS,
    sole: 'sole-dark',
    hair: 'thin',
    hat: 'cap',
    bag: 'shopping',
  },
  { ...MAN, name: 'man-hoodie', walksReading: true, heightM: 1.79, girth: 0.96, top: HOODIE, bottom: SLIM },
  {
    ...MAN,
    name: 'man-courier',
    heightM: 1.72,
    top: { ...SHIRT, looseM: 0.02, isVest: true },
    bottom: SLACKS,
    sole: 'sole-dark',
    hair: 'thin',
    hat: 'helmet',
  },
  { ...WOMAN, name: 'woman-tee', heightM: 1.62, top: TEE, bottom: SLIM, hair: 'tail', bag: 'handbag' },
  {
    ...WOMAN,
    name: 'woman-skirt',
    heightM: 1.6,
    top: { ...SHIRT, sleeves: 'short', hemM: 0.03 },
    bottom: { kind: 'skirt', material: 'trousers-cloth', lengthM: 0.56 },
    bag: 'shoulder-bag',
  },
  { ...WOMAN, name: 'woman-coat', heightM: 1.64, top: COAT, bottom: SLIM, sole: 'sole-dark', bag: 'handbag' },
  {
    ...WOMAN,
    name: 'woman-jacket',
    walksReading: true,
    heightM: 1.63,
    top: JACKET,
    bottom: WIDE,
    hair: 'bob',
    bag: 'rucksack',
  },
  {
    ...WOMAN,
    name: 'woman-older',
    heightM: 1.54,
    girth: 1.14,
    stoop: 0.26,
    strideShare: 0.6,
    top: { ...SHIRT, material: 'top-checks', looseM: 0.02, hemM: 0.085 },
    bottom: SLACKS,
    sole: 'sole-dark',
    hair: 'bob',
    bag: 'shopping',
  },
  { ...WOMAN, name: 'woman-padded', heightM: 1.65, girth: 1.04, top: PADDED, bottom: JEANS, hair: 'bun' },
  {
    ...WOMAN,
    name: 'woman-umbrella',
    heightM: 1.61,
    top: TEE,
    bottom: { kind: 'skirt', material: 'trousers-cloth', lengthM: 0.46 },
    hasUmbrella: true,
  },
  {
    ...MAN,
    name: 'man-umbrella',
    heightM: 1.73,
    top: { ...JACKET, isOpen: false },
    bottom: SLACKS,
    sole: 'sole-dark',
    hasUmbrella: true,
  },
  {
    ...MAN,
    name: 'child',
    build: 'child',
    heightM: 1.3,
    girth: 0.98,
    strideShare: 0.84,
    top: { ...SHIRT, looseM: 0.022, isVest: true },
    bottom: SLACKS,
    bag: 'rucksack',
  },
  {
    ...WOMAN,
    name: 'child-skirt',
    build: 'child',
    heightM: 1.18,
    girth: 0.98,
    strideShare: 0.84,
    top: TEE,
    bottom: { kind: 'skirt', material: 'trousers-cloth', lengthM: 0.3 },
    hair: 'tail',
    hat: 'sun-hat',
  },
];

/** The figure of that name. */
export function figureNamed(name: string): Figure {
  const figure = FIGURES.find((entry) => entry.name === name);
  if (figure === undefined) throw new Error(`the wardrobe has no figure ${name}`);
  return figure;
}
