/** Parts of a picture that a person drew: where nothing may be seen (privacy), and where things can stand (ground). */
import Type, { type Static } from 'typebox';

const Fraction = Type.Number({ minimum: 0, maximum: 1 });

/** Corners [x, y] as fractions of the picture; the last is joined to the first. */
export const PictureRing = Type.Array(Type.Array(Fraction, { minItems: 2, maxItems: 2 }), {
  minItems: 3,
  maxItems: 100,
});
export type PictureRing = Static<typeof PictureRing>;

export const PictureRings = Type.Array(PictureRing, { maxItems: 20 });
export type PictureRings = Static<typeof PictureRings>;
