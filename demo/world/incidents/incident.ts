/** A scripted incident: who goes where in front of a camera, the rule that watches, and what should fire, where and when. */
import type { Kind } from '#models/schema/kind.ts';
import type { RuleDraft } from '#models/schema/rule.ts';
import type { CAMERA_TROUBLES } from '#models/schema/rule-condition.ts';
import type { Spot } from './frame.ts';

export type Light = 'day' | 'night' | 'rain';

/** At a second of the script at a spot; between two of them in a straight line. */
export type Waypoint = readonly [s: number, ...Spot];

export type Actor = {
  kind: Kind;
  /** Absent: the view of the incident. */
  view?: string;
  path: readonly Waypoint[];
  /** Behind something: not seen in these seconds. */
  hidden?: readonly (readonly [fromS: number, toS: number])[];
  /** The tracker takes it for another one after it was hidden. */
  isLostWhenHidden?: boolean;
  /** How much its box trembles besides, as fractions of the picture. */
  trembles?: number;
};

/** What a worker says of a camera: a trouble that begins and ends. */
export type ScriptedTrouble = {
  trouble: (typeof CAMERA_TROUBLES)[number];
  fromS: number;
  toS: number;
};

export type Expected = {
  atS: number;
  /** How much earlier or later is right as well. */
  slackS: number;
  /** Where the thing is; absent where it is of a whole camera or area. */
  spot?: Spot;
};

export type Incident = {
  id: string;
  view: string;
  light: Light;
  /** A decoy has nothing that should fire. */
  isDecoy: boolean;
  /** What happens, in a sentence. */
  says: string;
  /** ISO 8601: when it begins. */
  beginsAt: string;
  seconds: number;
  rule: RuleDraft;
  actors: readonly Actor[];
  troubles?: readonly ScriptedTrouble[];
  /** What is normal here at this hour: so many at once. */
  normal?: { median: number; spread: number };
  expected: readonly Expected[];
};
