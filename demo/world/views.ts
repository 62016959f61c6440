/** The city's cameras. */
import { avenueView } from './stages/avenue.ts';
import { busStopView } from './stages/bus-stop.ts';
import { crossingView } from './stages/crossing.ts';
import { estateView } from './stages/estate.ts';
import { marketView } from './stages/market.ts';
import { parkingView } from './stages/parking.ts';
import { riversideView } from './stages/riverside.ts';
import { schoolView } from './stages/school.ts';
import { shopsView } from './stages/shops.ts';
import { sideStreetView } from './stages/side-street.ts';
import { squareView } from './stages/square.ts';
import { yardView } from './stages/yard.ts';
import type { View } from './view.ts';

export const VIEWS: readonly View[] = [
  crossingView,
  avenueView,
  shopsView,
  schoolView,
  squareView,
  estateView,
  parkingView,
  busStopView,
  riversideView,
  sideStreetView,
  marketView,
  yardView,
];

export function viewOf(id: string): View {
  const view = VIEWS.find((candidate) => candidate.id === id);
  if (view === undefined)
    throw new RangeError(`there is no view "${id}"; there are ${VIEWS.map((v) => v.id).join(', ')}`);
  return view;
}
