/** How busy the city's places are through the week: a share of their busiest hour. Shapes, drawn by hand. */
import { cityTime } from './sun.ts';

export type Use = 'road' | 'shops' | 'school' | 'homes' | 'leisure' | 'market' | 'work' | 'stop';

/** Hour and share; between them it changes evenly. */
type Curve = readonly (readonly [hour: number, share: number])[];

type Week = { weekday: Curve; weekend: Curve };

const COMMUTING: Curve = [
  [0, 0.08],
  [5, 0.06],
  [6.5, 0.4],
  [7.75, 1],
  [9.5, 0.6],
  [12, 0.65],
  [14, 0.55],
  [16.5, 0.75],
  [18, 1],
  [20, 0.55],
  [22, 0.3],
  [24, 0.08],
];
const IDLE_DAY: Curve = [
  [0, 0.1],
  [6, 0.06],
  [9, 0.4],
  [11, 0.65],
  [16, 0.7],
  [19, 0.6],
  [22, 0.3],
  [24, 0.1],
];
const LEISURE: Curve = [
  [0, 0.06],
  [5.5, 0.1],
  [7, 0.5],
  [9, 0.35],
  [14, 0.35],
  [17, 0.65],
  [19.5, 1],
  [21, 0.7],
  [24, 0.06],
];

const WEEK: Readonly<Record<Use, Week>> = {
  road: { weekday: COMMUTING, weekend: IDLE_DAY },
  stop: { weekday: COMMUTING, weekend: IDLE_DAY },
  homes: { weekday: COMMUTING, weekend: LEISURE },
  leisure: {
    weekday: LEISURE,
    weekend: [
      [0, 0.08],
      [6, 0.2],
      [9, 0.6],
      [10.5, 0.85],
      [13, 0.7],
      [16, 1],
      [19.5, 1],
      [21.5, 0.6],
      [24, 0.08],
    ],
  },
  shops: {
    weekday: [
      [0, 0.06],
      [7, 0.1],
      [10, 0.4],
      [12.3, 0.75],
      [15, 0.5],
      [18.5, 0.95],
      [20.5, 0.85],
      [22.5, 0.3],
      [24, 0.06],
    ],
    weekend: [
      [0, 0.08],
      [8, 0.15],
      [11, 0.8],
      [15, 1],
      [19, 1],
      [21, 0.8],
      [24, 0.08],
    ],
  },
  school: {
    weekday: [
      [0, 0.03],
      [6.75, 0.1],
      [7.4, 1],
      [8, 0.9],
      [8.4, 0.2],
      [11.5, 0.35],
      [15.8, 0.3],
      [16.4, 1],
      [17, 0.9],
      [18, 0.3],
      [24, 0.03],
    ],
    weekend: [
      [0, 0.03],
      [9, 0.15],
      [18, 0.2],
      [24, 0.03],
    ],
  },
  market: {
    weekday: [
      [0, 0.05],
      [5, 0.25],
      [6.5, 0.9],
      [8.5, 1],
      [10.5, 0.7],
      [14, 0.4],
      [17, 0.85],
      [18.5, 0.7],
      [20, 0.2],
      [24, 0.05],
    ],
    weekend: [
      [0, 0.05],
      [5.5, 0.3],
      [7.5, 1],
      [10.5, 1],
      [14, 0.5],
      [17, 0.85],
      [20, 0.2],
      [24, 0.05],
    ],
  },
  work: {
    weekday: [
      [0, 0.03],
      [6, 0.15],
      [8, 1],
      [11.5, 0.8],
      [13, 0.5],
      [15, 0.85],
      [17.5, 0.9],
      [19, 0.2],
      [24, 0.03],
    ],
    weekend: [
      [0, 0.03],
      [9, 0.2],
      [17, 0.2],
      [24, 0.03],
    ],
  },
};

const USES: Readonly<Record<string, Use>> = {
  crossing: 'road',
  avenue: 'road',
  'side-street': 'homes',
  shops: 'shops',
  school: 'school',
  square: 'leisure',
  riverside: 'leisure',
  estate: 'homes',
  parking: 'shops',
  'bus-stop': 'stop',
  market: 'market',
  yard: 'work',
};

export const purposeOf = (view: string): Use => USES[view] ?? 'road';

/** 0 to 1 of the view's busiest hour of the week. */
export function rateOf(view: string, atMs: number): number {
  const { weekday, hour } = cityTime(atMs);
  const week = WEEK[purposeOf(view)];
  return readCurve(weekday < 5 ? week.weekday : week.weekend, hour);
}

function readCurve(curve: Curve, hour: number): number {
  const next = curve.findIndex(([at]) => at > hour);
  const [from, to] = [curve[Math.max(0, next - 1)]!, curve[next === -1 ? curve.length - 1 : next]!];
  return to[0] === from[0] ? to[1] : from[1] + ((hour - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
}
