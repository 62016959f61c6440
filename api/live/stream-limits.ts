/** How many answers may be open at once that last: live pictures, live detections, queries; per user and in all. */
import { FaultError } from '#models/schema/fault.ts';

export const STREAM_LIMITS = {
  detections: { perUser: 12, inAll: 500 },
  pictures: { perUser: 16, inAll: 200 },
  queries: { perUser: 4, inAll: 16 },
} as const;

export type StreamKind = keyof typeof STREAM_LIMITS;

export type StreamLimits = {
  /** Takes a place; throws FaultError `too-many-streams`. Dispose it when the stream ends. */
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
