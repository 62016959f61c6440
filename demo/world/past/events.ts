/** What was out of the ordinary in the city's past: a few named events, each with its place, its time and what it does. */
import { KINDS, type Kind } from '#models/schema/kind.ts';
import { CITY_OFFSET_MS, cityTime } from '../sun.ts';

export type PastEvent = {
  id: string;
  /** Chinese and English. */
  name: string;
  /** The camera before which it was. */
  view: string;
  fromMs: number;
  toMs: number;
  /** How many times as many as on a day like it; kinds that are not named are as always. */
  factors: Partial<Record<Kind, number>>;
};

type Recurring = {
  id: string;
  name: string;
  view: string;
  /** Days since 1970 by the city's clock that leave `rest` when divided by `every`. */
  every: number;
  rest: number;
  fromHour: number;
  toHour: number;
  factors: PastEvent['factors'];
  weekdaysOnly?: boolean;
};

const RECURRING: readonly Recurring[] = [
  {
    id: 'lantern-evening',
    name: '广场灯会 Lantern evening on the square',
    view: 'square',
    every: 13,
    rest: 4,
    fromHour: 18,
    toHour: 22,
    factors: { person: 4 },
  },
  {
    id: 'avenue-closed',
    name: '大道封闭施工 Avenue closed for works',
    view: 'avenue',
    every: 17,
    rest: 9,
    fromHour: 9,
    toHour: 15,
    factors: { car: 0, bus: 0, truck: 0, motorcycle: 0.2 },
  },
  {
    id: 'river-run',
    name: '滨河晨跑 Morning run along the river',
    view: 'riverside',
    every: 11,
    rest: 7,
    fromHour: 6,
    toHour: 9,
    factors: { person: 5, bicycle: 0.2 },
  },
  {
    id: 'school-away',
    name: '学校停课 No lessons',
    view: 'school',
    every: 19,
    rest: 3,
    fromHour: 6,
    toHour: 19,
    factors: { person: 0.1, bicycle: 0.1, motorcycle: 0.1, car: 0.5 },
    weekdaysOnly: true,
  },
  {
    id: 'night-loading',
    name: '夜间装卸 Loading at night',
    view: 'yard',
    every: 9,
    rest: 5,
    fromHour: 1,
    toHour: 4,
    factors: { truck: 25, person: 12 },
  },
];

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Those that touch the time, in the order of their begin. */
export function eventsBetween(fromMs: number, toMs: number): PastEvent[] {
  const events: PastEvent[] = [];
  for (let day = cityTime(fromMs).day - 1; day <= cityTime(toMs).day; day++) {
    const midnightMs = day * DAY_MS - CITY_OFFSET_MS;
    for (const { every, rest, fromHour, toHour, weekdaysOnly, ...event } of RECURRING) {
      if (day % every !== rest || (weekdaysOnly === true && cityTime(midnightMs).weekday >= 5)) continue;
      const span = { fromMs: midnightMs + fromHour * HOUR_MS, toMs: midnightMs + toHour * HOUR_MS };
      if (span.fromMs < toMs && span.toMs > fromMs) events.push({ ...event, ...span });
    }
  }
  return events.sort((a, b) => a.fromMs - b.fromMs);
}

/** What an event does to each kind before a camera at a moment; 1 where nothing happens. */
export function eventFactors(view: string, atMs: number): Record<Kind, number> {
  const factors = Object.fromEntries(KINDS.map((kind) => [kind, 1])) as Record<Kind, number>;
  for (const event of eventsBetween(atMs, atMs + 1)) if (event.view === view) Object.assign(factors, event.factors);
  return factors;
}
