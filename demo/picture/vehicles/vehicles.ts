/** Every vehicle of the rendered city: what it is, how large, and its facets at each phase of its wheels. */

import type { Facet } from '#demo/picture/shape/facets.ts';
import type { Kind } from '#models/schema/kind.ts';
import { BICYCLE, bicycleFacets } from './bicycle.ts';
import { BUS, BUS_WHEEL, busFacets } from './bus.ts';
import { carFacets } from './car.ts';
import { CAR_OUTLINES } from './car-outlines.ts';
import { MOTORCYCLE, motorcycleFacets } from './motorcycle.ts';
import { SCOOTER, scooterFacets } from './scooter.ts';
import { TRUCK_OUTLINES, truckFacets } from './truck.ts';
import { wheelPeriodM } from './wheel.ts';

export interface Vehicle {
  readonly kind: Exclude<Kind, 'person'>;
  readonly name: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly phases: number;
  /** The way over which the phases run round once; 0 where nothing turns. */
  readonly strideM: number;
  /** `turn` is 0..1 of that way. */
  readonly facets: (turn: number) => Facet[];
}

const WHEEL_PHASES = 6;

export const VEHICLES: readonly Vehicle[] = [
  ...CAR_OUTLINES.map((outline): Vehicle => {
    const heightM = Math.max(...outline.top.map(([, height]) => height));
    const { name, lengthM, widthM, wheel } = outline;
    const facets = (turn: number) => carFacets(outline, turn);
    return { kind: 'car', name, lengthM, widthM, heightM, phases: WHEEL_PHASES, strideM: wheelPeriodM(wheel), facets };
  }),
  ...TRUCK_OUTLINES.map((outline): Vehicle => {
    const { name, lengthM, widthM, heightM, wheel } = outline;
    const facets = (turn: number) => truckFacets(outline, turn);
    return {
      kind: 'truck',
      name,
      lengthM,
      widthM,
      heightM,
      phases: WHEEL_PHASES,
      strideM: wheelPeriodM(wheel),
      facets,
    };
  }),
  { kind: 'bus', name: 'city-bus', ...BUS, phases: WHEEL_PHASES, strideM: wheelPeriodM(BUS_WHEEL), facets: busFacets },
  {
    kind: 'bicycle',
    name: 'city-bicycle',
    lengthM: BICYCLE.lengthM,
    widthM: BICYCLE.widthM,
    heightM: BICYCLE.heightM,
    phases: 8,
    strideM: BICYCLE.crankTurnM,
    facets: (turn) => bicycleFacets(turn * 2 * Math.PI),
  },
  ...[false, true].map((hasBox): Vehicle => {
    const { lengthM, widthM, heightM } = SCOOTER;
    const name = hasBox ? 'courier-scooter' : 'scooter';
    return {
      kind: 'motorcycle',
      name,
      lengthM,
      widthM,
      heightM,
      phases: 1,
      strideM: 0,
      facets: () => scooterFacets(hasBox),
    };
  }),
  {
    kind: 'motorcycle',
    name: 'motorcycle',
    lengthM: MOTORCYCLE.lengthM,
    widthM: MOTORCYCLE.widthM,
    heightM: MOTORCYCLE.heightM,
    phases: 1,
    strideM: 0,
    facets: () => motorcycleFacets(),
  },
];
