/** Where a stage stands in the city: its own metres (x right, y forward) are turned and moved. */
import type { Point } from './origin.ts';

/** `bearingDeg`: where the stage's y axis points, clockwise from north. */
export type Placement = { xM: number; yM: number; bearingDeg: number };

export function toCity(place: Placement, [x, y]: Point): [xM: number, yM: number] {
  const turn = (place.bearingDeg * Math.PI) / 180;
  return [place.xM + x * Math.cos(turn) + y * Math.sin(turn), place.yM - x * Math.sin(turn) + y * Math.cos(turn)];
}

export function toStage(place: Placement, [x, y]: Point): [xM: number, yM: number] {
  const turn = (place.bearingDeg * Math.PI) / 180;
  const [east, north] = [x - place.xM, y - place.yM];
  return [east * Math.cos(turn) - north * Math.sin(turn), east * Math.sin(turn) + north * Math.cos(turn)];
}

/** Object → city, row-major 3x4: right and forward in the ground plane, up stays up. */
export function matrixOf(place: Placement, at: Place, scale = 1): number[] {
  const [x, y] = toCity(place, [at.x, at.y]);
  const turn = (place.bearingDeg * Math.PI) / 180 + at.heading;
  const [cos, sin] = [Math.cos(turn) * scale, Math.sin(turn) * scale];
  return [cos, sin, 0, x, -sin, cos, 0, y, 0, 0, scale, at.z ?? 0];
}

/** `heading`: radians clockwise from the stage's y axis. */
export type Place = { x: number; y: number; heading: number; z?: number };
