/** When: a span that moves with the clock or has two ends, and which hours of the week of it count. */
import { useState } from 'react';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { HourPicker } from './hour-picker.tsx';
import { Menu, MenuList } from './menu.tsx';
import { SpanForm } from './span-form.tsx';
import { RANGE_NAMES, type RangeName, spanOf } from './time-range.ts';
import type { ChoiceState } from './use-choices.ts';

type TimeMenuProps = Pick<ChoiceState, 'choices' | 'setChoices'> & { zone: string };

export function TimeMenu(props: TimeMenuProps) {
  const words = useWords();
  const { range, hours } = props.choices;
  const name = range.name === 'custom' ? formatSpan(range, words, props.zone) : words.range[range.name];
  const text = hours.length === 0 ? name : `${name} · ${words.heat.hoursShort(hours.length)}`;
  return (
    <Menu label={words.range.title} value={text} valueText={text} isSet={range.name !== 'hour' || hours.length > 0}>
      {(close) => <TimeChoice {...props} close={close} />}
    </Menu>
  );
}

function TimeChoice({ choices, setChoices, zone, close }: TimeMenuProps & { close: () => void }) {
  const words = useWords();
  const { range, hours } = choices;
  const [isOwn, setIsOwn] = useState(range.name === 'custom');
  const choose = (name: RangeName) => {
    setIsOwn(name === 'custom');
    if (name === 'custom') return;
    setChoices({ range: { name } });
    close();
  };
  return (
    <div className="time-menu">
      <div>
        <MenuList
          label={words.range.title}
          options={RANGE_NAMES.map((name) => ({ value: name, text: words.range[name] }))}
          value={isOwn ? 'custom' : range.name}
          onChoose={choose}
        />
        {isOwn && (
          <SpanForm
            span={spanOf(range, zone)}
            zone={zone}
            onSpan={(span) => {
              setChoices({ range: { name: 'custom', ...span } });
              close();
            }}
          />
        )}
      </div>
      <div>
        <h3 className="menu-title">{words.heat.hours}</h3>
        <HourPicker hours={hours} zone={zone} onHours={(next) => setChoices({ hours: next })} />
      </div>
    </div>
  );
}
