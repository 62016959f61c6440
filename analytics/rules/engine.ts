/**
 * The engine of rules: looks in, firings out. It knows no clock, no timer and no random number: time is what messages
 * say, so that the same looks give the same firings live, replayed from the stream, and read again from the store.
 */
import { demandRule } from '#models/registry/rule-check.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import { type FaultCode, faultCodeOf } from '#models/schema/fault.ts';
import type { Rule } from '#models/schema/rule.ts';
import { messageId } from '#models/wire/codec.ts';
import { type CameraRun, type CameraState, runCamera } from './camera-run.ts';
import type { Firing, FiringCause } from './firing.ts';
import type { CameraWord, Look } from './look.ts';
import { createNormals, type Normals } from './normal-now.ts';
import { type RuleRun, type RuleState, runRule, type Watch } from './rule-run.ts';
import { awakeBy } from './schedule.ts';
import { type Shown, showAll } from './show.ts';
import type { Now, Source } from './watcher.ts';

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
  /** The last look of a camera that was taken in; below zero: none. */
  lastOf: (camera: string) => { revision: number; sequence: number };
  /** What of the engine is not given from outside: tracks, what rules remember, watermarks. */
  snapshot: () => unknown;
  /** After rules and cameras were set. A rule whose version is another now begins anew. */
  restore: (snapshot: unknown) => void;
  /** Rules that failed since they were last asked for, each alone put aside. */
  takeQuarantined: () => { rule: string; version: number; message: string }[];
  outcomeOf: (rule: string) => RuleOutcome | undefined;
};

const NOTHING: Firing[] = [];
const NO_CAUSE = { messages: [], capturedAtMs: 0, receivedAtMs: 0, model: '', calibrationVersion: 0 } as const;

type Options = { zone: string };
type Snapshot = { cameras: Map<string, CameraState>; rules: Map<string, RuleState>; pending: Firing[] };

/** `zone` is the configured time zone; a rule's own goes before it. */
export function createEngine({ zone }: Options): Engine {
  const cameras = new Map<string, CameraRun>();
  const runs = new Map<string, RuleRun>();
  const outcomes = new Map<string, RuleOutcome>();
  const areaPaths = new Map<string, readonly string[]>();
  /** Which rules watch a camera, and with what. */
  const watches = new Map<string, Map<string, Watch>>();
  let holidays: ReadonlySet<string> = new Set();
  const normals = createNormals(zone);
  let source: Source | undefined = { camera: null, areaPath: [], cause: NO_CAUSE, isLate: false };
  /** The look that is being taken in. What fires by it names its source; most fire nothing, and none is made. */
  let lookInHand: Look | undefined;
  let nowMs = 0;
  let out: Firing[] = [];
  let quarantined: { rule: string; version: number; message: string }[] = [];

  const cameraOf = (id: string) => {
    const known = cameras.get(id);
    if (known !== undefined) return known;
    const made = runCamera(id);
    cameras.set(id, made);
    return made;
  };

  const isInScope = ({ rule: { where } }: RuleRun, { id, facts }: CameraRun) =>
    'area' in where ? facts()?.areaPath.includes(where.area) === true : where.cameras.includes(id);

  /** Makes a rule watch a camera, or no longer, as its scope and what it needs say. */
  function attend(run: RuleRun, camera: CameraRun, isAnew = false): void {
    const own = watches.get(camera.id) ?? new Map<string, Watch>();
    watches.set(camera.id, own);
    const isWanted = isInScope(run, camera) && (!run.needsGround || camera.isCalibrated());
    if (own.has(run.rule.id) && isWanted && !isAnew) return;
    if (own.delete(run.rule.id)) run.unwatchCamera(camera.id);
    if (isWanted) own.set(run.rule.id, run.watchCamera(camera));
    camera.things.setTrail(Math.max(0, ...[...own.keys()].map((id) => runs.get(id)?.trailMs ?? run.trailMs)));
  }

  function close(id: string): void {
    const run = runs.get(id);
    if (run === undefined) return;
    run.close();
    for (const own of watches.values()) own.delete(id);
    runs.delete(id);
  }

  function putAside(run: RuleRun, error: unknown): void {
    const { id, version } = run.rule;
    const message = `${(error as Error).message}`;
    quarantined.push({ rule: id, version, message });
    outcomes.set(id, { state: 'quarantined', reason: 'rule-failed', message });
    try {
      close(id);
    } catch {
      // What fails in closing as well is gone with its memory.
      for (const own of watches.values()) own.delete(id);
      runs.delete(id);
    }
  }

  /** Runs one rule's part; what throws is put aside alone. */
  function guarded(id: string, { watchers }: Watch, told: Shown | CameraWord): void {
    const run = runs.get(id);
    if (run === undefined) return;
    try {
      if ('now' in told) showAll(watchers, told);
      else if (run.needsWords) for (const watcher of watchers) watcher.word?.(told);
    } catch (error) {
      putAside(run, error);
    }
  }

  function drain(): Firing[] {
    if (out.length === 0) return NOTHING;
    const fired = out;
    out = [];
    return fired;
  }

  function sourceNow(): Source {
    source ??= sourceOf(lookInHand!, cameraOf(lookInHand!.camera).facts());
    return source;
  }

  function outcomeOf(id: string): RuleOutcome | undefined {
    const run = runs.get(id);
    if (run === undefined) return outcomes.get(id);
    const watched = [...watches].flatMap(([camera, own]) => (own.has(id) ? [camera] : []));
    if (watched.length === 0 && run.needsGround)
      return { state: 'waiting', reason: 'rule-uncalibrated', message: 'none of its cameras is calibrated' };
    if (run.needsNormals && !watched.some(normals.isKnown))
      return { state: 'waiting', reason: 'rule-learning', message: 'it does not know yet what is normal' };
    return { state: 'active' };
  }

  return {
    setRule(rule) {
      close(rule.id);
      outcomes.delete(rule.id);
      if (!rule.isEnabled) {
        outcomes.set(rule.id, { state: 'disabled' });
        return { state: 'disabled' };
      }
      try {
        demandRule(rule);
        const awake = awakeBy(rule.schedule, { zone, isHoliday: (day) => holidays.has(day) });
        const run = runRule(rule, {
          ...{ awake, normalsFor: normals.normalsFor, source: sourceNow, nowMs: () => nowMs },
          areaPathOf: (area) => areaPaths.get(area) ?? ['_', '_', '_', '_', '_'],
          fire: (firing) => void out.push(firing),
        });
        runs.set(rule.id, run);
        for (const camera of cameras.values()) attend(run, camera);
        if ('cameras' in rule.where) for (const id of rule.where.cameras) attend(run, cameraOf(id));
      } catch (error) {
        close(rule.id);
        outcomes.set(rule.id, {
          ...{ state: 'quarantined', message: (error as Error).message },
          reason: faultCodeOf(error) === 'internal' ? 'rule-failed' : faultCodeOf(error),
        });
      }
      return outcomeOf(rule.id)!;
    },
    removeRule(id) {
      close(id);
      outcomes.delete(id);
    },
    setCamera(id, facts) {
      const camera = cameraOf(id);
      camera.setFacts(facts);
      for (const [index, area] of (facts?.areaPath ?? []).entries())
        if (area !== '_')
          areaPaths.set(
            area,
            facts!.areaPath.map((token, at) => (at <= index ? token : '_')),
          );
      for (const run of runs.values()) attend(run, camera);
    },
    setCalibration(id, calibration) {
      const camera = cameraOf(id);
      camera.setCalibration(calibration);
      for (const run of runs.values()) if (run.needsGround) attend(run, camera, true);
    },
    setHolidays(days) {
      holidays = days;
    },
    setNormals(next) {
      normals.set(next);
    },
    look(look) {
      const camera = cameraOf(look.camera);
      const isLast = camera.isLast(look);
      const admitted = camera.admit(look);
      if (admitted === undefined) {
        if (isLast) camera.things.complete(look);
        return drain();
      }
      const { capturedAtMs: atMs, isWatched } = look;
      nowMs = atMs;
      lookInHand = look;
      source = undefined;
      const { things } = camera;
      const { sinceMs, isAfterGap, before } = admitted;
      const now: Now = { sinceMs, isAfterGap, atMs, look, isWatched, things };
      const own = watches.get(look.camera);
      const begun = things.begin(look, admitted);
      if (begun.length > 0 && own !== undefined) {
        const then: Shown = { seen: begun, now: { sinceMs, isAfterGap, atMs: before.atMs, look, isWatched, things } };
        for (const [id, watch] of own) guarded(id, watch, then);
      }
      const seen = things.see(look, admitted);
      const shown: Shown = { seen, gone: things.takeGone(atMs), now };
      if (own !== undefined) for (const [id, watch] of own) guarded(id, watch, shown);
      return drain();
    },
    lastOf: (camera) => cameraOf(camera).last(),
    cameraState(word) {
      const camera = cameraOf(word.camera);
      const { atMs, receivedAtMs, areaPath, id } = word;
      nowMs = Math.max(nowMs, atMs);
      source = {
        ...{ camera: word.camera, areaPath: camera.facts()?.areaPath ?? areaPath, isLate: false },
        cause: { ...NO_CAUSE, messages: [id], capturedAtMs: atMs, receivedAtMs },
      };
      for (const [ruleId, watch] of watches.get(word.camera) ?? []) guarded(ruleId, watch, word);
      return drain();
    },
    snapshot: (): Snapshot => ({
      cameras: new Map([...cameras].map(([id, camera]) => [id, camera.save()])),
      rules: new Map([...runs].map(([id, run]) => [id, run.save()])),
      pending: out,
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      for (const [id, state] of saved.cameras) cameraOf(id).load(state);
      for (const [id, state] of saved.rules) {
        const run = runs.get(id);
        if (run?.rule.version === state.version) run.load(state);
      }
      out = saved.pending;
    },
    takeQuarantined() {
      const taken = quarantined;
      quarantined = [];
      return taken;
    },
    outcomeOf,
  };
}

function sourceOf(look: Look, facts: CameraFacts | undefined): Source {
  const { camera, areaPath } = look;
  return { camera, areaPath: facts?.areaPath ?? areaPath, isLate: false, cause: causeOf(look) };
}

function causeOf(look: Look): FiringCause {
  const { camera, revision, sequence, capturedAtMs, receivedAtMs, publishedAtMs, model, calibrationVersion } = look;
  const messages = [messageId(camera, revision, sequence)];
  const cause = { messages, capturedAtMs, receivedAtMs, model, calibrationVersion };
  return publishedAtMs === undefined ? cause : { ...cause, publishedAtMs };
}
