/**
 * Things of one camera: a thing outlives its tracks. A car that stands is the same car after a bus hid it, after
 * headlights blinded the detector, after the worker was restarted and gave it a track of another name.
 *
 * A thing is *seen* in a look, *unseen* after that, and *gone* when it was not seen for long enough while the camera was
 * watched: two seconds where it moved, five minutes where it stood. An unseen one is found again by a new track of its
 * sort at its place.
 *
 * A track's first sighting alone makes no thing: its second does, with both. So it is the same whether a look is told at
 * once, when it is not known yet that it was a first, or later, with what the next look confirmed.
 */
import type { TangentPlane } from '#models/registry/tangent-plane.ts';
import type { Admitted } from './camera-run.ts';
import { overlapOf } from './geometry.ts';
import type { Look, Seen } from './look.ts';
import { copyBox, isCut, isSameSort, newThing, noteKind, noteStanding, STANDS_AFTER_MS, type Thing } from './thing.ts';

const MOVING_GONE_MS = 2000;
const STILL_GONE_MS = 300_000;
const FORGOTTEN_MS = 86_400_000;
/** A new track is an unseen thing's when their boxes share so much. */
const SAME_OVERLAP = 0.4;
const SCORE_MEMORY = 0.3;
const THINGS_MAX = 2000;
const TRAIL_MAX = 128;
/** A look stands for no more than this. */
const WATCHED_MAX_MS = 20_000;
/** What was seen once is waited for so long: of things that stand, not every look has to tell. */
const UNSURE_MS = WATCHED_MAX_MS;
const NONE: Thing[] = [];

/** `unsure`: tracks that were seen once, as they were and when. */
type Once = { seen: Seen; atMs: number };
export type ThingsState = { byId: Map<string, Thing>; byTrack: Map<string, string>; unsure: Map<string, Once> };

export type Things = {
  /** Those whose track the look confirms, as the look before saw them; to be called before the look is taken in. */
  begin: (look: Look, now: Pick<Admitted, 'before'>) => readonly Thing[];
  /** Takes a look in; returns those seen in it, in a list that the next look writes over. */
  see: (look: Look, now: { isAfterGap: boolean; sinceMs: number }) => Thing[];
  /** The last look again, now with what the one after it confirmed. */
  complete: (look: Look) => void;
  /** Those that are gone with this look, taken off. */
  takeGone: (atMs: number) => Thing[];
  get: (id: string) => Thing | undefined;
  all: () => Iterable<Thing>;
  size: () => number;
  setPlane: (plane: TangentPlane | undefined) => void;
  /** Time that trails go back; 0: none is kept. */
  setTrail: (ms: number) => void;
  save: () => ThingsState;
  load: (state: ThingsState) => void;
};

/** `aspect` is width over height of the picture. */
export function createThings(aspect: number): Things {
  let byId = new Map<string, Thing>();
  let byTrack = new Map<string, string>();
  let unsure = new Map<string, Once>();
  let plane: TangentPlane | undefined;
  let trailMs = 0;
  let gone: Thing[] = [];
  /** The same list at every look: a new one for each was a good part of what a look cost. */
  const inLook: Thing[] = [];
  /** What the sightings of the look that was begun are sightings of, in their order: nothing is looked up twice. */
  const known: (Thing | undefined)[] = [];
  let begunLook: Look | undefined;

  /** An unseen thing that is found again, or a new one. */
  function beginOne(seen: Seen, look: Look, { before }: Pick<Admitted, 'before'>): Thing {
    const found = findUnseen(seen, look, before.atMs);
    if (found !== undefined) {
      byTrack.delete(found.track);
      found.track = seen.track;
      byTrack.set(seen.track, found.id);
      return found;
    }
    const wasThere = before.isAtGap || (before.isSoonAfterGap && !isCut(seen.box));
    const made = newThing(seen, before.atMs, wasThere, aspect);
    byId.set(made.id, made);
    byTrack.set(seen.track, made.id);
    return made;
  }

  function findUnseen(seen: Seen, look: Look, sinceMs: number): Thing | undefined {
    let best: Thing | undefined;
    let most = SAME_OVERLAP;
    for (const thing of byId.values()) {
      if (thing.lastAtMs >= sinceMs || !isSameSort(thing.kind, seen.kind)) continue;
      const overlap = Math.max(overlapOf(thing.box, seen.box), overlapOf(thing.stillBox, seen.box));
      if (overlap < most || isSeen(thing, look)) continue;
      most = overlap;
      best = thing;
    }
    return best;
  }

  function place(thing: Thing, seen: Seen, atMs: number): void {
    thing.isPlaced = seen.place !== undefined && plane !== undefined;
    if (seen.place === undefined || plane === undefined) return;
    const { lon, lat, errorM, varianceM2 } = seen.place;
    const [east, north] = plane.toMetres(lon, lat);
    thing.east0 = thing.hasGround ? thing.east : east;
    thing.north0 = thing.hasGround ? thing.north : north;
    thing.hasGround = true;
    thing.east = east;
    thing.north = north;
    thing.lon = lon;
    thing.lat = lat;
    thing.errorM = errorM;
    if (trailMs === 0 || seen.isHeld || isCut(seen.box)) return;
    thing.trail.push({ atMs, east, north, varianceM2 });
    while (thing.trail.length > TRAIL_MAX || atMs - thing.trail[0]!.atMs > trailMs) thing.trail.shift();
  }

  function takeOne(thing: Thing, seen: Seen, atMs: number): Thing {
    const [left, top, width, height] = seen.box;
    thing.x0 = thing.x;
    thing.y0 = thing.y;
    thing.x = (left + width / 2) * aspect;
    thing.y = top + height;
    copyBox(seen.box, thing.box);
    thing.isHeld = seen.isHeld;
    if (!seen.isHeld && thing.firstAtMs !== atMs) thing.score += SCORE_MEMORY * (seen.score - thing.score);
    if (!seen.isHeld) noteKind(thing, seen.kind);
    place(thing, seen, atMs);
    noteStanding(thing, atMs, aspect);
    thing.lastAtMs = atMs;
    thing.unseenMs = 0;
    return thing;
  }

  function thingOf(track: string): Thing | undefined {
    // Most things keep the name of their first track.
    const first = byId.get(track);
    return first?.track === track ? first : byId.get(byTrack.get(track) ?? '');
  }

  return {
    begin(look, { before }) {
      let begun: Thing[] | undefined;
      let fresh: Seen[] | undefined;
      const atMs = look.capturedAtMs;
      begunLook = look;
      known.length = 0;
      for (const one of look.seen) {
        let thing = thingOf(one.track);
        const first =
          thing === undefined && before.isSameView ? firstOf(one, unsure.get(one.track)?.seen, before.atMs) : undefined;
        if (first !== undefined) {
          thing = takeOne(beginOne(first, look, { before }), first, before.atMs);
          begun ??= [];
          begun.push(thing);
        } else if (thing === undefined) {
          fresh ??= [];
          fresh.push(one);
        }
        known.push(thing);
      }
      if (!before.isSameView) unsure.clear();
      for (const [track, once] of unsure)
        if (byTrack.has(track) || Math.abs(atMs - once.atMs) >= UNSURE_MS) unsure.delete(track);
      for (const one of fresh ?? []) unsure.set(one.track, { seen: copyOf(one), atMs });
      return begun ?? NONE;
    },
    complete(look) {
      for (const one of look.seen)
        if (!byTrack.has(one.track) && !unsure.has(one.track))
          unsure.set(one.track, { seen: copyOf(one), atMs: look.capturedAtMs });
    },
    see(look, { isAfterGap, sinceMs }) {
      inLook.length = 0;
      const isBegun = begunLook === look;
      begunLook = undefined;
      for (let index = 0; index < look.seen.length; index++) {
        const one = look.seen[index]!;
        const thing = isBegun ? known[index] : thingOf(one.track);
        if (thing !== undefined) inLook.push(takeOne(thing, one, look.capturedAtMs));
      }
      if (inLook.length === byId.size) return inLook;
      const { capturedAtMs: atMs, isWatched } = look;
      const watchedMs = isWatched && !isAfterGap ? Math.min(sinceMs, WATCHED_MAX_MS) : 0;
      for (const thing of byId.values()) {
        if (thing.lastAtMs === atMs) continue;
        thing.unseenMs += watchedMs;
        const stood = thing.lastAtMs - thing.stillSinceMs >= STANDS_AFTER_MS;
        const isGone = thing.unseenMs >= (stood ? STILL_GONE_MS : MOVING_GONE_MS);
        if (!isGone && atMs - thing.lastAtMs < FORGOTTEN_MS && byId.size <= THINGS_MAX) continue;
        byId.delete(thing.id);
        byTrack.delete(thing.track);
        gone.push(thing);
      }
      return inLook;
    },
    takeGone() {
      if (gone.length === 0) return NONE;
      const taken = gone;
      gone = [];
      return taken;
    },
    get: (id) => byId.get(id),
    all: () => byId.values(),
    size: () => byId.size,
    setPlane(next) {
      plane = next;
      for (const thing of byId.values()) {
        thing.hasGround = false;
        thing.isPlaced = false;
        thing.trail = [];
      }
    },
    setTrail(ms) {
      trailMs = ms;
    },
    save: () => ({ byId, byTrack, unsure }),
    load(state) {
      byId = state.byId;
      byTrack = state.byTrack;
      unsure = state.unsure;
      // Saved at a moment at which both may have been one.
      for (const thing of byId.values()) thing.stillBox = [...thing.stillBox];
    },
  };
}

function isSeen({ track }: Thing, { seen }: Look): boolean {
  for (const one of seen) if (one.track === track) return true;
  return false;
}

/** Looks may be written over when they are over. */
function copyOf({ track, kind, score, box, isHeld, place }: Seen): Seen {
  const seen: Seen = { track, kind, score, isHeld, box: [box[0], box[1], box[2], box[3]] };
  return place === undefined ? seen : { ...seen, place: { ...place } };
}

/** What the look before saw of it: by its own word, or remembered. */
function firstOf({ first, ...one }: Seen, before: Seen | undefined, beforeMs: number): Seen | undefined {
  if (before !== undefined) return { ...before, kind: one.kind };
  if (first?.atMs !== beforeMs) return undefined;
  const { score, box, place } = first;
  const seen = { track: one.track, kind: one.kind, isHeld: false, score, box };
  return place === undefined ? seen : { ...seen, place };
}
