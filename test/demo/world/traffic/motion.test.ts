import { describe, expect, it } from 'vitest';
import { rehearse, variantOf } from '#demo/world/rehearse.ts';
import { furnitureOf } from '#demo/world/stages/furniture.ts';
import { VEHICLES, type VehicleBody } from '#demo/world/traffic/figures.ts';
import { type AgentAt, FPS, type Motion, simulate } from '#demo/world/traffic/motion.ts';
import { edgeDistance, type Footprint } from '#demo/world/traffic/occupancy.ts';
import { colourAt } from '#demo/world/traffic/signals.ts';
import { VIEWS, viewOf } from '#demo/world/views.ts';

/** One long loop and every short one: the long ones take seconds each to settle. */
const LOOPS = VIEWS.flatMap((view) => view.variants.map((variant) => ({ view, variant }))).filter(
  ({ view, variant }) => variant.seconds === 15 || ['square'].includes(view.id),
);

const bodyOf = ({ cast }: Motion, { member }: AgentAt) => cast[member]!.body;

/** Whoever gets on the bus (`board`) walks into it. */
function meetingsOf(motion: Motion, agents: readonly AgentAt[], furniture: readonly Footprint[]): string[] {
  const people = agents.filter((at) => bodyOf(motion, at) === 'person');
  const vehicles = agents.filter((at) => bodyOf(motion, at) !== 'person');
  return people.flatMap((one, index) => {
    const { way } = motion.cast[one.member]!;
    const at = `at ${one.x.toFixed(1)}, ${one.y.toFixed(1)}`;
    const isClose = people.slice(index + 1).some((other) => Math.hypot(one.x - other.x, one.y - other.y) < 0.45);
    const isInVehicle = vehicles.some((vehicle) => {
      const { lengthM, widthM } = VEHICLES[bodyOf(motion, vehicle) as VehicleBody];
      return edgeDistance({ ...vehicle, halfLengthM: lengthM / 2, halfWidthM: widthM / 2 }, one) < 0.1;
    });
    const isInFurniture = one.pose === 'walk' && furniture.some((box) => edgeDistance(box, one) < 0.15);
    return [
      ...(isClose ? [`${way} in a person ${at}`] : []),
      ...(isInVehicle && !way.startsWith('board') ? [`${way} in a vehicle ${at}`] : []),
      ...(isInFurniture ? [`${way} in furniture ${at}`] : []),
    ];
  });
}

describe('the motion of a view', () => {
  it.each(LOOPS.map((loop) => [loop.view.id, loop.variant.id, loop] as const))(
    'closes in %s %s',
    (_, __, { view, variant }) => {
      const motion = rehearse(view, variant);
      expect(motion.frames).toHaveLength(variant.seconds * FPS);
      const start = new Map(motion.frames[0]!.map((at) => [`${at.member} ${at.age}`, at]));
      for (const at of motion.frames.at(-1)!) {
        const next = start.get(`${at.member} ${at.age + (motion.cast[at.member]!.stays ? 0 : 1)}`);
        if (next === undefined) continue;
        // One more step at its speed, and a little for who starts or brakes.
        expect(Math.hypot(next.x - at.x, next.y - at.y)).toBeLessThan(at.speedMs / FPS + 0.06);
      }
    },
  );

  it('lets nobody walk through anybody, or through vehicles', () => {
    const meetings: string[] = [];
    for (const { view, variant } of LOOPS) {
      const motion = rehearse(view, variant);
      const furniture = furnitureOf(view.stage, variant.extra?.props);
      for (const [frame, agents] of motion.frames.entries()) {
        if (frame % 5 === 0)
          meetings.push(
            ...meetingsOf(motion, agents, furniture).map((what) => `${view.id} ${variant.id} ${frame}: ${what}`),
          );
      }
    }
    expect(meetings).toEqual([]);
  });

  it('lets come whom an incident calls', () => {
    for (const { view, variant } of LOOPS) {
      const ways = new Set(rehearse(view, variant).cast.map(({ way }) => way));
      for (const { id } of variant.extra?.walks ?? []) expect(ways).toContain(id);
    }
  });

  it('is the same for the same seed and another for another', () => {
    const view = viewOf('square');
    const { seconds, crowd } = variantOf(view, 'night');
    const wanted = { stage: view.stage, camera: view.camera, seconds, crowd, signals: view.stage.signals };
    const [one, again, other] = [5, 5, 6].map((seed) => JSON.stringify(simulate({ ...wanted, seed })));
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('lets cars wait at red and go at green', () => {
    const view = viewOf('crossing');
    const motion = rehearse(view, variantOf(view, 'busy'));
    const ahead = motion.frames.flat().filter((at) => motion.cast[at.member]!.way === 'a-north-1');
    expect(colourAt({ cycleS: 15, green: { b: [0, 15] } }, 'a', 3)).toBe('red');
    expect(Math.max(...ahead.map(({ y }) => y))).toBeLessThan(9.7);
    const across = motion.frames.flat().filter((at) => motion.cast[at.member]!.way === 'b-east-1');
    expect(Math.max(...across.map(({ x }) => x))).toBeGreaterThan(20);
  });

  it('keeps walkers at the speeds of people', () => {
    const view = viewOf('shops');
    const motion = rehearse(view, variantOf(view, 'busy'));
    const walking = motion.frames.flat().filter(({ pose, speedMs }) => pose === 'walk' && speedMs > 0.5);
    const mean = walking.reduce((sum, { speedMs }) => sum + speedMs, 0) / walking.length;
    expect(mean).toBeGreaterThan(1.05);
    expect(mean).toBeLessThan(1.45);
    expect(Math.max(...walking.map(({ speedMs }) => speedMs))).toBeLessThan(1.9);
  });
});
