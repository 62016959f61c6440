/** What a person of the rendered city looks like before any pose: sizes and dress, never who. */
import type { LibraryMaterial } from '#demo/picture/job/library-materials.ts';

export type Build = 'man' | 'woman' | 'child';
export type Hair = 'short' | 'bob' | 'long' | 'tail' | 'bun' | 'thin';
export type Hat = 'cap' | 'helmet' | 'sun-hat';
export type Bag = 'rucksack' | 'handbag' | 'shoulder-bag' | 'shopping';

/** A top garment: how far it stands off the body, where it ends below the hip joint, and what it is made of. */
export interface Top {
  readonly material: LibraryMaterial;
  readonly sleeves: 'short' | 'long';
  readonly looseM: number;
  readonly hemM: number;
  readonly isOpen?: boolean;
  readonly hasHood?: boolean;
  readonly isVest?: boolean;
}

/** What is worn below: `lengthM` of a skirt or of shorts goes down from the hip joint. */
export type Bottom =
  | { readonly kind: 'trousers'; readonly material: LibraryMaterial; readonly looseM: number }
  | { readonly kind: 'shorts' | 'skirt'; readonly material: LibraryMaterial; readonly lengthM: number };

export interface Figure {
  readonly name: string;
  readonly build: Build;
  readonly heightM: number;
  /** 1 is slim, 1.25 heavy. */
  readonly girth: number;
  /** How far the upper back leans forward, radians. */
  readonly stoop: number;
  /** Two steps, as a share of the height. */
  readonly strideShare: number;
  readonly top: Top;
  readonly bottom: Bottom;
  readonly sole: 'sole-light' | 'sole-dark';
  readonly hair: Hair;
  readonly hat?: Hat;
  readonly bag?: Bag;
  readonly hasUmbrella?: boolean;
  /** Walks with a telephone in hand now and then. */
  readonly walksReading?: boolean;
}

/** Lengths of the skeleton in metres, from the height (shares after Drillis and Contini, 1964). */
export interface Skeleton {
  /** Scale against a body of 1.72 m. */
  readonly k: number;
  readonly thighM: number;
  readonly shankM: number;
  readonly ankleM: number;
  readonly upperArmM: number;
  readonly forearmM: number;
  readonly hipHalfM: number;
  readonly shoulderHalfM: number;
  readonly headScale: number;
}

export function skeletonOf(figure: Figure): Skeleton {
  const { heightM, build, girth } = figure;
  const k = heightM / 1.72;
  const shoulderHalf = { man: 0.178, woman: 0.158, child: 0.155 }[build];
  return {
    k,
    thighM: 0.245 * heightM,
    shankM: 0.246 * heightM,
    ankleM: 0.042 * heightM,
    upperArmM: 0.17 * heightM,
    forearmM: 0.145 * heightM,
    hipHalfM: 0.088 * k,
    shoulderHalfM: shoulderHalf * (0.7 + 0.3 * girth) * k,
    headScale: 0.52 + 0.48 * k,
  };
}

export function strideOf(figure: Figure): number {
  return Math.round(figure.strideShare * figure.heightM * 1000) / 1000;
}
