/** Whether a truth belongs to its picture: how far people's boxes stand from where the motion has their feet. */
import { toMetres } from '../origin.ts';
import { lonLatAt } from '../sight.ts';
import type { View } from '../view.ts';
import { type ClipTruth, insideBox } from './clip-truth.ts';

/** A box ends at the nearer heel, not between the feet: 0.2 m is normal. */
export const MISFIT_MAX_M = 0.6;
const EVERY = 5;

/** Half of the people on foot, whole in the picture, are nearer than this to the ground under their box, metres. */
export function misfitM(view: View, { frames }: ClipTruth): number | undefined {
  const some = frames.filter((_, frame) => frame % EVERY === 0);
  const apart = some.flatMap((agents) =>
    agents.flatMap(({ kind, part, box, lon, lat }) => {
      if (kind !== 'person' || part !== 'whole' || insideBox(box)?.[3] !== box[3]) return [];
      const under = lonLatAt(view, { x: box[0] + box[2] / 2, y: box[1] + box[3] });
      if (under === undefined) return [];
      const [[x, y], [footX, footY]] = [toMetres(...under), toMetres(lon, lat)];
      return [Math.hypot(x - footX, y - footY)];
    }),
  );
  return apart.sort((a, b) => a - b)[apart.length >> 1];
}
