/** The city's cameras. */
import { crossingView } from './stages/crossing.ts';
import type { View } from './view.ts';

export const VIEWS: readonly View[] = [crossingView];

export function viewOf(id: string): View {
  const view = VIEWS.find((candidate) => candidate.id === id);
  if (view === undefined)
    throw new RangeError(`there is no view "${id}"; there are ${VIEWS.map((v) => v.id).join(', ')}`);
  return view;
}
