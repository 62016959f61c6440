/**
 * Which loop a view plays at a moment: night when it is dark, rain on wet hours, busy loops at busy hours, an incident
 * now and then. The same seed and minute always give the same loop; a loop is played by the minute, the main one once
 * (its burnt-in seconds are the clock's), the short ones four times.
 */
import { randomStream } from './random.ts';
import { rateOf } from './rates.ts';
import { cityTime, sunHeightDeg } from './sun.ts';
import type { VariantId, View } from './view.ts';
import { weatherAt } from './weather.ts';

export type Programme = { clip: VariantId; startAtS: number };

export type RhythmOptions = {
  seed?: number;
  /** Loops that are there; all of the view's where absent. A loop that is not there is replaced by the next best. */
  clips?: readonly VariantId[];
};

const CITY_SEED = 2026;
const MINUTE_MS = 60_000;
/** A camera changes to night at the end of civil twilight, more or less. */
const NIGHT_DEG = -4;
const DUSK_DEG = 3;
/** The sun shines into the lens while it is this low. */
const GLARE_DEG = 13;
/** From this share of the busiest hour on, busy loops come; at the busiest they are all. */
const BUSY_FROM = 0.6;
/** Busy or not is decided for so many minutes at once: crowds do not come and go by the minute. */
const BUSY_BLOCK_MIN = 5;
/** In every so many minutes there is one incident, with this chance. */
const INCIDENT_BLOCK_MIN = 360;
const INCIDENT_SHARE = 0.6;

export function programmeOf(view: View, atMs: number, options: RhythmOptions = {}): Programme {
  const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const clip = clipOf(view, minuteMs, options);
  const { seconds } = view.variants.find(({ id }) => id === clip)!;
  return { clip, startAtS: ((atMs - minuteMs) / 1000) % seconds };
}

function clipOf(view: View, minuteMs: number, { seed = CITY_SEED, clips }: RhythmOptions): VariantId {
  const isThere = (id: VariantId) =>
    view.variants.some((variant) => variant.id === id) && (clips === undefined || clips.includes(id));
  return wishes(view, minuteMs, seed).find(isThere) ?? clips?.[0] ?? 'main';
}

/** What would suit the minute, best first. */
function* wishes(view: View, minuteMs: number, seed: number): Generator<VariantId> {
  const sunDeg = sunHeightDeg(minuteMs);
  const isDark = sunDeg < NIGHT_DEG;
  if (isIncident(view, minuteMs, { seed, isDark })) yield 'incident';
  if (isDark) yield 'night';
  if (sunDeg < DUSK_DEG) yield* ['dusk', 'night'] as const;
  const weather = weatherAt(minuteMs, seed);
  if (weather !== 'clear') yield weather;
  if (weather === 'clear' && sunDeg < GLARE_DEG && isClearDay(minuteMs, seed)) yield 'glare';
  if (isBusy(view, minuteMs, seed)) yield 'busy';
  yield 'main';
}

const draw = (seed: number, concern: string) => randomStream(seed, concern)();

function isClearDay(minuteMs: number, seed: number): boolean {
  return draw(seed, `clear ${cityTime(minuteMs).day}`) < 0.5;
}

function isBusy({ id }: View, minuteMs: number, seed: number): boolean {
  const block = Math.floor(minuteMs / MINUTE_MS / BUSY_BLOCK_MIN);
  const share = (rateOf(id, minuteMs) - BUSY_FROM) / (1 - BUSY_FROM);
  return draw(seed, `busy ${id} ${block}`) < share;
}

/** One minute of it, where the light of its loop is the light of the hour. */
function isIncident(
  { id, variants }: View,
  minuteMs: number,
  { seed, isDark }: { seed: number; isDark: boolean },
): boolean {
  const look = variants.find((variant) => variant.id === 'incident')?.look;
  if (look === undefined || (look === 'night' || look === 'wet-night') !== isDark) return false;
  const minute = Math.floor(minuteMs / MINUTE_MS);
  const block = Math.floor(minute / INCIDENT_BLOCK_MIN);
  const random = randomStream(seed, `incident ${id} ${block}`);
  return random() < INCIDENT_SHARE && minute - block * INCIDENT_BLOCK_MIN === Math.floor(random() * INCIDENT_BLOCK_MIN);
}
