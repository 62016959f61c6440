/** A view's street as meshes: ground, paint, houses, plants, furniture. Traffic lights change and are meshes of their own. */
import { groundHeight } from '#demo/world/stages/ground.ts';
import type { NumberedBicycle } from '#demo/world/stages/parked-bicycles.ts';
import type { Prop, PropKind, Stage } from '#demo/world/stages/stage.ts';
import type { Mesh } from '../job/mesh-file.ts';
import { FIXTURES, standingBicycle } from './fixtures.ts';
import { buildHouses } from './houses.ts';
import { LANDMARKS } from './landmarks.ts';
import { paintOf } from './paints.ts';
import { paintMarks, pave } from './pave.ts';
import { buildBush, buildHedge, buildPlanter, buildTree } from './plants.ts';
import { type Build, POLES } from './poles.ts';
import type { Vector } from './sculpt.ts';
import { makeSculpt, type Sculpt } from './sculpt.ts';

type Grow = (sculpt: Sculpt, prop: Prop, z: number) => void;

const PLANTS: Partial<Record<PropKind, Grow>> = {
  'plane-tree': buildTree,
  'pagoda-tree': buildTree,
  'young-tree': buildTree,
  willow: buildTree,
  hedge: buildHedge,
  planter: buildPlanter,
  shrub: buildBush,
  'flower-bed': buildBush,
  cypress: buildBush,
};

const THINGS: Partial<Record<PropKind, Build>> = { ...POLES, ...FIXTURES, ...LANDMARKS };

/** Mesh ids from `firstId` on; every mesh lies in the stage's own metres. */
export function buildStreet(
  stage: Stage,
  { firstId, eye }: { firstId: number; eye: { x: number; y: number } },
): Mesh[] {
  const parts = ['ground', 'marks', 'houses', 'plants', 'things'].map(() => makeSculpt());
  const [ground, marks, houses, plants, things] = parts as [Sculpt, Sculpt, Sculpt, Sculpt, Sculpt];
  pave(ground, stage);
  paintMarks(marks, stage);
  buildHouses(houses, stage, eye);
  furnish(stage, stage.props, { plants, things });
  return parts.filter((part) => part.triangles() > 0).map((part, index) => part.mesh(firstId + index));
}

/** Furniture that only one variant has. */
export function buildExtra(stage: Stage, props: readonly Prop[], firstId: number): Mesh[] {
  const parts = { plants: makeSculpt(), things: makeSculpt() };
  furnish(stage, props, parts);
  return [parts.plants, parts.things]
    .filter((part) => part.triangles() > 0)
    .map((part, index) => part.mesh(firstId + index));
}

/** Each a mesh of its own, so that the tracer can tell one from another. */
export function buildParked(bicycles: readonly NumberedBicycle[], firstId: number): Mesh[] {
  return bicycles.map(({ paint, ...foot }, index) => {
    const sculpt = makeSculpt();
    standingBicycle(sculpt, foot, paintOf(paint));
    return sculpt.mesh(firstId + index);
  });
}

function furnish(stage: Stage, props: readonly Prop[], { plants, things }: { plants: Sculpt; things: Sculpt }): void {
  for (const prop of props) {
    const z = prop.z ?? groundHeight(stage, prop.x, prop.y);
    const grow = PLANTS[prop.kind];
    const build = THINGS[prop.kind];
    if (grow !== undefined) grow(plants, prop, z);
    else if (build !== undefined) build(things, { x: prop.x, y: prop.y, z, heading: prop.heading ?? 0 }, prop);
    else throw new Error(`nobody builds a "${prop.kind}"`);
  }
}

/** A round light that faces backwards (towards who drives up to it), for each colour. */
export function buildLights(firstId: number): Mesh[] {
  return (['light-red', 'light-amber', 'light-green'] as const).map((name, index) => {
    const sculpt = makeSculpt();
    const rim = Array.from({ length: 16 }, (_, step): Vector => {
      const turn = (step / 16) * 2 * Math.PI;
      return [0.145 * Math.cos(turn), -0.13, 0.145 * Math.sin(turn)];
    });
    sculpt.face(rim, paintOf(name));
    return sculpt.mesh(firstId + index);
  });
}
