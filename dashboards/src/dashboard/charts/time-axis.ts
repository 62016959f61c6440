/** The axis of time of all charts: from one end of the period to the other, ticks by the site's clock. */
import type { XAXisOption } from 'echarts/types/dist/shared';
import type { Telling } from '../panel-rows.ts';
import { textStyle } from './frame.ts';
import { tickText, timeTicks } from './time-ticks.ts';

export function timeAxis(telling: Telling, widthPx: number): XAXisOption {
  const { fromMs, toMs, zone } = telling;
  const ticks = timeTicks({ fromMs, toMs }, widthPx, zone);
  return {
    type: 'value',
    min: fromMs,
    max: toMs,
    axisTick: { customValues: ticks.at, lineStyle: { color: 'var(--line-2)' }, show: true },
    axisLabel: {
      customValues: ticks.at,
      formatter: (atMs: number) => tickText(atMs, ticks, telling),
      hideOverlap: true,
      ...textStyle(),
    },
    axisLine: { lineStyle: { color: 'var(--line-2)' }, onZero: true },
    splitLine: { show: false },
    axisPointer: { label: { show: false } },
  };
}
