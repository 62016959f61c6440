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
const AGAIN = '2';
const SPARES_MAX = 64;
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
  const byTrack = new Map<string, Thing>();
  let unsure = new Map<string, Once>();
  let plane: TangentPlane | undefined;
  let trailMs = 0;
  let gone: Thing[] | undefined;
  /** Told to be gone with the look before; and what new things are made of. */
  let told: Thing[] = NONE;
  const spares: Thing[] = [];
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
      byTrack.set(seen.track, found);
      return found;
    }
    const wasThere = before.isAtGap || (before.isSoonAfterGap && !isCut(seen.box));
    const made = newThing(seen, { atMs: before.atMs, wasThere, aspect }, spares.pop());
    // A track that was hidden comes back while the thing that it began goes by another.
    while (byId.has(made.id)) made.id += AGAIN;
    byId.set(made.id, made);
    byTrack.set(seen.track, made);
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

  function forgetUnsure(isSameView: boolean, atMs: number): void {
    if (!isSameView) unsure.clear();
    for (const once of unsure.values())
      if (byTrack.has(once.seen.track) || Math.abs(atMs - once.atMs) >= UNSURE_MS) unsure.delete(once.seen.track);
  }

  return {
    begin(look, { before }) {
      let begun: Thing[] | undefined;
      let fresh: Seen[] | undefined;
      const { capturedAtMs: atMs, seen } = look;
      begunLook = look;
      for (let index = 0; index < seen.length; index++) {
        const one = seen[index]!;
        let thing = byTrack.get(one.track);
        if (thing === undefined) {
          const first = before.isSameView ? firstOf(one, unsure.get(one.track)?.seen, before.atMs) : undefined;
          if (first === undefined) {
            if (fresh === undefined) fresh = [one];
            else fresh.push(one);
          } else {
            thing = takeOne(beginOne(first, look, { before }), first, before.atMs);
            if (begun === undefined) begun = [thing];
            else begun.push(thing);
          }
        }
        known[index] = thing;
      }
      if (unsure.size > 0) forgetUnsure(before.isSameView, atMs);
      if (fresh !== undefined) for (const one of fresh) unsure.set(one.track, { seen: copyOf(one), atMs });
      return begun ?? NONE;
    },
    complete(look) {
      for (const one of look.seen)
        if (!byTrack.has(one.track) && !unsure.has(one.track))
          unsure.set(one.track, { seen: copyOf(one), atMs: look.capturedAtMs });
    },
    see(look, { isAfterGap, sinceMs }) {
      const isBegun = begunLook === look;
      const { capturedAtMs: atMs, isWatched, seen } = look;
      begunLook = undefined;
      let count = 0;
      for (let index = 0; index < seen.length; index++) {
        const one = seen[index]!;
        const thing = isBegun ? known[index] : byTrack.get(one.track);
        if (thing !== undefined) inLook[count++] = takeOne(thing, one, atMs);
      }
      // A list that is made empty gives its room away, and asks for it again at once.
      while (inLook.length > count) inLook.pop();
      if (count === byId.size) return inLook;
      const watchedMs = isWatched && !isAfterGap ? Math.min(sinceMs, WATCHED_MAX_MS) : 0;
      for (const thing of byId.values()) {
        if (thing.lastAtMs === atMs) continue;
        thing.unseenMs += watchedMs;
        const stood = thing.lastAtMs - thing.stillSinceMs >= STANDS_AFTER_MS;
        const isGone = thing.unseenMs >= (stood ? STILL_GONE_MS : MOVING_GONE_MS);
        if (!isGone && atMs - thing.lastAtMs < FORGOTTEN_MS && byId.size <= THINGS_MAX) continue;
        byId.delete(thing.id);
        byTrack.delete(thing.track);
        if (gone === undefined) gone = [thing];
        else gone.push(thing);
      }
      return inLook;
    },
    takeGone() {
      for (const thing of told) if (spares.length < SPARES_MAX) spares.push(thing);
      told = gone ?? NONE;
      gone = undefined;
      return told;
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
    save: () => ({ byId, byTrack: new Map([...byTrack].map(([track, { id }]) => [track, id])), unsure }),
    load(state) {
      byId = state.byId;
      unsure = state.unsure;
      byTrack.clear();
      for (const thing of byId.values()) {
        byTrack.set(thing.track, thing);
        // Saved at a moment at which both may have been one.
        thing.stillBox = [...thing.stillBox];
      }
    },
  };
}

function isSeen({ track }: Thing, { seen }: Look): boolean {
  for (const one of seen) if (one.track === track) return true;
  return false;
}

/** Looks may be written over when they are over. */
function copyOf({ track, kind, score, box, isHeld, place }: Seen): Seen {
  const own = place && { lon: place.lon, lat: place.lat, errorM: place.errorM, varianceM2: place.varianceM2 };
  return { track, kind, score, isHeld, box: [box[0], box[1], box[2], box[3]], place: own };
}

/** What the look before saw of it: by its own word, or remembered, which it is no longer then. */
function firstOf(one: Seen, before: Seen | undefined, beforeMs: number): Seen | undefined {
  const { track, kind, first } = one;
  if (before !== undefined) {
    before.kind = kind;
    return before;
  }
  if (first?.atMs !== beforeMs) return undefined;
  const { score, box, place } = first;
  return { track, kind, score, box, isHeld: false, place };
}
