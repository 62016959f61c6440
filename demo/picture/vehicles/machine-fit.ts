/** Where a rider meets a two-wheeler, in the machine's frame: saddle, grips, and pedals or floor board. */
import type { Vec3 } from '#demo/picture/shape/vector.ts';

export interface MachineFit {
  /** Top of the saddle. */
  readonly saddle: Vec3;
  /** The right grip; the left one mirrors it. */
  readonly grip: Vec3;
  /** The right foot's rest; with a crank, the crank's middle and the pedal's sideways distance. */
  readonly feet: Vec3;
  /** Length of a crank arm, 0 where the feet rest. */
  readonly crankM: number;
  /** How far the rider leans forward, radians. */
  readonly lean: number;
  /** How far the knees point outwards (0 straight ahead). */
  readonly kneesOut: number;
}

export const CITY_BICYCLE_FIT: MachineFit = {
  saddle: [0, -0.22, 0.84],
  grip: [0.27, 0.26, 1.03],
  feet: [0.11, -0.02, 0.29],
  crankM: 0.165,
  lean: 0.22,
  kneesOut: 0.08,
};

export const SCOOTER_FIT: MachineFit = {
  saddle: [0, -0.3, 0.76],
  grip: [0.31, 0.3, 1.02],
  feet: [0.12, 0.13, 0.3],
  crankM: 0,
  lean: 0.08,
  kneesOut: 0.12,
};

export const MOTORCYCLE_FIT: MachineFit = {
  saddle: [0, -0.28, 0.8],
  grip: [0.36, 0.32, 1.05],
  feet: [0.2, 0.0, 0.36],
  crankM: 0,
  lean: 0.16,
  kneesOut: 0.3,
};
