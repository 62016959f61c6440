/** A dashboard of twelve panels with figures made up here, for what needs no store: frames while scrolling, pictures, words. */
import type { Dashboard, PanelAnswer, PanelValue } from '#models/schema/dashboard.ts';
import { KINDS } from '#models/schema/kind.ts';
import type { Chart, PanelColumn } from '#models/schema/panel.ts';

const HOUR_MS = 3_600_000;
export const TO_MS = Date.UTC(2026, 10, 23, 16);
export const FROM_MS = TO_MS - 7 * 24 * HOUR_MS;
const HOURS = Array.from({ length: 168 }, (_, hour) => FROM_MS + hour * HOUR_MS);

const both = (text: string) => ({ en: text, zh: `${text}（中文）` });
const column = (name: string, part: PanelColumn['part'], more: Partial<PanelColumn> = {}): PanelColumn => ({
  name,
  part,
  title: both(name.replaceAll('_', ' ')),
  ...more,
});

type Made = { id: string; chart: Chart; size: PanelAnswer['size']; columns: PanelColumn[]; rows: PanelValue[][] };

const panel = ({ id, chart, size, columns, rows }: Made): PanelAnswer => ({
  ...{ id, chart, size, columns, rows, isCut: false, empty: null, score: 1, tookMs: 12 },
  title: both(id.replaceAll('-', ' ')),
  question: both(`What does ${id.replaceAll('-', ' ')} show?`),
  sql: `SELECT '${id}'\nFROM flow_by_hour`,
  shownBecause: both('it departs from normal by 3.2 σ'),
});

/** Busy by day, quiet by night, never the same twice; hours 60 to 66 were not watched. */
const wave = (hour: number, phase: number) =>
  Math.max(0, 4 + 3.5 * Math.sin(((hour - 6 + phase) / 24) * 2 * Math.PI) + Math.sin(hour * 1.7 + phase));
const isUnwatched = (hour: number) => hour >= 60 && hour < 66;

const flow = (id: string, kinds: readonly string[]) =>
  panel({
    ...{ id, chart: 'lines', size: 'full' },
    columns: [
      column('at', 'time'),
      column('kind', 'series', { names: 'kind' }),
      column('at_once', 'value', { unit: 'at once' }),
      column('observed_share', 'observed-share', { unit: 'share' }),
    ],
    rows: kinds.flatMap((kind, index) =>
      HOURS.map((at, hour) => [
        at,
        kind,
        isUnwatched(hour) ? null : wave(hour, index * 2),
        isUnwatched(hour) ? 0 : 0.9,
      ]),
    ),
  });

const withNormal = (id: string) =>
  panel({
    ...{ id, chart: 'lines', size: 'half' },
    columns: [
      column('at', 'time'),
      column('speed', 'value', { unit: 'm/s' }),
      column('normal', 'normal', { unit: 'm/s' }),
      column('spread', 'spread', { unit: 'm/s' }),
    ],
    rows: HOURS.map((at, hour) => [at, wave(hour, 0), wave(hour, 0.6), 0.8]),
  });

const places = (id: string, count: number) =>
  panel({
    ...{ id, chart: 'bars', size: 'half' },
    columns: [
      column('area', 'label', { names: 'area' }),
      column('presence', 'value', { unit: 'h' }),
      column('normal', 'normal', { unit: 'h' }),
    ],
    rows: Array.from({ length: count }, (_, index) => [`street-${index}`, 40 - 3 * index, 36 - 2 * index]),
  });

const carpet = panel({
  ...{ id: 'usual-week', chart: 'carpet', size: 'half' },
  columns: [column('hour_of_week', 'hour-of-week'), column('at_once', 'value', { unit: 'at once' })],
  rows: HOURS.flatMap((_, hour): PanelValue[][] => (isUnwatched(hour) ? [] : [[hour, wave(hour, 0)]])),
});

const strips = panel({
  ...{ id: 'availability', chart: 'strips', size: 'half' },
  columns: [
    column('camera', 'label', { names: 'camera' }),
    column('at', 'time'),
    column('state', 'state', { names: 'state' }),
  ],
  rows: Array.from({ length: 12 }, (_, camera) => camera).flatMap((camera): PanelValue[][] => [
    [`camera-${camera}`, FROM_MS, 'live'],
    [`camera-${camera}`, FROM_MS + (20 + camera * 3) * HOUR_MS, camera % 3 === 0 ? 'down' : 'degraded'],
    [`camera-${camera}`, FROM_MS + (30 + camera * 3) * HOUR_MS, 'live'],
  ]),
});

const severities = panel({
  ...{ id: 'alerts-by-severity', chart: 'bars', size: 'half' },
  columns: [
    column('at', 'time'),
    column('severity', 'series', { names: 'severity' }),
    column('alerts', 'value', { unit: 'count' }),
  ],
  rows: HOURS.filter((_, hour) => hour % 12 === 0).flatMap((at, index): PanelValue[][] => [
    [at, 'major', 2 + (index % 3)],
    [at, 'minor', 4 + (index % 4)],
    [at, 'info', 1 + (index % 2)],
  ]),
});

const table = panel({
  ...{ id: 'unusual-hours', chart: 'table', size: 'half' },
  columns: [
    column('at', 'time'),
    column('area', 'label', { names: 'area' }),
    column('kind', 'series', { names: 'kind' }),
    column('presence', 'value', { unit: 's' }),
    column('watched', 'observed-share', { unit: 'share' }),
  ],
  rows: Array.from({ length: 40 }, (_, index) => [
    HOURS[index * 4]!,
    `street-${index % 8}`,
    KINDS[index % 6]!,
    3600 - index * 40,
    0.93,
  ]),
});

const headline = panel({
  ...{ id: 'headline', chart: 'headline', size: 'full' },
  columns: [
    column('presence', 'value', { unit: 'h' }),
    column('normal', 'normal', { unit: 'h' }),
    column('spread', 'spread', { unit: 'h' }),
    column('at_once', 'value', { unit: 'at once' }),
    column('at_once_normal', 'normal', { unit: 'at once' }),
    column('busiest_hour', 'value', { unit: 'at once' }),
    column('watched', 'value', { unit: 'h' }),
    column('watched_share', 'observed-share', { unit: 'share' }),
  ],
  rows: [
    [1712, 1400, 90, 3.4, 2.9, 11.2, 812, 0.93],
    [1520, null, null, 3, null, 9.1, 790, 0.91],
  ],
});

const uncalibrated: PanelAnswer = {
  ...withNormal('speed-by-hour'),
  rows: [],
  empty: { code: 'not-calibrated', facts: {}, cure: both('Calibrate a camera, then speeds are known.') },
};

/** Where it was: drawn from cells that the made-up API answers. */
export const MADE_HEAT = panel({
  ...{ id: 'heat-map', chart: 'heat-map', size: 'full' },
  columns: [column('presence', 'value', { unit: 'h' })],
  rows: [],
});

export const MADE_PANELS: readonly PanelAnswer[] = [
  headline,
  flow('flow-by-kind', KINDS),
  places('places-below', 8),
  carpet,
  severities,
  withNormal('speed'),
  strips,
  table,
  flow('flow-of-people', ['person', 'bicycle']),
  places('more-places', 6),
  withNormal('dwell'),
  uncalibrated,
];

export const MADE_DASHBOARD: Dashboard = {
  subject: {
    ...{ type: 'area', id: 'lixia', name: '历下区', level: 'district', areaPath: ['jinan', 'lixia', '_', '_', '_'] },
    above: [{ id: 'jinan', name: '济南市', level: 'city' }],
    below: Array.from({ length: 14 }, (_, index) => ({
      type: 'area',
      id: `street-${index}`,
      name: `街道 ${index + 1}`,
    })),
  },
  ...{ fromMs: FROM_MS, toMs: TO_MS, compare: { fromMs: FROM_MS - 168 * HOUR_MS, toMs: FROM_MS } },
  ...{ zone: 'Asia/Shanghai', observedShare: 0.93, cameras: { all: 12, calibrated: 9 }, isSimulated: true },
  ...{ version: 'made-1', composedAtMs: TO_MS },
  sentences: ['Busier than 94 % of the same hours of the week.', 'Fewer buses than in the week before: −18 %.'].map(
    (text, index) => ({
      ...{ id: `claim-${index}`, text: both(text), facts: { share: 0.94 }, sql: 'SELECT 0.94 AS share', weight: 1 },
      panel: index === 0 ? 'flow-by-kind' : null,
    }),
  ),
  panels: [...MADE_PANELS],
};
