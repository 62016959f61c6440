/** Where things of a script are: metres ahead of a view's camera and to its right, on the ground and in the picture. */
import { PICTURE, project } from '../camera.ts';
import { type Point, toLonLat } from '../origin.ts';
import { toCity } from '../placement.ts';
import { groundAt } from '../sight.ts';
import type { View } from '../view.ts';

/** `side` to the right and `ahead`, metres from the foot of the camera's pole, as the camera looks. */
export type Spot = readonly [side: number, ahead: number];

export type Frame = {
  view: View;
  /** Ground that is well in the picture: metres ahead, and the half width at a distance. */
  nearM: number;
  farM: number;
  halfWidthM: (ahead: number) => number;
  toLonLat: (spot: Spot) => [lon: number, lat: number];
  /** Fractions of the picture; undefined behind the camera. */
  toPicture: (spot: Spot, z?: number) => [x: number, y: number] | undefined;
  /** Bearing of "ahead", degrees clockwise from north. */
  bearingDeg: number;
};

/** Beyond it people are small, and places vague. */
const FARTHEST_M = 26;
const LOWEST = 0.9;
const HIGHEST = 0.3;
const MARGIN = 0.86;

const known = new Map<View, Frame>();

export function frameOf(view: View): Frame {
  const frame = known.get(view) ?? makeFrame(view);
  known.set(view, frame);
  return frame;
}

function makeFrame(view: View): Frame {
  const { camera, stage } = view;
  const yaw = (camera.yawDeg * Math.PI) / 180;
  const toStage = ([side, ahead]: Spot): Point => [
    camera.x + side * Math.cos(yaw) + ahead * Math.sin(yaw),
    camera.y - side * Math.sin(yaw) + ahead * Math.cos(yaw),
  ];
  const distanceAt = (y: number) => {
    const at = groundAt(camera, stage, { x: 0.5, y });
    return at === undefined ? Number.POSITIVE_INFINITY : Math.hypot(at[0] - camera.x, at[1] - camera.y);
  };
  return {
    view,
    nearM: distanceAt(LOWEST),
    farM: Math.min(FARTHEST_M, distanceAt(HIGHEST)),
    halfWidthM: (ahead) => ((MARGIN * PICTURE.widthPx) / 2 / camera.focalPx) * Math.hypot(ahead, camera.heightM),
    toLonLat: (spot) => toLonLat(toCity(stage.place, toStage(spot))),
    toPicture(spot, z = 0) {
      const [x, y] = toStage(spot);
      const seen = project(camera, { x, y, z });
      return seen === undefined ? undefined : [seen.x, seen.y];
    },
    bearingDeg: (((camera.yawDeg + stage.place.bearingDeg) % 360) + 360) % 360,
  };
}
