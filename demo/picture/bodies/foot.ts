/** Where a shoe meets the ground: heel, ball and tip, seen from the ankle. */
import { along, cross, RIGHT, turned, UP, type Vec3 } from '#demo/picture/shape/vector.ts';
import { type Figure, skeletonOf } from './figure.ts';
import type { Leg } from './pose.ts';

/** A foot's attitude: pitch of the foot and of its toes (toe up is positive), and how far it turns outwards, radians. */
export interface FootAttitude {
  readonly pitch: number;
  readonly toePitch: number;
  /** Counterclockwise from above. */
  readonly yaw: number;
}

/** Distances from the ankle along the foot, in metres for a body of 1.72 m. */
export const FOOT = { heelM: -0.062, ballM: 0.125, tipM: 0.195 } as const;

export function footDirections({ pitch, toePitch, yaw }: FootAttitude): Pick<Leg, 'footFront' | 'footUp' | 'toeFront'> {
  const ahead = turned([0, 1, 0], UP, yaw);
  const right = turned(RIGHT, UP, yaw);
  const footFront = turned(ahead, right, pitch);
  return { footFront, footUp: cross(right, footFront), toeFront: turned(ahead, right, toePitch) };
}

/** The three lowest places of the sole, from the ankle, in a plane through the foot: [forward, up]. */
function soleFrom(figure: Figure, attitude: FootAttitude): readonly (readonly [number, number])[] {
  const { k, ankleM } = skeletonOf(figure);
  const place = (forward: number, up: number): readonly [number, number] => [
    forward * Math.cos(attitude.pitch) - up * Math.sin(attitude.pitch),
    forward * Math.sin(attitude.pitch) + up * Math.cos(attitude.pitch),
  ];
  const ball = place(FOOT.ballM * k, -ankleM);
  const toeM = (FOOT.tipM - FOOT.ballM) * k;
  const tip = [ball[0] + toeM * Math.cos(attitude.toePitch), ball[1] + toeM * Math.sin(attitude.toePitch)] as const;
  return [place(FOOT.heelM * k, -ankleM), ball, tip];
}

/** How high the ankle stands when the lowest place of the sole touches the ground. */
export function ankleHeight(figure: Figure, attitude: FootAttitude): number {
  return -Math.min(...soleFrom(figure, attitude).map(([, up]) => up));
}

/** How far ahead of a flat foot's ankle the ankle stands while the foot rolls over its heel or its ball. */
export function rollOffset(figure: Figure, attitude: FootAttitude): number {
  const [heel, ball] = soleFrom(figure, attitude);
  const { k } = skeletonOf(figure);
  return attitude.pitch > 0 ? FOOT.heelM * k - heel![0] : FOOT.ballM * k - ball![0];
}

/** The ankle above a place on the ground, for a foot that stands flat there. */
export function flatAnkle(figure: Figure, ground: Vec3): Vec3 {
  return along(ground, UP, skeletonOf(figure).ankleM);
}
