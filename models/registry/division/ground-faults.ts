/** Gaps, overlaps, slivers and areas outside of their parent: sides without a partner first, geometry only there. */
import Flatbush from 'flatbush';
import pointInPolygon from 'point-in-polygon-hao';
import { AREA_LEVELS, type Area } from '../../schema/area.ts';
import type { DivisionFault, DivisionFaultCode } from '../../schema/division.ts';
import type { Breathe } from './breathe.ts';
import { boundsOf } from './crs.ts';
import { type Box, looseSides, numberSides, type Sides, type Walk, walk } from './edges.ts';
import { faultWords } from './fault-words.ts';
import { clip, overlapOf, type Piece, type Shape, shapeM2, subtract } from './pieces.ts';
import { faultOf } from './tree-faults.ts';

type Drawn = { area: Area; walked: Walk; box: Box; loose: Box[] };

/** Below so many children the parent's whole ground is computed; beyond, only around sides without a partner. */
const WHOLE_MAX = 60;
/** Outside by more than this share, an area is not in its parent at all. */
const WRONG_SHARE = 0.5;

type Tools = { sides: Sides; drawn: ReadonlyMap<string, Drawn>; breathe: Breathe };

/** Yields faults as they are found; `areas` must have valid polygons. */
export async function* groundFaults(areas: readonly Area[], breathe: Breathe): AsyncGenerator<DivisionFault> {
  const sides = numberSides(areas.map(({ geometry }) => geometry));
  await breathe();
  const all = areas.map((area, index): Drawn => {
    return { area, walked: sides.walks[index]!, box: boundsOf(area.geometry.coordinates), loose: [] };
  });
  const drawn = new Map(all.map((one) => [one.area.id, one]));
  const tools: Tools = { sides, drawn, breathe };
  for (const [parent, children] of childrenOf(drawn)) {
    yield* parentFaults(parent, children, tools);
    await breathe();
  }
  await leaveOutPartners(all, tools);
  yield* overlapFaults(all, breathe);
}

function childrenOf(drawn: ReadonlyMap<string, Drawn>): Map<Drawn, Drawn[]> {
  const groups = new Map<Drawn, Drawn[]>();
  for (const child of drawn.values()) {
    const parent = child.area.parent === null ? undefined : drawn.get(child.area.parent);
    if (parent === undefined) continue;
    const group = groups.get(parent);
    if (group === undefined) groups.set(parent, [child]);
    else group.push(child);
  }
  return groups;
}

async function* parentFaults(
  parent: Drawn,
  children: readonly Drawn[],
  { sides, drawn, breathe }: Tools,
): AsyncGenerator<DivisionFault> {
  for (const { walked } of children) walk(sides, walked, 1);
  walk(sides, parent.walked, -1);
  for (const child of children) child.loose = looseSides(sides, child.walked);
  const loose = [...children.flatMap((child) => child.loose), ...looseSides(sides, parent.walked)];
  for (const { walked } of children) walk(sides, walked, -1);
  walk(sides, parent.walked, 1);
  if (loose.length === 0) return;
  const parts = children.length <= WHOLE_MAX ? [undefined] : clusters(loose);
  for (const box of parts) {
    yield* attempted(parent.area, () => gapsIn(parent, children, box));
    await breathe();
  }
  for (const child of children) {
    if (child.loose.length === 0) continue;
    yield* attempted(child.area, () => outsideOf(child, parent, drawn));
    await breathe();
  }
}

/** A side is in doubt only where neither the parent nor any area of its level has its partner. */
async function leaveOutPartners(all: readonly Drawn[], { sides, drawn, breathe }: Tools): Promise<void> {
  const isTop = ({ area }: Drawn) => area.parent === null || !drawn.has(area.parent);
  for (const level of AREA_LEVELS) {
    const ofLevel = all.filter(({ area }) => area.level === level);
    for (const { walked } of ofLevel) walk(sides, walked, 1);
    for (const one of ofLevel) {
      if (one.loose.length === 0 && !isTop(one)) continue;
      const byLevel = looseSides(sides, one.walked);
      if (isTop(one) || byLevel.length < one.loose.length) one.loose = byLevel;
    }
    for (const { walked } of ofLevel) walk(sides, walked, -1);
    await breathe();
  }
}

/** The library gives up on some polygons; that is said of the area and hides nothing else. */
function attempted(area: Area, find: () => DivisionFault[]): DivisionFault[] {
  try {
    return find();
  } catch (error) {
    return [faultOf('not-computed', area, { detail: (error as Error).message.slice(0, 200) })];
  }
}

function gapsIn(parent: Drawn, children: readonly Drawn[], box: Box | undefined): DivisionFault[] {
  const within = box === undefined ? children : children.filter((child) => doTouch(child.box, box));
  const whole = box === undefined ? parent.area.geometry : clip(parent.area.geometry, box);
  if (whole === undefined) return [];
  const pieces = subtract(
    whole,
    within.map(({ area }) => area.geometry),
  );
  return pieces.map((piece) => pieceFault('gap', piece, { areas: [parent.area], detail: 'gap' }));
}

function outsideOf(child: Drawn, parent: Drawn, drawn: ReadonlyMap<string, Drawn>): DivisionFault[] {
  const pieces = subtract(child.area.geometry, [parent.area.geometry]);
  const outsideM2 = pieces.reduce((sum, { areaM2 }) => sum + areaM2, 0);
  if (outsideM2 === 0) return [];
  const areas = [child.area, parent.area];
  if (outsideM2 < shapeM2(child.area.geometry) * WRONG_SHARE)
    return pieces.map((piece) => pieceFault('outside-parent', piece, { areas, detail: 'outside' }));
  const { at, geometry } = pieces[0]!;
  const isBetter = ({ area }: Drawn) => area.level === parent.area.level && holds(area.geometry, at);
  const better = [...drawn.values()].find(isBetter);
  const detail = better === undefined ? {} : { detail: better.area.name };
  const words = faultWords('wrong-parent', { name: child.area.name, other: parent.area.name, ...detail });
  return [{ code: 'wrong-parent', areas: areas.map(({ id }) => id), words, at, areaM2: outsideM2, geometry }];
}

function holds(shape: Shape, place: [number, number]): boolean {
  const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  return parts.some((rings) => pointInPolygon(place, rings as number[][][]) !== false);
}

type About = { areas: readonly Area[]; detail: string };

function pieceFault(code: DivisionFaultCode, piece: Piece, { areas, detail }: About): DivisionFault {
  const { geometry, areaM2, isThin, at } = piece;
  const [one, other] = areas;
  const said = { name: one!.name, ...(other === undefined ? {} : { other: other.name }), detail };
  const kind = isThin ? 'sliver' : code;
  const words = faultWords(kind, said, areaM2);
  return { code: kind, areas: areas.map(({ id }) => id), words, at, areaM2, geometry };
}

/** Areas of one level, or of one parent, that lie on the same ground; a child lies on its parent by right. */
async function* overlapFaults(all: readonly Drawn[], breathe: Breathe): AsyncGenerator<DivisionFault> {
  if (all.length === 0) return;
  const tree = new Flatbush(all.length);
  for (const { box } of all) tree.add(...box);
  tree.finish();
  const done = new Set<number>();
  for (const [index, one] of all.entries()) {
    for (const box of one.loose) {
      for (const near of tree.search(...box)) {
        const key = Math.min(index, near) * all.length + Math.max(index, near);
        const other = all[near]!;
        if (near === index || done.has(key) || !mayNotOverlap(one.area, other.area)) continue;
        done.add(key);
        if (!doOverlap(one.box, other.box)) continue;
        const [a, b] = index < near ? [one.area, other.area] : [other.area, one.area];
        const find = () =>
          overlapOf(a.geometry, b.geometry).map((piece) =>
            pieceFault('overlap', piece, { areas: [a, b], detail: 'overlap' }),
          );
        yield* attempted(a, find);
        await breathe();
      }
    }
  }
}

const mayNotOverlap = (one: Area, other: Area) =>
  one.level === other.level || (one.parent !== null && one.parent === other.parent);

const doTouch = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
const doOverlap = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Boxes around sides that hang together; a gap lies within the sides around it, and so within one of these. */
function clusters(sides: readonly Box[]): Box[] {
  if (sides.length === 0) return [];
  const tree = new Flatbush(sides.length);
  for (const box of sides) tree.add(...box);
  tree.finish();
  const seen = new Uint8Array(sides.length);
  const found: Box[] = [];
  for (let start = 0; start < sides.length; start++) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const box: Box = [...sides[start]!];
    const open = [start];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const side = sides[next]!;
      box[0] = Math.min(box[0], side[0]);
      box[1] = Math.min(box[1], side[1]);
      box[2] = Math.max(box[2], side[2]);
      box[3] = Math.max(box[3], side[3]);
      for (const near of tree.search(...side)) {
        if (seen[near] === 1) continue;
        seen[near] = 1;
        open.push(near);
      }
    }
    found.push(box);
  }
  return found;
}
