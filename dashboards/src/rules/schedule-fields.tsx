/** When a rule holds: always, or at times of days of the week, in the site's zone; and what holidays change. */
import type { Schedule } from '#models/schema/rule.ts';
import { dayNames } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Several } from './condition-fields.tsx';

type ScheduleProps = {
  schedule: Schedule | undefined;
  zone: string;
  onChange: (schedule: Schedule | undefined) => void;
};

const DAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
const NIGHT = { from: '22:00', to: '06:00' };
const HOLIDAYS = ['as-other-days', 'only', 'never'] as const;

export function ScheduleFields({ schedule, zone, onChange }: ScheduleProps) {
  const words = useWords();
  const said = words.rules;
  const names = dayNames(words);
  const change = (index: number, span: Schedule['spans'][number]) =>
    schedule !== undefined &&
    onChange({ ...schedule, spans: schedule.spans.map((was, place) => (place === index ? span : was)) });
  return (
    <div className="rule-schedule">
      <fieldset className="choice">
        <legend className="unseen">{said.schedule}</legend>
        <button type="button" aria-pressed={schedule === undefined} onClick={() => onChange(undefined)}>
          {said.always}
        </button>
        <button
          type="button"
          aria-pressed={schedule !== undefined}
          onClick={() => schedule === undefined && onChange({ spans: [NIGHT] })}
        >
          {said.atTimes}
        </button>
      </fieldset>
      {schedule?.spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place in the list.
        <div key={index} className="rule-span">
          <Several
            label={said.days}
            values={DAYS}
            chosen={span.days?.map((day) => String(day) as (typeof DAYS)[number]) ?? DAYS}
            nameOf={(day) => names[Number(day) - 1] ?? day}
            onChange={(days) => {
              const { days: _days, ...times } = span;
              change(index, days.length === 7 || days.length === 0 ? times : { ...times, days: days.map(Number) });
            }}
          />
          <label>
            {said.from}{' '}
            <input
              type="time"
              value={span.from}
              onChange={({ target }) => change(index, { ...span, from: target.value })}
            />
          </label>
          <label>
            {said.to}{' '}
            <input
              type="time"
              value={span.to === '24:00' ? '00:00' : span.to}
              onChange={({ target }) =>
                change(index, { ...span, to: target.value === '00:00' ? '24:00' : target.value })
              }
            />
          </label>
          {schedule.spans.length > 1 && (
            <button
              type="button"
              className="button-quiet"
              onClick={() => onChange({ ...schedule, spans: schedule.spans.filter((_, place) => place !== index) })}
            >
              {said.removeSpan}
            </button>
          )}
        </div>
      ))}
      {schedule !== undefined && (
        <div className="rule-span">
          <button
            type="button"
            className="button-plain"
            onClick={() => onChange({ ...schedule, spans: [...schedule.spans, NIGHT] })}
          >
            {said.addSpan}
          </button>
          <label>
            {said.holidays}{' '}
            <select
              value={schedule.holidays ?? 'as-other-days'}
              onChange={({ target }) => onChange({ ...schedule, holidays: target.value as (typeof HOLIDAYS)[number] })}
            >
              {HOLIDAYS.map((each) => (
                <option key={each} value={each}>
                  {said.holidayChoices[each]}
                </option>
              ))}
            </select>
          </label>
          <span className="muted">{said.zoneNote(schedule.zone ?? zone)}</span>
        </div>
      )}
    </div>
  );
}
