/** A rule as it runs: one watcher per camera of it, what has begun and is not over, and what spans its cameras. */
import { needsGround, simpleParts } from '#models/registry/rule-check.ts';
import { KINDS, type Kind } from '#models/schema/kind.ts';
import type { Rule } from '#models/schema/rule.ts';
import type { SimpleCondition } from '#models/schema/rule-condition.ts';
import type { CameraRun } from './camera-run.ts';
import { type AreaTotal, areaTotalOf } from './conditions/area-total.ts';
import { type Event, type Pairs, pairsOf } from './conditions/sequence.ts';
import { speedTrailMs } from './conditions/speed.ts';
import { watch } from './conditions/watch.ts';
import type { Firing } from './firing.ts';
import type { Awake } from './schedule.ts';
import type { Thing } from './thing.ts';
import type { Emit, Happening, Setting, Source, Watcher } from './watcher.ts';

const VEHICLES: readonly Kind[] = ['motorcycle', 'car', 'bus', 'truck'];
const AGE_MIN_S = 0.5;
const TRACKS_MAX = 50;

export type Watch = {
  watchers: Watcher[];
  open: Map<string, number>;
  subOpen: Map<string, number>;
  closeSides: () => void;
};

export type RuleState = {
  version: number;
  watches: Map<string, { states: unknown[]; open: Map<string, number>; subOpen: Map<string, number> }>;
  areas: unknown[];
  pairs: unknown;
  open: Map<string, number>;
};

export type RuleRun = {
  rule: Rule;
  needsGround: boolean;
  needsNormals: boolean;
  needsWords: boolean;
  /** How far back trails of things must go. */
  trailMs: number;
  watchCamera: (camera: CameraRun) => Watch;
  unwatchCamera: (camera: string) => void;
  /** Ends all that goes on. */
  close: () => void;
  save: () => RuleState;
  load: (state: RuleState) => void;
};

type Parts = {
  awake: Awake;
  source: () => Source;
  /** Time of what is being taken in. */
  nowMs: () => number;
  normalsFor: (camera: string, kinds: readonly Kind[]) => Setting['normalAt'];
  areaPathOf: (area: string) => readonly string[];
  fire: (firing: Firing) => void;
};

export function runRule(rule: Rule, parts: Parts): RuleRun {
  const { awake, source, nowMs, fire } = parts;
  const simple = simpleParts(rule.when);
  const kindsOf = (when: SimpleCondition) =>
    rule.kinds ?? (when.type === 'stopped' ? VEHICLES : when.type === 'density' ? (['person'] as const) : KINDS);
  const ageMinMs = (rule.trackAgeMinS ?? AGE_MIN_S) * 1000;
  const scoreMin = rule.scoreMin ?? 0;
  const watches = new Map<string, Watch>();
  const cameras = new Set<string>();
  /** What goes on in the area as a whole. */
  let open = new Map<string, number>();
  const areaKey = 'area' in rule.where ? `area:${rule.where.area}` : `cameras:${rule.id}`;

  function firing(from: Source, key: string, happening: Happening): Omit<Firing, 'phase' | 'isMoment' | 'beganAtMs'> {
    const { things = [], atMs, values, kind } = happening;
    const [thing] = things;
    const { camera, areaPath, cause, isLate } = from;
    return {
      ...{ rule: rule.id, ruleVersion: rule.version, key, camera, areaPath, atMs, values, isLate, cause },
      ...(kind === undefined ? {} : { kind }),
      tracks: things.slice(0, TRACKS_MAX).map(({ track }) => track),
      ...(thing === undefined ? {} : { box: [...thing.box] }),
      ...(thing?.hasGround === true ? { position: { lon: thing.lon, lat: thing.lat, errorM: thing.errorM } } : {}),
    };
  }

  function begin(held: Map<string, number>, side: string, { key, from, happening }: Told): boolean {
    if (held.has(side)) return true;
    if (!awake(happening.atMs)) return false;
    held.set(side, happening.atMs);
    fire({ ...firing(from, key, happening), phase: 'begin', isMoment: false, beganAtMs: happening.atMs });
    return true;
  }
  function end(held: Map<string, number>, side: string, { key, from, happening }: Told): void {
    const beganAtMs = held.get(side);
    if (beganAtMs === undefined) return;
    held.delete(side);
    fire({ ...firing(from, key, happening), phase: 'end', isMoment: false, beganAtMs });
  }
  function moment(key: string, from: Source, happening: Happening): void {
    if (!awake(happening.atMs)) return;
    fire({ ...firing(from, key, happening), phase: 'begin', isMoment: true, beganAtMs: happening.atMs });
  }

  const ended = (atMs: number): Happening => ({ atMs, values: {} });
  const keyOf = (place: string, side: string) => (side === '' ? place : `${place}|${side}`);

  /** What ends because its rule was changed ends while another camera is looked at. */
  const sourceOf = (camera: string) => (source().camera === camera ? source() : { ...source(), camera });

  function endOne(camera: string, held: Map<string, number>, side: string, atMs: number): void {
    // Most of what goes had not begun.
    if (held.has(side)) end(held, side, { key: keyOf(camera, side), from: sourceOf(camera), happening: ended(atMs) });
  }

  /** What fires by itself. */
  const ownEmit = (camera: string, held: Map<string, number>): Emit => ({
    moment: (side, happening) => moment(keyOf(camera, side), source(), happening),
    begin: (side, happening) => begin(held, side, { key: keyOf(camera, side), from: source(), happening }),
    end: (side, atMs) => endOne(camera, held, side, atMs),
    isOpen: (side) => held.has(side),
  });

  /** What is one part of two. */
  function partEmit(part: 'first' | 'next', camera: string, held: Map<string, number>): Emit {
    const note = (side: string, { atMs, things = [] }: Happening) => {
      const tracks = things.map(({ track }) => track);
      const key = `${part === 'first' ? '1' : '2'}:${side}`;
      pairs?.note(part, { place: camera, key, atMs, tracks, source: source() });
    };
    const ownSide = (side: string) => `${part}:${side}`;
    return {
      moment: note,
      begin(side, happening) {
        if (held.has(ownSide(side))) return true;
        held.set(ownSide(side), happening.atMs);
        note(side, happening);
        return true;
      },
      end: (side) => void held.delete(ownSide(side)),
      isOpen: (side) => held.has(ownSide(side)),
    };
  }

  const pairs: Pairs | undefined =
    rule.when.type === 'sequence'
      ? pairsOf(rule.when, ({ first, next }) => moment(pairKey(next), joined(first, next), pairOf(first, next)))
      : undefined;
  const pairKey = ({ place, key }: Event) => keyOf(place, key);

  const areas: (AreaTotal | undefined)[] = simple.map(({ when }, index) => {
    if (when.type !== 'area-total') return undefined;
    const side = String(index);
    const part = index === 0 ? 'first' : 'next';
    return areaTotalOf(when, {
      cameras: () => cameras,
      emit: {
        isOpen: () => open.has(side),
        begin(values, { atMs, source: from }) {
          const whole = wholeOf(from);
          if (pairs === undefined) {
            begin(open, side, { key: areaKey, from: whole, happening: { atMs, values } });
            return;
          }
          open.set(side, atMs);
          pairs.note(part, { place: areaKey, key: `${part}:${areaKey}`, atMs, tracks: [], source: whole });
        },
        end({ atMs, source: from }) {
          if (pairs === undefined) end(open, side, { key: areaKey, from: wholeOf(from), happening: ended(atMs) });
          else open.delete(side);
        },
      },
    });
  });
  const wholeOf = (from: Source): Source => ({
    ...from,
    camera: null,
    areaPath: 'area' in rule.where ? parts.areaPathOf(rule.where.area) : from.areaPath,
  });

  function settingOf(camera: CameraRun, when: SimpleCondition, emit: Emit): Setting {
    const kinds = kindsOf(when);
    const mask = kinds.length === KINDS.length ? undefined : new Set<Kind>(kinds);
    const isOfKind = (thing: Thing) => mask === undefined || mask.has(thing.kind);
    return {
      ...{ emit, isOfKind, kinds, source, camera: camera.id, aspect: camera.aspect() },
      accepts: (thing, atMs) => isOfKind(thing) && thing.score >= scoreMin && atMs - thing.firstAtMs >= ageMinMs,
      onPlane: camera.onPlane,
      onGround: camera.onGround,
      normalAt: parts.normalsFor(camera.id, kinds),
    };
  }

  function watchCamera(camera: CameraRun): Watch {
    const [held, subHeld] = [new Map<string, number>(), new Map<string, number>()];
    const watchers = simple.map(({ when }, index) => {
      const part = index === 0 ? 'first' : 'next';
      const emit = pairs === undefined ? ownEmit(camera.id, held) : partEmit(part, camera.id, subHeld);
      const setting = settingOf(camera, when, emit);
      return when.type === 'area-total' ? areas[index]!.watch(setting) : watch(when, setting);
    });
    const { end: endSide } = ownEmit(camera.id, held);
    const closeSides = () => {
      for (const side of [...held.keys()]) endSide(side, nowMs());
    };
    const made: Watch = { watchers, open: held, subOpen: subHeld, closeSides };
    cameras.add(camera.id);
    watches.set(camera.id, made);
    return made;
  }

  return {
    rule,
    needsGround: simple.some(({ when }) => needsGround(when)),
    needsNormals: simple.some(({ when }) => when.type === 'unlike-normal'),
    needsWords: simple.some(({ when }) => when.type === 'camera'),
    trailMs: Math.max(0, ...simple.map(({ when }) => (when.type === 'speed' ? speedTrailMs(when) : 0))),
    watchCamera,
    unwatchCamera(camera) {
      watches.get(camera)?.closeSides();
      watches.delete(camera);
      cameras.delete(camera);
    },
    close() {
      for (const one of watches.values()) one.closeSides();
      for (const side of [...open.keys()])
        end(open, side, { key: areaKey, from: wholeOf(source()), happening: ended(nowMs()) });
    },
    save: () => ({
      version: rule.version,
      watches: new Map(
        [...watches].map(([camera, one]) => [
          camera,
          { states: one.watchers.map((watcher) => watcher.save()), open: one.open, subOpen: one.subOpen },
        ]),
      ),
      areas: areas.map((area) => area?.save()),
      pairs: pairs?.save(),
      open,
    }),
    load(state) {
      for (const [camera, saved] of state.watches) {
        const own = watches.get(camera);
        if (own === undefined) continue;
        for (const [index, watcher] of own.watchers.entries())
          if (saved.states[index] !== undefined) watcher.load(saved.states[index]);
        for (const [side, atMs] of saved.open) own.open.set(side, atMs);
        for (const [side, atMs] of saved.subOpen) own.subOpen.set(side, atMs);
      }
      for (const [index, area] of areas.entries()) if (state.areas[index] !== undefined) area?.load(state.areas[index]);
      if (state.pairs !== undefined) pairs?.load(state.pairs);
      open = state.open;
    },
  };
}

type Told = { key: string; from: Source; happening: Happening };

const MESSAGES_MAX = 10;

/** Both parts stand in what caused it; the later one decided. */
function joined(first: Event, next: Event): Source {
  const messages = [...first.source.cause.messages, ...next.source.cause.messages].slice(-MESSAGES_MAX);
  const { source } = next;
  return { ...source, isLate: source.isLate || first.source.isLate, cause: { ...source.cause, messages } };
}

const pairOf = (first: Event, next: Event): Happening => ({
  atMs: next.atMs,
  values: { afterS: (next.atMs - first.atMs) / 1000 },
});
