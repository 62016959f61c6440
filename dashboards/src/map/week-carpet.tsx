/** Hours of the week as a carpet of colours; what was not watched is hatched. */
import { useState } from 'react';
import { useTheme } from '../theme.tsx';
import { dayNames, formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { scaleColours } from './colour-scale.ts';
import { type Scale, scalePlace } from './heat-columns.ts';
import { sigmasText } from './measure.ts';
import type { Carpet } from './week-figures.ts';

type WeekCarpetProps = { label: string; carpet: Carpet; scale: Scale };

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function WeekCarpet({ label, carpet, scale }: WeekCarpetProps) {
  const words = useWords();
  const { theme } = useTheme();
  const [pointed, setPointed] = useState<number | null>(null);
  const colours = scaleColours(theme, scale.isDiverging);
  const colourOf = (value: number) => {
    if (!scale.isDiverging && !(value > 0)) return 'var(--empty)';
    return colours[Math.round(scalePlace(value, scale) * (colours.length - 1))];
  };
  const text = (value: number) =>
    Number.isNaN(value)
      ? words.heat.unknown
      : scale.isDiverging
        ? sigmasText(value, words)
        : formatNumber(value, words);
  const days = dayNames(words);
  return (
    <figure className="week-carpet" aria-label={label}>
      {days.map((name, day) => (
        <div key={name} className="week-day">
          <span>{name}</span>
          {HOURS.map((hour) => {
            const value = carpet[day * 24 + hour] ?? Number.NaN;
            return (
              <i
                key={hour}
                className={Number.isNaN(value) ? 'is-unwatched' : undefined}
                style={Number.isNaN(value) ? undefined : { background: colourOf(value) }}
                onPointerEnter={() => setPointed(day * 24 + hour)}
                onPointerLeave={() => setPointed(null)}
              />
            );
          })}
        </div>
      ))}
      <figcaption>
        {pointed === null
          ? label
          : `${days[Math.floor(pointed / 24)]} ${String(pointed % 24).padStart(2, '0')}:00 · ${text(carpet[pointed] ?? Number.NaN)}`}
      </figcaption>
    </figure>
  );
}
