/** Time in which a camera's pictures came and showed nothing becomes spans of its own: they say why nobody watched. */
import type { FaultCode } from '#models/schema/fault.ts';
import type { ComposeOptions, Span, Watch } from './compose.ts';

export type Blindness = {
  /** Takes word of a blind or lost camera; `watchedToMs`: until then all is told already. */
  see: (watch: Exclude<Watch, { type: 'look' }>, watchedToMs: number) => Span[];
  /** The camera sees again, or its pictures end: what is not told yet. */
  end: () => Span[];
  /** Until when it has been blind; 0 where it was not. */
  untilMs: () => number;
};

/** Told every `emptyRunMs`, when the reason changes, and at the end. A gap longer than the cap is nobody's word. */
export function tellBlindness({ emptyRunMs, presenceCapMs }: ComposeOptions): Blindness {
  let run: Span | undefined;
  let toldToMs = 0;

  function end(): Span[] {
    const told = run === undefined || run.watchedToMs <= run.watchedFromMs ? [] : [run];
    run = undefined;
    return told;
  }

  return {
    see(watch, watchedToMs) {
      if (watch.type === 'lost') return end();
      const { receivedAtMs, reason } = watch;
      const atMs = Math.round(watch.capturedAtMs);
      const lastMs = run?.watchedToMs ?? Math.max(watchedToMs, toldToMs);
      const goesOn = atMs - lastMs <= presenceCapMs;
      const told = run === undefined || (goesOn && run.unwatchedReason === reason) ? [] : end();
      run ??= beginAt(goesOn ? lastMs : atMs, { receivedAtMs, reason });
      run.watchedToMs = Math.max(run.watchedToMs, atMs);
      toldToMs = run.watchedToMs;
      if (run.watchedToMs - run.watchedFromMs >= emptyRunMs) told.push(...end());
      return told;
    },
    end,
    untilMs: () => toldToMs,
  };
}

function beginAt(atMs: number, { receivedAtMs, reason }: { receivedAtMs: number; reason: FaultCode }): Span {
  const received = { capturedAtMs: atMs, receivedAtMs: Math.round(receivedAtMs) };
  return { ...received, watchedFromMs: atMs, watchedToMs: atMs, looks: 0, sightings: [], unwatchedReason: reason };
}
