/**
 * Things that go over a line, and on by the hysteresis. What counts is how often their way has crossed the line, with its
 * sign, once they are clear of it: who trembles on it, or goes round its end, has not crossed.
 */
import type { RuleLine } from '#models/schema/rule-shape.ts';
import { boundsOf, crossingsOf, distanceTo } from '../geometry.ts';
import type { Thing } from '../thing.ts';
import type { Now, Reach, Setting } from '../watcher.ts';

export type Crossing = 'forth' | 'back';

/** Fractions of the picture's height; metres. */
const HYSTERESIS = { picture: 0.01, ground: 0.5 };
const TRACKED_MAX = 10_000;

/** Crossings so far of things that are on the line, or too young to be believed. */
export type CrossingState = Map<string, number>;

type Wanted = {
  line: RuleLine;
  hysteresis?: number | undefined;
  onCross: (thing: Thing, way: Crossing, now: Now) => void;
};

export function watchCrossings({ line, hysteresis, onCross }: Wanted, setting: Setting) {
  const isGround = line.space === 'ground';
  const points = line.points.map((point) => setting.onPlane(line.space, point));
  const beyond = hysteresis ?? HYSTERESIS[line.space];
  const bounds = boundsOf(points, beyond);
  const { minX, minY, maxX, maxY } = bounds;
  let open: CrossingState = new Map();
  const reach: Reach = { isGround, bounds, remembered: open };

  function see(thing: Thing, now: Now): void {
    if (isGround && !thing.isPlaced) return;
    // No arrays here: it is asked for every thing near a line.
    const x = isGround ? thing.east : thing.x;
    const y = isGround ? thing.north : thing.y;
    const x0 = isGround ? thing.east0 : thing.x0;
    const y0 = isGround ? thing.north0 : thing.y0;
    const isAway =
      (x < minX && x0 < minX) || (x > maxX && x0 > maxX) || (y < minY && y0 < minY) || (y > maxY && y0 > maxY);
    if (isAway && (open.size === 0 || !open.has(thing.id))) return;
    if (!setting.isOfKind(thing)) return;
    const net = (open.get(thing.id) ?? 0) + (isAway ? 0 : crossingsOf(points, x0, y0, x, y));
    const isClear = isAway || distanceTo(points, false, x, y) >= beyond;
    if (net !== 0 && (!isClear || !setting.accepts(thing, now.atMs))) {
      if (open.size < TRACKED_MAX) open.set(thing.id, net);
      return;
    }
    open.delete(thing.id);
    // On the ground y points up: the positive side is the left one. In the picture it is the right one.
    if (net !== 0) onCross(thing, net > 0 === isGround ? 'forth' : 'back', now);
  }

  return {
    reach,
    see,
    gone: (thing: Thing) => void open.delete(thing.id),
    save: () => open,
    load: (state: unknown) => {
      open = state as CrossingState;
      reach.remembered = open;
    },
  };
}
