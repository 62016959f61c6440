/**
 * What a camera's view looks like, as fields of edges that stand still: one for each light in which it looks different.
 * Each is learned as the mean of many pictures and then kept as it is, and one that lies beside the others by a cell is
 * not learned: a camera that sinks a little every day is found out.
 */
import { Buffer } from 'node:buffer';
import { REFERENCES_MAX, type ReferenceView } from '#models/schema/reference-view.ts';
import { blend, energyOf, type Loss, likeness, lossOf, type Orientation } from './orientation.ts';
import { bestShift, type Shift } from './shift.ts';

/** Median grey level; and whether there is colour. */
export type Shade = { brightness: number; isGrey: boolean };

export type Match = Loss & {
  /** -1 to 1, of the reference that is most like it. */
  likeness: number;
  /** A reference was learned in about this light. */
  isKnownLight: boolean;
  /** How much structure there is, as a share of the reference's. */
  structure: number;
  /** Where else the reference would lie; looked for only where it does not lie where it should. */
  shift: Shift | undefined;
};

export type KeptView = Pick<ReferenceView, 'columns' | 'rows' | 'references'>;

export type ViewMemory = {
  match: (now: Orientation, shade: Shade, options: { atS: number }) => Match | undefined;
  /** Counts a picture in; true: a reference is now complete. */
  learn: (picture: Orientation, shade: Shade) => boolean;
  /** What was begun is no longer wanted. */
  stopLearning: () => void;
  restore: (kept: KeptView) => void;
  snapshot: () => KeptView | undefined;
  forget: () => void;
};

/** Known in all lights between its darkest and its brightest one. */
type Reference = { field: Orientation; energy: number; isGrey: boolean; darkest: number; brightest: number };

/** From this likeness on a view is known well enough, also in this light. */
export const WELL_KNOWN = 0.7;
/** Below this the place where the reference lies is looked for, at most so often. */
const DOUBTFUL_BELOW = 0.6;
const SHIFT_EVERY_S = 8;
/** Half a degree of a lens of 70 degrees per cell: the wind on a pole does less than two. */
const SHIFT_CELLS_MIN = 2;
const SAME_BRIGHTNESS = 35;
/** A view is beside another where it is more alike there than in place by this factor. */
const BESIDE = 1.1;

export function createViewMemory({ learnPictures }: { learnPictures: number }): ViewMemory {
  let references: Reference[] = [];
  let learning: (Shade & { field: Orientation; pictures: number }) | undefined;
  let shift: { atS: number; found: Shift } | undefined;

  const shiftOf = (reference: Orientation, now: Orientation, atS: number): Shift => {
    if (shift === undefined || Math.abs(atS - shift.atS) >= SHIFT_EVERY_S)
      shift = { atS, found: bestShift(reference, now, { farFrom: SHIFT_CELLS_MIN }) };
    return shift.found;
  };
  const isBeside = (field: Orientation) =>
    references.some((reference) => {
      const inPlace = likeness(reference.field, field);
      return bestShift(reference.field, field, { farFrom: 1 }).likeness > BESIDE * inPlace;
    });

  return {
    match(now, shade, { atS }) {
      let best: { reference: Reference; likeness: number } | undefined;
      for (const reference of references) {
        if (!isSameShape(reference.field, now)) continue;
        const alike = likeness(reference.field, now);
        if (best === undefined || alike > best.likeness) best = { reference, likeness: alike };
      }
      if (best === undefined) return undefined;
      const { field, energy } = best.reference;
      if (best.likeness >= WELL_KNOWN) widen(best.reference, shade);
      return {
        ...lossOf(field, now),
        likeness: best.likeness,
        isKnownLight: references.some((known) => isKnownIn(known, shade)),
        structure: energy === 0 ? 1 : energyOf(now) / energy,
        shift: best.likeness < DOUBTFUL_BELOW ? shiftOf(field, now, atS) : undefined,
      };
    },
    learn(picture, shade) {
      if (references.length >= REFERENCES_MAX) return false;
      if (learning === undefined || !isSameShape(learning.field, picture))
        learning = { ...shade, field: copyOf(picture), pictures: 0 };
      blend(learning.field, picture, 1 / ++learning.pictures);
      if (learning.pictures < learnPictures) return false;
      const { field, brightness, isGrey } = learning;
      learning = undefined;
      if (isBeside(field)) return false;
      references.push({ field, energy: energyOf(field), isGrey, darkest: brightness, brightest: brightness });
      return true;
    },
    stopLearning() {
      learning = undefined;
    },
    restore({ columns, rows, references: kept }) {
      references = kept.flatMap(({ along, across, ...light }) => {
        const field = { columns, rows, along: unpack(along), across: unpack(across) };
        if (field.along.length !== columns * rows || field.across.length !== columns * rows) return [];
        return [{ ...light, field, energy: energyOf(field) }];
      });
    },
    snapshot() {
      const first = references.at(-1)?.field;
      if (first === undefined) return undefined;
      const kept = references.filter(({ field }) => isSameShape(field, first));
      const { columns, rows } = first;
      return {
        columns,
        rows,
        references: kept.map(({ field, energy: _energy, ...light }) => {
          return { ...light, along: pack(field.along), across: pack(field.across) };
        }),
      };
    },
    forget() {
      references = [];
      learning = undefined;
      shift = undefined;
    },
  };
}

function isSameShape(a: Orientation, b: Orientation): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

function isKnownIn({ isGrey, darkest, brightest }: Reference, shade: Shade): boolean {
  const { brightness } = shade;
  const isBetween = brightness >= darkest - SAME_BRIGHTNESS && brightness <= brightest + SAME_BRIGHTNESS;
  return isGrey === shade.isGrey && isBetween;
}

function widen(reference: Reference, { brightness, isGrey }: Shade): void {
  if (isGrey !== reference.isGrey) return;
  reference.darkest = Math.min(reference.darkest, brightness);
  reference.brightest = Math.max(reference.brightest, brightness);
}

function copyOf({ columns, rows, along, across }: Orientation): Orientation {
  return { columns, rows, along: along.slice(), across: across.slice() };
}

/** A byte per part is more than the picture's noise leaves of it. */
function pack(part: Float32Array): string {
  return Buffer.from(Int8Array.from(part, (value) => Math.round(value * 127)).buffer).toString('base64');
}

function unpack(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), (value) => value / 127);
}
