/** What a condition is to the engine: it is told of looks at one camera, and says what begins, happens or is over. */

import type { Kind } from '#models/schema/kind.ts';
import type { FiringCause } from './firing.ts';
import type { Bounds, Point } from './geometry.ts';
import type { CameraWord, Look } from './look.ts';
import type { Thing } from './thing.ts';
import type { Things } from './things.ts';

/** The look that is being taken in. */
export type Now = {
  atMs: number;
  look: Look;
  /** Since the look before; 0 at the first. */
  sinceMs: number;
  /** The first look, or the first after so long that nobody knows what happened meanwhile. */
  isAfterGap: boolean;
  isWatched: boolean;
  things: Things;
};

/** What is being taken in, as what fires by it will name it. */
export type Source = { camera: string | null; areaPath: readonly string[]; cause: FiringCause; isLate: boolean };

export type Happening = {
  atMs: number;
  things?: readonly Thing[];
  kind?: Kind;
  values: Readonly<Record<string, number>>;
};

export type Emit = {
  /** It happens at one moment. `side` tells apart what happens to one thing in several ways. */
  moment: (side: string, happening: Happening) => void;
  /** It goes on; told again while it does. False while the schedule sleeps. */
  begin: (side: string, happening: Happening) => boolean;
  /** Nothing where it has not begun. */
  end: (side: string, atMs: number) => void;
  isOpen: (side: string) => boolean;
};

/** What a condition works with on one camera. */
export type Setting = {
  emit: Emit;
  /** Of the rule's kinds, sure enough, and old enough to be believed. */
  accepts: (thing: Thing, atMs: number) => boolean;
  /** The kind alone. */
  isOfKind: (thing: Thing) => boolean;
  kinds: readonly Kind[];
  camera: string;
  source: () => Source;
  /** Width over height of the picture. */
  aspect: number;
  /** A point of a shape on the plane in which things are: heights of the picture, or metres. */
  onPlane: (space: 'picture' | 'ground', point: readonly number[]) => Point;
  /** A point of the picture in metres on the ground; undefined above the horizon, or where nothing is calibrated. */
  onGround: (x: number, y: number) => Point | undefined;
  /** Median and spread of how many there are at this hour of the week; undefined while it is not known. */
  normalAt: (atMs: number) => { median: number; spread: number } | undefined;
};

/** What lies and has lain beyond these bounds, and is not among those remembered, need not be shown. */
export type Reach = { isGround: boolean; bounds: Bounds; remembered: ReadonlyMap<string, unknown> };

export type Watcher = {
  /** Absent: everything is shown. */
  reach?: Reach;
  /** Each thing that the look shows. */
  see?: (thing: Thing, now: Now) => void;
  /** After the things of a look. */
  look?: (now: Now) => void;
  /** A thing that will not come back. */
  gone?: (thing: Thing, now: Now) => void;
  word?: (word: CameraWord) => void;
  /** What it remembers: plain values and Maps. */
  save: () => unknown;
  load: (state: unknown) => void;
};
