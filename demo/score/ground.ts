/** Where detections come to lie on the ground, by the real placer with the calibrations of the city's cameras. */
import { cellToParent } from 'h3-js';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import type { Placed } from '#analytics/store/rows.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { COARSE_RESOLUTION } from '#demo/world/truth/digest.ts';
import type { View } from '#demo/world/view.ts';
import { UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import type { Detection } from '#models/schema/detection.ts';
import { calibrated } from './calibrated.ts';

export type Ground = {
  /** In the order of the detections, which are all of one look: they may hide each other. */
  place: (view: string, detections: readonly Detection[]) => readonly Placed[];
  /** Cells that the camera counts in, of resolution 13, and the coarse ones that hold them. */
  observed: (view: string) => { fine: readonly string[]; coarse: readonly string[] };
};

export function createGround(views: readonly View[]): Ground {
  const placer: Placer = createPlacer();
  placer.setAreas(cityAreas());
  const observed = new Map<string, { fine: string[]; coarse: string[] }>();
  for (const view of views) {
    placer.takeCoverage();
    placer.setCalibration(view.id, calibrated(view));
    const fine = placer
      .takeCoverage()
      .filter(({ hiddenBy }) => hiddenBy === '')
      .map(({ cell }) => cell.toString(16));
    observed.set(view.id, { fine, coarse: [...new Set(fine.map((cell) => cellToParent(cell, COARSE_RESOLUTION)))] });
  }
  return {
    observed: (view) => observed.get(view) ?? { fine: [], coarse: [] },
    place: (view, detections) => placer.place(messageOf(view, detections)).places,
  };
}

/** Only camera and boxes matter to the placer. */
function messageOf(camera: string, detections: readonly Detection[]) {
  const sightings = detections.map((one) => ({ ...one, track: '00000000', presenceMs: 0, isHeld: false }));
  const times = { capturedAtMs: 0, receivedAtMs: 0, watchedFromMs: 0, watchedToMs: 0 };
  const areaPath = [...UNKNOWN_AREA_PATH];
  return {
    version: 1,
    id: '',
    camera,
    revision: 0,
    sequence: 0,
    areaPath,
    model: '',
    ...times,
    looks: 1,
    sightings,
  } as const;
}
