/** How many accepted things there are now, in a zone or in the whole picture; blinks of the detector are bridged. */
import type { RuleZone } from '#models/schema/rule-shape.ts';
import { isPresent, type Thing } from '../thing.ts';
import type { Now, Reach, Setting } from '../watcher.ts';
import { type Member, membershipOf } from './membership.ts';

export type Counter = {
  reach: Reach | undefined;
  see: (thing: Thing, now: Now) => void;
  gone: (thing: Thing) => void;
  count: (now: Now) => Thing[];
  save: () => Map<string, Member>;
  load: (state: unknown) => void;
};

export function counterOf(zone: RuleZone | undefined, setting: Setting): Counter {
  const members = zone === undefined ? undefined : membershipOf(zone, setting);
  const isCounted = (thing: Thing | undefined, now: Now): thing is Thing =>
    thing !== undefined && isPresent(thing, now.atMs) && setting.accepts(thing, now.atMs);
  return {
    reach: members?.reach,
    see: (thing, now) => void members?.update(thing, now),
    gone: (thing) => members?.gone(thing),
    count(now) {
      const counted: Thing[] = [];
      if (members === undefined) {
        for (const thing of now.things.all()) if (isCounted(thing, now)) counted.push(thing);
        return counted;
      }
      for (const id of members.within()) {
        const thing = now.things.get(id);
        if (isCounted(thing, now)) counted.push(thing);
      }
      return counted;
    },
    save: () => members?.save() ?? new Map(),
    load: (state) => members?.load(state as Map<string, Member>),
  };
}

type Limits = { above?: number; below?: number };

export const isBeyond = (count: number, { above, below }: Limits) =>
  (above === undefined || count > above) && (below === undefined || count < below);

export const limitOf = ({ above, below }: Limits) => above ?? below ?? 0;
