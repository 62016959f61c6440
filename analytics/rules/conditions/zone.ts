/** A thing comes into a zone, leaves it, or is in it for a while; a dwell is a presence that takes longer. */
import type { Static } from 'typebox';
import type { DwellCondition, ZoneCondition } from '#models/schema/rule-condition.ts';
import type { Thing } from '../thing.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { type Member, membershipOf } from './membership.ts';

const PRESENCE_S = 1;

export function watchZone(when: Static<typeof ZoneCondition>, setting: Setting): Watcher {
  if (when.event === 'presence') return watchStay(when.zone, (when.overS ?? PRESENCE_S) * 1000, setting);
  return when.event === 'entry' ? watchEntry(when, setting) : watchExit(when, setting);
}

export function watchDwell(when: Static<typeof DwellCondition>, setting: Setting): Watcher {
  return watchStay(when.zone, when.overS * 1000, setting);
}

/** Who was there already when the camera began to look has not come in. */
function watchEntry({ zone }: Static<typeof ZoneCondition>, setting: Setting): Watcher {
  const members = membershipOf(zone, setting);
  /** Within, and not told yet: too young, or not sure enough. */
  let waiting = new Set<string>();
  return {
    reach: members.reach,
    see(thing, now) {
      const change = members.update(thing, now);
      if (change === 'out') waiting.delete(thing.id);
      if (change === 'in' && members.member(thing.id)?.hasCome === true) waiting.add(thing.id);
      if (waiting.size === 0 || !waiting.has(thing.id) || !setting.accepts(thing, now.atMs)) return;
      waiting.delete(thing.id);
      setting.emit.moment(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values: {} });
    },
    gone(thing) {
      members.gone(thing);
      waiting.delete(thing.id);
    },
    save: () => ({ members: members.save(), waiting }),
    load(state) {
      const saved = state as { members: Map<string, Member>; waiting: Set<string> };
      members.load(saved.members);
      waiting = saved.waiting;
    },
  };
}

/** Who is lost within has not left: nobody saw it. */
function watchExit({ zone }: Static<typeof ZoneCondition>, setting: Setting): Watcher {
  const members = membershipOf(zone, setting);
  return {
    reach: members.reach,
    see(thing, now) {
      const sinceMs = members.member(thing.id)?.sinceMs ?? now.atMs;
      if (members.update(thing, now) !== 'out' || !setting.accepts(thing, now.atMs)) return;
      const values = { seconds: (now.atMs - sinceMs) / 1000 };
      setting.emit.moment(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values });
    },
    gone: members.gone,
    save: members.save,
    load: (state) => members.load(state as Map<string, Member>),
  };
}

/** Once per stay: hidden for a while is no end of it. */
function watchStay(zone: Static<typeof ZoneCondition>['zone'], overMs: number, setting: Setting): Watcher {
  const members = membershipOf(zone, setting);
  const { emit } = setting;
  return {
    reach: members.reach,
    see(thing: Thing, now: Now) {
      if (members.update(thing, now) === 'out') emit.end(thing.id, now.atMs);
      const member = members.member(thing.id);
      if (member === undefined || now.atMs - member.sinceMs < overMs || emit.isOpen(thing.id)) return;
      if (!setting.accepts(thing, now.atMs)) return;
      const values = { seconds: (now.atMs - member.sinceMs) / 1000, limit: overMs / 1000 };
      emit.begin(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values });
    },
    gone(thing, now) {
      members.gone(thing);
      emit.end(thing.id, now.atMs);
    },
    save: members.save,
    load: (state) => members.load(state as Map<string, Member>),
  };
}
