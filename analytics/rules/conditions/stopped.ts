/** A thing stands still for so long: once, until it has moved on or is gone for good. */
import type { Static } from 'typebox';
import type { StoppedCondition } from '#models/schema/rule-condition.ts';
import type { Thing } from '../thing.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { membershipOf, watcherOf } from './membership.ts';

export function watchStopped(when: Static<typeof StoppedCondition>, setting: Setting): Watcher {
  const { emit } = setting;
  const members = when.zone === undefined ? undefined : membershipOf(when.zone, setting);
  const afterMs = when.afterS * 1000;

  function see(thing: Thing, now: Now): void {
    if (members?.update(thing, now) === 'out') emit.end(thing.id, now.atMs);
    const stoodMs = now.atMs - thing.stillSinceMs;
    if (emit.isOpen(thing.id)) {
      if (thing.stillSinceMs === now.atMs) emit.end(thing.id, now.atMs);
      return;
    }
    if (stoodMs < afterMs || (members !== undefined && members.member(thing.id) === undefined)) return;
    if (!setting.accepts(thing, now.atMs)) return;
    const values = { seconds: stoodMs / 1000, limit: when.afterS };
    emit.begin(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values });
  }

  return watcherOf(members, { see, emit });
}
