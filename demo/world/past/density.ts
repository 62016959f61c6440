/** How full the city was in its past: how many of a loop's things were there, by hour, weekday, day, weather and event. */
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { normal, randomStream } from '../random.ts';
import { rateOf } from '../rates.ts';
import { cityTime } from '../sun.ts';
import type { VariantId } from '../view.ts';
import { type Weather, weatherAt } from '../weather.ts';
import { eventFactors } from './events.ts';

export type Density = {
  /** Of those who pass: 0.3 keeps three of ten; 1.5 all, and half of them a second time, elsewhere in their loop. */
  passing: Readonly<Record<Kind, number>>;
  /** Share of what stands there that does. */
  standing: number;
};

const PAST_SEED = 2026;

/** The share of its busiest hour that a loop shows, by eye. */
const SHOWN: Readonly<Record<VariantId, number>> = {
  main: 0.55,
  busy: 0.95,
  night: 0.35,
  rain: 0.45,
  fog: 0.5,
  dusk: 0.55,
  glare: 0.5,
  incident: 0.55,
};

/**
 * The past is a fifth as full as the loops: a month of twelve cameras is twenty million rows even so, and a view
 * whose loop repeats would be the same every minute.
 */
const FULLNESS = 0.2;

const WEATHER: Readonly<Record<Weather, Partial<Record<Kind, number>>>> = {
  clear: {},
  rain: { person: 0.55, bicycle: 0.4, motorcycle: 0.6, car: 1.1 },
  fog: { person: 0.85, bicycle: 0.8, car: 0.9 },
};

const BLOCK_MS = 900_000;
const remembered = new Map<string, Density>();
const REMEMBERED_MAX = 10_000;

/** The same for a quarter of an hour. */
export function densityOf(view: string, clip: VariantId, atMs: number): Density {
  const block = Math.floor(atMs / BLOCK_MS);
  const key = `${view} ${clip} ${block}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const density = compute(view, clip, (block + 0.5) * BLOCK_MS);
  remembered.set(key, density);
  return density;
}

function compute(view: string, clip: VariantId, atMs: number): Density {
  const rate = rateOf(view, atMs) * dayFactor(view, cityTime(atMs).day);
  const base = (FULLNESS * rate) / SHOWN[clip];
  const events = eventFactors(view, atMs);
  const weather = WEATHER[weatherAt(atMs, PAST_SEED)];
  const passing = Object.fromEntries(
    KINDS.map((kind) => [kind, Math.min(COPIES_MAX, base * (weather[kind] ?? 1) * events[kind])]),
  ) as Record<Kind, number>;
  return { passing, standing: Math.min(1, 0.1 + 0.3 * rate) };
}

/** A loop is shown at most so many times at once, each time from elsewhere. */
export const COPIES_MAX = 4;

/** No two days are alike: one number for the city, one for the place. */
function dayFactor(view: string, day: number): number {
  const [city, place] = [randomStream(PAST_SEED, `city ${day}`), randomStream(PAST_SEED, `day ${view} ${day}`)];
  return Math.max(0.5, normal(city, 1, 0.06)) * Math.max(0.5, normal(place, 1, 0.09));
}
