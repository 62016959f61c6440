import { describe, expect, it } from 'vitest';
import { toImage } from '#models/registry/homography.ts';
import { calibrationOf, SQUARE } from '#test/analytics/counting-site.ts';
import { type Actor, begins, engineOf, fired, looksOf, play, ruleOf, told } from './scene.ts';

const calibration = calibrationOf('gate');
const locate = toImage(calibration);
/** Metres east and north of the square's middle → the picture. */
const seenAt = (east: number, north: number) => locate(...SQUARE.toDegrees(east, north))!;
const ground = (...points: [number, number][]) => ({
  space: 'ground' as const,
  points: points.map(([east, north]) => [...SQUARE.toDegrees(east, north)]),
});

/** Drives north from 14 m at a pace that is known. */
const driving =
  (kmh: number): Actor['at'] =>
  (s) => {
    const north = 14 + (s * kmh) / 3.6;
    return north > 46 ? undefined : seenAt(0, north);
  };
const CAR = { kind: 'car', width: 0.03, height: 0.04 } as const;

describe('a speed', () => {
  it('is measured on the ground, and only what is surely faster counts', () => {
    const fast = fired({ type: 'speed', aboveKmh: 30 }, [{ ...CAR, at: driving(40) }], { toS: 3, calibration });
    expect(begins(fast)).toHaveLength(1);
    const { speedKmh, errorKmh, limit } = fast[0]!.values as Record<string, number>;
    expect(speedKmh).toBeCloseTo(40, 0);
    expect(speedKmh! - 2 * errorKmh!).toBeGreaterThan(limit!);
    expect(fired({ type: 'speed', aboveKmh: 39 }, [{ ...CAR, at: driving(40) }], { toS: 3, calibration })).toEqual([]);
  });

  it('is not told of who stands while the box trembles', () => {
    const at = (s: number) => {
      const [x, y] = seenAt(0, 25);
      return [x + 0.004 * Math.sin(s * 40), y + 0.004 * Math.cos(s * 33)] as const;
    };
    expect(fired({ type: 'speed', aboveKmh: 5 }, [{ ...CAR, at }], { toS: 20, calibration })).toEqual([]);
  });

  it('is never told of a camera without a calibration: the rule waits', () => {
    const engine = engineOf([ruleOf({ type: 'speed', aboveKmh: 5 })]);
    expect(engine.outcomeOf('r1')).toMatchObject({ state: 'waiting', reason: 'rule-uncalibrated' });
    expect(play(engine, looksOf([{ ...CAR, at: driving(40) }], { toS: 3, calibration }))).toEqual([]);
    engine.setCalibration('gate', calibration);
    expect(engine.outcomeOf('r1')).toEqual({ state: 'active' });
  });
});

it('a line on the ground is crossed forth from its left, seen along it', () => {
  const line = ground([-10, 25], [10, 25]);
  const north = fired({ type: 'line', line }, [{ ...CAR, at: driving(20) }], { toS: 4, calibration });
  // Its left, from west to east, is the north: who drives north comes from its right.
  expect(north.map(({ values }) => values)).toEqual([{ direction: -1 }]);
  expect(north[0]!.position!.errorM).toBeCloseTo(0.2, 2);
});

it('a zone on the ground keeps who is within, wherever the picture shows it', () => {
  const zone = ground([-2, 20], [2, 20], [2, 30], [-2, 30]);
  const firings = fired({ type: 'dwell', zone, overS: 1 }, [{ ...CAR, at: driving(18) }], { toS: 7, calibration });
  expect(told(firings)).toEqual(['begin 2.4', 'end 3.4']);
});

it('a crowd is counted per square metre of the ground that its zone covers', () => {
  const crowd = Array.from({ length: 12 }, (_, index) => ({
    at: () => seenAt(-1.5 + (index % 4), 21 + Math.floor(index / 4)),
    width: 0.01,
    height: 0.05,
  }));
  const zone = ground([-2, 20], [2, 20], [2, 24], [-2, 24]);
  const density = { type: 'density', zone, abovePerM2: 0.7, forS: 2 } as const;
  const firings = fired(density, crowd, { toS: 5, calibration });
  expect(told(firings)).toEqual(['begin 2.6']);
  expect(firings[0]!.values).toMatchObject({ count: 12, perM2: 0.75, limit: 0.7 });
  expect(firings[0]!.values.areaM2).toBeCloseTo(16, 1);
  expect(fired({ ...density, abovePerM2: 0.8 }, crowd, { toS: 5, calibration })).toEqual([]);
});
