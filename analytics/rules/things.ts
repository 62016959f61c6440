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
import type { Box } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Admitted } from './camera-run.ts';
import { overlapOf } from './geometry.ts';
import type { Look, Seen } from './look.ts';

export type TrailPoint = { atMs: number; east: number; north: number; varianceM2: number };

export type Thing = {
  /** Its first track's. */
  id: string;
  track: string;
  kind: Kind;
  /** Looks in which it was each kind, in the order of KINDS. */
  kindLooks: number[];
  /** A running mean over some looks. */
  score: number;
  firstAtMs: number;
  lastAtMs: number;
  /** Was there at the first look, or the first after a gap: nobody knows since when. */
  wasThere: boolean;
  /** Watched time in which it was not seen. */
  unseenMs: number;
  isHeld: boolean;
  box: Box;
  /** Foot in the picture: x and y in heights of the picture; and at the look before. */
  x: number;
  y: number;
  x0: number;
  y0: number;
  /** On the ground, metres from the camera's origin; and at the look before. */
  isPlaced: boolean;
  hasGround: boolean;
  east: number;
  north: number;
  east0: number;
  north0: number;
  lon: number;
  lat: number;
  errorM: number;
  /** Where and since when it stands; the box it had then. */
  stillX: number;
  stillY: number;
  stillSinceMs: number;
  stillBox: Box;
  /** Since when it is away from there; 0: it is not. */
  awaySinceMs: number;
  trail: TrailPoint[];
};

/** Not seen in a look or two: the detector's blink. */
const BLINK_MS = 1500;
/** One that stands and is hidden is there all the same, for so long. */
const HIDDEN_MS = 10_000;
const MOVING_GONE_MS = 2000;
const STILL_GONE_MS = 300_000;
const FORGOTTEN_MS = 86_400_000;
/** Who has not moved for so long stands. */
const STANDS_AFTER_MS = 3000;
/** Shares of the box's larger side: beyond it a thing has moved, if it stays away for a second; beyond the other at once. */
const MOVED_SHARE = 0.3;
const MOVED_FAR_SHARE = 1;
const AWAY_MS = 1000;
/** A new track is an unseen thing's when their boxes share so much. */
const SAME_OVERLAP = 0.4;
const SCORE_MEMORY = 0.3;
const THINGS_MAX = 2000;
const TRAIL_MAX = 128;
/** A look stands for no more than this. */
const WATCHED_MAX_MS = 20_000;

export const isStill = (thing: Thing, atMs: number) => atMs - thing.stillSinceMs >= STANDS_AFTER_MS;

/** In this look, or just not. */
export const isPresent = (thing: Thing, atMs: number) =>
  thing.lastAtMs >= atMs - BLINK_MS ||
  (thing.lastAtMs >= atMs - HIDDEN_MS && thing.lastAtMs - thing.stillSinceMs >= STANDS_AFTER_MS);

/** `unsure`: what the last look saw of tracks that no look before did. */
export type ThingsState = { byId: Map<string, Thing>; byTrack: Map<string, string>; unsure: Map<string, Seen> };

export type Things = {
  /** Those whose track the look confirms, as the look before saw them; to be called before the look is taken in. */
  begin: (look: Look, now: Pick<Admitted, 'before'>) => Thing[];
  /** Takes a look in; returns those seen in it. */
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
  let unsure = new Map<string, Seen>();
  let plane: TangentPlane | undefined;
  let trailMs = 0;
  let gone: Thing[] = [];

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
      if (overlap < most || look.seen.some(({ track }) => track === thing.track)) continue;
      most = overlap;
      best = thing;
    }
    return best;
  }

  function place(thing: Thing, seen: Seen, atMs: number): void {
    thing.isPlaced = seen.place !== undefined && plane !== undefined;
    if (seen.place === undefined || plane === undefined) return;
    const { lon, lat, covEe, covEn, covNn } = seen.place;
    const [east, north] = plane.toMetres(lon, lat);
    thing.east0 = thing.hasGround ? thing.east : east;
    thing.north0 = thing.hasGround ? thing.north : north;
    thing.hasGround = true;
    thing.east = east;
    thing.north = north;
    thing.lon = lon;
    thing.lat = lat;
    thing.errorM = Math.sqrt((covEe + covNn) / 2 + Math.hypot((covEe - covNn) / 2, covEn));
    if (trailMs === 0 || seen.isHeld || isCut(seen.box)) return;
    thing.trail.push({ atMs, east, north, varianceM2: (covEe + covNn) / 2 });
    while (thing.trail.length > TRAIL_MAX || atMs - thing.trail[0]!.atMs > trailMs) thing.trail.shift();
  }

  function takeOne(thing: Thing, seen: Seen, atMs: number): Thing {
    const [left, top, width, height] = seen.box;
    thing.x0 = thing.x;
    thing.y0 = thing.y;
    thing.x = (left + width / 2) * aspect;
    thing.y = top + height;
    thing.box = seen.box;
    thing.isHeld = seen.isHeld;
    if (!seen.isHeld && thing.firstAtMs !== atMs) thing.score += SCORE_MEMORY * (seen.score - thing.score);
    if (!seen.isHeld) noteKind(thing, seen.kind);
    place(thing, seen, atMs);
    noteStanding(thing, atMs, aspect);
    thing.lastAtMs = atMs;
    thing.unseenMs = 0;
    return thing;
  }

  const thingOf = (track: string) => byId.get(byTrack.get(track) ?? '');

  return {
    begin(look, { before }) {
      const begun: Thing[] = [];
      const unknown = look.seen.filter(({ track }) => !byTrack.has(track));
      if (unknown.length === 0 && unsure.size === 0) return begun;
      const fresh = new Map<string, Seen>();
      for (const one of unknown) {
        const first = before.isSameView ? firstOf(one, unsure.get(one.track), before.atMs) : undefined;
        if (first === undefined) fresh.set(one.track, one);
        else begun.push(takeOne(beginOne(first, look, { before }), first, before.atMs));
      }
      unsure = fresh;
      return begun;
    },
    complete(look) {
      for (const one of look.seen) if (!byTrack.has(one.track) && !unsure.has(one.track)) unsure.set(one.track, one);
    },
    see(look, { isAfterGap, sinceMs }) {
      const seen: Thing[] = [];
      for (const one of look.seen) {
        const thing = thingOf(one.track);
        if (thing !== undefined) seen.push(takeOne(thing, one, look.capturedAtMs));
      }
      if (seen.length === byId.size) return seen;
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
      return seen;
    },
    takeGone() {
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
    },
  };
}

/** What the look before saw of it: by its own word, or remembered. */
function firstOf({ first, ...one }: Seen, before: Seen | undefined, beforeMs: number): Seen | undefined {
  if (before !== undefined) return { ...before, kind: one.kind };
  if (first?.atMs !== beforeMs) return undefined;
  const { score, box, place } = first;
  const seen = { track: one.track, kind: one.kind, isHeld: false, score, box };
  return place === undefined ? seen : { ...seen, place };
}

function newThing(seen: Seen, atMs: number, wasThere: boolean, aspect: number): Thing {
  const [left, top, width, height] = seen.box;
  const [x, y] = [(left + width / 2) * aspect, top + height];
  return {
    ...{ id: seen.track, track: seen.track, kind: seen.kind, kindLooks: KINDS.map(() => 0), score: seen.score },
    ...{ firstAtMs: atMs, lastAtMs: 0, wasThere, unseenMs: 0, isHeld: seen.isHeld, box: seen.box },
    ...{ x, y, x0: x, y0: y, isPlaced: false, hasGround: false },
    ...{ east: 0, north: 0, east0: 0, north0: 0, lon: 0, lat: 0, errorM: 0 },
    ...{ stillX: x, stillY: y, stillSinceMs: atMs, stillBox: seen.box, awaySinceMs: 0, trail: [] },
  };
}

/** The kind it was most often: one odd look does not make a car of a bus. */
function noteKind(thing: Thing, kind: Kind): void {
  const index = KINDS.indexOf(kind);
  const looks = ++thing.kindLooks[index]!;
  if (kind !== thing.kind && looks > thing.kindLooks[KINDS.indexOf(thing.kind)]!) thing.kind = kind;
}

/** A box that something hides for a moment jumps and comes back: only who stays away has moved. */
function noteStanding(thing: Thing, atMs: number, aspect: number): void {
  const size = Math.max(thing.stillBox[2] * aspect, thing.stillBox[3], 0.01);
  const off = Math.hypot(thing.x - thing.stillX, thing.y - thing.stillY) / size;
  if (off < MOVED_SHARE) {
    thing.awaySinceMs = 0;
    return;
  }
  if (thing.awaySinceMs === 0) thing.awaySinceMs = atMs;
  if (off < MOVED_FAR_SHARE && atMs - thing.awaySinceMs < AWAY_MS) return;
  thing.stillX = thing.x;
  thing.stillY = thing.y;
  thing.stillSinceMs = atMs;
  thing.stillBox = thing.box;
  thing.awaySinceMs = 0;
}

/** What is cut by the picture's edge grows or shrinks as it comes and goes: its place moves otherwise than it does. */
const isCut = ([x, y, width, height]: Box) => x < 0.01 || y < 0.005 || x + width > 0.99 || y + height > 0.985;

const SORTS: Record<Kind, number> = { person: 0, bicycle: 1, motorcycle: 1, car: 2, bus: 2, truck: 2 };
const isSameSort = (a: Kind, b: Kind) => SORTS[a] === SORTS[b];
