/** Bars as ECharts draws them: lying, one per label, the first on top, parts of series beside each other by colour and hatching. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { YAXisOption } from 'echarts/types/dist/shared';
import { formatShare } from '../../words/figures.ts';
import type { Column, Telling } from '../panel-rows.ts';
import { unitText } from '../value-text.ts';
import type { BarPoints, BarSeries } from './bar-points.ts';
import type { ChartOption } from './draw.ts';
import { frameOf, hatchFill, textStyle, tooltipLook } from './frame.ts';
import { cardOf } from './point-card.ts';

type BarsOrder = { points: BarPoints; value: Column; telling: Telling; hidden: ReadonlySet<string>; widthPx: number };

const BAR_PX = 26;
const EDGES_PX = 34;
const NAME_MAX_PX = 180;

export const barsHeightPx = ({ labels }: BarPoints): number => labels.length * BAR_PX + EDGES_PX;

function seriesOf({ name, look, values }: BarSeries, isOnly: boolean): BarSeriesOption {
  const fill = look.hatch === null ? look.colour : hatchFill('var(--paper)', look.colour, look.hatch);
  return {
    type: 'bar',
    name,
    data: values,
    ...(isOnly ? {} : { stack: 'all' }),
    barMaxWidth: 16,
    itemStyle: { color: fill, borderRadius: isOnly ? 2 : 0 },
    emphasis: { disabled: true },
  };
}

/** What is normal stands as a stroke across its bar. */
function normalMarks({ points, telling }: BarsOrder): LineSeriesOption[] {
  if (points.normal.every((each) => each === null)) return [];
  return [
    {
      type: 'line',
      name: telling.words.dashboard.normal,
      data: points.normal,
      lineStyle: { opacity: 0 },
      symbol: 'rect',
      symbolSize: [2.5, 18],
      itemStyle: { color: 'var(--ink)' },
      emphasis: { disabled: true },
      silent: true,
      z: 4,
    },
  ];
}

/** The figures themselves, right of their bars, one below the other. */
function sumsAxis({ labels }: BarPoints, shown: readonly BarSeries[], { value, telling }: BarsOrder): YAXisOption {
  const sums = labels.map((_, place) => shown.reduce((sum, { values }) => sum + (values[place] ?? 0), 0));
  return {
    type: 'category',
    inverse: true,
    position: 'right',
    data: sums.map((sum) => unitText(sum, value.unit, telling.words)),
    ...{ axisTick: { show: false }, axisLine: { show: false }, axisPointer: { show: false } },
    axisLabel: { ...textStyle(), color: 'var(--ink-2)', interval: 0 },
  };
}

/** Of shares there is no more than all. */
export const axisEnd = ({ unit }: Pick<Column, 'unit'>): { max?: number } => (unit === 'share' ? { max: 1 } : {});

export function barsOption(order: BarsOrder): ChartOption {
  const { points, value, telling, hidden, widthPx } = order;
  const { words } = telling;
  const shown = points.series.filter(({ id }) => !hidden.has(id));
  return {
    ...frameOf(),
    xAxis: {
      type: 'value',
      ...axisEnd(value),
      axisLabel: {
        formatter: (each: number) => unitText(each, value.unit, words, { isShort: true }),
        ...textStyle(),
        hideOverlap: true,
      },
      splitNumber: 4,
      splitLine: { lineStyle: { color: 'var(--line)' } },
    },
    yAxis: [
      {
        type: 'category',
        inverse: true,
        data: points.labels.map(({ name }) => name),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: 'var(--line-2)' } },
        axisLabel: {
          ...textStyle(),
          color: 'var(--ink-2)',
          width: Math.min(NAME_MAX_PX, widthPx * 0.36),
          overflow: 'truncate',
          interval: 0,
        },
      },
      sumsAxis(points, shown, order),
    ],
    tooltip: {
      ...tooltipLook,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: 'var(--point)' } },
      formatter: (params) => {
        const place = (Array.isArray(params) ? params[0] : params)?.dataIndex;
        return place === undefined ? '' : cardOf(points.labels[place]?.name ?? '', barLines(points, place, order));
      },
    },
    series: [...shown.map((one) => seriesOf(one, shown.length === 1)), ...normalMarks(order)],
  };
}

export function barLines(
  points: BarPoints,
  place: number,
  { value, telling, hidden }: Pick<BarsOrder, 'value' | 'telling' | 'hidden'>,
) {
  const { words } = telling;
  const text = (each: number | null | undefined) =>
    each === null || each === undefined ? words.dashboard.notKnown : unitText(each, value.unit, words);
  const [normal, share] = [points.normal[place], points.observed[place]];
  return [
    ...points.series
      .filter(({ id }) => !hidden.has(id))
      .map(({ name, look, values }) => ({ name, look: { ...look, dash: [] }, text: text(values[place]) })),
    ...(normal === null || normal === undefined ? [] : [{ name: words.dashboard.normal, text: text(normal) }]),
    ...(share === null || share === undefined
      ? []
      : [{ name: words.dashboard.states.observed!, text: formatShare(share, words) }]),
  ];
}
