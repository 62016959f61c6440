/**
 * The engine of rules: looks in, firings out. It knows no clock, no timer and no random number: time is what messages
 * say, so that the same looks give the same firings live, replayed from the stream, and read again from the store.
 */
import type { Calibration } from '#models/schema/calibration.ts';
import type { FaultCode } from '#models/schema/fault.ts';
import type { Rule } from '#models/schema/rule.ts';
import type { Firing } from './firing.ts';
import type { CameraWord, Look } from './look.ts';

/** What is known of a camera besides what it sees. */
export type CameraFacts = {
  name: string;
  areaPath: readonly string[];
  /** Where devices share a login and a line. */
  site?: string;
  position?: { lon: number; lat: number };
};

/** How a rule does; `waiting`: it learns what is normal, or none of its cameras is calibrated. */
export type RuleOutcome = {
  state: 'active' | 'disabled' | 'quarantined' | 'waiting';
  reason?: FaultCode;
  message?: string;
};

/** How many things there are at once, by hour of the week (0 is Monday 0 h local), of cameras that were watched enough. */
export type Normals = {
  /** Says which figures these are; the same version has the same figures. */
  version: string;
  of: (
    camera: string,
    kind: string,
    hourOfWeek: number,
  ) => { median: number; spread: number; weeks: number } | undefined;
};

export type Engine = {
  /** Takes a new or changed rule; of a changed one what it remembered is forgotten. */
  setRule: (rule: Rule) => RuleOutcome;
  removeRule: (id: string) => void;
  setCamera: (id: string, facts: CameraFacts | undefined) => void;
  setCalibration: (camera: string, calibration: Calibration | undefined) => void;
  /** Local days that are holidays, YYYY-MM-DD. */
  setHolidays: (days: ReadonlySet<string>) => void;
  setNormals: (normals: Normals) => void;
  /** Firings in the order in which they happened; none for a repeated look or one of a lease that was taken over. */
  look: (look: Look) => Firing[];
  cameraState: (word: CameraWord) => Firing[];
  /** What of the engine is not given from outside: tracks, what rules remember, watermarks. */
  snapshot: () => unknown;
  /** After rules and cameras were set. A rule whose version is another now begins anew. */
  restore: (snapshot: unknown) => void;
  /** Rules that failed since they were last asked for, each alone put aside. */
  takeQuarantined: () => { rule: string; version: number; message: string }[];
  outcomeOf: (rule: string) => RuleOutcome | undefined;
};
