/** Bicycles that nobody rides, in rows and racks: furniture of a stage, and things that a detector finds. */
import { between, pickOne, randomStream } from '../random.ts';
import { toParkedId } from '../traffic/agent-id.ts';
import type { View } from '../view.ts';
import { groundHeight } from './ground.ts';
import type { Prop, Stage } from './stage.ts';

/** In the stage's metres; the bicycle points along `heading`. `paint`: of its frame. */
export type ParkedBicycle = { x: number; y: number; z: number; heading: number; paint: string };

/** Of their frames. */
export const BICYCLE_PAINTS = ['plastic-yellow', 'plastic-blue', 'plastic-green', 'plastic-white'];

/** Of one row, in its order; none of other furniture. The same seed stands them up the same way. */
export function parkedBicycles(stage: Stage, prop: Prop): ParkedBicycle[] {
  const { kind, heading = 0, lengthM = 4, seed = 1 } = prop;
  if (kind !== 'share-bikes' && kind !== 'bike-rack') return [];
  const z = prop.z ?? groundHeight(stage, prop.x, prop.y);
  const random = randomStream(seed, 'share bikes');
  const row: ParkedBicycle[] = [];
  for (let right = -lengthM / 2 + 0.3; right < lengthM / 2; right += between(random, 0.5, 0.75)) {
    const forward = between(random, -0.12, 0.12);
    const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
    const [x, y] = [prop.x + right * cos + forward * sin, prop.y - right * sin + forward * cos];
    row.push({ x, y, z, heading: heading + between(random, -0.25, 0.25), paint: pickOne(random, BICYCLE_PAINTS) });
  }
  return row;
}

export type NumberedBicycle = ParkedBicycle & { id: number };

/** Of a view's stage first, then of each variant's own furniture: numbers do not change with the variant. */
export function parkedIn({ stage, variants }: View): {
  always: NumberedBicycle[];
  only: ReadonlyMap<string, NumberedBicycle[]>;
} {
  let count = 0;
  const number = (props: readonly Prop[]) =>
    props
      .flatMap((prop) => parkedBicycles(stage, prop))
      .map((bicycle): NumberedBicycle => ({ ...bicycle, id: toParkedId(count++) }));
  const always = number(stage.props);
  return { always, only: new Map(variants.map(({ id, extra }) => [id, number(extra?.props ?? [])])) };
}

/** All that stand there in a variant. */
export function parkedAt(view: View, variant: string): NumberedBicycle[] {
  const { always, only } = parkedIn(view);
  return [...always, ...(only.get(variant) ?? [])];
}
