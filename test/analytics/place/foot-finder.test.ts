import { describe, expect, it } from 'vitest';
import { type FootFinder, footFinder, type Seen, sightsOf } from '#analytics/place/foot-finder.ts';
import { solveCalibration } from '#models/registry/homography.ts';
import { tangentPlane } from '#models/registry/tangent-plane.ts';
import type { Kind } from '#models/schema/kind.ts';
import { pinholeAt } from '#test/models/registry/pinhole.ts';

const plane = tangentPlane(117.0009, 36.6758);
const ground = [
  [-3, 12],
  [4, 12],
  [-10, 40],
  [12, 45],
] as const;
const points = ground.map(([east, north]) => pinholeAt(plane, east, north));
const calibration = solveCalibration({ camera: 'gate-3', version: 1, points, createdAtMs: 1 });
const own = tangentPlane(calibration.originLon, calibration.originLat);
const find: FootFinder = footFinder(calibration);

/** Somebody as high as the prior says. */
function personAt(east: number, north: number): Seen {
  const [head, foot] = [pinholeAt(plane, east, north, 1.7), pinholeAt(plane, east, north)];
  const height = foot.y - head.y;
  return { kind: 'person', score: 0.9, box: [foot.x - height / 10, head.y, height / 5, height] };
}

function metres({ eastM, northM }: { eastM: number; northM: number }): [east: number, north: number] {
  return plane.toMetres(...own.toDegrees(eastM, northM));
}

const errorOf = ({ ee, en, nn }: { ee: number; en: number; nn: number }) =>
  Math.sqrt((ee + nn) / 2 + Math.hypot((ee - nn) / 2, en));

describe('the place of a box', () => {
  it('is under its foot, and of a person the same by the head', () => {
    for (const [east, north] of [
      [0, 15],
      [3, 25],
      [-6, 40],
    ] as const) {
      const seen = personAt(east, north);
      const byFoot = find(seen, 'clear')!;
      const byHead = find(seen, 'cut')!;
      expect([byFoot.placedBy, byHead.placedBy]).toEqual(['foot', 'head']);
      for (const at of [byFoot, byHead]) {
        const [foundEast, foundNorth] = metres(at);
        expect(Math.hypot(foundEast - east, foundNorth - north)).toBeLessThan(0.3);
      }
      expect(errorOf(byHead)).toBeGreaterThan(errorOf(byFoot));
    }
  });

  it('stays where the person is when the picture cuts off the legs, and says that the head told it', () => {
    const seen = personAt(0.5, 11);
    const [x, y, width, height] = seen.box;
    const cut = { ...seen, box: [x, y, width, height * 0.5] as Seen['box'] };
    const [east, north] = metres(find(cut, 'cut')!);
    expect(Math.hypot(east - 0.5, north - 11)).toBeLessThan(0.2);
    expect(metres(find(cut, 'clear')!)[1]).toBeGreaterThan(12);
  });

  it('is vaguer the farther away, the weaker the score, and where the foot is hidden', () => {
    const errors = Array.from({ length: 20 }, (_, step) => errorOf(find(personAt(1, 12 + 2 * step), 'clear')!));
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    const seen = personAt(0, 20);
    expect(errorOf(find({ ...seen, score: 0.4 }, 'clear')!)).toBeGreaterThan(errorOf(find(seen, 'clear')!) * 1.3);
    expect(errorOf(find(seen, 'covered')!)).toBeGreaterThan(errorOf(find(seen, 'clear')!));
  });

  it('of a long thing is its middle: the farther behind its near edge, the more it is turned to us', () => {
    const foot = pinholeAt(plane, 0, 25);
    const behind = (kind: Kind, acrossM: number) => {
      const edge = pinholeAt(plane, acrossM, 25);
      const width = edge.x - foot.x;
      const stand = find({ kind, score: 0.9, box: [0.5 - width / 2, foot.y - 0.2, width, 0.2] }, 'clear')!;
      return metres(stand)[1] - 25;
    };
    expect(behind('bus', 2.6)).toBeGreaterThan(4);
    expect(behind('bus', 12)).toBeLessThan(2.5);
    expect(behind('car', 1.9)).toBeGreaterThan(1.2);
    expect(behind('person', 0.5)).toBeLessThan(0.2);
  });

  it('of a long thing is vaguer across the nearer it is, because a box does not say which end is the near one', () => {
    const acrossM = (north: number) => {
      const [foot, edge] = [pinholeAt(plane, 0, north), pinholeAt(plane, 8, north)];
      const width = edge.x - foot.x;
      return Math.sqrt(
        find({ kind: 'bus', score: 0.95, box: [0.5 - width / 2, foot.y - 0.1, width, 0.1] }, 'clear')!.ee,
      );
    };
    expect(acrossM(14)).toBeGreaterThan(0.5);
    expect(acrossM(14)).toBeGreaterThan(acrossM(30) * 1.3);
  });

  it('of a car that the picture cuts off is nearer than its box says, and vague', () => {
    const foot = pinholeAt(plane, 0, 15);
    const car = { kind: 'car', score: 0.9, box: [0.45, foot.y - 0.2, 0.1, 0.2] } as const satisfies Seen;
    const [whole, cut] = [find({ ...car, box: [...car.box] }, 'clear')!, find({ ...car, box: [...car.box] }, 'cut')!];
    expect(metres(cut)[1]).toBeLessThan(metres(whole)[1] - 0.2);
    expect(errorOf(cut)).toBeGreaterThan(errorOf(whole));
  });

  it('of a bicycle in a row is nearer than where its box ends, and vaguer than that of one alone', () => {
    const foot = pinholeAt(plane, 0, 25);
    const bicycle: Seen = { kind: 'bicycle', score: 0.9, box: [0.45, foot.y - 0.06, 0.06, 0.06] };
    const [alone, among] = [find(bicycle, 'clear')!, find(bicycle, 'row')!];
    expect(metres(among)[1]).toBeLessThan(metres(alone)[1]);
    expect(errorOf(among)).toBeGreaterThan(errorOf(alone) * 1.5);
  });

  it('weighs head and foot where something covers the foot, and is vaguer where they disagree', () => {
    const seen = personAt(0, 20);
    const [x, y, width, height] = seen.box;
    const agreed = find(seen, 'covered')!;
    const cutShort = find({ ...seen, box: [x, y, width, height * 0.6] }, 'covered')!;
    expect(agreed.placedBy).toBe('head');
    expect(errorOf(cutShort)).toBeGreaterThan(errorOf(agreed) * 1.5);
    const [, north] = metres(cutShort);
    expect(north).toBeGreaterThan(20.5);
    expect(north).toBeLessThan(metres(find({ ...seen, box: [x, y, width, height * 0.6] }, 'clear')!)[1]);
  });

  it('is nowhere above the horizon', () => {
    expect(find({ kind: 'car', score: 0.9, box: [0.4, -0.2, 0.1, 0.05] }, 'clear')).toBeUndefined();
  });
});

describe('what hides a foot', () => {
  it('is the lower edge of the picture, or a nearer box over most of its width', () => {
    const behind: Seen['box'] = [0.4, 0.3, 0.1, 0.3];
    const boxes: Seen['box'][] = [
      behind,
      [0.38, 0.5, 0.14, 0.3],
      [0.7, 0.5, 0.1, 0.495],
      [0.1, 0.3, 0.1, 0.3],
      [0.17, 0.5, 0.1, 0.3],
    ];
    expect(sightsOf(boxes.map((box) => ({ kind: 'person', box })))).toEqual([
      'covered',
      'clear',
      'cut',
      'clear',
      'clear',
    ]);
  });

  it('is the row that a two-wheeler stands in, not the person who rides it', () => {
    const [first, second, apart]: Seen['box'][] = [
      [0.4, 0.3, 0.1, 0.1],
      [0.44, 0.29, 0.1, 0.1],
      [0.7, 0.3, 0.1, 0.1],
    ];
    const seen = [
      { kind: 'bicycle', box: first! },
      { kind: 'motorcycle', box: second! },
      { kind: 'bicycle', box: apart! },
      { kind: 'person', box: apart! },
    ] as const;
    expect(sightsOf(seen)).toEqual(['row', 'row', 'clear', 'clear']);
  });
});
