/** Riders: hands on the bars, seat on the saddle, feet on pedals or on the floor, in the machine's own frame. */
import { reach } from '#demo/picture/shape/path.ts';
import { add, along, type Vec3 } from '#demo/picture/shape/vector.ts';
import type { MachineFit } from '#demo/picture/vehicles/machine-fit.ts';
import { type Figure, skeletonOf } from './figure.ts';
import { footDirections } from './foot.ts';
import type { Arm, Leg, Pose } from './pose.ts';
import { trunkOf } from './trunk.ts';

/** The rider's pose with the right crank at `phase` radians (0 is forward, growing as the machine rolls forward). */
export function ridingPose(figure: Figure, fit: MachineFit, phase: number): Pose {
  const { k, thighM, shankM, ankleM, upperArmM, forearmM } = skeletonOf(figure);
  const pelvisAt: Vec3 = add(fit.saddle, [0, 0, 0.095 * k]);
  const trunk = trunkOf(figure, { pelvisAt, lean: fit.lean, nod: 0.05 - fit.lean * 0.1 });
  const leg = (which: 0 | 1): Leg => {
    const side = which === 0 ? -1 : 1;
    const rest = footRest(fit, side, phase);
    const pitch = fit.crankM > 0 ? -0.25 - 0.15 * Math.sin(phase + (side > 0 ? 0 : Math.PI)) : 0;
    const directions = footDirections({ pitch, toePitch: pitch * 0.6, yaw: -side * 0.08 });
    const under = fit.crankM > 0 ? -0.1 * k : 0;
    const wanted = along(along(rest, directions.footFront, under), directions.footUp, ankleM);
    const { middle, end } = reach(trunk.hips[which], wanted, [thighM, shankM], [side * fit.kneesOut, 1, 0.4]);
    return { hip: trunk.hips[which], knee: middle, ankle: end, ...directions };
  };
  const arm = (which: 0 | 1): Arm => {
    const side = which === 0 ? -1 : 1;
    const shoulder = trunk.shoulders[which];
    const grip: Vec3 = add([side * fit.grip[0], fit.grip[1], fit.grip[2]], [0, -0.075 * k, 0.035 * k]);
    const { middle, end } = reach(shoulder, grip, [upperArmM, forearmM], [side * 0.5, -0.2, -1]);
    return { shoulder, elbow: middle, wrist: end };
  };
  return { ...trunk, legs: [leg(0), leg(1)], arms: [arm(0), arm(1)] };
}

/** Where the ball of the foot rests: on a pedal, or on the floor board. */
function footRest(fit: MachineFit, side: -1 | 1, phase: number): Vec3 {
  const [x, y, z] = fit.feet;
  if (fit.crankM === 0) return [side * x, y, z];
  const angle = phase + (side > 0 ? 0 : Math.PI);
  return [side * x, y + Math.cos(angle) * fit.crankM, z - Math.sin(angle) * fit.crankM + 0.02];
}
