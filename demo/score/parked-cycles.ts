/** Bicycles that stand about as furniture: no truth knows them, so whoever sees one there is neither right nor wrong. */
import { project } from '#demo/world/camera.ts';
import { groundHeight } from '#demo/world/stages/ground.ts';
import type { Prop } from '#demo/world/stages/stage.ts';
import type { View } from '#demo/world/view.ts';
import type { Box, Detection } from '#models/schema/detection.ts';

const HALF_WIDTH_M = 1;
const HEIGHT_M = 1.15;

/** Whether a detection is of a bicycle (or what may pass for one) in the middle of a row of parked ones. */
export function parkedCycles({ camera, stage, variants }: View): (detection: Detection) => boolean {
  const props = [...stage.props, ...variants.flatMap(({ extra }) => extra?.props ?? [])];
  const rows = props.filter(({ kind }) => kind === 'share-bikes' || kind === 'bike-rack');
  const boxes = rows.flatMap((row) => boxAround(row, { camera, stage }) ?? []);
  return ({ kind, box: [x, y, width, height] }) => {
    if (kind !== 'bicycle' && kind !== 'motorcycle') return false;
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    return boxes.some(
      ([left, top, wide, high]) => middleX >= left && middleX <= left + wide && middleY >= top && middleY <= top + high,
    );
  };
}

/** Of its corners; those behind the camera are left out. */
function boxAround({ x, y, heading = 0, lengthM = 4 }: Prop, { camera, stage }: Pick<View, 'camera' | 'stage'>) {
  const base = groundHeight(stage, x, y);
  const corners = [-1, 1].flatMap((along) =>
    [-1, 1].flatMap((across) =>
      [0, HEIGHT_M].map((up) => {
        const [right, forward] = [along * (lengthM / 2 + 0.5), across * HALF_WIDTH_M];
        return {
          x: x + right * Math.cos(heading) + forward * Math.sin(heading),
          y: y - right * Math.sin(heading) + forward * Math.cos(heading),
          z: base + up,
        };
      }),
    ),
  );
  const seen = corners.map((corner) => project(camera, corner)).filter((place) => place !== undefined);
  if (seen.length === 0) return undefined;
  const [xs, ys] = [seen.map((place) => place.x), seen.map((place) => place.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [[left, top, Math.max(...xs) - left, Math.max(...ys) - top] satisfies Box];
}
