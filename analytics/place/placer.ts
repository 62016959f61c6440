/** From a box to a place: foot point, H3 cell and area path, by the calibration of the camera and the tree of areas. */
import { cellToBoundary, cellToLatLng } from 'h3-js';
import { type CoverageRow, type Placed, type PlacedMessage, WEIGHT_SUM } from '#analytics/store/rows.ts';
import { buildAreaTree } from '#models/registry/area-tree.ts';
import { type GroundPoint, groundProjector } from '#models/registry/homography.ts';
import { buildAreaIndex } from '#models/registry/polygon.ts';
import { type CellSight, type Outlook, outlookOf } from '#models/registry/sight/outlook.ts';
import { type Area, UNKNOWN_AREA_PATH } from '#models/schema/area.ts';
import type { Building } from '#models/schema/building.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import type { Camera } from '#models/schema/camera.ts';
import type { DetectionMessage, Sighting } from '#models/schema/detection.ts';
import { createCellFinder } from './cell-finder.ts';
import { createSurroundings } from './surroundings.ts';

export type Placer = {
  place: (message: DetectionMessage) => PlacedMessage;
  setCalibration: (camera: string, calibration: Calibration | undefined) => void;
  setAreas: (areas: readonly Area[]) => void;
  /** How a camera hangs, and where it may look. */
  setCamera: (id: string, camera: Camera | undefined) => void;
  setBuildings: (buildings: readonly Building[]) => void;
  /** Coverage rows that are not handed out yet: of new calibrations, changed areas, and cells seen at the very edge. */
  takeCoverage: () => CoverageRow[];
  /** Puts rows back that could not be written. */
  returnCoverage: (rows: readonly CoverageRow[]) => void;
};

type Sight = {
  calibration: Calibration;
  project: (x: number, y: number) => GroundPoint | undefined;
  outlook: Outlook;
  /** Cells that were told, and as what. */
  covered: Map<string, CellSight>;
};

const NO_PLACE = { lon: Number.NaN, lat: Number.NaN, covEe: Number.NaN, covEn: Number.NaN, covNn: Number.NaN };
const NO_CELL = { cells: [0n], weights: [WEIGHT_SUM] };
const WHOLE = [WEIGHT_SUM];
/** Cameras whose outlook is worked out anew at a time, some 30 ms each, when houses or how they hang changed. */
const RENEWED_AT_ONCE = 4;
/** Cells whose area is kept; a city of 1,000 cameras sees about 500,000. */
const CACHE_MAX = 1_000_000;

export function createPlacer(): Placer {
  /** By camera, the newest calibration first; more than one where a camera that turns was calibrated at several poses. */
  const sights = new Map<string, Sight[]>();
  const findCell = createCellFinder();
  let pending: CoverageRow[] = [];
  const surroundings = createSurroundings();
  /** Whose outlook is of other houses or another pole than there are now. */
  const outdated = new Set<Sight>();
  let areaPaths = areaPathsOf([]);
  /** Areas that came and are not indexed yet: an import of a thousand areas is indexed once. */
  let changedAreas: readonly Area[] | undefined;
  function cover({ calibration, covered, outlook }: Sight, cells: Iterable<string>): void {
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
    for (const sight of [...sights.values()].flat()) cover(sight, [...sight.covered.keys()]);
  }

  function renew(sight: Sight): void {
    outdated.delete(sight);
    const cells = [...sight.covered.keys()];
    sight.covered.clear();
    sight.outlook = outlookOf(sight.calibration, surroundings.of(sight.calibration.camera));
    cover(sight, cells);
  }

  function placeSighting(sighting: Sighting, sight: Sight | undefined, cameraPath: string): Placed {
    const [x, y, width, height] = sighting.box;
    const ground = sight?.project(x + width / 2, y + height);
    if (sight === undefined || ground === undefined) return { ...NO_PLACE, ...NO_CELL, areaPath: cameraPath };
    if (!sight.outlook.isWithin(ground.lon, ground.lat)) return { ...ground, ...NO_CELL, areaPath: cameraPath };
    const { lon, lat, covEe, covEn, covNn } = ground;
    const { index, numbers } = findCell(lon, lat);
    if (!sight.covered.has(index)) cover(sight, [index]);
    const areaPath = areaPaths.at(index, lon, lat) ?? cameraPath;
    return { lon, lat, covEe, covEn, covNn, cells: numbers, weights: WHOLE, areaPath };
  }

  /** A camera that was turned sees things, but not where its calibration says. */
  function sightOf({ camera, isViewMoved, calibrationVersion }: DetectionMessage): Sight | undefined {
    if (isViewMoved === true) return undefined;
    const own = sights.get(camera) ?? [];
    if (calibrationVersion === undefined) return own[0];
    return own.find(({ calibration }) => calibration.version === calibrationVersion);
  }

  return {
    place(message) {
      indexAreas();
      const sight = sightOf(message);
      const areaPath = message.areaPath.join('.');
      return {
        message,
        places: message.sightings.map((sighting) => placeSighting(sighting, sight, areaPath)),
        calibrationVersion: sight?.calibration.version ?? 0,
        areaPath,
      };
    },
    setCalibration(camera, calibration) {
      const all = calibration === undefined ? [] : [calibration, ...(calibration.others ?? [])];
      for (const former of sights.get(camera) ?? []) outdated.delete(former);
      const versions = new Set(all.map(({ version }) => version));
      pending = pending.filter((row) => row.camera !== camera || !versions.has(row.calibrationVersion));
      if (all.length === 0) {
        sights.delete(camera);
        return;
      }
      const own = all.map((one): Sight => {
        const placed = { ...one, camera };
        const outlook = outlookOf(placed, surroundings.of(camera));
        return { calibration: placed, project: groundProjector(placed), outlook, covered: new Map() };
      });
      sights.set(camera, own);
      for (const sight of own) cover(sight, sight.outlook.cells());
    },
    setAreas(areas) {
      changedAreas = areas;
    },
    setCamera(id, camera) {
      if (surroundings.setCamera(id, camera)) for (const sight of sights.get(id) ?? []) outdated.add(sight);
    },
    setBuildings(buildings) {
      surroundings.setBuildings(buildings);
      for (const sight of [...sights.values()].flat()) outdated.add(sight);
    },
    takeCoverage() {
      indexAreas();
      for (const sight of [...outdated].slice(0, RENEWED_AT_ONCE)) renew(sight);
      const rows = pending;
      pending = [];
      return rows;
    },
    returnCoverage(rows) {
      pending = [...rows, ...pending];
    },
  };
}

/** Area paths of places; a cell that no border runs through is asked for once. */
function areaPathsOf(areas: readonly Area[]) {
  const index = buildAreaIndex(areas);
  const tree = buildAreaTree(areas);
  const paths = new Map<string | null, string | undefined>([[null, undefined]]);
  for (const area of areas) paths.set(area.id, tree.pathOf(area.id).join('.'));
  const whole = new Map<string, string | undefined>();
  const divided = new Set<string>();

  function isDivided(cell: string): boolean {
    const boundary = cellToBoundary(cell);
    const [lats, lons] = [boundary.map(([lat]) => lat), boundary.map(([, lon]) => lon)];
    return index.isDivided(Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)) === true;
  }

  return {
    at(cell: string, lon: number, lat: number): string | undefined {
      if (areas.length === 0) return undefined;
      if (whole.has(cell)) return whole.get(cell);
      const path = paths.get(index.locate(lon, lat));
      if (divided.has(cell)) return path;
      if (whole.size + divided.size >= CACHE_MAX) {
        whole.clear();
        divided.clear();
      }
      if (isDivided(cell)) divided.add(cell);
      else whole.set(cell, path);
      return path;
    },
  };
}
