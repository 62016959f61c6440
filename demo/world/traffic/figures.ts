/** Sizes, speeds and accelerations of what moves, from published figures. */
import type { Kind } from '#models/schema/kind.ts';

/** What a thing on the road looks like; several bodies may be one kind. */
export type Body = 'person' | 'bicycle' | 'motorcycle' | 'car' | 'suv' | 'taxi' | 'van' | 'bus' | 'truck';

export type VehicleFigures = { kind: Kind; lengthM: number; widthM: number; speedMs: number; accelerationMs2: number };

/**
 * Sizes are middle ones of what drives in China (GB 1589 bounds buses and trucks). Urban cars follow at 1 to 1.5 m/s²
 * (Treiber, Hennecke, Helbing 2000: a = 0.73, b = 1.67 on motorways; town drivers are brisker). Bicycles at 4.1 m/s and
 * electric two-wheelers at 6 m/s are the means of Lin et al. 2008 (Kunming).
 */
export const VEHICLES: Readonly<Record<Exclude<Body, 'person'>, VehicleFigures>> = {
  car: { kind: 'car', lengthM: 4.6, widthM: 1.82, speedMs: 11, accelerationMs2: 1.4 },
  taxi: { kind: 'car', lengthM: 4.6, widthM: 1.82, speedMs: 11, accelerationMs2: 1.4 },
  suv: { kind: 'car', lengthM: 4.75, widthM: 1.92, speedMs: 11, accelerationMs2: 1.3 },
  van: { kind: 'car', lengthM: 5, widthM: 1.95, speedMs: 10, accelerationMs2: 1.1 },
  bus: { kind: 'bus', lengthM: 11.5, widthM: 2.5, speedMs: 9, accelerationMs2: 0.9 },
  truck: { kind: 'truck', lengthM: 7.2, widthM: 2.3, speedMs: 9, accelerationMs2: 0.8 },
  bicycle: { kind: 'bicycle', lengthM: 1.75, widthM: 0.6, speedMs: 4.1, accelerationMs2: 0.8 },
  motorcycle: { kind: 'motorcycle', lengthM: 1.85, widthM: 0.7, speedMs: 6, accelerationMs2: 1.2 },
};

export type VehicleBody = keyof typeof VEHICLES;

export const isRidden = (body: Body): boolean => body === 'bicycle' || body === 'motorcycle';

export const kindOf = (body: Body): Kind => (body === 'person' ? 'person' : VEHICLES[body].kind);

/** Car following (the IDM of the same paper): standstill gap, time gap, comfortable braking, exponent. */
export const FOLLOWING = { gapM: 2, timeGapS: 1.2, brakingMs2: 2, exponent: 4 } as const;

/** Free walking speed: mean 1.34 m/s, deviation 0.26 (Weidmann 1993); the tails are cut. */
export const WALKING = { meanMs: 1.34, deviationMs: 0.2, lowMs: 0.95, highMs: 1.75, accelerationMs2: 1.2 } as const;

/** Shoulder radius with a little air: two people keep 0.56 m between their middles unless they walk together. */
export const PERSON_RADIUS_M = 0.28;
