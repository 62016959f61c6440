/** A view: one fixed camera of the city, its stage, and the variants that are played from it. */
import type { Camera } from './camera.ts';
import type { Crowd, Parked, Prop, Spot, Stage, Walk } from './stages/stage.ts';
import type { SignalPlan } from './traffic/signals.ts';

/** Light and weather by name; what they look like is the picture's business. */
export type Look =
  | 'clear-morning'
  | 'clear-noon'
  | 'clear-afternoon'
  | 'hazy'
  | 'overcast'
  | 'golden'
  | 'rain'
  | 'fog'
  | 'dusk'
  | 'night'
  | 'wet-night'
  | 'glare';

export type VariantId = 'main' | 'night' | 'busy' | 'rain' | 'fog' | 'dusk' | 'glare' | 'incident';

/** What only one variant has. */
export type Extra = {
  walks?: readonly Walk[];
  spots?: readonly Spot[];
  parked?: readonly Parked[];
  props?: readonly Prop[];
};

export type Variant = {
  id: VariantId;
  seconds: 60 | 15;
  look: Look;
  crowd: Crowd;
  /** Lights of a loop too short for a cycle: they stay as they are. */
  signals?: SignalPlan;
  /** What happens, in a sentence, where something does. */
  incident?: string;
  extra?: Extra;
};

export type View = {
  id: string;
  /** Chinese and English, as on the map. */
  name: string;
  /** What the camera looks at, in a sentence. */
  looksAt: string;
  area: string;
  camera: Camera;
  stage: Stage;
  /** Burnt into the picture, as cameras do; the second follows it. */
  overlay: string;
  /** Where the sun stands over the stage, clockwise from its forward, where the street's bearing would put it badly. */
  sun?: { sunFromDeg: number };
  variants: readonly Variant[];
  /** Never trained on: kept to measure with. */
  isHeldOut?: boolean;
};
