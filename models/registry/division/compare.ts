/** What changed between two versions of a division: which areas moved, split, merged, came and went, and by how many m². */
import Flatbush from 'flatbush';
import type { Area } from '../../schema/area.ts';
import { AREA_FACTS } from '../../schema/area.ts';
import { AREA_CHANGES, type AreaChange } from '../../schema/division.ts';
import type { Breathe } from './breathe.ts';
import { boundsOf } from './crs.ts';
import { overlapOf, type Shape, shapeM2, subtract } from './pieces.ts';

/** What redrawing a border along the same line leaves. */
const SAME_GROUND_M2 = 1;
/** An area came out of another where it takes this share of it. */
const PART_SHARE = 0.1;
/** And one went into another where so much of it lies there. */
const WHOLE_SHARE = 0.5;

type Facts = Pick<AreaChange, 'from' | 'to' | 'gainedM2' | 'lostM2' | 'said'>;
const NO_GROUND: Facts = { from: [], to: [], gainedM2: 0, lostM2: 0, said: '' };

export async function compareDivisions(
  before: readonly Area[],
  after: readonly Area[],
  breathe: Breathe,
): Promise<{ changes: AreaChange[]; unchanged: number }> {
  const former = new Map(before.map((area) => [area.id, area]));
  const latter = new Map(after.map((area) => [area.id, area]));
  const changes: AreaChange[] = [];
  const touched = new Set<string>();
  let unchanged = 0;
  for (const area of after) {
    const was = former.get(area.id);
    if (was === undefined) {
      touched.add(area.id);
      continue;
    }
    const found = changesOf(was, area);
    if (found.some(({ change }) => change === 'moved')) touched.add(area.id);
    if (found.length === 0) unchanged++;
    changes.push(...found);
    await breathe();
  }
  const removed = before.filter(({ id }) => !latter.has(id));
  const added = after.filter(({ id }) => !former.has(id));
  const sources = before.filter(({ id }) => !latter.has(id) || touched.has(id));
  const targets = after.filter(({ id }) => touched.has(id));
  const { split, merged, told } = regrouped(await shares(sources, targets, breathe), { former, latter });
  const gone = removed.filter(({ id }) => !told.has(id)).map((area) => changeOf('removed', area, { lostM2: m2(area) }));
  const come = added.filter(({ id }) => !told.has(id)).map((area) => changeOf('added', area, { gainedM2: m2(area) }));
  const rank = ({ change }: AreaChange) => AREA_CHANGES.indexOf(change);
  const all = [...split, ...merged, ...come, ...gone, ...changes];
  return { changes: all.sort((a, b) => rank(a) - rank(b)), unchanged };
}

function changesOf(was: Area, is: Area): AreaChange[] {
  const changes: AreaChange[] = [];
  if (JSON.stringify(was.geometry.coordinates) !== JSON.stringify(is.geometry.coordinates)) {
    const [gainedM2, lostM2] = [restM2(is.geometry, was.geometry), restM2(was.geometry, is.geometry)];
    if (gainedM2 + lostM2 >= SAME_GROUND_M2) changes.push(changeOf('moved', is, { gainedM2, lostM2 }));
  }
  if (was.parent !== is.parent || was.level !== is.level)
    changes.push(changeOf('parent', is, { said: `${was.parent} (${was.level}) → ${is.parent} (${is.level})` }));
  if (was.name !== is.name) changes.push(changeOf('renamed', is, { said: `${was.name} → ${is.name}` }));
  const figures = AREA_FACTS.filter((fact) => was[fact] !== is[fact]);
  const said = figures.map((fact) => `${fact}: ${was[fact] ?? '–'} → ${is[fact] ?? '–'}`).join(', ');
  if (figures.length > 0) changes.push(changeOf('figures', is, { said }));
  return changes;
}

function changeOf(change: AreaChange['change'], { id, name, level }: Area, facts: Partial<Facts>): AreaChange {
  return { change, area: id, name, level, ...NO_GROUND, ...facts };
}

const m2 = ({ geometry }: Area) => Math.round(shapeM2(geometry));
const restM2 = (whole: Shape, part: Shape) =>
  Math.round(subtract(whole, [part]).reduce((sum, { areaM2 }) => sum + areaM2, 0));

type Share = { source: Area; target: Area; ofSource: number; ofTarget: number };

/** Which of the former areas' ground is now which area's, within one level. */
async function shares(sources: readonly Area[], targets: readonly Area[], breathe: Breathe): Promise<Share[]> {
  if (sources.length === 0 || targets.length === 0) return [];
  const tree = new Flatbush(targets.length);
  for (const target of targets) tree.add(...boundsOf(target.geometry.coordinates));
  tree.finish();
  const found: Share[] = [];
  for (const source of sources) {
    for (const index of tree.search(...boundsOf(source.geometry.coordinates))) {
      const target = targets[index]!;
      if (target.level !== source.level) continue;
      const common = overlapOf(source.geometry, target.geometry).reduce((sum, { areaM2 }) => sum + areaM2, 0);
      await breathe();
      if (common < SAME_GROUND_M2) continue;
      const [ofSource, ofTarget] = [common / shapeM2(source.geometry), common / shapeM2(target.geometry)];
      found.push({ source, target, ofSource, ofTarget });
    }
  }
  return found;
}

type Sides = { former: ReadonlyMap<string, Area>; latter: ReadonlyMap<string, Area> };

/** `told` are those that need not be said to have come or gone. */
function regrouped(all: readonly Share[], { former, latter }: Sides) {
  const told = new Set<string>();
  const split: AreaChange[] = [];
  const merged: AreaChange[] = [];
  for (const [source, parts] of grouped(all, ({ source }) => source)) {
    const into = parts.filter(({ ofSource }) => ofSource >= PART_SHARE).map(({ target }) => target);
    const isNewThere = into.some(({ id }) => !former.has(id));
    if (into.length < 2 || !isNewThere) continue;
    const ids = into.map(({ id }) => id);
    for (const id of [source.id, ...ids]) told.add(id);
    split.push(changeOf('split', source, { from: [source.id], to: ids }));
  }
  for (const [target, parts] of grouped(all, ({ target }) => target)) {
    const outOf = parts.filter(({ ofSource }) => ofSource >= WHOLE_SHARE).map(({ source }) => source);
    const isGoneThere = outOf.some(({ id }) => !latter.has(id));
    const [only] = outOf;
    if (!isGoneThere || only === undefined) continue;
    const ids = outOf.map(({ id }) => id);
    if (outOf.length > 1) {
      merged.push(changeOf('merged', target, { from: ids, to: [target.id] }));
      for (const id of [target.id, ...ids]) told.add(id);
    } else if (!former.has(target.id) && !told.has(only.id)) {
      merged.push(changeOf('renamed', target, { from: ids, to: [target.id], said: `${only.id} → ${target.id}` }));
      for (const id of [target.id, ...ids]) told.add(id);
    }
  }
  return { split, merged, told };
}

function grouped(all: readonly Share[], keyOf: (share: Share) => Area): Map<Area, Share[]> {
  const groups = new Map<Area, Share[]>();
  for (const share of all) groups.set(keyOf(share), [...(groups.get(keyOf(share)) ?? []), share]);
  return groups;
}
