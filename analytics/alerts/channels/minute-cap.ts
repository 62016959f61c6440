/** So many a minute go through a channel; the others are held, and told of as one line when the minute is over. */
import type { HeldNotice } from './outlet.ts';

export type MinuteCap = {
  /** False: this one is held. */
  passes: () => boolean;
  /** What was held in a minute that is over; told once. */
  takeNotice: () => HeldNotice | undefined;
};

const MINUTE_MS = 60_000;

export function createMinuteCap(channel: string, perMinuteMax: number, now: () => number = Date.now): MinuteCap {
  let [fromMs, sent, held] = [now(), 0, 0];
  const notices: HeldNotice[] = [];

  function turn(): void {
    const atMs = now();
    if (atMs - fromMs < MINUTE_MS) return;
    if (held > 0) notices.push({ channel, held, fromMs, toMs: fromMs + MINUTE_MS });
    [fromMs, sent, held] = [atMs, 0, 0];
  }

  return {
    passes() {
      turn();
      if (sent < perMinuteMax) {
        sent++;
        return true;
      }
      held++;
      return false;
    },
    takeNotice() {
      turn();
      return notices.shift();
    },
  };
}
