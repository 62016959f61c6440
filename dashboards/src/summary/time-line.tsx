/** How many people and vehicles were there at once, on average, bucket by bucket: stacked bars. */
import { useState } from 'react';
import type { Summary } from '#models/schema/summary.ts';
import { groupOf, type KindGroup } from '../kinds.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';

type Bar = Record<KindGroup, number> & { atMs: number };

const BARS_MAX = 400;
/** The bucket under way is not judged by its first instant. */
const SHARE_MIN = 0.1;

/** Presence seconds per second of the bucket that lies in the range: how many were there at once. */
export function barsOf({ fromMs, toMs, bucketS, series }: Summary): Bar[] {
  const bucketMs = bucketS * 1000;
  if (bucketMs <= 0) return [];
  const firstMs = Math.floor(fromMs / bucketMs) * bucketMs;
  const count = Math.min(Math.ceil((toMs - firstMs) / bucketMs), BARS_MAX);
  const bars = Array.from({ length: count }, (_, index) => ({
    atMs: firstMs + index * bucketMs,
    people: 0,
    vehicles: 0,
  }));
  for (const { bucketMs: atMs, kind, presenceS } of series) {
    const bar = bars[Math.floor((atMs - firstMs) / bucketMs)];
    if (bar === undefined) continue;
    const withinMs = Math.min(bar.atMs + bucketMs, toMs) - bar.atMs;
    bar[groupOf(kind)] += presenceS / (Math.max(withinMs, bucketMs * SHARE_MIN) / 1000);
  }
  return bars;
}

/** 3.2 → 4, 17 → 20: where the axis ends. */
function axisEnd(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 0.1)));
  return ([1, 2, 4, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

export function TimeLine({ summary, zone }: { summary: Summary; zone: string }) {
  const words = useWords();
  const [pointed, setPointed] = useState<number | null>(null);
  const bars = barsOf(summary);
  const most = Math.max(...bars.map(({ people, vehicles }) => people + vehicles), 0);
  const end = axisEnd(most);
  const bar = pointed === null ? undefined : bars[pointed];
  const from = formatTime(summary.fromMs, words, { zone });
  const to = formatTime(summary.toMs, words, { zone });
  return (
    <figure className="time-line">
      <figcaption>
        {bar === undefined ? (
          <>
            <span>{words.summary.average}</span>
            <span className="time-line-keys">
              <i className="is-people" />
              {words.now.people}
              <i className="is-vehicles" />
              {words.now.vehicles}
            </span>
          </>
        ) : (
          <>
            <span>{formatTime(bar.atMs, words, { zone })}</span>
            <span className="time-line-keys">
              <i className="is-people" />
              <b>{formatNumber(bar.people, words)}</b>
              <i className="is-vehicles" />
              <b>{formatNumber(bar.vehicles, words)}</b>
            </span>
          </>
        )}
      </figcaption>
      <div className="time-line-plot">
        {most > 0 && <span className="time-line-end">{formatNumber(end, words)}</span>}
        <svg
          viewBox={`0 0 ${Math.max(bars.length, 1)} 100`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words.summary.chart(from, to)}
          onPointerMove={(event) => {
            const { left, width } = event.currentTarget.getBoundingClientRect();
            setPointed(Math.min(Math.floor(((event.clientX - left) / width) * bars.length), bars.length - 1));
          }}
          onPointerLeave={() => setPointed(null)}
        >
          {bars.map(({ atMs, people, vehicles }, index) => {
            const [low, high] = [(vehicles / end) * 100, (people / end) * 100];
            return (
              <g key={atMs} className={index === pointed ? 'is-pointed' : undefined}>
                <rect className="time-line-slot" x={index} y={0} width={1} height={100} />
                <rect className="is-vehicles" x={index + 0.12} y={100 - low} width={0.76} height={low} />
                <rect className="is-people" x={index + 0.12} y={100 - low - high} width={0.76} height={high} />
              </g>
            );
          })}
        </svg>
      </div>
      <div className="time-line-times" aria-hidden="true">
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </figure>
  );
}
