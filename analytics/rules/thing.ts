/** One thing at a camera: where it is and was, since when it stands, and what it was taken for. */
import type { Box } from '#models/schema/detection.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Seen } from './look.ts';

export type TrailPoint = { atMs: number; east: number; north: number; varianceM2: number };

export type Thing = {
  /** Its first track's; of a track that came back after another took over what it began, with a sign behind it. */
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
/** Who has not moved for so long stands. */
export const STANDS_AFTER_MS = 3000;
/** Shares of the box's larger side: beyond it a thing has moved, if it stays away for a second; beyond the other at once. */
const MOVED_SHARE = 0.3;
const MOVED_FAR_SHARE = 1;
const AWAY_MS = 1000;

export const isStill = (thing: Thing, atMs: number) => atMs - thing.stillSinceMs >= STANDS_AFTER_MS;

/** In this look, or just not. */
export const isPresent = (thing: Thing, atMs: number) =>
  thing.lastAtMs >= atMs - BLINK_MS ||
  (thing.lastAtMs >= atMs - HIDDEN_MS && thing.lastAtMs - thing.stillSinceMs >= STANDS_AFTER_MS);

/** What is known of a thing as it is first seen, besides what its first look says of it. */
export type Begin = { atMs: number; wasThere: boolean; aspect: number };

/** As it is first seen. `spare` is written over; `aspect` is width over height of the picture. */
export function newThing(seen: Seen, { atMs, wasThere, aspect }: Begin, spare: Thing = emptyThing()): Thing {
  const { track, kind, score, isHeld, box } = seen;
  spare.id = track;
  spare.track = track;
  spare.kind = kind;
  spare.kindLooks.fill(0);
  spare.score = score;
  spare.firstAtMs = atMs;
  spare.lastAtMs = 0;
  spare.wasThere = wasThere;
  spare.unseenMs = 0;
  spare.isHeld = isHeld;
  copyBox(box, spare.box);
  spare.x = (box[0] + box[2] / 2) * aspect;
  spare.y = box[1] + box[3];
  spare.x0 = spare.x;
  spare.y0 = spare.y;
  spare.isPlaced = false;
  spare.hasGround = false;
  spare.east = 0;
  spare.north = 0;
  spare.east0 = 0;
  spare.north0 = 0;
  spare.lon = 0;
  spare.lat = 0;
  spare.errorM = 0;
  spare.stillX = spare.x;
  spare.stillY = spare.y;
  spare.stillSinceMs = atMs;
  copyBox(box, spare.stillBox);
  spare.awaySinceMs = 0;
  if (spare.trail.length > 0) spare.trail = [];
  return spare;
}

/** One literal, and fractions where there will be some: the engine lays it out once, and things come by the million. */
const emptyThing = (): Thing => ({
  id: '',
  track: '',
  kind: 'person',
  kindLooks: [0, 0, 0, 0, 0, 0],
  score: 0.5,
  firstAtMs: 0.5,
  lastAtMs: 0.5,
  wasThere: false,
  unseenMs: 0.5,
  isHeld: false,
  box: [0.5, 0.5, 0.5, 0.5],
  x: 0.5,
  y: 0.5,
  x0: 0.5,
  y0: 0.5,
  isPlaced: false,
  hasGround: false,
  east: 0.5,
  north: 0.5,
  east0: 0.5,
  north0: 0.5,
  lon: 0.5,
  lat: 0.5,
  errorM: 0.5,
  stillX: 0.5,
  stillY: 0.5,
  stillSinceMs: 0.5,
  stillBox: [0.5, 0.5, 0.5, 0.5],
  awaySinceMs: 0.5,
  trail: [],
});

/** Boxes of looks may be written over when the look is over. */
export function copyBox(from: Box, to: Box): void {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
  to[3] = from[3];
}

/** The kind it was most often: one odd look does not make a car of a bus. */
export function noteKind(thing: Thing, kind: Kind): void {
  const index = KINDS.indexOf(kind);
  const looks = ++thing.kindLooks[index]!;
  if (kind !== thing.kind && looks > thing.kindLooks[KINDS.indexOf(thing.kind)]!) thing.kind = kind;
}

/** A box that something hides for a moment jumps and comes back: only who stays away has moved. */
export function noteStanding(thing: Thing, atMs: number, aspect: number): void {
  const size = Math.max(thing.stillBox[2] * aspect, thing.stillBox[3], 0.01);
  const [offX, offY] = [thing.x - thing.stillX, thing.y - thing.stillY];
  const off = Math.sqrt(offX * offX + offY * offY) / size;
  if (off < MOVED_SHARE) {
    thing.awaySinceMs = 0;
    return;
  }
  if (thing.awaySinceMs === 0) thing.awaySinceMs = atMs;
  if (off < MOVED_FAR_SHARE && atMs - thing.awaySinceMs < AWAY_MS) return;
  thing.stillX = thing.x;
  thing.stillY = thing.y;
  thing.stillSinceMs = atMs;
  copyBox(thing.box, thing.stillBox);
  thing.awaySinceMs = 0;
}

/** What is cut by the picture's edge grows or shrinks as it comes and goes: its place moves otherwise than it does. */
export const isCut = ([x, y, width, height]: Box) => x < 0.01 || y < 0.005 || x + width > 0.99 || y + height > 0.985;

/** What the detector may take for one another. */
export const SORTS: Readonly<Record<Kind, number>> = { person: 0, bicycle: 1, motorcycle: 1, car: 2, bus: 2, truck: 2 };
export const isSameSort = (a: Kind, b: Kind) => SORTS[a] === SORTS[b];
