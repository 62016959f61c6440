/** The seam between the demo and where its pictures come from: the city's rendered clips, else footage beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Area } from '#models/schema/area.ts';
import type { CalibrationPoint } from '#models/schema/calibration.ts';
import { demoAreas, gridCentre, gridId } from './division.ts';
import { calibrationOfPose, placeAt } from './pose.ts';
import { parseTsai, tsaiToGround } from './tsai.ts';
import { calibrationOf } from './world/calibration.ts';
import { toCity } from './world/placement.ts';
import { cityAreas } from './world/plan/areas.ts';
import { gridAt } from './world/plan/grid-at.ts';
import { groundAt, stageLonLat } from './world/sight.ts';
import { clipName } from './world/truth/clip-truth.ts';
import { CLIPS_DIR } from './world/truth/load.ts';
import type { VariantId, View } from './world/view.ts';
import { VIEWS } from './world/views.ts';

export type SceneCamera = {
  id: string;
  name: string;
  /** The clip that the camera plays, absolute; of a view of the city its main loop. */
  file: string;
  /** Of a view of the city: every loop that is there; `world/rhythm.ts` says which one plays when. */
  clips?: Partial<Record<VariantId, string>>;
  area: string;
  position: { lon: number; lat: number };
  calibration: CalibrationPoint[];
};

export type Scene = { shows: 'city' | 'footage'; areas: Area[]; cameras: SceneCamera[] };

type Spot = { column: number; row: number; eastM: number; northM: number };

/** Heights, tilts and lenses are guessed by eye from the pictures; only the campus has a published calibration. */
const POSES = [
  {
    id: 'junction',
    name: '解放路口 Liberation Junction',
    spot: { column: 0, row: 0, eastM: 10, northM: -50 },
    heightM: 7,
    tiltDeg: 10,
    bearingDeg: 350,
    horizontalFovDeg: 55,
    aspect: 640 / 360,
  },
  {
    id: 'suburb',
    name: '柳巷东口 Willow Lane East',
    spot: { column: 1, row: 1, eastM: -20, northM: -55 },
    heightM: 3.2,
    tiltDeg: 8,
    bearingDeg: 10,
    horizontalFovDeg: 58,
    aspect: 640 / 352,
  },
  {
    id: 'avenue',
    name: '滨河大道 Riverside Avenue',
    spot: { column: 3, row: 0, eastM: -30, northM: -50 },
    heightM: 5.5,
    tiltDeg: 12,
    bearingDeg: 20,
    horizontalFovDeg: 60,
    aspect: 1280 / 720,
  },
  {
    id: 'hall',
    name: '北园服务大厅 Service Hall',
    spot: { column: 2, row: 2, eastM: 0, northM: 0 },
    heightM: 2.6,
    tiltDeg: 32,
    bearingDeg: 90,
    horizontalFovDeg: 65,
    aspect: 768 / 432,
  },
] as const;

const placeOf = ({ column, row, eastM, northM }: Spot) => placeAt(gridCentre(column, row), eastM, northM);

/** Eight picture points of the campus (PETS 2009, view 1), spread over its ground. */
export const CAMPUS_POINTS = [
  [0.1, 0.45],
  [0.5, 0.32],
  [0.85, 0.35],
  [0.15, 0.7],
  [0.55, 0.6],
  [0.9, 0.65],
  [0.3, 0.92],
  [0.75, 0.95],
] as const;

function campusCamera(folder: string): SceneCamera {
  const model = parseTsai(readFileSync(resolve(folder, 'campus.calibration.xml'), 'utf8'));
  const origin = gridCentre(1, 2);
  const ground = (x: number, y: number) => {
    const { xM, yM } = tsaiToGround(model, x, y);
    return placeAt(origin, xM, yM);
  };
  return {
    id: 'campus',
    name: '书院广场 Academy Square',
    file: resolve(folder, 'campus.mp4'),
    area: gridId(1, 2),
    position: ground(0.5, 1),
    calibration: CAMPUS_POINTS.map(([x, y]) => ({ x, y, ...ground(x, y) })),
  };
}

export type SceneOptions = {
  /** Footage although the city has clips. */
  isFootage?: boolean;
  /** Folder of the city's clips. */
  clipsDir?: string;
};

/** The city where it has clips, else the footage below `materialDir`, or undefined where there is neither. */
export function findScene(
  materialDir: string,
  { isFootage = false, clipsDir = CLIPS_DIR }: SceneOptions = {},
): Scene | undefined {
  return (isFootage ? undefined : cityScene(clipsDir)) ?? footageScene(materialDir);
}

/** Every view whose main loop is there. */
function cityScene(clipsDir: string): Scene | undefined {
  const cameras = VIEWS.flatMap((view): SceneCamera[] => {
    const clips = clipsOf(view, clipsDir);
    if (clips.main === undefined) return [];
    const { id, name, camera } = view;
    const [lon, lat] = stageLonLat(view, [camera.x, camera.y]);
    return [
      {
        id,
        name,
        file: clips.main,
        clips,
        area: areaOf(view),
        position: { lon, lat },
        calibration: calibrationOf(view),
      },
    ];
  });
  return cameras.length === 0 ? undefined : { shows: 'city', areas: cityAreas(), cameras };
}

/** The grid that lies in the middle of the picture; the pole may stand across a border. */
function areaOf({ area, camera, stage }: View): string {
  const middle = groundAt(camera, stage, { x: 0.5, y: 0.6 });
  return (middle === undefined ? undefined : gridAt(toCity(stage.place, middle))) ?? area;
}

function clipsOf(view: View, clipsDir: string): Partial<Record<VariantId, string>> {
  const files = view.variants.map(({ id }) => [id, resolve(clipsDir, `${clipName(view.id, id)}.mp4`)] as const);
  return Object.fromEntries(files.filter(([, file]) => existsSync(file)));
}

function footageScene(materialDir: string): Scene | undefined {
  const folder = resolve(materialDir, 'footage');
  const cameras = POSES.filter((pose) => existsSync(resolve(folder, `${pose.id}.mp4`))).map((pose): SceneCamera => {
    const position = placeOf(pose.spot);
    return {
      id: pose.id,
      name: pose.name,
      file: resolve(folder, `${pose.id}.mp4`),
      area: gridId(pose.spot.column, pose.spot.row),
      position,
      calibration: calibrationOfPose({ ...pose, ...position }),
    };
  });
  if (existsSync(resolve(folder, 'campus.mp4')) && existsSync(resolve(folder, 'campus.calibration.xml')))
    cameras.push(campusCamera(folder));
  return cameras.length === 0 ? undefined : { shows: 'footage', areas: demoAreas(), cameras };
}
