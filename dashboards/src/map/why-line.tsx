/** How much was there over time, step by step; steps that nobody watched are hatched, so that they are not read as nothing. */
import { useState } from 'react';
import type { Why } from '#models/schema/why.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

type WhyLineProps = { why: Why; zone: string };

type Bar = { atMs: number; atOnce: number };

const BARS_MAX = 720;

/** Every step of the span; NaN where nobody watched. */
export function barsOf({ fromMs, toMs, bucketS, series }: Pick<Why, 'fromMs' | 'toMs' | 'bucketS' | 'series'>): Bar[] {
  const stepMs = Math.max(bucketS, 1) * 1000;
  const firstMs = Math.floor(fromMs / stepMs) * stepMs;
  const byStep = new Map(series.map((point) => [Math.floor((point.bucketMs - firstMs) / stepMs), point]));
  const count = Math.min(Math.ceil((toMs - firstMs) / stepMs), BARS_MAX);
  return Array.from({ length: count }, (_, index) => {
    const point = byStep.get(index);
    const isWatched = point !== undefined && point.observedS > 0;
    return { atMs: firstMs + index * stepMs, atOnce: isWatched ? point.presenceS / point.observedS : Number.NaN };
  });
}

export function WhyLine({ why, zone }: WhyLineProps) {
  const words = useWords();
  const [pointed, setPointed] = useState<number | null>(null);
  const bars = barsOf(why);
  const end = Math.max(...bars.map(({ atOnce }) => (Number.isNaN(atOnce) ? 0 : atOnce)), 0);
  const bar = pointed === null ? undefined : bars[pointed];
  const time = (atMs: number) => formatTime(atMs, words, { zone });
  return (
    <figure className="time-line">
      <figcaption>
        <span>{bar === undefined ? words.heat.why.lineNote : time(bar.atMs)}</span>
        <b>
          {bar === undefined
            ? ''
            : Number.isNaN(bar.atOnce)
              ? words.heat.why.unwatched
              : formatNumber(bar.atOnce, words)}
        </b>
      </figcaption>
      <div className="time-line-plot">
        {end > 0 && <span className="time-line-end">{formatNumber(end, words)}</span>}
        <svg
          viewBox={`0 0 ${Math.max(bars.length, 1)} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words.summary.chart(time(why.fromMs), time(why.toMs))}
          onPointerMove={(event) => {
            const { left, width } = event.currentTarget.getBoundingClientRect();
            setPointed(Math.min(Math.floor(((event.clientX - left) / width) * bars.length), bars.length - 1));
          }}
          onPointerLeave={() => setPointed(null)}
        >
          <defs>
            <pattern id="why-unwatched" width="100%" height="8" patternUnits="userSpaceOnUse">
              <rect className="why-stripe" width="100%" height="3" />
            </pattern>
          </defs>
          {bars.map(({ atMs, atOnce }, index) =>
            Number.isNaN(atOnce) ? (
              <rect key={atMs} x={index} y={0} width={1.02} height={100} fill="url(#why-unwatched)" />
            ) : (
              <rect
                key={atMs}
                className={index === pointed ? 'why-bar is-pointed' : 'why-bar'}
                x={index + 0.06}
                y={100 - (end > 0 ? (atOnce / end) * 100 : 0)}
                width={0.88}
                height={end > 0 ? (atOnce / end) * 100 : 0}
              />
            ),
          )}
        </svg>
      </div>
      <div className="time-line-times" aria-hidden="true">
        <span>{time(why.fromMs)}</span>
        <span>{time(why.toMs)}</span>
      </div>
    </figure>
  );
}
