/** Places that the plan wants watched as a whole: key areas (a school gate, a square) and checkpoints (a bridge head). */
import Type, { type Static } from 'typebox';
import { Polygon, Position } from './area.ts';
import { Importance } from './camera.ts';
import { Id } from './id.ts';

export const KEY_PLACE_KINDS = ['key-area', 'checkpoint'] as const;

export const KeyPlaceKind = Type.Enum(KEY_PLACE_KINDS);
export type KeyPlaceKind = Static<typeof KeyPlaceKind>;

/** A point stands for the ground within `POINT_RADIUS_M` of it. */
export const KeyPlace = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    kind: KeyPlaceKind,
    importance: Importance,
    geometry: Type.Union([Polygon, Type.Object({ type: Type.Literal('Point'), coordinates: Position })]),
  },
  { additionalProperties: false },
);
export type KeyPlace = Static<typeof KeyPlace>;

export const POINT_RADIUS_M = 8;
