/** The kinds of things that Sharp Eyes counts: a closed list, and never who. */
import Type, { type Static } from 'typebox';

export const KINDS = ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'] as const;

export const Kind = Type.Enum(KINDS, { description: 'What a detection is' });
export type Kind = Static<typeof Kind>;
