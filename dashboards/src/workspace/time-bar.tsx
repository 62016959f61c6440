/** The time of the view: one span for every view that has one, in its address; a step earlier or later; on the map hours too. */
import { useCallback, useMemo } from 'react';
import { useWords } from '../words/language.tsx';
import { FIRST_RANGE, movedSpan, rangesOf, readRange, withRange } from './address-time.ts';
import { HourPicker } from './hour-picker.tsx';
import { BackIcon } from './icons.tsx';
import type { TimeView } from './kept.ts';
import { TimeMenu } from './time-menu.tsx';
import { spanOf, type TimeRange } from './time-range.ts';
import { useChoices } from './use-choices.ts';
import { readPlace, usePlace } from './view.ts';

/** The span that the address says, else the view's own. */
export function useRange(view: TimeView): [TimeRange, (range: TimeRange) => void] {
  const { query } = usePlace();
  const range = useMemo(() => readRange(new URLSearchParams(query)) ?? { name: FIRST_RANGE[view] }, [query, view]);
  const setRange = useCallback(
    (next: TimeRange) => {
      location.hash = withRange(readPlace(location.hash), next, FIRST_RANGE[view]);
    },
    [view],
  );
  return [range, setRange];
}

const MINUTE_MS = 60_000;

type TimeBarProps = { view: TimeView; zone: string };

export function TimeBar({ view, zone }: TimeBarProps) {
  const words = useWords();
  const [range, setRange] = useRange(view);
  const { choices, setChoices } = useChoices();
  const { hours } = choices;
  const isMap = view === 'map';
  const span = spanOf(range, zone);
  const move = (direction: -1 | 1) => setRange({ name: 'custom', ...movedSpan(span, direction, zone) });
  return (
    <fieldset className="time-bar">
      <legend className="unseen">{words.range.title}</legend>
      <StepButton text={words.shell.time.earlier} isOff={false} onClick={() => move(-1)} />
      <TimeMenu
        range={range}
        ranges={rangesOf(view)}
        zone={zone}
        note={isMap && hours.length > 0 ? words.heat.hoursShort(hours.length) : ''}
        isSet={range.name !== FIRST_RANGE[view] || (isMap && hours.length > 0)}
        onRange={setRange}
      >
        {isMap && (
          <div>
            <h3 className="menu-title">{words.heat.hours}</h3>
            <HourPicker hours={hours} zone={zone} onHours={(next) => setChoices({ hours: next })} />
          </div>
        )}
      </TimeMenu>
      <StepButton
        text={words.shell.time.later}
        isOff={span.toMs >= Date.now() - MINUTE_MS}
        isTurned
        onClick={() => move(1)}
      />
    </fieldset>
  );
}

type StepProps = { text: string; isOff: boolean; isTurned?: boolean; onClick: () => void };

const StepButton = ({ text, isOff, isTurned = false, onClick }: StepProps) => (
  <button
    type="button"
    className={`button-quiet${isTurned ? ' is-turned' : ''}`}
    title={text}
    aria-label={text}
    disabled={isOff}
    onClick={onClick}
  >
    <BackIcon />
  </button>
);
