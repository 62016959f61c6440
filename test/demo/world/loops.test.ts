/** Every view's loops, frame by frame: nothing jumps where the loop ends, and nobody is where somebody else is. */
import { describe, expect, it } from 'vitest';
import { rehearse } from '#demo/world/rehearse.ts';
import { furnitureOf } from '#demo/world/stages/furniture.ts';
import { VEHICLES } from '#demo/world/traffic/figures.ts';
import type { AgentAt, Motion } from '#demo/world/traffic/motion.ts';
import { edgeDistance, type Footprint } from '#demo/world/traffic/occupancy.ts';
import { VIEWS } from '#demo/world/views.ts';

/** What the fastest moves in a frame, with some air. */
const FARTHEST_STEP_M = 1;
const CHECK_EVERY_FRAMES = 5;

/** The long loops are made by the same code: the short ones and one long one are enough. */
const loops = VIEWS.flatMap((view) =>
  view.variants
    .filter(({ seconds }) => seconds === 15 || view.id === 'bus-stop')
    .map((variant) => ({ name: `${view.id} ${variant.id}`, view, variant })),
);

/** Who is in the first frame as in the last: the same, or whoever came one loop later. */
function longestStep({ frames }: Motion): number {
  const [first, last] = [frames[0] ?? [], frames.at(-1) ?? []];
  const steps = last.map((at) => {
    const next = first.find(({ member, age }) => member === at.member && age === at.age + 1);
    const same = first.find(({ member, age }) => member === at.member && age === at.age);
    const then = next ?? (at.speedMs === 0 ? same : undefined);
    return then === undefined ? 0 : Math.hypot(then.x - at.x, then.y - at.y);
  });
  return Math.max(0, ...steps);
}

function footprintOf({ cast }: Motion, { member, x, y, heading }: AgentAt): Footprint | undefined {
  const { body } = cast[member]!;
  if (body === 'person') return undefined;
  const { lengthM, widthM } = VEHICLES[body];
  return { x, y, heading, halfLengthM: lengthM / 2, halfWidthM: widthM / 2 };
}

/** Middles of people closer than 0.45 m, and walkers in vehicles or furniture; who sits or boards touches what it is for. */
function collisions(motion: Motion, furniture: readonly Footprint[]): string[] {
  const found: string[] = [];
  for (let frame = 0; frame < motion.frames.length; frame += CHECK_EVERY_FRAMES) {
    const agents = motion.frames[frame]!;
    const people = agents.filter(({ member }) => motion.cast[member]!.body === 'person');
    const vehicles = agents.map((at) => footprintOf(motion, at)).filter((box) => box !== undefined);
    for (const [index, at] of people.entries()) {
      const { way } = motion.cast[at.member]!;
      const say = (what: string) =>
        found.push(`frame ${frame}: ${way} in ${what} at ${at.x.toFixed(1)}, ${at.y.toFixed(1)}`);
      for (const other of people.slice(index + 1))
        if (Math.hypot(other.x - at.x, other.y - at.y) < 0.45) say('a person');
      if (!way.startsWith('board') && vehicles.some((box) => edgeDistance(box, at) < 0.15)) say('a vehicle');
      if (at.pose === 'walk' && furniture.some((box) => edgeDistance(box, at) < 0.15)) say('furniture');
    }
  }
  return found;
}

describe('the views', () => {
  it.each(loops)('$name: the loop closes', ({ view, variant }) => {
    expect(longestStep(rehearse(view, variant))).toBeLessThan(FARTHEST_STEP_M);
  });

  it.each(loops)('$name: nobody walks through anybody or anything', ({ view, variant }) => {
    const furniture = furnitureOf(view.stage, variant.extra?.props);
    expect(collisions(rehearse(view, variant), furniture)).toEqual([]);
  });

  it.each(loops.filter(({ variant }) => variant.extra?.walks !== undefined))(
    '$name: whoever is called comes',
    (loop) => {
      const ways = new Set(rehearse(loop.view, loop.variant).cast.map(({ way }) => way));
      for (const { id } of loop.variant.extra?.walks ?? []) expect(ways).toContain(id);
    },
  );

  it('are twelve, and some of them are never trained on', () => {
    expect(VIEWS).toHaveLength(12);
    expect(VIEWS.some(({ isHeldOut }) => isHeldOut === true)).toBe(true);
  });
});
