/**
 * Where the edges of a picture run, whatever the light: per cell the direction of the grey levels' gradient with its
 * angle doubled, so that an edge from dark to light is the same as one from light to dark, and its length pressed below
 * one, so that a headlight is worth no more than a kerb. After Fitch, Kadyrov, Christmas and Kittler, "Orientation
 * Correlation", BMVC 2002; averaged over time, what stands still stays and what moves or is noise fades.
 */
import { OVERLAY_SHARE } from './light.ts';
import type { SmallPicture } from './small-picture.ts';

/** `along` and `across` are the parts of a vector per cell, row by row, of length 0 (no edge) to 1. */
export type Orientation = { columns: number; rows: number; along: Float32Array; across: Float32Array };

/** Gradients of this many grey levels per cell have half the weight of a strong edge. */
const HALF_WEIGHT = 9;

/** Cells are 2x2 pixels of the small picture. */
export function orientationOf({ columns: width, rows: height, luma }: SmallPicture): Orientation {
  const [columns, rows] = [width >> 1, height >> 1];
  const cells = new Float32Array(columns * rows);
  for (let row = 0, cell = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, cell++) {
      const at = 2 * row * width + 2 * column;
      cells[cell] = (luma[at]! + luma[at + 1]! + luma[at + width]! + luma[at + width + 1]!) / 4;
    }
  }
  const along = new Float32Array(columns * rows);
  const across = new Float32Array(columns * rows);
  const edge = Math.round(rows * OVERLAY_SHARE);
  for (let row = Math.max(1, edge); row < rows - Math.max(1, edge); row++) {
    for (let column = 1; column < columns - 1; column++) {
      const cell = row * columns + column;
      const x = cells[cell + 1]! - cells[cell - 1]!;
      const y = cells[cell + columns]! - cells[cell - columns]!;
      const weight = 1 / (x * x + y * y + HALF_WEIGHT * HALF_WEIGHT);
      along[cell] = (x * x - y * y) * weight;
      across[cell] = 2 * x * y * weight;
    }
  }
  return { columns, rows, along, across };
}

/** Moves `mean` towards `next` by `share`, in place. */
export function blend(mean: Orientation, next: Orientation, share: number): void {
  for (const part of ['along', 'across'] as const) {
    const [to, from] = [mean[part], next[part]];
    for (let cell = 0; cell < to.length; cell++) to[cell]! += share * (from[cell]! - to[cell]!);
  }
}

/** Sum of squared lengths: how much structure there is. */
export function energyOf({ along, across }: Orientation): number {
  let sum = 0;
  for (let cell = 0; cell < along.length; cell++) sum += along[cell]! ** 2 + across[cell]! ** 2;
  return sum;
}

/** -1 to 1: whether edges run alike at the same places; 0 for pictures that have nothing to do with each other. */
export function likeness(a: Orientation, b: Orientation): number {
  let sum = 0;
  for (let cell = 0; cell < a.along.length; cell++) {
    sum += a.along[cell]! * b.along[cell]! + a.across[cell]! * b.across[cell]!;
  }
  const energy = Math.sqrt(energyOf(a) * energyOf(b));
  return energy === 0 ? 0 : sum / energy;
}

/** Cells of a block, in each direction. */
const BLOCK = 10;
/** Of a block's structure, less than this is left where something stands before it. */
const LOST_BELOW = 0.15;

export type Loss = {
  /** Share of the known structure, 0 to 1, that lies in blocks where next to nothing of it is left. */
  lost: number;
  /** Of the structure of the other blocks, how much is where it was. */
  kept: number;
};

export function lossOf(known: Orientation, now: Orientation): Loss {
  const { columns, rows } = known;
  let [lost, all, kept] = [0, 0, 0];
  for (let top = 0; top < rows; top += BLOCK) {
    for (let left = 0; left < columns; left += BLOCK) {
      let [common, energy] = [0, 0];
      for (let row = top; row < Math.min(rows, top + BLOCK); row++) {
        for (let cell = row * columns + left; cell < row * columns + Math.min(columns, left + BLOCK); cell++) {
          const [along, across] = [known.along[cell]!, known.across[cell]!];
          energy += along * along + across * across;
          common += along * now.along[cell]! + across * now.across[cell]!;
        }
      }
      all += energy;
      if (common < LOST_BELOW * energy) lost += energy;
      else kept += common;
    }
  }
  return { lost: all === 0 ? 0 : lost / all, kept: all === lost ? 0 : kept / (all - lost) };
}
