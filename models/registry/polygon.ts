/** Polygons of areas: what is wrong with one, in words and with its place; and which area a place lies in. */
import Flatbush from 'flatbush';
import pointInPolygon from 'point-in-polygon-hao';
import { AREA_LEVELS, type Area, MultiPolygon, Polygon } from '../schema/area.ts';
import { checker, InvalidValueError } from '../schema/check.ts';

export type PolygonFault = {
  code:
    | 'not-a-polygon'
    | 'too-few-points'
    | 'not-closed'
    | 'out-of-range'
    | 'self-crossing'
    | 'zero-area'
    | 'antimeridian'
    | 'hole-outside'
    | 'parts-overlap';
  /** What is wrong, with the ring and the position of the point in it, counted from 1. */
  message: string;
  /** [lon, lat] of the place, where there is one. */
  at?: [lon: number, lat: number];
};

type Ring = readonly (readonly number[])[];
type Place = [number, number];

const checkPolygonShape = checker('the polygon', Polygon);
const checkMultiPolygonShape = checker('the multipolygon', MultiPolygon);

/** Faults of a GeoJSON Polygon or MultiPolygon (RFC 7946), none when it is good. Takes whatever came. */
export function checkPolygon(geometry: unknown): PolygonFault[] {
  const type = (geometry as { type?: unknown } | null)?.type;
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    return [
      { code: 'not-a-polygon', message: `a Polygon or MultiPolygon is needed, ${JSON.stringify(type) ?? 'none'} came` },
    ];
  }
  const short = tooShort(geometry as { coordinates?: unknown }, type);
  if (short.length > 0) return short;
  const parts: Ring[][] = [];
  try {
    if (type === 'Polygon') parts.push(checkPolygonShape(geometry).coordinates);
    else parts.push(...checkMultiPolygonShape(geometry).coordinates);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    return [{ code: 'not-a-polygon', message: error.message }];
  }
  const named = parts.flatMap((rings, part) =>
    rings.map((ring, index) => ({
      ring,
      name: `${parts.length > 1 ? `part ${part + 1}, ` : ''}${index === 0 ? 'outer ring' : `hole ${index}`}`,
    })),
  );
  const faults = named.flatMap(({ ring, name }) => ringFaults(ring, name));
  if (faults.length > 0) return faults;
  return [...crossings(named), ...parts.flatMap(strayHoles), ...overlaps(parts)];
}

/** Before the schema says "must not have fewer than 4 items" about it. */
function tooShort(geometry: { coordinates?: unknown }, type: 'Polygon' | 'MultiPolygon'): PolygonFault[] {
  const coordinates = Array.isArray(geometry.coordinates) ? geometry.coordinates : [];
  const rings: unknown[] = type === 'Polygon' ? coordinates : coordinates.flat();
  return rings.flatMap((ring, index): PolygonFault[] =>
    Array.isArray(ring) && ring.length < 4
      ? [
          {
            code: 'too-few-points',
            message: `ring ${index + 1} has ${ring.length} points; a ring needs at least four, the last equal to the first`,
          },
        ]
      : [],
  );
}

function ringFaults(ring: Ring, name: string): PolygonFault[] {
  const faults: PolygonFault[] = [];
  for (const [index, point] of ring.entries()) {
    const [lon, lat] = placeOf(point);
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
      const isSwapped = Math.abs(lat) <= 180 && Math.abs(lon) <= 90;
      faults.push({
        code: 'out-of-range',
        message: `${name}, point ${index + 1}: ${lon}, ${lat} is no longitude and latitude${isSwapped ? '; they seem to be exchanged' : ''}`,
        at: [lon, lat],
      });
    }
  }
  const leap = ring.findIndex((point, index) => index > 0 && Math.abs(point[0]! - ring[index - 1]![0]!) > 180);
  if (faults.length === 0 && leap > 0) {
    const message = `${name}, point ${leap + 1}: it crosses the antimeridian (180°); split it there into two parts of a MultiPolygon`;
    faults.push({ code: 'antimeridian', message, at: placeOf(ring[leap]!) });
  }
  const [first, last] = [placeOf(ring[0]!), placeOf(ring.at(-1)!)];
  if (!isSame(first, last)) {
    const message = `${name} is not closed: it begins at ${first.join(', ')} and ends at ${last.join(', ')}`;
    faults.push({ code: 'not-closed', message, at: last });
  }
  if (faults.length === 0 && !hasThreePlaces(ring))
    faults.push({ code: 'too-few-points', message: `${name} has fewer than three different points`, at: first });
  if (faults.length === 0 && Math.abs(areaOf(ring)) < 1e-14 && crossings([{ ring, name }]).length === 0)
    faults.push({ code: 'zero-area', message: `${name} encloses nothing: its points lie on one line`, at: first });
  return faults;
}

function hasThreePlaces(ring: Ring): boolean {
  const first = placeOf(ring[0]!);
  const second = ring.find((point) => !isSame(placeOf(point), first));
  return (
    second !== undefined &&
    ring.some((point) => !isSame(placeOf(point), first) && !isSame(placeOf(point), placeOf(second)))
  );
}

type Named = { ring: Ring; name: string };
type Segment = { a: Place; b: Place; ring: number; index: number; order: number; ofSides: number };

/** Every pair of segments that touch without being neighbours, found through a tree of their boxes. */
function crossings(rings: readonly Named[]): PolygonFault[] {
  const segments = rings.flatMap(({ ring }, number) => segmentsOf(ring, number));
  const laterNear = segments.length <= FEW_SIDES ? amongFew(segments) : amongMany(segments);
  const faults: PolygonFault[] = [];
  for (const [mine, segment] of segments.entries()) {
    for (const index of laterNear(mine)) {
      const other = segments[index]!;
      const at = meeting(segment, other);
      if (at === undefined) continue;
      const [here, there] = [rings[segment.ring]!.name, rings[other.ring]!.name];
      const where = `${at[0].toFixed(6)}, ${at[1].toFixed(6)}`;
      const message =
        here === there
          ? `${here} crosses itself at ${where}: the side after point ${segment.index + 1} meets the side after point ${other.index + 1}`
          : `${here} and ${there} cross at ${where}`;
      faults.push({ code: 'self-crossing', message, at });
      if (faults.length === 10) return faults;
    }
  }
  return faults;
}

/** Below so many sides comparing each with each is faster than a tree: most areas have that few. */
const FEW_SIDES = 96;

type LaterNear = (mine: number) => number[];

function amongFew(segments: readonly Segment[]): LaterNear {
  const boxes = segments.map(boxOf);
  return (mine) => {
    const [west, south, east, north] = boxes[mine]!;
    const near: number[] = [];
    for (let index = mine + 1; index < boxes.length; index++) {
      const box = boxes[index]!;
      if (box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south) near.push(index);
    }
    return near;
  };
}

function amongMany(segments: readonly Segment[]): LaterNear {
  const boxes = segments.map(boxOf);
  const tree = new Flatbush(segments.length);
  for (const box of boxes) tree.add(...box);
  tree.finish();
  return (mine) => tree.search(...boxes[mine]!, (index) => index > mine);
}

const boxOf = ({ a, b }: Segment): [west: number, south: number, east: number, north: number] => [
  Math.min(a[0], b[0]),
  Math.min(a[1], b[1]),
  Math.max(a[0], b[0]),
  Math.max(a[1], b[1]),
];

/** Sides of a ring; points that repeat the one before them make no side. */
function segmentsOf(ring: Ring, number: number): Segment[] {
  const sides = ring.slice(1).flatMap((point, index) => {
    const [a, b] = [placeOf(ring[index]!), placeOf(point)];
    return isSame(a, b) ? [] : [{ a, b, ring: number, index }];
  });
  return sides.map((side, order) => ({ ...side, order, ofSides: sides.length }));
}

function isNeighbour(one: Segment, other: Segment): boolean {
  const apart = Math.abs(one.order - other.order);
  return one.ring === other.ring && (apart === 1 || apart === one.ofSides - 1);
}

/** Where two sides meet, unless they only share the point that makes them neighbours, or rings touch in one point. */
function meeting(one: Segment, other: Segment): Place | undefined {
  const shared = [one.a, one.b].find((point) => isSame(point, other.a) || isSame(point, other.b));
  const [d1, d2] = [turn(one.a, one.b, other.a), turn(one.a, one.b, other.b)];
  const [d3, d4] = [turn(other.a, other.b, one.a), turn(other.a, other.b, one.b)];
  if (d1 === 0 && d2 === 0) return overlapOnLine(one, other);
  if (shared !== undefined) return one.ring !== other.ring || isNeighbour(one, other) ? undefined : shared;
  if (d1 * d2 > 0 || d3 * d4 > 0) return undefined;
  const isTouch = d1 === 0 || d2 === 0 || d3 === 0 || d4 === 0;
  if (isTouch && one.ring !== other.ring) return undefined;
  const t = d3 / (d3 - d4);
  return [one.a[0] + t * (one.b[0] - one.a[0]), one.a[1] + t * (one.b[1] - one.a[1])];
}

/** Two sides on one line: a fault when they share more than a point. */
function overlapOnLine(one: Segment, other: Segment): Place | undefined {
  const axis = Math.abs(one.b[0] - one.a[0]) >= Math.abs(one.b[1] - one.a[1]) ? 0 : 1;
  const sorted = (segment: Segment) => [segment.a, segment.b].sort((p, q) => p[axis] - q[axis]) as [Place, Place];
  const [[startOne, endOne], [startOther, endOther]] = [sorted(one), sorted(other)];
  const start = startOne[axis] > startOther[axis] ? startOne : startOther;
  const end = endOne[axis] < endOther[axis] ? endOne : endOther;
  return end[axis] > start[axis] ? start : undefined;
}

function strayHoles(rings: readonly Ring[], part: number): PolygonFault[] {
  return rings.slice(1).flatMap((hole, index): PolygonFault[] => {
    const stray = hole.map(placeOf).find((point) => pointInPolygon(point, [closed(rings[0]!)]) === false);
    const message = `part ${part + 1}, hole ${index + 1} lies outside of the outer ring`;
    return stray === undefined ? [] : [{ code: 'hole-outside', message, at: stray }];
  });
}

/** Parts that do not cross can still lie one inside the other. */
function overlaps(parts: readonly (readonly Ring[])[]): PolygonFault[] {
  return parts.flatMap((inner, a) =>
    parts.flatMap((outer, b): PolygonFault[] => {
      if (a === b) return [];
      const rings = outer.map(closed);
      const isWithin = inner[0]!.every((point) => pointInPolygon(placeOf(point), rings) !== false);
      const message = `part ${a + 1} lies within part ${b + 1}`;
      return isWithin ? [{ code: 'parts-overlap', message, at: placeOf(inner[0]![0]!) }] : [];
    }),
  );
}

const placeOf = (point: readonly number[]): Place => [point[0]!, point[1]!];
const isSame = (a: Place, b: Place) => a[0] === b[0] && a[1] === b[1];
const turn = (a: Place, b: Place, c: Place) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const closed = (ring: Ring): number[][] => ring.map(placeOf);

/** Twice the signed area, square degrees, measured from the first point so that small rings keep their digits. */
function areaOf(ring: Ring): number {
  const [x0, y0] = placeOf(ring[0]!);
  return ring.slice(1).reduce((sum, point, index) => {
    const [[ax, ay], [bx, by]] = [placeOf(ring[index]!), placeOf(point)];
    return sum + (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }, 0);
}

export type AreaIndex = {
  /** The deepest area that holds the place; its border belongs to it. */
  locate: (lon: number, lat: number) => string | null;
  /** Whether a border of any area runs through the box; where none does, the whole box lies in one area. */
  isDivided: (west: number, south: number, east: number, north: number) => boolean;
};

/** An index over areas, as large as their corners together; build it anew when one changes. */
export function buildAreaIndex(areas: Iterable<Pick<Area, 'id' | 'level' | 'geometry'>>): AreaIndex {
  const parts = [...areas]
    .sort((a, b) => AREA_LEVELS.indexOf(b.level) - AREA_LEVELS.indexOf(a.level) || (a.id < b.id ? -1 : 1))
    .flatMap(({ id, geometry }) =>
      (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).map((rings) => ({
        id,
        rings: rings.map(closed),
      })),
    );
  if (parts.length === 0) return { locate: () => null, isDivided: () => false };
  const boxes = treeOf(parts.map(({ rings }) => rings[0]! as Place[]));
  const sides = treeOf(
    parts.flatMap(({ rings }) => rings.flatMap((ring) => segmentsOf(ring, 0).map(({ a, b }) => [a, b]))),
  );
  return {
    locate(lon, lat) {
      const found = boxes.search(lon, lat, lon, lat).sort((a, b) => a - b);
      for (const index of found) {
        const part = parts[index]!;
        if (pointInPolygon([lon, lat], part.rings) !== false) return part.id;
      }
      return null;
    },
    isDivided: (west, south, east, north) => sides.search(west, south, east, north).length > 0,
  };
}

function treeOf(shapes: readonly (readonly Place[])[]): Flatbush {
  const tree = new Flatbush(shapes.length);
  for (const points of shapes) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [lon, lat] of points) {
      west = Math.min(west, lon);
      south = Math.min(south, lat);
      east = Math.max(east, lon);
      north = Math.max(north, lat);
    }
    tree.add(west, south, east, north);
  }
  tree.finish();
  return tree;
}
