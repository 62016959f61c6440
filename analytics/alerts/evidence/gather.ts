/** Alerts → their pictures: a bounded queue in which the gravest come first, a few at a time, two of a camera at most. */
import type { JsMsg } from '@nats-io/jetstream';
import type { Alert } from '#models/schema/alert.ts';
import { SEVERITIES } from '#models/schema/severity.ts';

export type Waiting = { alert: Alert; camera: string; message: Pick<JsMsg, 'ack' | 'working'> };

export type GatherOptions = {
  /** Must not throw. `again`: it was broken off, and comes again to whoever is there then. */
  gather: (waiting: Waiting) => Promise<'done' | 'again'>;
  /** What did not find a place. Must not throw. */
  refuse: (waiting: Waiting) => Promise<void>;
  waitingMax?: number;
  atOnce?: number;
  ofCamera?: number;
};

export type Gathering = AsyncDisposable & {
  add: (waiting: Waiting) => void;
  counts: () => { waiting: number; underWay: number };
};

/** The broker delivers again what is not acknowledged within fifteen seconds. */
const WORKING_EVERY_MS = 5000;

/**
 * Loss rule: beyond `waitingMax` the least grave goes, of those the oldest, which a worker forgets first. What is lost is
 * refused, and said so.
 */
export function createGathering(options: GatherOptions): Gathering {
  const { gather, refuse, waitingMax = 500, atOnce = 8, ofCamera = 2 } = options;
  const waiting: Waiting[] = [];
  const underWay = new Map<Waiting, Promise<void>>();
  let isClosing = false;
  const working = setInterval(() => {
    for (const { message } of [...waiting, ...underWay.keys()]) message.working();
  }, WORKING_EVERY_MS);

  const countOf = (camera: string) => [...underWay.keys()].filter((one) => one.camera === camera).length;

  function begin(one: Waiting): void {
    const done = gather(one)
      .then((outcome) => {
        if (outcome === 'done') one.message.ack();
      })
      .finally(() => {
        underWay.delete(one);
        next();
      });
    underWay.set(one, done);
  }

  function next(): void {
    while (!isClosing && underWay.size < atOnce) {
      const index = waiting.findIndex(({ camera }) => countOf(camera) < ofCamera);
      if (index === -1) return;
      begin(waiting.splice(index, 1)[0]!);
    }
  }

  return {
    add(one) {
      const rank = rankOf(one);
      const at = waiting.findIndex((other) => rankOf(other) > rank);
      waiting.splice(at === -1 ? waiting.length : at, 0, one);
      if (waiting.length > waitingMax) {
        const least = waiting.findIndex((other) => rankOf(other) === rankOf(waiting.at(-1)!));
        const [lost] = waiting.splice(least, 1);
        void refuse(lost!).then(() => lost!.message.ack());
      }
      next();
    },
    counts: () => ({ waiting: waiting.length, underWay: underWay.size }),
    async [Symbol.asyncDispose]() {
      isClosing = true;
      clearInterval(working);
      await Promise.allSettled(underWay.values());
    },
  };
}

const rankOf = ({ alert }: Waiting) => SEVERITIES.indexOf(alert.severity);
