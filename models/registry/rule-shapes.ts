/** Lines and zones of rules: which a condition has, and what is wrong with one. */
import type { SimpleCondition } from '../schema/rule-condition.ts';
import type { RuleLine } from '../schema/rule-shape.ts';
import { checkPolygon } from './polygon.ts';
import type { Fault } from './rule-check.ts';

/** A line and a zone look alike; `isLine` says which it is. */
export type NamedShape = { shape: RuleLine; name: 'line' | 'zone'; isLine: boolean };

export function shapesOf(when: SimpleCondition): NamedShape[] {
  if ('line' in when) return [{ shape: when.line, name: 'line', isLine: true }];
  if ('zone' in when && when.zone !== undefined) return [{ shape: when.zone, name: 'zone', isLine: false }];
  return [];
}

type Asked = { path: string; isLine: boolean; fault: Fault };

/** Of a picture points lie from 0 to 1; of the ground they are degrees. */
export function shapeFaults({ space, points }: RuleLine, { path, isLine, fault }: Asked): void {
  let areWithin = true;
  for (const [index, [x = Number.NaN, y = Number.NaN]] of points.entries()) {
    const isWithin = space === 'picture' ? isShare(x) && isShare(y) : Math.abs(x) <= 180 && Math.abs(y) <= 90;
    if (isWithin) continue;
    areWithin = false;
    const where = `${path}/points/${index}`;
    if (space === 'picture') fault('rule-outside-picture', where, `${x}, ${y} is outside of the picture, 0 to 1`);
    else fault('rule-shape', where, `${x}, ${y} is no longitude and latitude${swapped(x, y)}`);
  }
  if (!areWithin) return;
  if (isLine) lineFaults(points, path, fault);
  else for (const { message } of checkPolygon(ringOf(points))) fault('rule-shape', path, message);
}

const isShare = (value: number) => value >= 0 && value <= 1;
const swapped = (x: number, y: number) =>
  Math.abs(y) <= 180 && Math.abs(x) <= 90 ? '; they seem to be exchanged' : '';

type Points = readonly (readonly number[])[];

function lineFaults(points: Points, path: string, fault: Fault): void {
  for (const [index, [x, y]] of points.entries()) {
    const next = points[index + 1];
    if (next === undefined || next[0] !== x || next[1] !== y) continue;
    const message = `points ${index + 1} and ${index + 2} are the same: a piece of a line needs a length`;
    fault('rule-shape', `${path}/points/${index + 1}`, message);
  }
}

/** A zone may be drawn with or without its first corner again at the end. */
const ringOf = (points: Points) => {
  const [first, last] = [points[0]!, points.at(-1)!];
  const isClosed = first[0] === last[0] && first[1] === last[1];
  return { type: 'Polygon', coordinates: [isClosed ? points : [...points, first]] };
};
