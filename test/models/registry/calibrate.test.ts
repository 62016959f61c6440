import { describe, expect, it } from 'vitest';
import { parseTsai, tsaiToGround } from '#demo/tsai.ts';
import { calibrate } from '#models/registry/calibrate.ts';
import { groundNet, seenGround } from '#models/registry/ground-net.ts';
import { groundProjector, missesOfPoints, toGround, toImage } from '#models/registry/homography.ts';
import { distort } from '#models/registry/lens.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import { bentBy, viewpointOf } from '#models/registry/viewpoint.ts';
import type { CalibrationInput, Lens, Viewpoint } from '#models/schema/calibration.ts';
import { pinholeAt } from './pinhole.ts';

const PLACE = { lon: 117.02, lat: 36.66 };
const plane = tangentPlane(PLACE.lon, PLACE.lat);
const asked = { camera: 'gate', version: 3, createdAtMs: 1, aspect: 16 / 9, position: PLACE };
const make = (input: CalibrationInput) => calibrate(input, asked).calibration;
const VIEW: Viewpoint = {
  ...{ ...PLACE, heightM: 8, headingDeg: 0, tiltDeg: 20, rollDeg: 0 },
  ...{ fieldOfViewDeg: 60, aspect: 16 / 9 },
};
const FRAME = { ...PLACE, headingDeg: 0, unitM: 1 };
const refusal = (input: CalibrationInput) => {
  try {
    make(input);
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
  throw new Error('it was taken');
};

/** Metres between two places. */
function apart(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const [e1, n1] = plane.toMetres(a.lon, a.lat);
  const [e2, n2] = plane.toMetres(b.lon, b.lat);
  return Math.hypot(e1 - e2, n1 - n2);
}

const SPOTS = [
  [0, 12],
  [-6, 18],
  [7, 25],
  [-12, 40],
  [10, 55],
] as const;

describe('a pose', () => {
  it('places points as a pinhole camera does that hangs so', () => {
    const calibration = make({ viewpoint: VIEW });
    expect(calibration).toMatchObject({ version: 3, method: 'pose', viewpoint: VIEW, residualM: 0 });
    for (const [east, north] of SPOTS) {
      const { x, y, lon, lat } = pinholeAt(plane, east, north);
      expect(apart(toGround(calibration, x, y)!, { lon, lat })).toBeLessThan(1e-6);
      const [seenX, seenY] = toImage(calibration)(lon, lat)!;
      expect(Math.hypot(seenX - x, seenY - y)).toBeLessThan(1e-9);
    }
  });

  it('turns with the heading and leans with the roll', () => {
    const east = make({ viewpoint: { ...VIEW, headingDeg: 90 } });
    const [lon, lat] = plane.toDegrees(20, 0);
    expect(toImage(east)(lon, lat)![0]).toBeCloseTo(0.5, 9);
    const leaning = make({ viewpoint: { ...VIEW, rollDeg: 10 } });
    // A camera that leans clockwise sees the horizon fall to the left.
    const [left, right] = [-8, 8].map((side) => toImage(leaning)(...plane.toDegrees(side, 30))![1]);
    expect(left).toBeGreaterThan(right!);
  });

  it('comes back out of a calibration by points, with place, height and angles', () => {
    const points = SPOTS.map(([east, north]) => pinholeAt(plane, east, north));
    const { homography, originLon, originLat } = make({ points });
    const { toDegrees } = tangentPlane(originLon, originLat);
    const found = viewpointOf(homography, { originLon, originLat, aspect: 16 / 9, toDegrees })!;
    expect(found.heightM).toBeCloseTo(8, 3);
    expect(found.tiltDeg).toBeCloseTo(20, 3);
    expect(Math.min(found.headingDeg, 360 - found.headingDeg)).toBeLessThan(1e-3);
    expect(found.rollDeg).toBeCloseTo(0, 3);
    expect(found.fieldOfViewDeg).toBeCloseTo(60, 3);
    expect(apart(found, PLACE)).toBeLessThan(0.01);
    const leaning = { ...VIEW, headingDeg: 215, tiltDeg: 33, rollDeg: -7, fieldOfViewDeg: 88, heightM: 5.5 };
    const again = make({ viewpoint: leaning });
    const back = viewpointOf(again.homography, {
      ...{ originLon: PLACE.lon, originLat: PLACE.lat },
      aspect: 16 / 9,
      toDegrees: plane.toDegrees,
    })!;
    for (const key of ['headingDeg', 'tiltDeg', 'rollDeg', 'fieldOfViewDeg', 'heightM'] as const)
      expect(back[key], key).toBeCloseTo(leaning[key], 6);
  });

  it('with the bend of its lens comes back out of what was made of it', () => {
    const bent = { ...VIEW, k1: -0.2, k2: 0.03 };
    const { homography, lens } = make({ viewpoint: bent });
    const asking = { originLon: PLACE.lon, originLat: PLACE.lat, aspect: 16 / 9, toDegrees: plane.toDegrees };
    const back = bentBy(viewpointOf(homography, asking)!, lens);
    expect(back.k1).toBeCloseTo(-0.2, 6);
    expect(back.k2).toBeCloseTo(0.03, 6);
  });

  it('with a bent lens places what is bent in the picture where it is, net and seen ground too', () => {
    const calibration = make({ viewpoint: { ...VIEW, k1: -0.25 } });
    for (const [east, north] of SPOTS) {
      const { x, y, lon, lat } = pinholeAt(plane, east, north);
      const [seenX, seenY] = distort(calibration.lens!, x, y)!;
      expect(Math.hypot(seenX - x, seenY - y)).toBeGreaterThan(1e-4);
      expect(apart(toGround(calibration, seenX, seenY)!, { lon, lat })).toBeLessThan(1e-4);
    }
    expect(Math.max(...missesOfPoints(calibration).misses)).toBeLessThan(1e-6);
    expect(groundNet(calibration).net.length).toBeGreaterThan(5);
    expect(seenGround(calibration).length).toBeGreaterThan(20);
  });

  it('says how unsure it is: farther off by more, and by what angles that are half a degree off make of it', () => {
    const calibration = make({ viewpoint: VIEW });
    const tilted = make({ viewpoint: { ...VIEW, tiltDeg: 20.5 } });
    for (const northM of [15, 45]) {
      const { x, y } = pinholeAt(plane, 0, northM);
      const sure = groundProjector(calibration)(x, y, { xx: 0, xy: 0, yy: 0 })!;
      const movedM = apart(sure, toGround(tilted, x, y)!);
      // Height, field of view and place add to it.
      expect(Math.sqrt(sure.covNn)).toBeGreaterThan(movedM * 0.9);
      expect(Math.sqrt(sure.covNn)).toBeLessThan(movedM * 2 + 1);
    }
  });

  it('that sees no ground is refused in words', () => {
    expect(refusal({ viewpoint: { ...VIEW, tiltDeg: -25 } })).toMatch(
      /calibration-unfit: by this the camera sees no ground/,
    );
  });
});

describe('points of a bent picture', () => {
  const lens: Lens = { ...{ fx: 0.866, fy: 1.54, cx: 0.5, cy: 0.5 }, ...{ k1: -0.22, k2: 0, p1: 0, p2: 0, k3: 0 } };
  const spots = [
    [-5, 9],
    [5, 9],
    [0, 13],
    [-9, 18],
    [9, 18],
    [-15, 32],
    [14, 30],
    [0, 26],
    [-4, 45],
    [10, 50],
  ] as const;
  const bent = spots.map(([east, north]) => {
    const point = pinholeAt(plane, east, north);
    const [x, y] = distort(lens, point.x, point.y)!;
    return { ...point, x, y };
  });

  it('show the bend where there are eight or more, and are placed closer with it', () => {
    const calibration = make({ points: bent });
    expect(calibration.lens?.k1).toBeLessThan(-0.05);
    const missed = (from: typeof calibration) => {
      const point = pinholeAt(plane, 6, 22);
      const [x, y] = distort(lens, point.x, point.y)!;
      return apart(toGround(from, x, y)!, point);
    };
    const plain = make({ points: bent.slice(0, 7) });
    expect(plain.lens).toBeUndefined();
    expect(missed(calibration)).toBeLessThan(0.15);
    expect(missed(calibration)).toBeLessThan(missed(plain));
    expect(calibration.points).toEqual(bent);
  });

  it('that lie as a plain lens has them, but for the error of a click, get no bend', () => {
    const points = spots.map(([east, north], index) => {
      const point = pinholeAt(plane, east, north);
      return { ...point, x: point.x + 0.001 * Math.sin(index * 7), y: point.y + 0.001 * Math.cos(index * 11) };
    });
    expect(make({ points }).lens).toBeUndefined();
  });
});

describe('a calibration from elsewhere', () => {
  const turn = (() => {
    // World x east, y north, z up; the camera of pinhole.ts looks north and 20° down.
    const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];
    return [1, 0, 0, 0, -sin, -cos, 0, cos, -sin];
  })();
  const shift = [0, 1, 2].map((row) => -turn[row * 3 + 2]! * 8);
  const focalPx = (1920 * 0.5) / Math.tan(Math.PI / 6);
  const matrix = [focalPx, 0, 960, 0, focalPx, 540, 0, 0, 1];
  const yaml = (more: Partial<Record<'matrix' | 'turn' | 'dist', string>> = {}) => `%YAML:1.0
---
image_width: 1920
image_height: 1080
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: ${more.matrix ?? `[ ${matrix.join(', ')} ]`}
distortion_coefficients: !!opencv-matrix
   rows: 1
   cols: 5
   dt: d
   data: ${more.dist ?? '[ 0., 0., 0., 0., 0. ]'}
R: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: ${more.turn ?? `[ ${turn.join(', ')} ]`}
tvec: [ ${shift.join(', ')} ]
`;
  const opencv = (text: string, frame = FRAME): CalibrationInput => ({ import: { format: 'opencv', text, frame } });

  it('of OpenCV places as it says, in YAML and in JSON, by a turn or by its vector', () => {
    const angle = Math.acos((turn[0]! + turn[4]! + turn[8]! - 1) / 2);
    const rvec = [turn[7]! - turn[5]!, turn[2]! - turn[6]!, turn[3]! - turn[1]!].map(
      (value) => (value * angle) / (2 * Math.sin(angle)),
    );
    const json = JSON.stringify({
      K: [matrix.slice(0, 3), matrix.slice(3, 6), matrix.slice(6)],
      image_size: [1920, 1080],
      rvec,
      tvec: shift.map((value) => [value]),
    });
    for (const text of [yaml(), json]) {
      const calibration = make(opencv(text));
      expect(calibration.method).toBe('imported');
      for (const [east, north] of SPOTS) {
        const { x, y, lon, lat } = pinholeAt(plane, east, north);
        expect(apart(toGround(calibration, x, y)!, { lon, lat })).toBeLessThan(1e-6);
      }
    }
  });

  it('is turned and scaled by its declared frame', () => {
    const calibration = make(opencv(yaml(), { ...FRAME, headingDeg: 90, unitM: 0.5 }));
    const { x, y } = pinholeAt(plane, 0, 20);
    const [east, north] = plane.toMetres(
      ...(Object.values(toGround(calibration, x, y)!).slice(0, 2) as [number, number]),
    );
    expect([east, north].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([10, 0]);
  });

  it('is refused with what is wrong with it, and with a cure where one is known', () => {
    const swapped = turn.map((value, index) => (index % 3 === 2 ? -value : value));
    expect(refusal({ import: { format: 'opencv', text: yaml() } })).toMatch(
      /does not say where on earth its frame lies/,
    );
    expect(refusal(opencv('just words'))).toMatch(/holds no names/);
    expect(refusal(opencv('{"a": ['))).toMatch(/no YAML or JSON/);
    expect(refusal(opencv(yaml({ matrix: '[1, 2]' })))).toMatch(
      /matrix \(camera_matrix, .* holds 2 values, 9 numbers are expected/,
    );
    expect(refusal(opencv(yaml({ turn: '[1, 0, 0, 0, 1, 0, 0, 0, 2]' })))).toMatch(/the rotation is none/);
    expect(refusal(opencv(yaml({ turn: `[${swapped.join(',')}]` })))).toMatch(/below the ground/);
    expect(refusal(opencv(yaml({ dist: '[0.1, 0, 0, 0, 0, 0.2, 0.1, 0.1]' })))).toMatch(/first five are known here/);
    expect(refusal({ import: { format: 'json', text: '[]' } })).toMatch(/calibration-unfit/);
    expect(refusal({ import: { format: 'json', text: '{"viewpoint":{"lon":1}}' } })).toMatch(/viewpoint is not valid/);
    expect(refusal({ import: { format: 'tsai', text: '<xml/>', frame: FRAME } })).toMatch(/has no number "width"/);
  });

  it('of Tsai places as Tsai’s own equations do, bent lens included', () => {
    const xml = `<Camera><Geometry width="768" height="576" dpx="0.0048" dpy="0.0048"/>
      <Intrinsic focal="5.55" kappa1="0.0051" cx="366.5" cy="305.8" sx="1.0"/>
      <Extrinsic tx="-14.1" ty="-161.9" tz="21561.5" rx="1.9" ry="0.8" rz="0.1"/></Camera>`;
    const camera = parseTsai(xml);
    const frame = { ...PLACE, headingDeg: 0, unitM: 0.001 };
    const calibration = make({ import: { format: 'tsai', text: xml, frame } });
    expect(calibration.lens?.k1).toBeLessThan(-0.05);
    let worstM = 0;
    for (const [x, y] of [
      [0.5, 0.6],
      [0.2, 0.8],
      [0.8, 0.7],
      [0.95, 0.95],
      [0.05, 0.9],
    ] as const) {
      const place = toGround(calibration, x, y);
      const { xM, yM } = tsaiToGround(camera, x, y);
      if (place === undefined) continue;
      const [lon, lat] = plane.toDegrees(xM, yM);
      worstM = Math.max(worstM, apart(place, { lon, lat }));
    }
    expect(worstM).toBeGreaterThan(0);
    expect(worstM).toBeLessThan(0.1);
  });

  it('of our own is taken as it was told, so that it can be carried to another site', () => {
    const first = make({ viewpoint: { ...VIEW, k1: -0.2 } });
    const again = make({ import: { format: 'json', text: JSON.stringify({ ...first, viewpoint: undefined }) } });
    expect(again).toMatchObject({ homography: first.homography, lens: first.lens, method: 'imported' });
    const byPoints = make({
      import: { format: 'json', text: JSON.stringify({ points: SPOTS.map(([e, n]) => pinholeAt(plane, e, n)) }) },
    });
    expect(byPoints.method).toBe('points');
  });
});

describe('the grade of a calibration', () => {
  it('is by the error at 30 m, which is told at 10, 30 and 60 m and grows', () => {
    const { calibration, graded } = calibrate({ viewpoint: { ...VIEW, tiltDeg: 24 } }, asked);
    expect(graded.errors.map(({ distanceM }) => distanceM)).toEqual([10, 30, 60]);
    const [near, middle, far] = graded.errors.map(({ errorM }) => errorM) as [number, number, number];
    expect(near).toBeLessThan(middle);
    expect(middle).toBeLessThan(far);
    const expected = middle <= 0.5 ? 'A' : middle <= 1 ? 'B' : middle <= 2 ? 'C' : 'D';
    expect(graded.grade).toBe(expected);
    expect(calibration).toMatchObject({ grade: expected, errors: graded.errors });
    const [, ellipse] = graded.ellipses;
    const reach = Math.max(
      ...ellipse!.ring.map(([lon, lat]) => apart({ lon, lat }, { lon: PLACE.lon, lat: plane.toDegrees(0, 30)[1] })),
    );
    expect(reach).toBeCloseTo(middle * Math.sqrt(4.605), 0);
  });

  it('is better for a camera that hangs higher, and stands at the near end where little is seen', () => {
    const points = (heightM: number) => make({ viewpoint: { ...VIEW, heightM, tiltDeg: 25 } }).points;
    const errorAt30 = (heightM: number) =>
      calibrate({ points: points(heightM) }, asked).graded.errors.find(({ distanceM }) => distanceM === 30)!.errorM;
    expect(errorAt30(12)).toBeLessThan(errorAt30(5));
    const steep = calibrate({ viewpoint: { ...VIEW, heightM: 4, tiltDeg: 85, fieldOfViewDeg: 50 } }, asked);
    expect(steep.graded.errors).toEqual([]);
    expect(['A', 'B']).toContain(steep.graded.grade);
  });
});
