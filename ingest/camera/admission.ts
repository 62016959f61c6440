/**
 * The governor of logins: who may log in to its camera now, when a power cut brings a thousand back at once.
 *
 * One login at a time per device, a few per site, and so many a second in this process, the gaps between them jittered.
 * Of those that wait the important come first; then those with the fewest tries, so that everybody has a first try before
 * anybody has a second and cameras that are dead for days hold up nobody; then who has been down longest.
 */
import type { Importance } from '#models/schema/camera.ts';

export type LoginRequest = {
  /** Host and port. */
  device: string;
  site: string | undefined;
  importance: Importance | undefined;
  /** Tries that failed since it was live. */
  tries: number;
  downSinceMs: number | undefined;
  signal: AbortSignal;
};

export type Governor = {
  /** Waits for the turn and returns the function that ends it: the login is through, or has failed. An abort ends the wait. */
  admit: (request: LoginRequest) => Promise<() => void>;
  waiting: () => number;
  /** Begins so many logins a second from now on. */
  pace: (loginsPerS: number) => void;
};

export type GovernorOptions = {
  /** Logins a second that this process begins, on average. */
  loginsPerS: number;
  /** Logins that may be on their way at a site at once: what its line to us carries, and its gear bears. */
  siteMax?: number;
};

type Waiting = LoginRequest & { order: number; begin: () => void };

const SITE_MAX = 8;
const WEIGHT = { high: 0, normal: 1, low: 2 };
/** Gaps vary by this share, so that several processes do not keep step. */
const JITTER = 0.5;
/** A process that was too busy to keep the pace makes up for this much of it. */
const CATCH_UP_MS = 500;

export function createGovernor({ loginsPerS, siteMax = SITE_MAX }: GovernorOptions): Governor {
  const waiting = new Set<Waiting>();
  const busyDevices = new Set<string>();
  const busySites = new Map<string, number>();
  let gapMs = 1000 / loginsPerS;
  let nextMs = 0;
  let order = 0;
  let timer: NodeJS.Timeout | undefined;

  const mayBegin = ({ device, site }: Waiting) =>
    !busyDevices.has(device) && (site === undefined || (busySites.get(site) ?? 0) < siteMax);

  /** Lets in who may; what cannot begin yet is looked at again when the next turn is due or a login ends. */
  function pump(): void {
    // Where somebody waited for the turn, lateness is ours and not theirs.
    const lateMs = timer === undefined ? 0 : CATCH_UP_MS;
    clearTimeout(timer);
    timer = undefined;
    for (;;) {
      const next = firstOf(waiting, mayBegin);
      if (next === undefined) return;
      const nowMs = performance.now();
      if (nowMs < nextMs) {
        timer = setTimeout(pump, nextMs - nowMs);
        return;
      }
      nextMs = Math.max(nextMs, nowMs - lateMs) + gapMs * (1 - JITTER + 2 * JITTER * Math.random());
      waiting.delete(next);
      next.begin();
    }
  }

  /** Takes the device and a place at the site; gives both back, once. */
  function occupy({ device, site }: LoginRequest): () => void {
    busyDevices.add(device);
    if (site !== undefined) busySites.set(site, (busySites.get(site) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      busyDevices.delete(device);
      if (site !== undefined) leaveSite(site);
      pump();
    };
  }

  function leaveSite(site: string): void {
    const left = (busySites.get(site) ?? 1) - 1;
    if (left === 0) busySites.delete(site);
    else busySites.set(site, left);
  }

  return {
    waiting: () => waiting.size,
    pace(wantedPerS) {
      gapMs = 1000 / wantedPerS;
    },
    admit(request) {
      if (request.signal.aborted) return Promise.resolve(() => {});
      return new Promise((resolve) => {
        const give = (leave: () => void) => {
          request.signal.removeEventListener('abort', onAbort);
          resolve(leave);
        };
        const entry: Waiting = { ...request, order: order++, begin: () => give(occupy(request)) };
        const onAbort = () => {
          waiting.delete(entry);
          give(() => {});
        };
        request.signal.addEventListener('abort', onAbort, { once: true });
        waiting.add(entry);
        pump();
      });
    },
  };
}

function firstOf(waiting: Iterable<Waiting>, mayBegin: (entry: Waiting) => boolean): Waiting | undefined {
  let first: Waiting | undefined;
  for (const entry of waiting) {
    if (mayBegin(entry) && (first === undefined || compare(entry, first) < 0)) first = entry;
  }
  return first;
}

function compare(a: Waiting, b: Waiting): number {
  return (
    WEIGHT[a.importance ?? 'normal'] - WEIGHT[b.importance ?? 'normal'] ||
    a.tries - b.tries ||
    (a.downSinceMs ?? Number.POSITIVE_INFINITY) - (b.downSinceMs ?? Number.POSITIVE_INFINITY) ||
    a.order - b.order
  );
}

/** The one that all logins of this process pass. */
export const logins = createGovernor({ loginsPerS: 10 });
