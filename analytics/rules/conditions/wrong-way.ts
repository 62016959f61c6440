/** A thing moves against the allowed heading, far enough to mean it. */
import type { Static } from 'typebox';
import type { WrongWayCondition } from '#models/schema/rule-condition.ts';
import type { Thing } from '../thing.ts';
import type { Now, Setting, Watcher } from '../watcher.ts';
import { type Member, membershipOf } from './membership.ts';

const TOLERANCE_DEG = 90;
/** Heights of the picture; metres. */
const DISTANCE = { picture: 0.1, ground: 5 };
const RADIANS = Math.PI / 180;

type Start = { x: number; y: number };

export function watchWrongWay(when: Static<typeof WrongWayCondition>, setting: Setting): Watcher {
  const { emit } = setting;
  const isGround = when.zone.space === 'ground';
  const members = membershipOf(when.zone, setting);
  const distance = when.distance ?? DISTANCE[when.zone.space];
  const toleranceDeg = when.toleranceDeg ?? TOLERANCE_DEG;
  const angle = when.headingDeg * RADIANS;
  // Up is north on the ground, and less y in the picture.
  const [allowedX, allowedY] = [Math.sin(angle), isGround ? Math.cos(angle) : -Math.cos(angle)];
  /** From where each thing's way is measured: as far along the allowed heading as it ever was. */
  let starts = new Map<string, Start>();

  function see(thing: Thing, now: Now): void {
    if (members.update(thing, now) === 'out') {
      starts.delete(thing.id);
      emit.end(thing.id, now.atMs);
    }
    if ((isGround && !thing.isPlaced) || members.member(thing.id) === undefined) return;
    const [x, y] = isGround ? [thing.east, thing.north] : [thing.x, thing.y];
    const start = starts.get(thing.id);
    const [wayX, wayY] = start === undefined ? [0, 0] : [x - start.x, y - start.y];
    const along = wayX * allowedX + wayY * allowedY;
    if (start === undefined || along > 0) {
      starts.set(thing.id, { x, y });
      return;
    }
    const far = Math.hypot(wayX, wayY);
    if (far < distance || emit.isOpen(thing.id) || !setting.accepts(thing, now.atMs)) return;
    const offDeg = Math.acos(Math.max(-1, Math.min(1, along / far))) / RADIANS;
    if (offDeg <= toleranceDeg) return;
    const values = { offDeg: Math.round(offDeg), distance: Math.round(far * 1000) / 1000, limit: toleranceDeg };
    emit.begin(thing.id, { atMs: now.atMs, things: [thing], kind: thing.kind, values });
  }

  return {
    reach: members.reach,
    see,
    gone(thing, now) {
      members.gone(thing);
      starts.delete(thing.id);
      emit.end(thing.id, now.atMs);
    },
    save: () => ({ members: members.save(), starts }),
    load(state) {
      const saved = state as { members: Map<string, Member>; starts: Map<string, Start> };
      members.load(saved.members);
      starts = saved.starts;
    },
  };
}
