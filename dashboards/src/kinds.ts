/** The kinds in the order they are shown, and the two groups a glance needs. */
import type { Kind } from '#models/schema/kind.ts';

/** Hues that colour-blind eyes tell apart (after Okabe and Ito, 2008), light enough to stand on a picture. */
export const KIND_COLOURS: Record<Kind, string> = {
  person: '#ffb000',
  bicycle: '#5cc8ff',
  motorcycle: '#22d3a6',
  car: '#8ab4ff',
  bus: '#ff8fc7',
  truck: '#ff7b4a',
};

export const KINDS_SHOWN = Object.keys(KIND_COLOURS) as Kind[];

export type KindGroup = 'people' | 'vehicles';

export const groupOf = (kind: Kind): KindGroup => (kind === 'person' ? 'people' : 'vehicles');
