/** From a box to a place: foot point, H3 cells and area path, by the calibration of the camera and the tree of areas. */
import { cellToLatLng } from 'h3-js';
import {
  type CoverageRow,
  type Placed,
  type PlacedMessage,
  type UnplacedReason,
  WEIGHT_SUM,
} from '#analytics/store/rows.ts';
import { type CellSight, type Outlook, outlookOf } from '#models/registry/sight/outlook.ts';
import { type Area, UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import type { Building } from '#models/schema/building.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { type AreaPaths, areaPathsOf } from './area-paths.ts';
import { createCellFinder } from './cell-finder.ts';
import { createCellWeights } from './cell-weights.ts';
import { sightsOf } from './foot-finder.ts';
import { type Ground, groundOf } from './ground.ts';
import { createSurroundings } from './surroundings.ts';

export type Placer = {
  place: (message: DetectionMessage) => PlacedMessage;
  setCalibration: (camera: string, calibration: Calibration | undefined) => void;
  setAreas: (areas: readonly Area[]) => void;
  /** How a camera hangs, and what was drawn into its picture. */
  setCamera: (id: string, camera: Camera | undefined) => void;
  /** What stands between cameras and the ground. */
  setBuildings: (buildings: readonly Building[]) => void;
  /** Coverage rows that are not handed out yet: of new calibrations, changed areas, and cells seen at the very edge. */
  takeCoverage: () => CoverageRow[];
  /** Puts rows back that could not be written. */
  returnCoverage: (rows: readonly CoverageRow[]) => void;
};

type Pose = {
  calibration: Calibration;
  ground: Ground;
  outlook: Outlook;
  /** Cells that were told, and as what; those that something hides as well. */
  covered: Map<string, CellSight>;
  isSeen: (cell: string) => boolean;
};

const NO_PLACE = { lon: Number.NaN, lat: Number.NaN, covEe: Number.NaN, covEn: Number.NaN, covNn: Number.NaN };
const NO_CELL = { cells: [0n], weights: [WEIGHT_SUM], placedBy: 'none' } as const;
/** Farther off than this at 1 sigma (along the ellipse's long axis) a place is no place. */
const ERROR_MAX_M = 10;
/** Poses of which the outlook is worked out anew at a time, some 30 ms each, when houses or cameras changed. */
const RENEWED_AT_ONCE = 4;

type Options = {
  errorMaxM?: number;
  /** Places alone, for who counts nothing in cells: cheaper, and without coverage. */
  areCellsWanted?: boolean;
};

export function createPlacer({ errorMaxM = ERROR_MAX_M, areCellsWanted = true }: Options = {}): Placer {
  /** By camera, the newest calibration first; more than one where a camera that turns was calibrated at several poses. */
  const poses = new Map<string, Pose[]>();
  const surroundings = createSurroundings();
  /** Whose outlook is of other houses, another pole or other masks than there are now. */
  const outdated = new Set<Pose>();
  const weigh = createCellWeights(createCellFinder());
  let pending: CoverageRow[] = [];
  let areaPaths: AreaPaths = areaPathsOf([]);
  /** Areas that came and are not indexed yet: an import of a thousand areas is indexed once. */
  let changedAreas: readonly Area[] | undefined;
  function cover({ calibration, covered, outlook }: Pose, cells: Iterable<string>): void {
    if (!areCellsWanted) return;
    for (const cell of cells) {
      const look = covered.get(cell) ?? outlook.look(cell);
      covered.set(cell, look);
      const [lat, lon] = cellToLatLng(cell);
      const areaPath = areaPaths.at(cell, lon, lat) ?? UNKNOWN_AREA_PATH.join('.');
      const { camera, version: calibrationVersion } = calibration;
      pending.push({ camera, calibrationVersion, cell: BigInt(`0x${cell}`), areaPath, ...look });
    }
  }

  function indexAreas(): void {
    if (changedAreas === undefined) return;
    areaPaths = areaPathsOf(changedAreas);
    changedAreas = undefined;
    for (const pose of [...poses.values()].flat()) cover(pose, [...pose.covered.keys()]);
  }

  function renew(pose: Pose): void {
    outdated.delete(pose);
    const cells = [...pose.covered.keys()];
    pose.covered.clear();
    pose.outlook = outlookOf(pose.calibration, surroundings.of(pose.calibration.camera));
    cover(pose, cells);
  }

  const unplaced = (
    unplacedReason: UnplacedReason | '',
    areaPath: string,
    place: typeof NO_PLACE = NO_PLACE,
  ): Placed => ({
    ...place,
    ...NO_CELL,
    areaPath,
    unplacedReason,
  });

  function placeSighting(sighting: Sighting, pose: Pose, { sight, cameraPath, isAllowed }: Around): Placed {
    const [x, y, width, height] = sighting.box;
    if (isAllowed?.(x + width / 2, Math.min(y + height, 1)) === false) return unplaced('outside-mask', cameraPath);
    const found = pose.ground.find(sighting, sight);
    if (found === undefined) return unplaced('horizon', cameraPath);
    const { place, vague, placedBy, errorM } = found;
    if (!pose.ground.isWithin(place.lon, place.lat)) return unplaced('beyond-reach', cameraPath, place);
    if (!(errorM <= errorMaxM)) return unplaced('vague', cameraPath, place);
    if (!areCellsWanted) return { ...unplaced('', cameraPath, place), placedBy };
    const { middle, cells, weights } = weigh(vague, pose.isSeen);
    if (!pose.covered.has(middle.index)) cover(pose, [middle.index]);
    const areaPath = areaPaths.at(middle.index, place.lon, place.lat) ?? cameraPath;
    return { ...place, cells, weights, areaPath, placedBy, unplacedReason: '' };
  }

  /** A camera that was turned sees things, but not where its calibration says. */
  function poseOf({ camera, isViewMoved, calibrationVersion }: DetectionMessage): Pose | undefined {
    if (isViewMoved === true) return undefined;
    const own = poses.get(camera) ?? [];
    if (calibrationVersion === undefined) return own[0];
    return own.find(({ calibration }) => calibration.version === calibrationVersion);
  }

  function placesOf(message: DetectionMessage, pose: Pose | undefined, cameraPath: string): Placed[] {
    const { sightings, camera } = message;
    if (pose === undefined) {
      const reason = message.isViewMoved === true ? 'view-moved' : 'no-calibration';
      return sightings.map(() => unplaced(reason, cameraPath));
    }
    const sights = sightsOfMessage(sightings);
    const { isAllowed } = surroundings.of(camera);
    return sightings.map((one, index) => placeSighting(one, pose, { sight: sights[index]!, cameraPath, isAllowed }));
  }

  return {
    place(message) {
      indexAreas();
      const pose = poseOf(message);
      const areaPath = message.areaPath.join('.');
      return {
        message,
        places: placesOf(message, pose, areaPath),
        calibrationVersion: pose?.calibration.version ?? 0,
        areaPath,
      };
    },
    setCalibration(camera, calibration) {
      const all = calibration === undefined ? [] : [calibration, ...(calibration.others ?? [])];
      for (const former of poses.get(camera) ?? []) outdated.delete(former);
      const versions = new Set(all.map(({ version }) => version));
      pending = pending.filter((row) => row.camera !== camera || !versions.has(row.calibrationVersion));
      if (all.length === 0) {
        poses.delete(camera);
        return;
      }
      const own = all.map((one): Pose => {
        const placed = { ...one, camera };
        const outlook = outlookOf(placed, surroundings.of(camera));
        const covered = new Map<string, CellSight>();
        const isSeen = (cell: string) => covered.get(cell)?.hiddenBy === '';
        return { calibration: placed, ground: groundOf(placed, outlook), outlook, covered, isSeen };
      });
      poses.set(camera, own);
      if (areCellsWanted) for (const pose of own) cover(pose, pose.ground.cells(errorMaxM));
    },
    setAreas(areas) {
      changedAreas = areas;
    },
    setCamera(id, camera) {
      if (surroundings.setCamera(id, camera)) for (const pose of poses.get(id) ?? []) outdated.add(pose);
    },
    setBuildings(buildings) {
      surroundings.setBuildings(buildings);
      for (const pose of [...poses.values()].flat()) outdated.add(pose);
    },
    takeCoverage() {
      indexAreas();
      for (const pose of [...outdated].slice(0, RENEWED_AT_ONCE)) renew(pose);
      const rows = pending;
      pending = [];
      return rows;
    },
    returnCoverage(rows) {
      pending = [...rows, ...pending];
    },
  };
}

/**
 * What was told in hindsight hides nothing and is hidden by nothing: whoever reads looks as they come, as the rules do,
 * places the same things at the same places as whoever reads them later.
 */
function sightsOfMessage(sightings: readonly Sighting[]): ReturnType<typeof sightsOf> {
  const told = sightsOf(sightings.filter(({ isFirst }) => isFirst !== true));
  let next = 0;
  return sightings.map((one) => (one.isFirst === true ? sightsOf([one])[0]! : told[next++]!));
}

type Around = {
  sight: ReturnType<typeof sightsOf>[number];
  cameraPath: string;
  /** Whether feet can stand at a place of the picture; undefined: everywhere. */
  isAllowed: ((x: number, y: number) => boolean) | undefined;
};
