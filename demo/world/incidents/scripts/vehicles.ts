/** Vehicles: too fast, too slow, against the way, standing; and jams, short waits and reversing that are none of it. */
import type { Actor, Incident, Waypoint } from '../incident.ts';
import { lineAcross, square } from '../shapes.ts';
import { makeIncident, type Scene, straight } from './make.ts';

const car = (path: readonly Waypoint[], more: Partial<Actor> = {}): Actor => ({
  kind: 'car',
  path: [...path],
  ...more,
});
const KMH = 1 / 3.6;
const LANE = 1.6;

export function speeds(scene: Scene): Incident[] {
  const { frame } = scene;
  const zone = square(frame, 'ground', { left: -5, right: 5, near: frame.nearM, far: frame.farM });
  const when = { type: 'speed', zone, aboveKmh: 30 } as const;
  const drive = (kmh: number) =>
    straight([LANE, frame.farM + 3], [LANE, frame.nearM - 1], { fromS: 1, speed: kmh * KMH });
  const fast = drive(45);
  // A second from where it comes into the zone: so long a speed is measured.
  const surelyS = fast[0]![0] + 3 / (45 * KMH) + 1;
  const reached = frame.farM + 3 - 45 * KMH * (surelyS - fast[0]![0]);
  const jam = Array.from({ length: 4 }, (_, index) =>
    car(straight([LANE, frame.farM + 6 * index], [LANE, frame.nearM + 6 * index - 9], { fromS: 0, speed: 4 * KMH }), {
      trembles: 0.001,
    }),
  );
  return [
    makeIncident(scene, {
      ...{
        id: 'speed',
        says: 'A car goes at forty-five where thirty is allowed',
        seconds: 8,
        when,
        actors: [car(fast)],
      },
      expected: [{ atS: surelyS, slackS: 1, spot: [LANE, reached] }],
    }),
    makeIncident(scene, {
      ...{ id: 'speed-allowed', says: 'A car goes at twenty-five', seconds: 10, when, expected: [] },
      actors: [car(drive(25))],
    }),
    makeIncident(scene, {
      ...{
        id: 'speed-jam',
        says: 'A jam creeps on, and its boxes tremble',
        seconds: 30,
        when,
        expected: [],
        actors: jam,
      },
    }),
  ];
}

export function wrongWays(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const zone = square(frame, 'ground', { left: -5, right: 5, near: frame.nearM, far: frame.farM });
  // Allowed is towards the camera.
  const when = { type: 'wrong-way', zone, headingDeg: (frame.bearingDeg + 180) % 360, distance: 6 } as const;
  const wrong = straight([-LANE, frame.nearM + 0.5], [-LANE, frame.farM], { fromS: 1, speed: 4 });
  const right = straight([LANE, frame.farM], [LANE, frame.nearM], { fromS: 1, speed: 6 });
  const reversing: Waypoint[] = [
    [1, LANE, middle + 6],
    [3, LANE, middle],
    [5, LANE, middle],
    [7, LANE, middle + 2.5],
    [10, LANE, middle + 2.5],
    [13, LANE, frame.nearM],
  ];
  return [
    makeIncident(scene, {
      ...{ id: 'wrong-way', says: 'A car drives away where all should come', seconds: 8, when, actors: [car(wrong)] },
      expected: [{ atS: 1 + 6 / 4 + 0.6, slackS: 2.5 }],
    }),
    makeIncident(scene, {
      ...{ id: 'right-way', says: 'A car comes as it should', seconds: 8, when, expected: [], actors: [car(right)] },
    }),
    makeIncident(scene, {
      ...{
        id: 'wrong-way-reverses',
        says: 'A car reverses for two metres',
        seconds: 16,
        when,
        expected: [],
        actors: [car(reversing)],
      },
    }),
  ];
}

export function stops(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const zone = square(frame, 'picture', { left: -5, right: 5, near: middle - 5, far: middle + 4 });
  const when = { type: 'stopped', zone, afterS: 20 } as const;
  const stop = (forS: number): Waypoint[] => [
    [1, LANE, frame.farM + 2],
    [4, LANE, middle],
    [4 + forS, LANE, middle],
    [8 + forS, LANE, frame.nearM],
  ];
  const spot = [LANE, middle] as const;
  const expected = [{ atS: 24, slackS: 4, spot }];
  return [
    makeIncident(scene, {
      ...{
        id: 'stopped',
        says: 'A car stands for forty seconds',
        seconds: 55,
        when,
        expected,
        actors: [car(stop(40))],
      },
    }),
    makeIncident(scene, {
      ...{
        id: 'stopped-hidden',
        says: 'A car stands, is hidden twice, and gets another track each time',
        seconds: 75,
        when,
        expected,
      },
      actors: [
        car(stop(60), {
          hidden: [
            [12, 18],
            [40, 47],
          ],
          isLostWhenHidden: true,
        }),
      ],
    }),
    makeIncident(scene, {
      ...{
        id: 'stopped-shortly',
        says: 'A car waits for ten seconds',
        seconds: 25,
        when,
        expected: [],
        actors: [car(stop(10))],
      },
    }),
    makeIncident(scene, {
      ...{ id: 'stopped-jam', says: 'A jam creeps on without standing', seconds: 40, when, expected: [] },
      actors: [0, 1].map((index) =>
        car(
          straight([LANE, frame.farM + 7 * index], [LANE, frame.nearM + 7 * index - 7], { fromS: 0, speed: 2 * KMH }),
        ),
      ),
    }),
  ];
}

/** A lorry over a line on the ground. */
export function lorries(scene: Scene): Incident[] {
  const { frame, middle } = scene;
  const line = lineAcross(frame, 'ground', { ahead: middle - 3, half: 6 });
  const path = straight([LANE, frame.farM + 2], [LANE, frame.nearM - 2], { fromS: 1, speed: 5 });
  const when = { type: 'line', line, direction: 'forth' } as const;
  const told = { when, seconds: 8, rule: { kinds: ['truck' as const] } };
  const atS = 1 + (frame.farM + 2 - (middle - 3)) / 5;
  return [
    makeIncident(scene, {
      ...told,
      id: 'line-truck',
      says: 'A lorry comes in',
      actors: [{ kind: 'truck', path }],
      expected: [{ atS, slackS: 2 }],
    }),
    makeIncident(scene, {
      ...told,
      id: 'line-truck-none',
      says: 'A car comes in where lorries count',
      actors: [{ kind: 'car', path }],
      expected: [],
    }),
  ];
}
