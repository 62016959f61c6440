/** Who is in a zone. Coming in and going out both need a step beyond its edge, so that nobody flickers there. */
import type { RuleZone } from '#models/schema/rule-shape.ts';
import { areaOf, boundsOf, distanceTo, isInside, type Point } from '../geometry.ts';
import type { Thing } from '../thing.ts';
import type { Now, Reach, Setting, Watcher } from '../watcher.ts';

/** Heights of the picture; metres. At most a tenth of what the zone is across. */
const EDGE = { picture: 0.01, ground: 0.3 };
const MEMBERS_MAX = 10_000;

export type Member = {
  isIn: boolean;
  sinceMs: number;
  /** It was seen outside before, or came up while the camera looked. */
  hasCome: boolean;
};
export type Change = 'in' | 'out' | undefined;

export type Membership = {
  reach: Reach;
  /** What changed with this look; a thing that cannot be placed just now stays what it is. */
  update: (thing: Thing, now: Now) => Change;
  member: (id: string) => Member | undefined;
  /** Ids of those within. */
  within: () => Iterable<string>;
  gone: (thing: Thing) => void;
  points: readonly Point[];
  save: () => Map<string, Member>;
  load: (state: Map<string, Member>) => void;
};

export function membershipOf(zone: RuleZone, setting: Setting): Membership {
  const isGround = zone.space === 'ground';
  const points = zone.points.map((point) => setting.onPlane(zone.space, point));
  const edge = Math.min(EDGE[zone.space], Math.sqrt(areaOf(points)) / 10);
  const bounds = boundsOf(points, edge);
  const { minX, minY, maxX, maxY } = bounds;
  let members = new Map<string, Member>();
  const reach: Reach = { isGround, bounds, remembered: members };

  /** 1 surely inside, -1 surely outside, 0 on the edge. */
  function sideOf(x: number, y: number): -1 | 0 | 1 {
    if (x < minX || x > maxX || y < minY || y > maxY) return -1;
    if (distanceTo(points, true, x, y) < edge) return 0;
    return isInside(points, x, y) ? 1 : -1;
  }

  function update(thing: Thing, now: Now): Change {
    if (isGround && !thing.isPlaced) return undefined;
    const side = isGround ? sideOf(thing.east, thing.north) : sideOf(thing.x, thing.y);
    const known = members.size === 0 ? undefined : members.get(thing.id);
    if (side === 1) {
      if (known?.isIn === true) return undefined;
      if (known === undefined && members.size >= MEMBERS_MAX) return undefined;
      const hasCome = known?.hasCome ?? !(thing.wasThere && thing.firstAtMs === now.atMs);
      members.set(thing.id, { isIn: true, sinceMs: now.atMs, hasCome });
      return 'in';
    }
    if (known?.isIn !== true) return undefined;
    if (side === 0) return undefined;
    members.delete(thing.id);
    return 'out';
  }

  return {
    reach,
    update,
    member: (id) => members.get(id),
    within: () => members.keys(),
    gone: (thing) => void members.delete(thing.id),
    points,
    save: () => members,
    load: (state) => {
      members = state;
      reach.remembered = members;
    },
  };
}

/** A watcher of single things, in a zone or anywhere: what is gone has ended. */
export function watcherOf(
  members: Membership | undefined,
  { see, emit }: { see: NonNullable<Watcher['see']> } & Pick<Setting, 'emit'>,
): Watcher {
  return {
    ...(members === undefined ? {} : { reach: members.reach }),
    see,
    gone(thing, now) {
      members?.gone(thing);
      emit.end(thing.id, now.atMs);
    },
    save: () => members?.save(),
    load: (state) => members?.load(state as Map<string, Member>),
  };
}
