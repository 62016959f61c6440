/** What all charts have in common: room, letters, and how the unknown is hatched. */
import type { ChartOption } from './draw.ts';

/** Measured with the page's own letters, since labels are laid out by their width. */
const family = (): string => getComputedStyle(document.body).fontFamily;

/** A video wall is read from afar. */
const sizePx = (): number => (matchMedia('(min-width: 2400px) and (not print)').matches ? 15 : 11);

export const textStyle = () => ({ color: 'var(--ink-3)', fontSize: sizePx(), fontFamily: family() });

export const frameOf = (): ChartOption => ({
  animation: false,
  textStyle: { fontFamily: family(), fontSize: 12, color: 'var(--ink-2)' },
  grid: { left: 4, right: 12, top: 10, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
});

export const tooltipLook = {
  confine: true,
  transitionDuration: 0,
  backgroundColor: 'var(--paper)',
  borderColor: 'var(--line-2)',
  borderWidth: 1,
  padding: [8, 10],
  extraCssText: 'box-shadow: var(--shadow); border-radius: 8px;',
  textStyle: { color: 'var(--ink)', fontSize: 12 },
};

/** An SVG pattern as zrender takes it: lines at an angle over a ground. */
export function hatchFill(colour: string, ground: string, { angle, gap }: { angle: number; gap: number }): PatternFill {
  return {
    svgElement: {
      tag: 'g',
      key: '0',
      attrs: {},
      children: [
        { tag: 'rect', key: '0', attrs: { width: gap, height: gap, fill: ground } },
        { tag: 'rect', key: '1', attrs: { width: 1.4, height: gap, fill: colour } },
      ],
    },
    ...{ svgWidth: gap, svgHeight: gap, x: 0, y: 0, rotation: angle, scaleX: 1, scaleY: 1 },
  } as unknown as PatternFill;
}
/** ECharts' types know a pattern by its picture only; zrender's SVG painter takes an element too. */
export type PatternFill = { image: string; x: number; y: number };

export const UNWATCHED_FILL = hatchFill('var(--line-2)', 'var(--hatch-ground)', { angle: Math.PI / 4, gap: 6 });
