/**
 * Planned coverage against the truth: of the cells that people of a loop really stood in, which ones the camera showed
 * them in, and which ones the calibration (and the city's houses) said it would.
 */
import { latLngToCell } from 'h3-js';
import { calibrationOf } from '#demo/world/calibration.ts';
import { houseMap } from '#demo/world/plan/map.ts';
import { rehearse, variantOf } from '#demo/world/rehearse.ts';
import { stageLonLat } from '#demo/world/sight.ts';
import { toAgentId } from '#demo/world/traffic/agent-id.ts';
import { insideBox } from '#demo/world/truth/clip-truth.ts';
import { loadTruth } from '#demo/world/truth/load.ts';
import type { VariantId, View } from '#demo/world/view.ts';
import { VIEWS } from '#demo/world/views.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { COUNTED_RESOLUTION, outlookOf } from '#models/registry/sight/outlook.ts';
import { SEEN_RECALL_MIN } from '#models/registry/sight/recall.ts';
import { buildWalls, type Walls } from '#models/registry/sight/walls.ts';
import type { Building } from '#models/schema/building.ts';

/** Half of somebody in sight is somebody who is seen, as `demo score` counts it. */
const SEEN_MIN = 0.5;
/** Cells in which people stood for fewer of the looks say little. */
const STOOD_MIN = 3;
/** Frames of a loop between two that are compared: three a second. */
const STEP = 5;

export type CoverageScore = {
  view: string;
  /** Cells that people stood in, within the reach of the camera or not. */
  stood: number;
  /** Of them: shown by the camera, planned, and both. */
  shown: number;
  planned: number;
  both: number;
  /** People-looks that were in cells planned as seen, and how many of those people were shown. */
  plannedLooks: number;
  shownLooks: number;
};

/** What stands in the city between its cameras and the ground. */
export function cityWalls(): Walls {
  const houses = houseMap(VIEWS).features.map(({ geometry, properties }): Building => {
    return { geometry: geometry as Building['geometry'], heightM: properties!.heightM as number };
  });
  return buildWalls(houses);
}

type Tally = { stood: number; shown: number };

/** `in-picture`: what figures divide by. `seen`: where one look finds at least every second person as well. */
type Plan = { walls?: Walls; what: 'in-picture' | 'seen' };

/** With the city's houses as `walls`, or without anything between the camera and the ground. */
export function scoreCoverage(view: View, variant: VariantId, { walls, what }: Plan): CoverageScore {
  const calibration = solveCalibration({ camera: view.id, version: 1, points: calibrationOf(view), createdAtMs: 0 });
  const outlook = outlookOf(calibration, { walls });
  const inPicture = new Set(outlook.cells());
  const isPlanned = (cell: string) => {
    const { hiddenBy, recallDay } = outlook.look(cell);
    return inPicture.has(cell) && hiddenBy === '' && (what === 'in-picture' || recallDay >= SEEN_RECALL_MIN);
  };
  const cells = [...standing(view, variant)].filter(([, { stood }]) => stood >= STOOD_MIN);
  const score = { view: view.id, stood: cells.length, shown: 0, planned: 0, both: 0, plannedLooks: 0, shownLooks: 0 };
  for (const [cell, { stood, shown }] of cells) {
    const [isShown, planned] = [shown / stood >= SEEN_MIN, isPlanned(cell)];
    score.shown += Number(isShown);
    score.planned += Number(planned);
    score.both += Number(isShown && planned);
    score.plannedLooks += planned ? stood : 0;
    score.shownLooks += planned ? shown : 0;
  }
  return score;
}

function standing(view: View, variant: VariantId): Map<string, Tally> {
  const motion = rehearse(view, variantOf(view, variant));
  const { frames } = loadTruth(view, variant);
  const tallies = new Map<string, Tally>();
  for (let frame = 0; frame < frames.length; frame += STEP) {
    const shown = new Set(frames[frame]!.flatMap(({ id, box, visible }) => (isShown(box, visible) ? [id] : [])));
    for (const at of motion.frames[frame] ?? []) {
      if (motion.cast[at.member]?.body !== 'person') continue;
      const [lon, lat] = stageLonLat(view, [at.x, at.y]);
      const cell = latLngToCell(lat, lon, COUNTED_RESOLUTION);
      const tally = tallies.get(cell) ?? { stood: 0, shown: 0 };
      tallies.set(cell, tally);
      tally.stood += 1;
      tally.shown += Number(shown.has(toAgentId({ ...at, isRider: false })));
    }
  }
  return tallies;
}

/** Half in sight, with the feet in the picture: a head alone stands on no ground. */
function isShown(box: readonly [number, number, number, number], visible: number): boolean {
  const feet = box[1] + box[3];
  return visible >= SEEN_MIN && feet < 0.999 && insideBox([...box]) !== undefined;
}
