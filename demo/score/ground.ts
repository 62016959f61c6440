/** Where detections come to lie on the ground, by the real placer with the calibrations of the city's cameras. */
import { cellToParent } from 'h3-js';
import { createPlacer, type Placer } from '#analytics/place/placer.ts';
import type { Placed } from '#analytics/store/rows.ts';
import { calibrationOf } from '#demo/world/calibration.ts';
import { toMetres } from '#demo/world/origin.ts';
import { cityAreas } from '#demo/world/plan/areas.ts';
import { gridAt } from '#demo/world/plan/grid-at.ts';
import { COARSE_RESOLUTION } from '#demo/world/truth/digest.ts';
import type { View } from '#demo/world/view.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { outlookOf } from '#models/registry/sight/outlook.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { AREA_LEVELS, UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import type { Detection } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { ClipMatching } from './accuracy.ts';

export type Ground = {
  /** In the order of the detections. */
  place: (view: string, detections: readonly Detection[]) => readonly Placed[];
  /** Coarse cells that the camera counts in. */
  observed: (view: string) => readonly string[];
};

export function createGround(views: readonly View[]): Ground {
  const placer: Placer = createPlacer();
  placer.setAreas(cityAreas());
  const observed = new Map<string, string[]>();
  for (const view of views) {
    const calibration = solveCalibration({ camera: view.id, version: 1, points: calibrationOf(view), createdAtMs: 0 });
    placer.setCalibration(view.id, calibration);
    const cells = outlookOf(calibration).cells();
    observed.set(view.id, [...new Set(cells.map((cell) => cellToParent(cell, COARSE_RESOLUTION)))]);
  }
  return {
    observed: (view) => observed.get(view) ?? [],
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

const GRID = AREA_LEVELS.indexOf('grid');

export type PositionRow = {
  kind: Kind;
  pairs: number;
  medianM: number;
  p90M: number;
  /** Of the pairs that lie in a grid, how many are placed in it. */
  rightGridShare: number;
};

/** Of what was found: from where the pipeline places it to where it is. */
export function positionErrors(clips: readonly ClipMatching[], ground: Ground, scoreMin: number): PositionRow[] {
  const errors = new Map<Kind, { metres: number[]; inGrid: number; right: number }>();
  for (const { clip, matchings } of clips) {
    for (const { matching } of matchings) {
      const pairs = matching.pairs.filter(({ detection }) => detection.score >= scoreMin);
      const places = ground.place(
        clip.view.id,
        pairs.map(({ detection }) => detection),
      );
      for (const [index, { label }] of pairs.entries()) {
        const [placed, { kind, lon, lat }] = [places[index]!, label.agent];
        const entry = errors.get(kind) ?? { metres: [], inGrid: 0, right: 0 };
        errors.set(kind, entry);
        const apartM = Math.hypot(...tangentPlane(lon, lat).toMetres(placed.lon, placed.lat));
        entry.metres.push(Number.isNaN(apartM) ? Number.POSITIVE_INFINITY : apartM);
        const grid = gridAt(toMetres(lon, lat));
        if (grid === undefined) continue;
        entry.inGrid += 1;
        entry.right += Number(placed.areaPath.split('.')[GRID] === grid);
      }
    }
  }
  return KINDS.flatMap((kind): PositionRow[] => {
    const entry = errors.get(kind);
    if (entry === undefined) return [];
    const sorted = entry.metres.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    return [
      { kind, pairs: sorted.length, medianM: at(0.5), p90M: at(0.9), rightGridShare: entry.right / entry.inGrid },
    ];
  });
}
