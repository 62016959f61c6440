/** A city camera's calibration, as the product makes it of the points that an engineer clicks. */
import { calibrationOf } from '#demo/world/calibration.ts';
import { PICTURE } from '#demo/world/camera.ts';
import { stageLonLat } from '#demo/world/sight.ts';
import type { View } from '#demo/world/view.ts';
import { calibrate } from '#models/registry/calibrate.ts';
import type { Calibration } from '#models/schema/calibration.ts';

const known = new Map<View, Calibration>();

export function calibrated(view: View): Calibration {
  const calibration = known.get(view) ?? makeCalibration(view);
  known.set(view, calibration);
  return calibration;
}

function makeCalibration(view: View): Calibration {
  const [lon, lat] = stageLonLat(view, [view.camera.x, view.camera.y]);
  const aspect = PICTURE.widthPx / PICTURE.heightPx;
  const asked = { camera: view.id, version: 1, createdAtMs: 0, aspect, position: { lon, lat } };
  return calibrate({ points: calibrationOf(view) }, asked).calibration;
}
