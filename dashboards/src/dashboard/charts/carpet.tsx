/** Hours of the week as a carpet: a row a day, a column an hour, colours that only grow darker (or lighter) with more. */
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { PanelAnswer } from '#models/schema/dashboard.ts';
import { scaleColours } from '../../map/colour-scale.ts';
import { useTheme } from '../../theme.tsx';
import { dayNames } from '../../words/figures.ts';
import { hourName, partOf, type Telling } from '../panel-rows.ts';
import { asNumber, unitText } from '../value-text.ts';

type CarpetProps = { answer: PanelAnswer; telling: Telling; label: string };

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const MARKS = [0, 6, 12, 18];
/** Of the drawing's own units: it is scaled to the panel's width. */
const CELL = { width: 20, height: 18, left: 42, top: 4 };
const WIDTH = CELL.left + 24 * CELL.width;
const HEIGHT = CELL.top + 7 * CELL.height + 18;

export type CarpetFigures = { values: (number | null)[]; end: number; isSigned: boolean };

/** 168 values from Monday midnight; null where nothing is known or nobody watched. */
export function carpetFigures(answer: PanelAnswer): CarpetFigures {
  const [hour, value, share] = (['hour-of-week', 'value', 'observed-share'] as const).map((part) =>
    partOf(answer, part),
  );
  const values: (number | null)[] = Array.from({ length: 168 }, () => null);
  if (hour === undefined || value === undefined) return { values, end: 1, isSigned: false };
  for (const row of answer.rows) {
    const isUnwatched = share !== undefined && asNumber(row[share.index]) === 0;
    values[Number(row[hour.index])] = isUnwatched ? null : asNumber(row[value.index]);
  }
  const known = values.filter((each) => each !== null);
  return { values, end: Math.max(...known.map(Math.abs), 0) || 1, isSigned: known.some((each) => each < 0) };
}

export function CarpetChart({ answer, telling, label }: CarpetProps) {
  const { words } = telling;
  const { theme } = useTheme();
  const figures = useMemo(() => carpetFigures(answer), [answer]);
  const [at, setAt] = useState<number | null>(null);
  const unit = partOf(answer, 'value')?.unit;
  const colours = scaleColours(theme, figures.isSigned);
  const place = (value: number) => (figures.isSigned ? 0.5 + value / figures.end / 2 : Math.sqrt(value / figures.end));
  const fillOf = (value: number | null) => {
    if (value === null) return 'var(--hatch-ground)';
    if (value === 0 && !figures.isSigned) return 'var(--empty)';
    return colours[Math.round(place(value) * (colours.length - 1))];
  };
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? words.dashboard.unwatched : unitText(value, unit, words);
  const say = (hour: number) => `${hourName(hour, words)} · ${text(figures.values[hour])}`;
  const step = (event: KeyboardEvent) => {
    const moved = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    setAt((before) => Math.min(Math.max((before ?? -Math.min(moved, 0)) + (before === null ? 0 : moved), 0), 167));
  };
  return (
    <figure className="carpet-chart">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a figure that keys step through */}
      <div role="img" aria-label={label} tabIndex={0} onKeyDown={step} onBlur={() => setAt(null)}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
          <defs>
            <pattern id="carpet-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="1.4" height="5" fill="var(--line-2)" />
            </pattern>
          </defs>
          {dayNames(words).map((name, day) => (
            <text key={name} x={CELL.left - 6} y={CELL.top + day * CELL.height + 13} className="carpet-day">
              {name}
            </text>
          ))}
          {MARKS.map((hour) => (
            <text key={hour} x={CELL.left + hour * CELL.width} y={HEIGHT - 4} className="carpet-hour">
              {`${String(hour).padStart(2, '0')}:00`}
            </text>
          ))}
          {Array.from({ length: 7 }, (_, day) =>
            HOURS.map((hour) => {
              const value = figures.values[day * 24 + hour] ?? null;
              const box = {
                x: CELL.left + hour * CELL.width + 0.5,
                y: CELL.top + day * CELL.height + 0.5,
                width: CELL.width - 1,
                height: CELL.height - 1,
              };
              const index = day * 24 + hour;
              const pointed = { onPointerEnter: () => setAt(index), onPointerLeave: () => setAt(null) };
              return (
                <g key={index} {...pointed} className={at === index ? 'is-pointed' : undefined}>
                  <rect {...box} fill={fillOf(value)} rx="2" />
                  {value === null && <rect {...box} fill="url(#carpet-hatch)" rx="2" />}
                </g>
              );
            }),
          )}
        </svg>
      </div>
      <figcaption aria-live="polite">
        {at === null ? (
          <span className="carpet-scale">
            {text(figures.isSigned ? -figures.end : 0)}
            <i style={{ background: `linear-gradient(90deg, ${colours.join(', ')})` }} />
            {text(figures.end)}
            {figures.values.includes(null) && (
              <>
                <i className="swatch is-unwatched" />
                {words.dashboard.unwatched}
              </>
            )}
          </span>
        ) : (
          say(at)
        )}
      </figcaption>
    </figure>
  );
}
