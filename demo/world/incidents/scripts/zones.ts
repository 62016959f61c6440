/** Zones: who comes in, leaves, stays, or is there at a forbidden time; who only passes or stands beside. */
import type { Actor, Incident, Waypoint } from '../incident.ts';
import { type Space, square } from '../shapes.ts';
import { makeIncident, type Scene, straight, walker } from './make.ts';

const WALK = 1.3;
const HALF = 2.5;

const zoneOf = ({ frame, middle }: Scene, space: Space) =>
  square(frame, space, { left: -HALF, right: HALF, near: middle - HALF, far: middle + HALF });

/** In from the left, for so long at the middle, and out to the right. */
function visit({ middle }: Scene, staysS: number): { path: Waypoint[]; inS: number; outS: number } {
  const ahead = middle + 0.4;
  const reachS = 5.5 / WALK;
  const [atS, leavesS] = [1 + reachS, 1 + reachS + staysS];
  return {
    path: [
      [1, -5.5, ahead],
      [atS, 0, ahead],
      [leavesS, 0, ahead],
      [leavesS + reachS, 5.5, ahead],
    ],
    inS: 1 + (5.5 - HALF) / WALK,
    outS: leavesS + HALF / WALK,
  };
}

export function visits(scene: Scene, space: Space): Incident[] {
  const zone = zoneOf(scene, space);
  const { path, inS, outS } = visit(scene, 4);
  const { middle } = scene;
  const seconds = Math.ceil(path.at(-1)![0]) + 3;
  const actors = [walker(path)];
  const beside = [
    walker(
      [
        [0, HALF + 1.2, middle],
        [seconds, HALF + 1.2, middle],
      ],
      { trembles: 0.0015 },
    ),
  ];
  return [
    makeIncident(scene, {
      ...{
        id: `entry-${space}`,
        says: 'Somebody comes in',
        seconds,
        actors,
        when: { type: 'zone', zone, event: 'entry' },
      },
      expected: [{ atS: inS, slackS: 1.5, spot: [-HALF, middle + 0.4] }],
    }),
    makeIncident(scene, {
      ...{ id: `exit-${space}`, says: 'Somebody leaves', seconds, actors, when: { type: 'zone', zone, event: 'exit' } },
      expected: [{ atS: outS, slackS: 1.5, spot: [HALF, middle + 0.4] }],
    }),
    makeIncident(scene, {
      ...{
        id: `entry-beside-${space}`,
        says: 'Somebody stands beside the zone',
        seconds,
        actors: beside,
        expected: [],
      },
      when: { type: 'zone', zone, event: 'entry' },
    }),
  ];
}

export function stays(scene: Scene): Incident[] {
  const zone = zoneOf(scene, 'picture');
  const [long, short] = [visit(scene, 24), visit(scene, 6)];
  const when = { type: 'dwell', zone, overS: 15 } as const;
  const secondsOf = (path: readonly Waypoint[]) => Math.ceil(path.at(-1)![0]) + 3;
  const spot = [0, scene.middle + 0.4] as const;
  return [
    makeIncident(scene, {
      ...{
        id: 'dwell',
        says: 'Somebody stays for longer than a quarter of a minute',
        seconds: secondsOf(long.path),
        when,
      },
      actors: [walker(long.path)],
      expected: [{ atS: long.inS + 15, slackS: 2, spot }],
    }),
    makeIncident(scene, {
      ...{
        id: 'dwell-hidden',
        says: 'Somebody stays, and is hidden and found again meanwhile',
        seconds: secondsOf(long.path),
        when,
      },
      actors: [walker(long.path, { hidden: [[10, 14]], isLostWhenHidden: true })],
      expected: [{ atS: long.inS + 15, slackS: 2, spot }],
    }),
    makeIncident(scene, {
      ...{
        id: 'dwell-passes',
        says: 'Somebody passes through in twelve seconds',
        seconds: secondsOf(short.path),
        when,
      },
      actors: [walker(short.path)],
      expected: [],
    }),
    makeIncident(scene, {
      ...{
        id: 'dwell-others',
        says: 'Three pass one after the other, never one for long',
        seconds: secondsOf(short.path) + 24,
        when,
      },
      actors: [0, 12, 24].map(
        (laterS): Actor => walker(short.path.map(([s, ...at]) => [s + laterS, ...at] as Waypoint)),
      ),
      expected: [],
    }),
  ];
}

/** By night nobody may be there; by day anybody. */
export function forbidden(scene: Scene): Incident[] {
  const when = { type: 'zone', zone: zoneOf(scene, 'picture'), event: 'presence', overS: 2 } as const;
  const { path, inS } = visit(scene, 8);
  const seconds = Math.ceil(path.at(-1)![0]) + 3;
  const rule = { schedule: { zone: 'Asia/Shanghai', spans: [{ from: '22:00', to: '05:00' }] } };
  const told = { when, rule, seconds, actors: [walker(path)] };
  const atNight = { beginsAt: '2026-11-11T01:12:00+08:00', says: 'Somebody is there at one in the night' };
  const atDay = { beginsAt: '2026-11-11T13:12:00+08:00', says: 'Somebody is there at one by day' };
  return [
    makeIncident(scene, { ...told, ...atNight, id: 'forbidden', expected: [{ atS: inS + 2, slackS: 2 }] }),
    makeIncident(scene, { ...told, ...atDay, id: 'allowed', expected: [] }),
  ];
}

/** Over one line to the left, then into the zone: within the time, or long after. */
export function sequences(scene: Scene): Incident[] {
  const { middle } = scene;
  const zone = zoneOf(scene, 'picture');
  const line = { ...zone, points: scene.frame.toPicture([-4, middle - 3]) === undefined ? [] : linePoints(scene) };
  const when = {
    ...({ type: 'sequence', same: 'camera', withinS: 15 } as const),
    first: { type: 'line', line } as const,
    next: { type: 'zone', zone, event: 'entry' } as const,
  };
  const pathOf = (waitsS: number): Waypoint[] => {
    const quick = straight([-6.2, middle], [-3.2, middle], { fromS: 1, speed: WALK });
    const there = quick.at(-1)![0];
    return [
      ...quick,
      [there + waitsS, -3.2, middle],
      [there + waitsS + 3, 0.5, middle],
      [there + waitsS + 8, 5.5, middle],
    ];
  };
  const [quick, slow] = [pathOf(2), pathOf(25)];
  const enters = (path: Waypoint[]) => path[2]![0] + (3 * 0.7) / 3.7;
  return [
    makeIncident(scene, {
      ...{ id: 'sequence', says: 'Over the line, then into the zone within a quarter of a minute', seconds: 20, when },
      actors: [walker(quick)],
      expected: [{ atS: enters(quick), slackS: 2 }],
    }),
    makeIncident(scene, {
      ...{ id: 'sequence-late', says: 'Over the line, and into the zone much later', seconds: 45, when, expected: [] },
      actors: [walker(slow)],
    }),
  ];
}

const linePoints = ({ frame, middle }: Scene): number[][] =>
  [[-4.6, middle - 3] as const, [-4.6, middle + 3] as const].map((spot) => {
    const [x = 0, y = 0] = frame.toPicture(spot) ?? [];
    return [Math.max(0, x), y];
  });
