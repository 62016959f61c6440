/** Against what: another span, or what is normal for the hours of the week. */
import { useState } from 'react';
import { formatSpan } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { COMPARE_NAMES, type CompareName, comparedSpan } from './choices.ts';
import { Menu, MenuList } from './menu.tsx';
import { SpanForm } from './span-form.tsx';
import { spanOf } from './time-range.ts';
import type { ChoiceState } from './use-choices.ts';

type CompareMenuProps = Pick<ChoiceState, 'choices' | 'setChoices'> & { zone: string };

export function CompareMenu(props: CompareMenuProps) {
  const words = useWords();
  const text = words.heat.comparesShort[props.choices.compare.name];
  return (
    <Menu label={words.heat.compare} value={text} valueText={text} isSet={props.choices.compare.name !== 'off'}>
      {(close) => <CompareChoice {...props} close={close} />}
    </Menu>
  );
}

function CompareChoice({ choices, setChoices, zone, close }: CompareMenuProps & { close: () => void }) {
  const words = useWords();
  const { compare, range } = choices;
  const [isOwn, setIsOwn] = useState(compare.name === 'custom');
  const span = spanOf(range, zone);
  const compared = comparedSpan(compare, span);
  const choose = (name: CompareName) => {
    setIsOwn(name === 'custom');
    if (name === 'custom') return;
    setChoices({ compare: { name } });
    close();
  };
  return (
    <>
      <MenuList
        label={words.heat.compare}
        options={COMPARE_NAMES.map((name) => ({ value: name, text: words.heat.compares[name] }))}
        value={isOwn ? 'custom' : compare.name}
        onChoose={choose}
      />
      {isOwn && (
        <SpanForm
          span={compared ?? { fromMs: 2 * span.fromMs - span.toMs, toMs: span.fromMs }}
          zone={zone}
          onSpan={(chosen) => {
            setChoices({ compare: { name: 'custom', ...chosen } });
            close();
          }}
        />
      )}
      <p className="menu-note is-foot">
        {compare.name === 'normal' ? words.heat.normalNote : words.heat.compareNote}
        {compared !== null && <span> {formatSpan(compared, words, zone)}</span>}
      </p>
    </>
  );
}
