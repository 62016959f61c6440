/** A chart in the page: loaded and drawn when it comes into view, stepped through by keys, said in words, fitted to paper. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ChartOption, OpenChart } from './draw.ts';
import { useInView } from './use-in-view.ts';

type ChartBoxProps = {
  /** What it is and the main thing that it shows. */
  label: string;
  /** At least; a chart grows with its panel. */
  heightPx: number;
  optionFor: (widthPx: number) => ChartOption;
  /** Changes when the option must be made anew. */
  optionKey: string;
  /** Places along the axis that keys step over, and the words of each. */
  axis: 'x' | 'y';
  places: readonly number[];
  sayPlace: (index: number) => string;
  onPick?: (index: number) => void;
};

/** A4 upright less its edges at 96 dots an inch. */
const PAPER_WIDTH_PX = 690;

export function ChartBox(props: ChartBoxProps) {
  const { label, heightPx, optionFor, optionKey, axis, places, sayPlace, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const isInView = useInView(box, { isSoon: true });
  const [chart, setChart] = useState<OpenChart>();
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef({ optionFor, onPick });
  latest.current = { optionFor, onPick };

  useEffect(() => {
    const element = box.current;
    if (!isInView || element === null) return;
    let opened: OpenChart | undefined;
    let hasLeft = false;
    import('./draw.ts').then(
      ({ openChart }) => {
        if (hasLeft) return;
        opened = openChart(element, (index) => latest.current.onPick?.(index));
        setChart(opened);
      },
      (error: unknown) => console.warn('the chart cannot be drawn', error),
    );
    return () => {
      hasLeft = true;
      opened?.close();
      setChart(undefined);
    };
  }, [isInView]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the option
  useEffect(() => {
    const element = box.current;
    if (chart === undefined || element === null) return;
    let drawn = '';
    const draw = (width: number, height: number) => {
      const size = `${width} ${height}`;
      if (width === 0 || size === drawn) return;
      drawn = size;
      chart.resize({ width, height });
      chart.set(latest.current.optionFor(width));
    };
    const onScreen = () => draw(element.clientWidth, Math.max(element.clientHeight, heightPx));
    const onPaper = () => draw(PAPER_WIDTH_PX, heightPx);
    onScreen();
    const watcher = new ResizeObserver(onScreen);
    watcher.observe(element);
    addEventListener('beforeprint', onPaper);
    addEventListener('afterprint', onScreen);
    return () => {
      watcher.disconnect();
      removeEventListener('beforeprint', onPaper);
      removeEventListener('afterprint', onScreen);
    };
  }, [chart, optionKey, heightPx]);

  const step = (event: KeyboardEvent) => {
    const next = nextPlace(event.key, at, { axis, last: places.length - 1 });
    if (event.key === 'Enter' && at !== null) return onPick?.(at);
    if (event.key === 'Escape') return leave();
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    const value = places[next];
    if (value !== undefined) chart?.point({ axis, value });
  };
  const leave = () => {
    setAt(null);
    chart?.point(null);
  };
  return (
    <>
      <div
        ref={box}
        className="chart"
        style={{ minHeight: heightPx }}
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a figure that keys step through
        tabIndex={0}
        onKeyDown={step}
        onBlur={leave}
        data-drawn={chart !== undefined}
      />
      <p className="unseen" aria-live="polite">
        {at === null ? '' : sayPlace(at)}
      </p>
    </>
  );
}

function nextPlace(
  key: string,
  at: number | null,
  { axis, last }: { axis: 'x' | 'y'; last: number },
): number | undefined {
  const [back, on] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  if (last < 0) return undefined;
  if (key === on) return at === null ? 0 : Math.min(at + 1, last);
  if (key === back) return at === null ? last : Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return undefined;
}
