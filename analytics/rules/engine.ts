/**
 * The engine of rules: looks in, firings out. It knows no clock, no timer and no random number: time is what messages
 * say, so that the same looks give the same firings live, replayed from the stream, and read again from the store.
 */
import { demandRule } from '#models/registry/rule-check.ts';
import type { Calibration } from '#models/schema/calibration.ts';
import { type FaultCode, faultCodeOf } from '#models/schema/fault.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Rule } from '#models/schema/rule.ts';
import { localClock } from '#models/schema/time-zone.ts';
import { type CameraRun, type CameraState, runCamera } from './camera-run.ts';
import type { Firing, FiringCause } from './firing.ts';
import type { CameraWord, Look } from './look.ts';
import { type RuleRun, type RuleState, runRule, type Watch } from './rule-run.ts';
import { awakeBy } from './schedule.ts';
import { show } from './show.ts';
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
  let normals: Normals | undefined;
  let source: Source = { camera: null, areaPath: [], cause: NO_CAUSE, isLate: false };
  let nowMs = 0;
  let out: Firing[] = [];
  let quarantined: { rule: string; version: number; message: string }[] = [];
  const local = localClock(zone);

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

  function normalAt(camera: string, kinds: readonly Kind[], atMs: number) {
    const { weekday, minute } = local(atMs);
    const hour = (weekday - 1) * 24 + Math.floor(minute / 60);
    const found = kinds.flatMap((kind) => normals?.of(camera, kind, hour) ?? []);
    if (found.length === 0) return undefined;
    const median = found.reduce((sum, one) => sum + one.median, 0);
    return { median, spread: Math.sqrt(found.reduce((sum, one) => sum + one.spread ** 2, 0)) };
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
  function guarded(id: string, work: () => void): void {
    const run = runs.get(id);
    if (run === undefined) return;
    try {
      work();
    } catch (error) {
      putAside(run, error);
    }
  }

  function drain(): Firing[] {
    const fired = out;
    out = [];
    return fired;
  }

  function outcomeOf(id: string): RuleOutcome | undefined {
    const run = runs.get(id);
    if (run === undefined) return outcomes.get(id);
    const watched = [...watches].flatMap(([camera, own]) => (own.has(id) ? [camera] : []));
    if (watched.length === 0 && run.needsGround)
      return { state: 'waiting', reason: 'rule-uncalibrated', message: 'none of its cameras is calibrated' };
    const isLearning = () => !watched.some((camera) => KINDS.some((kind) => hasNormal(camera, kind)));
    if (run.needsNormals && isLearning())
      return { state: 'waiting', reason: 'rule-learning', message: 'it does not know yet what is normal' };
    return { state: 'active' };
  }
  const hasNormal = (camera: string, kind: Kind) =>
    Array.from({ length: 168 }, (_, hour) => hour).some((hour) => normals?.of(camera, kind, hour) !== undefined);

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
          ...{ awake, normalAt, source: () => source, nowMs: () => nowMs },
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
      normals = next;
    },
    look(look) {
      const camera = cameraOf(look.camera);
      const isLast = camera.isLast(look);
      const admitted = camera.admit(look);
      if (admitted === undefined) {
        if (isLast) camera.things.complete(look);
        return drain();
      }
      const { capturedAtMs: atMs, areaPath, isWatched } = look;
      nowMs = atMs;
      source = {
        camera: look.camera,
        areaPath: camera.facts()?.areaPath ?? areaPath,
        isLate: false,
        cause: causeOf(look),
      };
      const { things } = camera;
      const now: Now = { ...admitted, atMs, look, isWatched, things };
      const begun = things.begin(look, admitted);
      if (begun.length > 0) {
        const then: Now = { ...now, atMs: admitted.before.atMs };
        for (const [id, { watchers }] of watches.get(look.camera) ?? [])
          guarded(id, () => watchers.forEach((watcher) => void show(watcher, begun, then)));
      }
      const seen = things.see(look, admitted);
      const gone = things.takeGone(atMs);
      for (const [id, { watchers }] of watches.get(look.camera) ?? []) {
        guarded(id, () => {
          for (const watcher of watchers) {
            if (watcher.see !== undefined) show(watcher, seen, now);
            if (watcher.gone !== undefined) for (const thing of gone) watcher.gone(thing, now);
            watcher.look?.(now);
          }
        });
      }
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
      for (const [ruleId, { watchers }] of watches.get(word.camera) ?? [])
        if (runs.get(ruleId)?.needsWords === true)
          guarded(ruleId, () => {
            for (const watcher of watchers) watcher.word?.(word);
          });
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

function causeOf({ id, capturedAtMs, receivedAtMs, publishedAtMs, model, calibrationVersion }: Look): FiringCause {
  const cause = { messages: [id], capturedAtMs, receivedAtMs, model, calibrationVersion };
  return publishedAtMs === undefined ? cause : { ...cause, publishedAtMs };
}
