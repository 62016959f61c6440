/** The city's map as GeoJSON: roads, houses and named places, for whoever draws it. */
import type { Feature, FeatureCollection, Position } from 'geojson';
import { isInPicture } from '../camera.ts';
import { type Point, toLonLat } from '../origin.ts';
import { toCity, toStage } from '../placement.ts';
import { between, randomStream } from '../random.ts';
import type { Rectangle } from '../stages/stage.ts';
import type { View } from '../view.ts';
import { COLUMNS, inFace, ROWS, roadLines } from './lattice.ts';

const WIDTH_M = { avenue: 30, street: 16, lane: 8 } as const;

const ROAD_NAMES: Readonly<Record<string, string>> = {
  'ns-1': '西环路 West Ring',
  'ns-2': '书院街 Academy Street',
  'ns-3': '彩虹街 Rainbow Street',
  'ns-4': '菜市街 Market Street',
  'ns-5': '人民大道 People’s Avenue',
  'ns-6': '渡口路 Ferry Road',
  'ns-7': '仓前街 Granary Street',
  'ns-8': '桃园街 Peach Street',
  'ns-9': '东环路 East Ring',
  'ew-1': '滨河路 Riverside Road',
  'ew-2': '柳巷 Willow Lane',
  'ew-3': '解放路 Liberation Road',
  'ew-4': '槐树街 Pagoda Tree Street',
  'ew-5': '学府路 School Hill Road',
  'ew-6': '北环路 North Ring',
};

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

export function roadMap(): FeatureCollection {
  return collection(
    roadLines().map(({ id, class: kind, points }) => ({
      type: 'Feature',
      properties: { id, name: ROAD_NAMES[id] ?? id, class: kind, widthM: WIDTH_M[kind] },
      geometry: { type: 'LineString', coordinates: points.map((point): Position => toLonLat(point)) },
    })),
  );
}

const polygon = (properties: Record<string, unknown>, corners: readonly Point[]): Feature => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: [[...corners, corners[0]!].map((point): Position => toLonLat(point))] },
});

function placed(view: View, [x0, y0, x1, y1]: Rectangle): Point[] {
  return (
    [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ] as const
  ).map((point) => toCity(view.stage.place, point));
}

/** What the cameras look at: squares, the school, the market, estates, the car park. */
export function placeMap(views: readonly View[]): FeatureCollection {
  return collection(
    views.flatMap((view) =>
      view.stage.places.map(({ kind, name, at }) => polygon({ kind, name, camera: view.id }, placed(view, at))),
    ),
  );
}

/** Houses farther from a view than this are not on its stage. */
const NEAR_M = 75;

/**
 * The houses of the stages near their cameras, and rows of slabs in all other grids. Stages lie close together: a house
 * that would stand in the picture of another camera, which does not show it, is left out.
 */
export function houseMap(views: readonly View[]): FeatureCollection {
  const own = views.flatMap((view) =>
    view.stage.buildings
      .filter(
        ({ at: [x0, y0, x1, y1] }) => Math.hypot((x0 + x1) / 2 - view.camera.x, (y0 + y1) / 2 - view.camera.y) < NEAR_M,
      )
      .map(({ at, heightM }) => ({ corners: placed(view, at), heightM }))
      .filter(({ corners }) => views.every((other) => other === view || !isBefore(other, corners)))
      .map(({ corners, heightM }) => polygon({ heightM }, corners)),
  );
  const eyes = views.map((view) => toCity(view.stage.place, [view.camera.x, view.camera.y + NEAR_M / 2]));
  const isFar = ([x, y]: Point) => eyes.every(([ex, ey]) => Math.hypot(x - ex, y - ey) > NEAR_M);
  const rows: Feature[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) rows.push(...slabsIn(column, row, isFar));
  }
  return collection([...own, ...rows]);
}

/** Whether a corner stands in the picture, near enough to be seen. */
function isBefore({ camera, stage }: View, corners: readonly Point[]): boolean {
  return corners.some((corner) => {
    const [x, y] = toStage(stage.place, corner);
    return isInPicture(camera, { x, y, z: 0 }, NEAR_M);
  });
}

/** Rows of long houses that look south, as estates are built. */
function slabsIn(column: number, row: number, isFar: (at: Point) => boolean): Feature[] {
  const random = randomStream(column * 31 + row, 'slabs');
  const out: Feature[] = [];
  for (let v = 0.14; v < 0.9; v += 0.2) {
    for (let u = 0.12; u < 0.85; u += 0.26) {
      const [long, deep] = [between(random, 0.18, 0.22), 0.09];
      const heightM = Math.round(between(random, 6, 18)) * 3;
      const corners = [
        inFace(column, row, u, v),
        inFace(column, row, u + long, v),
        inFace(column, row, u + long, v + deep),
        inFace(column, row, u, v + deep),
      ];
      if (corners.every(isFar)) out.push(polygon({ heightM }, corners));
    }
  }
  return out;
}
