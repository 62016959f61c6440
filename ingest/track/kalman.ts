/**
 * A Kalman filter of constant velocity on a box: centre and size each move on their own, so that four filters of two
 * numbers do what one of eight would. Noise grows with the box, as in DeepSORT (Wojke et al., arXiv:1703.07402) and, with
 * width and height apart, BoT-SORT (Aharon et al., arXiv:2206.14651); time is real, so looks may come at any pace.
 */
import type { Box } from '#models/schema/detection.ts';

/** One coordinate: value, velocity per second, and their covariance. */
type Axis = { value: number; velocity: number; vv: number; vs: number; ss: number };

/** x and y of the centre, width, height. */
export type Motion = [x: Axis, y: Axis, width: Axis, height: Axis];

/** Standard deviations in box sizes: of a measured value, of the first guess, of the velocity, of its change in a second. */
const MEASURED = 0.025;
const FIRST_VALUE = 0.1;
const FIRST_VELOCITY = 1;
const ACCELERATION = 0.6;

export function startMotion(box: Box): Motion {
  const [x, y, width, height] = centred(box);
  const axis = (value: number, size: number): Axis => ({
    value,
    velocity: 0,
    vv: (FIRST_VALUE * size) ** 2,
    vs: 0,
    ss: (FIRST_VELOCITY * size) ** 2,
  });
  return [axis(x, width), axis(y, height), axis(width, width), axis(height, height)];
}

/** Moves it on by `seconds`. */
export function predict(motion: Motion, seconds: number): void {
  motion.forEach((axis, index) => {
    const size = sizeOf(motion, index);
    const noise = (ACCELERATION * size) ** 2;
    axis.value += axis.velocity * seconds;
    axis.vv += 2 * axis.vs * seconds + axis.ss * seconds ** 2 + (noise * seconds ** 4) / 4;
    axis.vs += axis.ss * seconds + (noise * seconds ** 3) / 2;
    axis.ss += noise * seconds ** 2;
  });
  // A box cannot shrink to nothing on a guess.
  for (const axis of [motion[2], motion[3]]) axis.value = Math.max(axis.value, 1e-4);
}

/** Takes in what was seen; a weak detection, whose box is worse, is trusted less. */
export function correct(motion: Motion, box: Box, score: number): void {
  const measured = centred(box);
  motion.forEach((axis, index) => {
    const noise = (MEASURED * (1.5 - score) * 2 * sizeOf(motion, index)) ** 2;
    const gain = axis.vv / (axis.vv + noise);
    const gainVelocity = axis.vs / (axis.vv + noise);
    const off = (measured[index] as number) - axis.value;
    axis.value += gain * off;
    axis.velocity += gainVelocity * off;
    axis.ss -= gainVelocity * axis.vs;
    axis.vs *= 1 - gain;
    axis.vv *= 1 - gain;
  });
}

/** Stands still from here on. */
export function stop(motion: Motion): void {
  for (const axis of motion) {
    axis.velocity = 0;
    axis.vs = 0;
  }
}

export function boxOf([x, y, width, height]: Motion): Box {
  return [x.value - width.value / 2, y.value - height.value / 2, width.value, height.value];
}

const centred = ([left, top, width, height]: Box): Box => [left + width / 2, top + height / 2, width, height];

/** What an axis is measured by: width for x and width, height for y and height. */
const sizeOf = (motion: Motion, index: number): number => motion[index % 2 === 0 ? 2 : 3].value;
