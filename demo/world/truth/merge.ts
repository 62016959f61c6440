/** What the tracer measured in the picture, joined with where the motion has everybody: the truth of a clip. */
import Type, { type Static } from 'typebox';
import { checker } from '#models/schema/check.ts';
import type { Box } from '#models/schema/detection.ts';
import { PICTURE } from '../camera.ts';
import { stageLonLat } from '../sight.ts';
import { type NumberedBicycle, parkedAt } from '../stages/parked-bicycles.ts';
import { fromAgentId, isParkedId, toAgentId } from '../traffic/agent-id.ts';
import { isRidden, kindOf } from '../traffic/figures.ts';
import type { AgentAt, Motion } from '../traffic/motion.ts';
import type { VariantId, View } from '../view.ts';
import { type ClipTruth, type TruthAgent, unionBox } from './clip-truth.ts';

const Corners = Type.Array(Type.Number(), { minItems: 4, maxItems: 4 });

/** Boxes are left, top, right, bottom in pixels; `full` and `visible` count pixels inside the picture. */
const TracedAgent = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  box: Corners,
  full: Type.Integer({ minimum: 0 }),
  visible: Type.Integer({ minimum: 0 }),
});
type TracedAgent = Static<typeof TracedAgent>;

const TracedFrame = Type.Object({ frame: Type.Integer({ minimum: 0 }), agents: Type.Array(TracedAgent) });
export type TracedFrame = Static<typeof TracedFrame>;

const checkFrame = checker('a line of the tracer', TracedFrame);

export const readTraced = (lines: string): TracedFrame[] =>
  lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => checkFrame(JSON.parse(line)));

/** An agent in the picture that the motion does not know: the picture was made from another motion. */
export class MotionMismatchError extends Error {
  readonly code = 'invalid-value';
}

type Merge = { view: View; variant: VariantId; motion: Motion; traced: readonly TracedFrame[] };

/** A sample may stop early; a frame left out in between is an error. */
export function mergeTruth({ view, variant, motion, traced }: Merge): ClipTruth {
  const parked = new Map(parkedAt(view, variant).map((bicycle) => [bicycle.id, bicycle]));
  const frames = traced.map(({ frame, agents }, index) => {
    if (frame !== index) throw new MotionMismatchError(`frame ${index} of ${view.id}-${variant} is missing`);
    const there = new Map(motion.frames[frame]?.map((at) => [toAgentId({ ...at, isRider: false }), at]));
    return mergeFrame(agents, { view, motion, there, parked });
  });
  return { view: view.id, variant, fps: motion.fps, frames };
}

type Scene = {
  view: View;
  motion: Motion;
  there: ReadonlyMap<number, AgentAt>;
  parked: ReadonlyMap<number, NumberedBicycle>;
};

function mergeFrame(traced: readonly TracedAgent[], scene: Scene): TruthAgent[] {
  const agents = traced
    .filter(({ full }) => full > 0)
    .map((agent) => (isParkedId(agent.id) ? mergeParked(agent, scene) : mergeAgent(agent, scene)));
  return [...agents, ...pairsOf(agents, traced)];
}

function mergeAgent({ id, box, full, visible }: TracedAgent, { view, motion, there }: Scene): TruthAgent {
  const { member, age, isRider } = fromAgentId(id);
  const at = there.get(toAgentId({ member, age, isRider: false }));
  const cast = motion.cast[member];
  if (at === undefined || cast === undefined)
    throw new MotionMismatchError(`agent ${id} of ${view.id} is in the picture, but not in the motion`);
  const [lon, lat] = stageLonLat(view, [at.x, at.y]);
  return {
    id,
    kind: isRider ? 'person' : kindOf(cast.body),
    part: isRider ? 'rider' : isRidden(cast.body) && at.pose === 'ride' ? 'machine' : 'whole',
    stays: cast.stays,
    box: fractions(box),
    visible: Math.min(1, visible / full),
    lon,
    lat,
  };
}

function mergeParked({ id, box, full, visible }: TracedAgent, { view, parked }: Scene): TruthAgent {
  const bicycle = parked.get(id);
  if (bicycle === undefined)
    throw new MotionMismatchError(`bicycle ${id} of ${view.id} is in the picture, but not on the stage`);
  const [lon, lat] = stageLonLat(view, [bicycle.x, bicycle.y]);
  const seen = Math.min(1, visible / full);
  return { id, kind: 'bicycle', part: 'parked', stays: true, box: fractions(box), visible: seen, lon, lat };
}

function fractions(corners: readonly number[]): Box {
  const [left, top, right, bottom] = corners as [number, number, number, number];
  const { widthPx, heightPx } = PICTURE;
  return [left / widthPx, top / heightPx, (right - left) / widthPx, (bottom - top) / heightPx];
}

/** Rider and machine together, seen as much as their pixels together. */
function pairsOf(agents: readonly TruthAgent[], traced: readonly TracedAgent[]): TruthAgent[] {
  const pixels = new Map(traced.map((agent) => [agent.id, agent]));
  return agents.flatMap((machine): TruthAgent[] => {
    if (machine.part !== 'machine') return [];
    const riderId = toAgentId({ ...fromAgentId(machine.id), isRider: true });
    const rider = agents.find(({ id }) => id === riderId);
    if (rider === undefined) return [];
    const [one, other] = [pixels.get(machine.id)!, pixels.get(riderId)!];
    const visible = Math.min(1, (one.visible + other.visible) / (one.full + other.full));
    return [{ ...machine, part: 'both', box: unionBox(machine.box, rider.box), visible }];
  });
}
