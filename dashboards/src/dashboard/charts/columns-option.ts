/** Bars over time as ECharts draws them: standing, one place per step of time, parts of series upon each other. */
import type { BarSeriesOption } from 'echarts/charts';
import type { Column, Telling } from '../panel-rows.ts';
import { unitText } from '../value-text.ts';
import type { ChartOption } from './draw.ts';
import { frameOf, hatchFill, textStyle, tooltipLook } from './frame.ts';
import type { LinePoints, LineSeries } from './line-points.ts';
import { pointCard } from './point-card.ts';
import { timeAxis } from './time-axis.ts';

type ColumnsOrder = {
  points: LinePoints;
  value: Column;
  telling: Telling;
  hidden: ReadonlySet<string>;
  widthPx: number;
};

const FULL = 0.8;
const WIDTH_MAX_PX = 36;

function barsOf({ name, look, values }: LineSeries, { times, stepMs }: LinePoints, widthPx: number): BarSeriesOption {
  return {
    type: 'bar',
    name,
    stack: 'all',
    barWidth: widthPx,
    // A bar stands over the middle of its step.
    data: times.map((atMs, index) => [atMs + stepMs / 2, values[index] ?? 0]),
    itemStyle: { color: look.hatch === null ? look.colour : hatchFill('var(--paper)', look.colour, look.hatch) },
    emphasis: { disabled: true },
  };
}

export function columnsOption({ points, value, telling, hidden, widthPx }: ColumnsOrder): ChartOption {
  const { words, fromMs, toMs } = telling;
  const shown = points.series.filter(({ id }) => !hidden.has(id));
  const stepMs = Number.isFinite(points.stepMs) ? points.stepMs : toMs - fromMs;
  const barPx = Math.max(Math.min((widthPx * FULL * stepMs) / (toMs - fromMs), WIDTH_MAX_PX), 2);
  return {
    ...frameOf(),
    xAxis: timeAxis(telling, widthPx),
    yAxis: {
      type: 'value',
      splitNumber: 4,
      ...(value.unit === 'count' ? { minInterval: 1 } : {}),
      axisLabel: { formatter: (each: number) => unitText(each, value.unit, words, { isShort: true }), ...textStyle() },
      splitLine: { lineStyle: { color: 'var(--line)' } },
    },
    tooltip: {
      ...tooltipLook,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: 'var(--ink-3)', type: 'solid' } },
      formatter: (params) => {
        const place = (Array.isArray(params) ? params[0] : params)?.dataIndex;
        return place === undefined ? '' : pointCard(points, place, { value, telling, hidden });
      },
    },
    series: shown.map((one) => barsOf(one, { ...points, stepMs }, barPx)),
  };
}
