/**
 * From firings to what is sent: alerts and incidents, with cooldowns, caps, quiet spans and storms. It knows no clock:
 * the same firings give the same alerts, apart from when they were raised.
 */
import { createHash } from 'node:crypto';
import type { Alert, Incident } from '#models/schema/alert.ts';
import type { AreaPath } from '#models/schema/area.ts';
import type { Quiet, Rule } from '#models/schema/rule.ts';
import type { Severity } from '#models/schema/severity.ts';
import type { CameraFacts } from './engine.ts';
import type { Firing } from './firing.ts';
import { belongs, type Joining, join, nearTo, type OpenIncident, openIncident } from './incidents.ts';
import { textOf } from './words.ts';

export type Raised = { type: 'alert'; alert: Alert } | { type: 'incident'; incident: Incident; severity: Severity };

export type Raiser = {
  setRule: (rule: Rule) => void;
  removeRule: (id: string) => void;
  setCamera: (id: string, facts: CameraFacts | undefined) => void;
  setAreaName: (id: string, name: string | undefined) => void;
  setQuiets: (quiets: readonly Quiet[]) => void;
  /** `raisedAtMs` is the one time that is the clock's. */
  raise: (firings: readonly Firing[], raisedAtMs: number) => Raised[];
  /** Time goes on without a firing: quiet spans are over, incidents are forgotten, what was held is told. */
  advance: (atMs: number, raisedAtMs: number) => Raised[];
  /** Alerts that quiet spans kept back, and that cooldowns and caps held, since the beginning. */
  counts: () => { quieted: number; held: number };
  snapshot: () => unknown;
  restore: (snapshot: unknown) => void;
};

/** An incident that saw no alert for so long gets no further one. */
export const GAP_MS = 300_000;
const COOLDOWN_S = 60;
const HOURLY_MAX = 60;
const HOUR_MS = 3_600_000;
/** So many cameras in trouble at once are a storm: what more there are is counted, and not sent one by one. */
const STORM_CAMERAS = 5;
/** Changes by alerts that were held are told this often, not at each. */
const TELL_EVERY_MS = 10_000;
const NOTHING: Raised[] = [];
/** What goes on and what is remembered of it; the oldest are forgotten. */
const GOING_MAX = 100_000;
const INCIDENTS_MAX = 10_000;

type Going = { incident?: string; quieted?: Firing };
type State = {
  /** By rule and place: when an alert was sent last, and how many were held since. */
  sent: Map<string, { atMs: number; held: number }>;
  /** By rule: when alerts were sent within the hour. */
  hours: Map<string, number[]>;
  going: Map<string, Going>;
  incidents: Map<string, OpenIncident>;
  latestMs: number;
  counts: { quieted: number; held: number };
};

/** `zone` is the configured time zone, for texts. */
export function createRaiser({ zone, gapMs = GAP_MS }: { zone: string; gapMs?: number }): Raiser {
  const rules = new Map<string, Rule>();
  const cameras = new Map<string, CameraFacts>();
  const areaNames = new Map<string, string>();
  let quiets: readonly Quiet[] = [];
  let state: State = {
    ...{ sent: new Map(), hours: new Map(), going: new Map(), incidents: new Map(), latestMs: 0 },
    counts: { quieted: 0, held: 0 },
  };

  const isQuiet = ({ rule, camera, areaPath }: Firing, atMs: number) =>
    quiets.some((quiet) => {
      if (atMs < quiet.fromMs || atMs >= quiet.toMs) return false;
      if (quiet.rule !== undefined && quiet.rule !== rule) return false;
      if (quiet.camera !== undefined && quiet.camera !== camera) return false;
      return quiet.area === undefined || areaPath.includes(quiet.area);
    });

  function joiningOf(firing: Firing, rule: Rule): Joining {
    const { camera, areaPath, position, beganAtMs, key } = firing;
    const facts = camera === null ? undefined : cameras.get(camera);
    const area = areaPath.findLast((token) => token !== '_') ?? '';
    const spot = position ?? facts?.position;
    const names = { camera: facts?.name ?? camera ?? '', area: areaNames.get(area) ?? area, zone };
    return {
      ...{ id: alertId(firing), key: `${rule.id} ${key}`, family: rule.family ?? rule.when.type },
      ...{ severity: rule.severity, areaPath, camera, rule: rule.id, atMs: beganAtMs },
      ...{
        site: facts?.site,
        spot,
        isNear: spot === undefined ? undefined : nearTo(spot),
        text: () => textOf(firing, rule, names),
      },
      isTrouble: rule.when.type === 'camera',
    };
  }

  const findIncident = (joining: Joining) => {
    let found: OpenIncident | undefined;
    for (const open of state.incidents.values()) {
      if (!belongs(open, joining, gapMs)) continue;
      if (found === undefined || isEarlier(open.incident, found.incident)) found = open;
    }
    return found;
  };

  /** Whether an alert may be sent now: not too soon after the last one, not too many an hour, not one more of a storm. */
  function maySend(rule: Rule, placeKey: string, { atMs }: Joining, open: OpenIncident | undefined): boolean {
    const last = state.sent.get(placeKey);
    if (last !== undefined && atMs - last.atMs < (rule.cooldownS ?? COOLDOWN_S) * 1000) return false;
    if (open?.isTrouble === true && open.cameras.size >= STORM_CAMERAS) return false;
    const sent = (state.hours.get(rule.id) ?? []).filter((sentAtMs) => atMs - sentAtMs < HOUR_MS);
    state.hours.set(rule.id, sent);
    return sent.length < (rule.hourlyMax ?? HOURLY_MAX);
  }

  function begin(firing: Firing, raisedAtMs: number): Raised[] {
    const rule = rules.get(firing.rule);
    if (rule === undefined) return [];
    const goingKey = `${firing.rule} ${firing.key}`;
    if (isQuiet(firing, firing.atMs)) {
      state.counts.quieted++;
      if (!firing.isMoment) remember(goingKey, { quieted: firing });
      return [];
    }
    const joining = joiningOf(firing, rule);
    const known = findIncident(joining);
    const placeKey = `${rule.id} ${firing.camera ?? firing.key}`;
    const isSent = maySend(rule, placeKey, joining, known);
    if (!isSent && known === undefined) {
      hold(placeKey);
      return [];
    }
    const open = known ?? openIncident(joining);
    state.incidents.set(open.incident.id, open);
    join(open, joining, known === undefined ? 'first' : isSent ? 'sent' : 'held');
    if (!firing.isMoment) {
      open.active.add(joining.key);
      remember(goingKey, { incident: open.incident.id });
    }
    if (!isSent) {
      hold(placeKey);
      return tell(open, firing.atMs, false);
    }
    const held = state.sent.get(placeKey)?.held ?? 0;
    state.sent.set(placeKey, { atMs: joining.atMs, held: 0 });
    state.hours.get(rule.id)!.push(joining.atMs);
    const alert = alertOf(firing, rule, { joining, incident: open.incident.id, held, raisedAtMs });
    return [{ type: 'alert', alert }, ...tell(open, firing.atMs, true)];
  }

  function hold(placeKey: string): void {
    state.counts.held++;
    const last = state.sent.get(placeKey);
    if (last !== undefined) last.held++;
    else state.sent.set(placeKey, { atMs: 0, held: 1 });
  }

  function end(firing: Firing): Raised[] {
    const goingKey = `${firing.rule} ${firing.key}`;
    const going = state.going.get(goingKey);
    state.going.delete(goingKey);
    const open = state.incidents.get(going?.incident ?? '');
    if (open === undefined || !open.active.delete(goingKey)) return [];
    open.overAtMs = Math.max(open.overAtMs, firing.atMs);
    if (open.active.size > 0) return [];
    open.incident.endedAtMs = Math.max(open.overAtMs, open.incident.lastAtMs);
    open.isChanged = true;
    return tell(open, firing.atMs, true);
  }

  function remember(goingKey: string, going: Going): void {
    state.going.set(goingKey, going);
    if (state.going.size > GOING_MAX) state.going.delete(state.going.keys().next().value!);
  }

  /** `isNow`: also shortly after it was told before. */
  function tell(open: OpenIncident, atMs: number, isNow: boolean): Raised[] {
    if (!open.isChanged || (!isNow && atMs - open.toldAtMs < TELL_EVERY_MS)) return [];
    open.isChanged = false;
    open.toldAtMs = atMs;
    const { incident } = open;
    incident.revision++;
    return [{ type: 'incident', incident: copyOf(incident), severity: incident.severity }];
  }

  /** What began in a quiet span and still goes on when it is over is told then. */
  function releaseQuieted(atMs: number, raisedAtMs: number): Raised[] {
    const raised: Raised[] = [];
    for (const [key, { quieted }] of state.going) {
      if (quieted === undefined || isQuiet(quieted, atMs)) continue;
      state.going.delete(key);
      state.counts.quieted--;
      raised.push(...begin({ ...quieted, atMs }, raisedAtMs));
    }
    return raised;
  }

  function sweep(atMs: number): Raised[] {
    const raised: Raised[] = [];
    for (const [id, open] of state.incidents) {
      raised.push(...tell(open, atMs, false));
      const restMs = Math.max(open.incident.lastAtMs, open.overAtMs);
      const isOver = open.active.size === 0 && atMs - restMs > gapMs && !open.isChanged;
      if (isOver || state.incidents.size > INCIDENTS_MAX) state.incidents.delete(id);
    }
    for (const [key, { atMs: sentAtMs, held }] of state.sent)
      if (held === 0 && atMs - sentAtMs > 24 * HOUR_MS) state.sent.delete(key);
    return raised;
  }

  return {
    setRule: (rule) => void rules.set(rule.id, rule),
    removeRule: (id) => void rules.delete(id),
    setCamera(id, facts) {
      if (facts === undefined) cameras.delete(id);
      else cameras.set(id, facts);
    },
    setAreaName(id, name) {
      if (name === undefined) areaNames.delete(id);
      else areaNames.set(id, name);
    },
    setQuiets(next) {
      quiets = next;
    },
    raise: (firings, raisedAtMs) =>
      firings.flatMap((firing) => (firing.phase === 'begin' ? begin(firing, raisedAtMs) : end(firing))),
    advance(atMs, raisedAtMs) {
      // Once a second of event time: nothing here is in a hurry.
      if (atMs < state.latestMs + 1000) return NOTHING;
      state.latestMs = atMs;
      return [...releaseQuieted(atMs, raisedAtMs), ...sweep(atMs)];
    },
    counts: () => ({ ...state.counts }),
    snapshot: () => state,
    restore(snapshot) {
      state = snapshot as State;
    },
  };
}

const copyOf = (incident: Incident): Incident => ({
  ...incident,
  areaPath: [...incident.areaPath],
  cameras: [...incident.cameras],
  rules: [...incident.rules],
});

const isEarlier = (a: Incident, b: Incident) =>
  a.firstAtMs < b.firstAtMs || (a.firstAtMs === b.firstAtMs && a.id < b.id);

/** The same happening has the same id, whoever tells it and however often. */
export function alertId({ rule, ruleVersion, key, beganAtMs }: Firing): string {
  return createHash('sha256').update(`${rule}|${ruleVersion}|${key}|${beganAtMs}`).digest('hex').slice(0, 24);
}

type Sending = { joining: Joining; incident: string; held: number; raisedAtMs: number };

function alertOf(firing: Firing, rule: Rule, { joining, incident, held, raisedAtMs }: Sending): Alert {
  const { kind, box, position, tracks, cause, values, isLate } = firing;
  const { messages, ...times } = cause;
  return {
    ...{ version: 1, id: joining.id, incident, rule: rule.id, ruleVersion: rule.version, ruleName: rule.name },
    ...{ family: joining.family, condition: rule.when.type, severity: rule.severity },
    ...{ areaPath: [...firing.areaPath] as AreaPath, camera: firing.camera },
    ...(position === undefined ? {} : { position }),
    ...(box === undefined ? {} : { box }),
    ...(kind === undefined ? {} : { kind }),
    ...{
      atMs: firing.beganAtMs,
      raisedAtMs,
      text: joining.text(),
      ...(rule.text === undefined ? {} : { hasOwnText: true }),
      values: { ...values },
      isLate,
      held,
    },
    cause: { messages: [...messages], tracks: [...tracks], ...times },
  };
}
