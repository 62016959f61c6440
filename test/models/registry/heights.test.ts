import { describe, expect, it } from 'vitest';
import { PICTURE } from '#demo/world/camera.ts';
import { toLonLat } from '#demo/world/origin.ts';
import { toCity } from '#demo/world/placement.ts';
import { loadTruth } from '#demo/world/truth/load.ts';
import { VIEWS } from '#demo/world/views.ts';
import { calibrate } from '#models/registry/calibrate.ts';
import { checkHeights, type PersonBox } from '#models/registry/heights.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { checkWalk } from '#models/registry/walk.ts';
import type { Viewpoint } from '#models/schema/calibration.ts';
import type { Box } from '#models/schema/detection.ts';
import { pinholeAt } from './pinhole.ts';

const PLACE = { lon: 117.02, lat: 36.66 };
const plane = tangentPlane(PLACE.lon, PLACE.lat);
const asked = { camera: 'gate', version: 1, createdAtMs: 1, aspect: 16 / 9, position: PLACE };
/** That of pinhole.ts. */
const TRUE: Viewpoint = {
  ...{ ...PLACE, heightM: 8, headingDeg: 0, tiltDeg: 20, rollDeg: 0 },
  ...{ fieldOfViewDeg: 60, aspect: 16 / 9 },
};
const check = (view: Viewpoint, people: readonly PersonBox[]) =>
  checkHeights(calibrate({ viewpoint: view }, asked).calibration, people, { aspect: 16 / 9 });

/** The box of somebody who stands there, as the true camera sees it. */
function boxAt(east: number, north: number, heightM: number): Box {
  const [foot, head] = [pinholeAt(plane, east, north), pinholeAt(plane, east, north, heightM)];
  const width = (foot.y - head.y) * (9 / 16) * 0.4;
  return [foot.x - width / 2, head.y, width, foot.y - head.y];
}

/** Of many heights about the usual one, from 12 to 60 m away, and one who sits in each place. */
const people: PersonBox[] = Array.from({ length: 40 }, (_, index) => {
  const north = 13 + index * 1.2;
  const east = ((index % 5) - 2) * north * 0.08;
  const [standing, track] = [boxAt(east, north, 1.7 + 0.15 * Math.sin(index * 2.4)), `walker${index}`];
  const [x, y, width, height] = standing;
  return [
    { track, box: standing },
    { track, box: [x - width, y + height / 2, width * 3, height / 2] as Box },
  ];
}).flat();

describe('the heights of people', () => {
  it('are right near and far by a calibration that is right', () => {
    const checked = check(TRUE, people);
    expect(checked).toMatchObject({ verdict: 'good', samples: 40, tracks: 40 });
    expect(checked.medianM).toBeCloseTo(1.7, 1);
    expect(Math.abs(checked.change!)).toBeLessThan(0.05);
    expect(checked.bins.length).toBeGreaterThanOrEqual(4);
    expect(checked.suggestion).toBeUndefined();
  });

  it('change with the distance by a tilt that is off, and say by how much to turn it back', () => {
    const checked = check({ ...TRUE, tiltDeg: 22.5 }, people);
    expect(checked.verdict).not.toBe('good');
    expect(Math.abs(checked.change!)).toBeGreaterThan(0.08);
    expect(checked.suggestion?.tiltDeg).toBeGreaterThan(-3.6);
    expect(checked.suggestion?.tiltDeg).toBeLessThan(-1.4);
  });

  it('are all wrong by the same by a height of the camera that is off', () => {
    const checked = check({ ...TRUE, heightM: 6 }, people);
    expect(checked.verdict).toBe('scale');
    expect(checked.medianM).toBeCloseTo(1.7 * (6 / 8), 1);
    expect(checked.suggestion?.heightM).toBeCloseTo(2, 0);
    expect(Math.abs(checked.suggestion!.tiltDeg)).toBeLessThanOrEqual(0.75);
  });

  it('are not judged by few people, nor by people who all stand equally far away', () => {
    expect(check(TRUE, people.slice(0, 20)).verdict).toBe('too-few');
    const crowd = Array.from({ length: 60 }, (_, index) => ({
      track: `crowd${index % 10}`,
      box: boxAt((index % 9) - 4, 30 + (index % 3), 1.7),
    }));
    expect(check(TRUE, crowd).verdict).toBe('too-near');
  });
});

/** The cameras of the city in the box, by what their pictures hold in truth, with their real pose or one that is 2° off. */
describe('in the city', () => {
  const views = VIEWS.filter(({ id }) => ['crossing', 'shops', 'market', 'square'].includes(id));
  it.each(views.map((view) => [view.id, view] as const))(
    'people tell a right pose of %s from a wrong one',
    (_, view) => {
      const { camera, stage } = view;
      const [lon, lat] = toLonLat(toCity(stage.place, [camera.x, camera.y]));
      const real: Viewpoint = {
        ...{ lon, lat, heightM: camera.heightM, tiltDeg: camera.pitchDeg, rollDeg: 0 },
        headingDeg: (stage.place.bearingDeg + camera.yawDeg + 720) % 360,
        fieldOfViewDeg: (2 * Math.atan(PICTURE.widthPx / 2 / camera.focalPx) * 180) / Math.PI,
        ...{ aspect: 16 / 9, k1: camera.k1, k2: camera.k2 },
      };
      const seen = loadTruth(view, 'main')
        .frames.filter((_frame, index) => index % 15 === 0)
        .flatMap((agents) =>
          agents.filter(({ kind, part, visible }) => kind === 'person' && part === 'whole' && visible > 0.9),
        )
        .map(({ id, box }) => ({ track: String(id), box }));
      expect(check(real, seen).verdict).toBe('good');
      const wrong = check({ ...real, tiltDeg: real.tiltDeg + 2 }, seen);
      expect(wrong.verdict).not.toBe('good');
      expect(wrong.suggestion?.tiltDeg).toBeLessThan(-1);
      expect(wrong.suggestion?.tiltDeg).toBeGreaterThan(-3.1);
    },
  );
});

describe('a walk along a known path', () => {
  const path = [plane.toDegrees(-3, 15), plane.toDegrees(0, 30), plane.toDegrees(6, 40)];
  const walk = Array.from({ length: 41 }, (_, index) => {
    const share = index / 20;
    const [east, north] = share < 1 ? [-3 + 3 * share, 15 + 15 * share] : [6 * (share - 1), 30 + 10 * (share - 1)];
    return { track: 'walker', box: boxAt(east, north, 1.7), atMs: 1000 + index * 200 };
  });
  const standing = walk.map(({ atMs }) => ({ track: 'stander', box: boxAt(8, 20, 1.7), atMs }));
  const checkBy = (view: Viewpoint, track?: string) =>
    checkWalk(calibrate({ viewpoint: view }, asked).calibration, [...walk, ...standing], { path, track });

  it('is found among who else was there, and lies on the path by a calibration that is right', () => {
    const checked = checkBy(TRUE);
    expect(checked.tracks).toHaveLength(1);
    expect(checked.track).toBe('walker');
    expect(checked.points).toHaveLength(41);
    expect(checked.worstM).toBeLessThan(0.05);
  });

  it('lies beside it by as many metres as the calibration is off', () => {
    const [lon, lat] = plane.toDegrees(2, 0);
    const checked = checkBy({ ...TRUE, lon, lat });
    expect(checked.medianM).toBeGreaterThan(1.5);
    expect(checked.worstM).toBeLessThan(2.1);
  });

  it('is that of the track that is named, and of nobody where there is none of that name', () => {
    expect(checkBy(TRUE, 'stander')).toMatchObject({ track: 'stander' });
    expect(checkBy(TRUE, 'nobody')).toMatchObject({ track: null, points: [], medianM: null });
  });
});
