/** How many answers may be open at once that last: live pictures, videos and detections, queries, figures; per user and in all. */
import { FaultError } from '#models/schema/fault.ts';

export const STREAM_LIMITS = {
  detections: { perUser: 12, inAll: 500 },
  /** Subscribers of alerts; each is a place in what all share. */
  alerts: { perUser: 100, inAll: 2000 },
  pictures: { perUser: 16, inAll: 200 },
  /** A wall of nine in two windows, and a little. */
  video: { perUser: 24, inAll: 500 },
  /** A worker makes one at a time. */
  searches: { perUser: 2, inAll: 8 },
  /** Each reads a device's streams for seconds. */
  probes: { perUser: 4, inAll: 16 },
  /** The engine tries one at a time. */
  tries: { perUser: 1, inAll: 4 },
  queries: { perUser: 4, inAll: 16 },
  /** Each asks the store up to two things at once; beyond its places they wait there. */
  figures: { perUser: 6, inAll: 24 },
} as const;

/** When to ask again for a figure that was refused. */
const FIGURE_WAIT_S = 2;

export type StreamKind = keyof typeof STREAM_LIMITS;

export type StreamLimits = {
  /** Takes a place; throws FaultError `too-many-streams`, or `too-many-queries` for figures. Dispose it at the end. */
  take: (kind: StreamKind, user: string) => Disposable;
  open: (kind: StreamKind) => number;
};

export function openStreamLimits(): StreamLimits {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.get(key) ?? 0;
  const add = (key: string, change: number) => {
    const next = count(key) + change;
    if (next === 0) counts.delete(key);
    else counts.set(key, next);
  };
  return {
    open: (kind) => count(kind),
    take(kind, user) {
      const own = `${kind} ${user}`;
      const { perUser, inAll } = STREAM_LIMITS[kind];
      if (count(own) >= perUser || count(kind) >= inAll) {
        const said = count(own) >= perUser ? `${user} has ${perUser}` : `there are ${inAll}`;
        if (kind === 'figures') {
          const about = { waitS: FIGURE_WAIT_S };
          throw new FaultError('too-many-queries', `${said} figures on their way, which is the most`, { about });
        }
        throw new FaultError('too-many-streams', `${said} open streams of ${kind}, which is the most`);
      }
      add(kind, 1);
      add(own, 1);
      let isTaken = true;
      return {
        [Symbol.dispose]() {
          if (!isTaken) return;
          isTaken = false;
          add(kind, -1);
          add(own, -1);
        },
      };
    },
  };
}
