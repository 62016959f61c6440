/** A counting line for every view: across the picture, where people are about 15 m away. */
import { lonLatAt } from '../sight.ts';
import type { View } from '../view.ts';

export type CountingLine = {
  id: string;
  /** Seen from the camera, its left and its right end. */
  from: [lon: number, lat: number];
  to: [lon: number, lat: number];
};

/** Share of the way from the highest row with ground to the lower edge. */
const ROW = 0.55;

export function linesOf(view: View): CountingLine[] {
  let top = 0;
  while (top < 0.9 && lonLatAt(view, { x: 0.5, y: top }) === undefined) top += 0.02;
  const y = top + (1 - top) * ROW;
  const [from, to] = [lonLatAt(view, { x: 0.02, y }), lonLatAt(view, { x: 0.98, y })];
  return from === undefined || to === undefined ? [] : [{ id: `${view.id}-middle`, from, to }];
}

type Place = { lon: number; lat: number };

/** Which way a step goes over a line: `away` from the camera, `towards` it, or not at all. */
export function crossingOf({ from, to }: CountingLine, before: Place, after: Place): 'away' | 'towards' | undefined {
  const [was, is] = [sideOf(from, to, before), sideOf(from, to, after)];
  if (was > 0 === is > 0) return undefined;
  const [a, b] = [sideOf(place(before), place(after), pair(from)), sideOf(place(before), place(after), pair(to))];
  if (a > 0 === b > 0) return undefined;
  return is > 0 ? 'away' : 'towards';
}

const place = ({ lon, lat }: Place): [number, number] => [lon, lat];
const pair = ([lon, lat]: readonly [number, number]): Place => ({ lon, lat });

/** Positive to the left of the way from a to b, which is beyond a line that the camera sees from left to right. */
function sideOf(a: readonly [number, number], b: readonly [number, number], { lon, lat }: Place): number {
  return (b[0] - a[0]) * (lat - a[1]) - (b[1] - a[1]) * (lon - a[0]);
}
