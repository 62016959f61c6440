/** When: a span that moves with the clock or has two ends; beside it what else belongs to time, as hours of the week. */
import { type ReactNode, useState } from 'react';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Menu, MenuList } from './menu.tsx';
import { SpanForm } from './span-form.tsx';
import { type RangeName, spanOf, type TimeRange } from './time-range.ts';

type TimeMenuProps = {
  range: TimeRange;
  ranges: readonly RangeName[];
  zone: string;
  /** Behind the name of the span, on the button. */
  note: string;
  isSet: boolean;
  onRange: (range: TimeRange) => void;
  children?: ReactNode;
};

export function TimeMenu(props: TimeMenuProps) {
  const words = useWords();
  const { range, zone, note, isSet } = props;
  const name = range.name === 'custom' ? formatSpan(range, words, zone) : words.range[range.name];
  const text = note === '' ? name : `${name} · ${note}`;
  return (
    <Menu label={words.range.title} value={text} valueText={text} isSet={isSet}>
      {(close) => <TimeChoice {...props} close={close} />}
    </Menu>
  );
}

function TimeChoice({ range, ranges, zone, onRange, close, children }: TimeMenuProps & { close: () => void }) {
  const words = useWords();
  const [isOwn, setIsOwn] = useState(range.name === 'custom');
  const choose = (name: RangeName) => {
    setIsOwn(name === 'custom');
    if (name === 'custom') return;
    onRange({ name });
    close();
  };
  return (
    <div className="time-menu">
      <div>
        <MenuList
          label={words.range.title}
          options={ranges.map((name) => ({ value: name, text: words.range[name] }))}
          value={isOwn ? 'custom' : range.name}
          onChoose={choose}
        />
        {isOwn && (
          <SpanForm
            span={spanOf(range, zone)}
            zone={zone}
            onSpan={(span) => {
              onRange({ name: 'custom', ...span });
              close();
            }}
          />
        )}
        <p className="menu-note is-foot">{zone}</p>
      </div>
      {children}
    </div>
  );
}
