/** From firings to what is sent: alerts and incidents, with cooldowns, caps, quiet spans and storms. Knows no clock either. */
import type { Alert, Incident } from '#models/schema/alert.ts';
import type { Quiet, Rule } from '#models/schema/rule.ts';
import type { Severity } from '#models/schema/severity.ts';
import type { CameraFacts } from './engine.ts';
import type { Firing } from './firing.ts';

export type Raised = { type: 'alert'; alert: Alert } | { type: 'incident'; incident: Incident; severity: Severity };

export type Raiser = {
  setRule: (rule: Rule) => void;
  removeRule: (id: string) => void;
  setCamera: (id: string, facts: CameraFacts | undefined) => void;
  setAreaName: (id: string, name: string | undefined) => void;
  setQuiets: (quiets: readonly Quiet[]) => void;
  /** `raisedAtMs` is the one time that is the clock's. */
  raise: (firings: readonly Firing[], raisedAtMs: number) => Raised[];
  /** Time goes on without a firing: incidents end, quiet spans are over. */
  advance: (atMs: number, raisedAtMs: number) => Raised[];
  snapshot: () => unknown;
  restore: (snapshot: unknown) => void;
};
