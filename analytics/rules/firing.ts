/** A firing: what a rule waits for begins, or is over; alerts are made of those by `raise.ts`. */
import type { Box } from '#models/schema/detection.ts';
import type { Kind } from '#models/schema/kind.ts';

export type FiringCause = {
  /** Ids of messages, the one that decided last. */
  messages: readonly string[];
  capturedAtMs: number;
  receivedAtMs: number;
  publishedAtMs?: number;
  model: string;
  calibrationVersion: number;
};

export type Firing = {
  rule: string;
  ruleVersion: number;
  /** Of what: `<camera>` or `area:<id>`, and, after a bar, which thing, line direction or trouble. Begin and end share it. */
  key: string;
  phase: 'begin' | 'end';
  /** Nothing follows: it happened at one moment (a line was crossed). */
  isMoment: boolean;
  /** When it began; the alert's time. */
  beganAtMs: number;
  /** When this was decided, by the camera's frames. */
  atMs: number;
  camera: string | null;
  areaPath: readonly string[];
  kind?: Kind;
  tracks: readonly string[];
  box?: Box;
  position?: { lon: number; lat: number; errorM: number };
  /** Measured and limit: `{ count: 12, limit: 10 }`. */
  values: Readonly<Record<string, number>>;
  /** Data came after the watermark had passed. */
  isLate: boolean;
  cause: FiringCause;
};
