/** ECharts with only what our charts need, drawn as SVG: a chunk of its own, loaded when the first chart comes into view. */
import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import type { TooltipComponentOption } from 'echarts/components';
import { GridComponent, type GridComponentOption, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, BarChart, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  LineSeriesOption | BarSeriesOption | GridComponentOption | TooltipComponentOption
>;

export type OpenChart = {
  set: (option: ChartOption) => void;
  resize: (size: { width: number; height: number }) => void;
  /** Shows the card of a place on an axis, as the pointer would; null takes it away. */
  point: (place: { axis: 'x' | 'y'; value: number } | null) => void;
  svg: () => SVGSVGElement | null;
  close: () => void;
};

export function openChart(element: HTMLElement, onPick: (index: number) => void): OpenChart {
  const chart = init(element, null, { renderer: 'svg' });
  chart.on('click', ({ dataIndex }) => onPick(dataIndex));
  // Nothing here zooms by the wheel: asking the chart what is below it cost 5 to 10 ms of each step of scrolling.
  element.addEventListener('wheel', (event) => event.stopPropagation(), { capture: true, passive: true });
  const svg = () => element.querySelector('svg');
  /** So that paper can scale what the screen has drawn. */
  const keepViewBox = () => svg()?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  return {
    set: (option) => {
      chart.setOption(option, { notMerge: true, lazyUpdate: false });
      // On the way to paper nothing waits for the next frame.
      chart.getZr().flush();
      keepViewBox();
    },
    resize: (size) => {
      chart.resize(size);
      keepViewBox();
    },
    point: (place) => {
      if (place === null) return chart.dispatchAction({ type: 'hideTip' });
      const at = chart.convertToPixel({ [`${place.axis}AxisIndex`]: 0 }, place.value);
      const middle = { x: chart.getWidth() / 2, y: chart.getHeight() / 2 };
      chart.dispatchAction({ type: 'showTip', ...middle, [place.axis]: at });
    },
    svg,
    close: () => chart.dispose(),
  };
}
