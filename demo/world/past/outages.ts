/** When the cameras of the city's past were off: hours in which nothing was seen because nobody was looking. */
import { between, randomStream } from '../random.ts';
import { CITY_OFFSET_MS, cityTime } from '../sun.ts';

export type Outage = { view: string; fromMs: number; toMs: number };

const PAST_SEED = 2026;
/** A camera is off once in so many days. */
const EVERY_DAYS = 12;
const DAY_MS = 86_400_000;

/** Of one camera, cut to the time, sorted; to whole seconds. They never overlap: one a day, within the day. */
export function outagesOf(view: string, fromMs: number, toMs: number): Outage[] {
  const outages: Outage[] = [];
  for (let day = cityTime(fromMs).day; day <= cityTime(toMs).day; day++) {
    const random = randomStream(PAST_SEED, `off ${view} ${day}`);
    if (random() >= 1 / EVERY_DAYS) continue;
    const beginHour = between(random, 0, 18);
    const hours = between(random, 0.4, 5.5);
    const midnightMs = day * DAY_MS - CITY_OFFSET_MS;
    const begin = midnightMs + Math.round(beginHour * 3600) * 1000;
    const outage = {
      view,
      fromMs: Math.max(begin, fromMs),
      toMs: Math.min(begin + Math.round(hours * 3600) * 1000, toMs),
    };
    if (outage.fromMs < outage.toMs) outages.push(outage);
  }
  return outages;
}

export type Span = { fromMs: number; toMs: number };

/** When the camera was on. */
export function watchedSpans(view: string, fromMs: number, toMs: number): Span[] {
  const spans: Span[] = [];
  let atMs = fromMs;
  for (const outage of outagesOf(view, fromMs, toMs)) {
    if (outage.fromMs > atMs) spans.push({ fromMs: atMs, toMs: outage.fromMs });
    atMs = outage.toMs;
  }
  if (atMs < toMs) spans.push({ fromMs: atMs, toMs });
  return spans;
}
