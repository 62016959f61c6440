/** Which stored tracks can matter to a rule: of its kinds' sorts, and with a foot near what it draws; the rest is not read. */
import { simpleParts } from '#models/registry/rule-check.ts';
import { shapesOf } from '#models/registry/rule-shapes.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { RuleDraft } from '#models/schema/rule.ts';

/** Undefined bounds: anywhere. */
export type Wanted = { kinds: readonly Kind[]; bounds: readonly Bounds[] | undefined };
export type Bounds = { space: 'picture' | 'ground'; minX: number; minY: number; maxX: number; maxY: number };

/** Fractions of the picture, and metres: what is lost beside a line and found on it is one thing to the engine. */
const MARGIN = { picture: 0.1, ground: 15 };
const METRES_PER_DEGREE = 111_320;
/** The engine finds a lost car again as a truck. */
const SORTS: readonly (readonly Kind[])[] = [['person'], ['bicycle', 'motorcycle'], ['car', 'bus', 'truck']];

export function wantedOf(rules: readonly RuleDraft[]): Wanted {
  const kinds = new Set(rules.flatMap(kindsOf));
  const sorts = SORTS.filter((sort) => sort.some((kind) => kinds.has(kind))).flat();
  const shapes = rules.map(boundsOf);
  const isEverywhere = shapes.some((bounds) => bounds === undefined);
  return { kinds: sorts, bounds: isEverywhere ? undefined : shapes.flatMap((bounds) => bounds ?? []) };
}

function kindsOf({ kinds, when }: RuleDraft): readonly Kind[] {
  if (kinds !== undefined) return kinds;
  const types = simpleParts(when).map((part) => part.when.type);
  if (types.every((type) => type === 'density')) return ['person'];
  if (types.every((type) => type === 'stopped')) return ['motorcycle', 'car', 'bus', 'truck'];
  if (types.every((type) => type === 'camera')) return [];
  return KINDS;
}

/** Undefined where a part of it has no shape: the whole picture counts. */
function boundsOf({ when }: RuleDraft): Bounds[] | undefined {
  const parts = simpleParts(when)
    .filter((part) => part.when.type !== 'camera')
    .map((part) => shapesOf(part.when));
  if (parts.some((shapes) => shapes.length === 0)) return undefined;
  return parts.flat().map(({ shape: { space, points } }) => {
    const [xs, ys] = [points.map(([x = 0]) => x), points.map(([, y = 0]) => y)];
    const marginY = space === 'picture' ? MARGIN.picture : MARGIN.ground / METRES_PER_DEGREE;
    const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
    const marginX = space === 'picture' ? MARGIN.picture : marginY / Math.cos((middle * Math.PI) / 180);
    return {
      space,
      minX: Math.min(...xs) - marginX,
      maxX: Math.max(...xs) + marginX,
      minY: Math.min(...ys) - marginY,
      maxY: Math.max(...ys) + marginY,
    };
  });
}

/** As a condition of ClickHouse on a row of sightings; undefined: every row. */
export function conditionOf({ kinds, bounds }: Wanted): string | undefined {
  const ofKind = kinds.length === KINDS.length ? [] : [`kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`];
  const near = bounds?.map(({ space, minX, minY, maxX, maxY }) => {
    const [x, y] = space === 'picture' ? ['x + width / 2', 'y + height'] : ['lon', 'lat'];
    return `(${x} BETWEEN ${minX} AND ${maxX} AND ${y} BETWEEN ${minY} AND ${maxY})`;
  });
  const conditions = [...ofKind, ...(near === undefined ? [] : [`(${near.join(' OR ')})`])];
  return conditions.length === 0 ? undefined : conditions.join(' AND ');
}
