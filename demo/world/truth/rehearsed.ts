/** The truth of a loop that was never rendered: boxes of plain bodies, everything seen, whatever stands before it. */
import type { Box } from '#models/schema/detection.ts';
import { type Camera, project } from '../camera.ts';
import { stageLonLat } from '../sight.ts';
import { parkedAt } from '../stages/parked-bicycles.ts';
import { toAgentId } from '../traffic/agent-id.ts';
import { type Body, isRidden, kindOf, VEHICLES } from '../traffic/figures.ts';
import type { AgentAt, Motion } from '../traffic/motion.ts';
import type { VariantId, View } from '../view.ts';
import { type ClipTruth, insideBox, type Part, type TruthAgent, unionBox } from './clip-truth.ts';

type Size = { widthM: number; lengthM: number; fromM: number; toM: number };

/** Heights are middle ones: a person 1.7 m, a rider's head the same above the road, cars 1.5 m, buses 3.1 m. */
const HEIGHT_M: Readonly<Record<Exclude<Body, 'person'>, number>> = {
  bicycle: 1.05,
  motorcycle: 1.1,
  car: 1.47,
  taxi: 1.5,
  suv: 1.7,
  van: 1.95,
  bus: 3.1,
  truck: 2.9,
};
const PERSON: Size = { widthM: 0.5, lengthM: 0.4, fromM: 0, toM: 1.7 };
const RIDER: Size = { widthM: 0.5, lengthM: 0.5, fromM: 0.15, toM: 1.65 };
const SITTING_M = 1.3;

/** As far as the picture shows anything. */
const FARTHEST_M = 130;

export function rehearsedTruth(view: View, variant: VariantId, motion: Motion): ClipTruth {
  const parked = parkedAt(view, variant).flatMap((bicycle): TruthAgent[] => {
    const { widthM, lengthM } = VEHICLES.bicycle;
    const box = boxOf(view.camera, bicycle, { widthM, lengthM, fromM: 0, toM: HEIGHT_M.bicycle });
    if (box === undefined || insideBox(box) === undefined) return [];
    const [lon, lat] = stageLonLat(view, [bicycle.x, bicycle.y]);
    return [{ id: bicycle.id, kind: 'bicycle', part: 'parked', stays: true, box, visible: 1, lon, lat }];
  });
  const frames = motion.frames.map((agents) => [...agents.flatMap((at) => agentsOf(at, { view, motion })), ...parked]);
  return { view: view.id, variant, fps: motion.fps, frames };
}

function agentsOf(at: AgentAt, { view, motion }: { view: View; motion: Motion }): TruthAgent[] {
  const { camera } = view;
  if (Math.hypot(at.x - camera.x, at.y - camera.y) > FARTHEST_M) return [];
  const { body, stays } = motion.cast[at.member]!;
  const [lon, lat] = stageLonLat(view, [at.x, at.y]);
  const tell = (part: Part, box: Box | undefined): TruthAgent[] => {
    if (box === undefined || insideBox(box) === undefined) return [];
    const isRider = part === 'rider';
    const id = toAgentId({ member: at.member, age: at.age, isRider });
    return [{ id, kind: isRider ? 'person' : kindOf(body), part, stays, box, visible: 1, lon, lat }];
  };
  if (body === 'person')
    return tell('whole', boxOf(camera, at, at.pose === 'sit' ? { ...PERSON, toM: SITTING_M } : PERSON));
  const { widthM, lengthM } = VEHICLES[body];
  const own = boxOf(camera, at, { widthM, lengthM, fromM: 0, toM: HEIGHT_M[body] });
  if (!isRidden(body) || at.pose !== 'ride') return tell('whole', own);
  const rider = boxOf(camera, at, RIDER);
  const both = own === undefined || rider === undefined ? undefined : unionBox(own, rider);
  return [...tell('machine', own), ...tell('rider', rider), ...tell('both', both)];
}

/** Round the eight corners; undefined where one of them lies behind the camera. */
function boxOf(
  camera: Camera,
  at: Pick<AgentAt, 'x' | 'y' | 'z' | 'heading'>,
  { widthM, lengthM, fromM, toM }: Size,
): Box | undefined {
  const [sin, cos] = [Math.sin(at.heading), Math.cos(at.heading)];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const side of [-0.5, 0.5]) {
    for (const along of [-0.5, 0.5]) {
      for (const z of [fromM, toM]) {
        const x = at.x + side * widthM * cos + along * lengthM * sin;
        const y = at.y - side * widthM * sin + along * lengthM * cos;
        const seen = project(camera, { x, y, z: at.z + z });
        if (seen === undefined) return undefined;
        left = Math.min(left, seen.x);
        right = Math.max(right, seen.x);
        top = Math.min(top, seen.y);
        bottom = Math.max(bottom, seen.y);
      }
    }
  }
  return [left, top, right - left, bottom - top];
}
