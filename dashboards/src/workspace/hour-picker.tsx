/** The hours of the week as a carpet of seven days by 24 hours, to drag over or to walk with the keyboard. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { dayNames } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { HOUR_PRESETS, rectangle, withHours } from './week-hours.ts';
import { HOURS_OF_WEEK } from './zone-time.ts';

type HourPickerProps = { hours: readonly number[]; zone: string; onHours: (hours: readonly number[]) => void };

const PRESET_NAMES = Object.keys(HOUR_PRESETS) as (keyof typeof HOUR_PRESETS)[];
const HOUR_MARKS = [0, 6, 12, 18];
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** A stroke over the carpet: from which hour to which, and whether it adds or takes away. */
type Stroke = { from: number; to: number; isOn: boolean };

/** The first stroke over a full carpet chooses; what it leaves out is out. */
const drawn = (hours: readonly number[], { from, to, isOn }: Stroke): readonly number[] =>
  withHours(hours, rectangle(from, to), isOn);

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 };

export function HourPicker({ hours, zone, onHours }: HourPickerProps) {
  const words = useWords();
  const carpet = useRef<HTMLDivElement>(null);
  const [stroke, setStroke] = useState<Stroke | null>(null);
  const [cursor, setCursor] = useState(8);
  const shown = new Set(stroke === null ? hours : drawn(hours, stroke));
  const isOn = (hour: number) => shown.size === 0 || shown.has(hour);
  const begins = (hour: number): Stroke => ({
    from: hour,
    to: hour,
    isOn: hours.length === 0 || !hours.includes(hour),
  });

  const hourAt = ({ clientX, clientY }: PointerEvent): number => {
    const { left, top, width, height } = carpet.current!.getBoundingClientRect();
    const within = (value: number, most: number) => Math.min(Math.max(Math.floor(value), 0), most - 1);
    return within(((clientY - top) / height) * 7, 7) * 24 + within(((clientX - left) / width) * 24, 24);
  };
  const finish = () => {
    if (stroke !== null) onHours(drawn(hours, stroke));
    setStroke(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setCursor((cursor + step + HOURS_OF_WEEK) % HOURS_OF_WEEK);
    }
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      onHours(drawn(hours, begins(cursor)));
    }
  };
  return (
    <div className="hour-picker">
      <div className="hour-presets">
        {PRESET_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={String(HOUR_PRESETS[name]) === String(hours)}
            onClick={() => onHours(HOUR_PRESETS[name])}
          >
            {words.heat.presets[name]}
          </button>
        ))}
      </div>
      <div className="hour-carpet">
        {dayNames(words).map((name, day) => (
          <button
            key={name}
            type="button"
            className="hour-day"
            style={{ gridRow: day + 1 }}
            aria-label={words.heat.wholeDay(name)}
            onClick={() => onHours(drawn(hours, { ...begins(day * 24), to: day * 24 + 23 }))}
          >
            {name}
          </button>
        ))}
        {/* biome-ignore lint/a11y/useSemanticElements: 168 inputs would be 168 stops for the keyboard; the carpet is one, and says its state */}
        <div
          ref={carpet}
          className="hour-field"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the carpet is walked with the arrow keys
          tabIndex={0}
          aria-label={`${words.heat.hours}. ${words.heat.hoursHint}`}
          data-testid="hour-field"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            const hour = hourAt(event);
            setCursor(hour);
            setStroke(begins(hour));
          }}
          onPointerMove={(event) => stroke !== null && setStroke({ ...stroke, to: hourAt(event) })}
          onPointerUp={finish}
          onPointerCancel={() => setStroke(null)}
          onKeyDown={onKeyDown}
        >
          {DAYS.flatMap((day) =>
            Array.from({ length: 24 }, (_, index) => day * 24 + index).map((hour) => (
              <i key={hour} className={`${isOn(hour) ? 'is-on' : ''}${hour === cursor ? ' is-cursor' : ''}`} />
            )),
          )}
        </div>
        <div className="hour-marks" aria-hidden="true">
          {HOUR_MARKS.map((hour) => (
            <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
              {String(hour).padStart(2, '0')}
            </span>
          ))}
        </div>
      </div>
      <p className="menu-note" role="status">
        {words.heat.hoursChosen(shown.size)} · {zone}
      </p>
    </div>
  );
}
