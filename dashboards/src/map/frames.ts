/** The steps of a play through time: a span cut at full ten minutes, hours or days of the site's clock. */
import type { Step } from '../workspace/choices.ts';
import type { Span } from '../workspace/time-range.ts';
import { midnightAfter, midnightBefore, zoneOffsetMs } from '../workspace/zone-time.ts';

const STEP_MS = { ten: 600_000, hour: 3_600_000, day: 86_400_000 } as const;
/** Four weeks of ten minutes. */
const FRAMES_MAX = 4032;

/** Full steps of the wall clock, also where a zone is half an hour off. */
function floorIn(atMs: number, stepMs: number, zone: string): number {
  const offsetMs = zoneOffsetMs(atMs, zone);
  return Math.floor((atMs + offsetMs) / stepMs) * stepMs - offsetMs;
}

/** The first and the last step are cut to the span; one that is hardly there is left out. */
export function framesOf(span: Span, step: Step, zone: string): Span[] {
  const next = (atMs: number) => (step === 'day' ? midnightAfter(atMs, zone) : atMs + STEP_MS[step]);
  const frames: Span[] = [];
  let atMs = step === 'day' ? midnightBefore(span.fromMs, zone) : floorIn(span.fromMs, STEP_MS[step], zone);
  while (atMs < span.toMs && frames.length < FRAMES_MAX) {
    const endMs = next(atMs);
    const frame = { fromMs: Math.max(atMs, span.fromMs), toMs: Math.min(endMs, span.toMs) };
    if (frame.toMs - frame.fromMs >= STEP_MS[step] / 10) frames.push(frame);
    atMs = endMs;
  }
  return frames;
}

/** The step that cuts a span into a number of pictures that one likes to watch. */
export function stepFor({ fromMs, toMs }: Span): Step {
  const hours = (toMs - fromMs) / 3_600_000;
  return hours <= 6 ? 'ten' : hours <= 96 ? 'hour' : 'day';
}

/** Places evenly over the frames, first and last included, from which the common scale is read. */
export function samplesOf(count: number, most: number): number[] {
  const wanted = Math.min(count, most);
  const at = (index: number) => Math.round((index * (count - 1)) / Math.max(wanted - 1, 1));
  return [...new Set(Array.from({ length: wanted }, (_, index) => at(index)))];
}
