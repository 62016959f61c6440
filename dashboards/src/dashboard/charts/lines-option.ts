/** Lines over time as ECharts draws them: series by colour and dash, normal as a band, what nobody watched hatched. */
import type { LineSeriesOption } from 'echarts/charts';
import type { Column, Telling } from '../panel-rows.ts';
import { unitText } from '../value-text.ts';
import type { ChartOption } from './draw.ts';
import { frameOf, textStyle, tooltipLook, UNWATCHED_FILL } from './frame.ts';
import type { LinePoints, LineSeries } from './line-points.ts';
import { pointCard } from './point-card.ts';
import { timeAxis } from './time-axis.ts';

type LinesOrder = {
  points: LinePoints;
  value: Column;
  telling: Telling;
  /** Series that were switched off. */
  hidden: ReadonlySet<string>;
  widthPx: number;
  normalName: string;
  compareName: string;
};

/** More points than this and their marks would be one thick line. */
const MARKED_MAX = 48;

/** A hole is as long as the step that is missing in it. */
function pairs({ times, stepMs }: LinePoints, values: readonly (number | null)[]): [number, number | null][] {
  return times.flatMap((atMs, index) => {
    const next = times[index + 1];
    const pair: [number, number | null] = [atMs, values[index] ?? null];
    return next !== undefined && next - atMs > 1.5 * stepMs ? [pair, [atMs + stepMs, null] as [number, null]] : [pair];
  });
}

function lineOf(one: LineSeries, points: LinePoints): LineSeriesOption {
  const { colour, dash, symbol } = one.look;
  return {
    type: 'line',
    name: one.name,
    data: pairs(points, one.values),
    connectNulls: false,
    symbol,
    symbolSize: 5,
    showSymbol: points.times.length <= MARKED_MAX,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type: dash.length === 0 ? 'solid' : dash },
    emphasis: { disabled: true },
    z: 3,
  };
}

/** Normal as a thin line, and one spread to either side as a band: the lower edge unseen, the band stacked upon it. */
function normalOf(one: LineSeries, points: LinePoints, name: string): LineSeriesOption[] {
  if (one.normal.every((value) => value === null)) return [];
  const quiet = { type: 'line', symbol: 'none', silent: true, emphasis: { disabled: true }, z: 1 } as const;
  const lower = one.normal.map((value, index) =>
    value === null ? null : Math.max(value - (one.spread[index] ?? 0), Math.min(value, 0)),
  );
  const band = one.normal.map((value, index) =>
    value === null ? null : value + (one.spread[index] ?? 0) - (lower[index] ?? 0),
  );
  const hasSpread = one.spread.some((value) => value !== null && value > 0);
  const stacked = { ...quiet, stack: `band ${one.id}`, lineStyle: { opacity: 0 } };
  return [
    ...(hasSpread
      ? [
          { ...stacked, data: pairs(points, lower) },
          { ...stacked, data: pairs(points, band), areaStyle: { color: 'var(--band)' } },
        ]
      : []),
    {
      ...quiet,
      name,
      data: pairs(points, one.normal),
      lineStyle: { color: 'var(--ink-3)', width: 1.2, type: [4, 3] },
    },
  ];
}

/** The compared period's hours under this one's, in dots. */
function compareOf(one: LineSeries, points: LinePoints, name: string): LineSeriesOption[] {
  if (one.compare.every((value) => value === null)) return [];
  return [
    {
      ...{ type: 'line', symbol: 'none', silent: true, emphasis: { disabled: true }, z: 2, name },
      data: pairs(points, one.compare),
      lineStyle: { color: 'var(--ink-2)', width: 1.4, type: [1.5, 3] },
    },
  ];
}

function unwatchedOf({ unwatched }: LinePoints): LineSeriesOption[] {
  if (unwatched.length === 0) return [];
  return [
    {
      type: 'line',
      data: [],
      silent: true,
      z: 0,
      markArea: {
        silent: true,
        itemStyle: { color: UNWATCHED_FILL },
        data: unwatched.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
      },
    },
  ];
}

export function linesOption({
  points,
  value,
  telling,
  hidden,
  widthPx,
  normalName,
  compareName,
}: LinesOrder): ChartOption {
  const { words } = telling;
  const shown = points.series.filter(({ id }) => !hidden.has(id));
  const [only] = shown;
  return {
    ...frameOf(),
    xAxis: timeAxis(telling, widthPx),
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { formatter: (each: number) => unitText(each, value.unit, words, { isShort: true }), ...textStyle() },
      splitLine: { lineStyle: { color: 'var(--line)' } },
    },
    tooltip: {
      ...tooltipLook,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: 'var(--ink-3)', type: 'solid' } },
      formatter: (params) => {
        const at = Array.isArray(params) ? params[0] : params;
        const [atMs] = (at?.value ?? []) as [number?];
        const place = atMs === undefined ? -1 : points.times.indexOf(atMs);
        return place < 0 ? '' : pointCard(points, place, { value, telling, hidden });
      },
    },
    series: [
      ...shown.map((one) => lineOf(one, points)),
      ...(shown.length === 1 && only !== undefined
        ? [...normalOf(only, points, normalName), ...compareOf(only, points, compareName)]
        : []),
      ...unwatchedOf(points),
    ],
  };
}
