/** What a fault of the clock does to the times that a stream tells. */
import { TICKS_PER_S } from './clip-file.ts';
import type { Fault } from './fault.ts';

/** Media time and wall clock at the moment when the fault was switched on. */
export type FaultStart = { ticks: number; wallMs: number };

/** Every this many pictures one is stamped earlier than the one before it. */
const BACK_EVERY = 5;
const BACK_TICKS = TICKS_PER_S / 5;
const YEAR_2000_MS = Date.UTC(2000, 0, 1);

/** The time that a picture is told to have. `index` numbers the pictures; without it no single picture is meant. */
export function toldTicks(
  fault: Fault,
  ticks: number,
  { start, index }: { start: FaultStart; index?: number },
): number {
  switch (fault.kind) {
    case 'time-jump':
      return Math.round(ticks + fault.seconds * TICKS_PER_S);
    case 'wrong-time':
      return Math.round(start.ticks + (ticks - start.ticks) / 2);
    case 'non-monotonic':
      return index !== undefined && index % BACK_EVERY === 0 ? ticks - BACK_TICKS : ticks;
    case 'drift':
      return Math.round(ticks + ((ticks - start.ticks) * fault.ppm) / 1e6);
    default:
      return ticks;
  }
}

/** The wall clock that sender reports tell. */
export function toldWallMs(fault: Fault, wallMs: number, start: FaultStart): number {
  if (fault.kind === 'wrong-time') return YEAR_2000_MS + (wallMs - start.wallMs);
  if (fault.kind === 'drift') return wallMs + ((wallMs - start.wallMs) * fault.ppm) / 1e6;
  return wallMs;
}
