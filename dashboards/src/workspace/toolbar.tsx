/** What the map shows: measure, kind, comparison, level; and what is done with it: played, exported. */
import type { ReactNode } from 'react';
import { KINDS_SHOWN } from '../kinds.ts';
import { MEASURE_NAMES } from '../map/measure.ts';
import { useWords } from '../words/language.tsx';
import { CompareMenu } from './compare-menu.tsx';
import { KindIcon, PlayIcon } from './icons.tsx';
import { LevelMenu } from './level-menu.tsx';
import { Menu, MenuList } from './menu.tsx';
import type { ChoiceState } from './use-choices.ts';

type ToolbarProps = Pick<ChoiceState, 'choices' | 'setChoices'> & {
  zone: string;
  onPlay: () => void;
  exportMenu: ReactNode;
};

export function Toolbar({ choices, setChoices, zone, onPlay, exportMenu }: ToolbarProps) {
  const words = useWords();
  const shared = { choices, setChoices };
  return (
    <div className="toolbar" role="toolbar" aria-label={words.legend.controls}>
      <MeasureMenu {...shared} />
      <KindMenu {...shared} />
      <CompareMenu {...shared} zone={zone} />
      <LevelMenu {...shared} />
      <button
        type="button"
        className="menu-button"
        aria-pressed={choices.step !== null}
        aria-label={words.heat.play.title}
        title={words.heat.play.title}
        onClick={onPlay}
      >
        <PlayIcon />
      </button>
      {exportMenu}
    </div>
  );
}

type MenuProps = Pick<ChoiceState, 'choices' | 'setChoices'>;

function MeasureMenu({ choices, setChoices }: MenuProps) {
  const words = useWords();
  const { measures, measureNotes } = words.heat;
  const text = measures[choices.measure];
  return (
    <Menu label={words.measure} value={text} valueText={text} isSet={choices.measure !== 'presence'}>
      {(close) => (
        <MenuList
          label={words.measure}
          options={MEASURE_NAMES.map((value) => ({ value, text: measures[value], note: measureNotes[value] }))}
          value={choices.measure}
          onChoose={(measure) => {
            setChoices({ measure });
            close();
          }}
        />
      )}
    </Menu>
  );
}

function KindMenu({ choices, setChoices }: MenuProps) {
  const words = useWords();
  const { kind } = choices;
  const text = kind === null ? words.allKinds : words.kinds[kind];
  const icon = kind === null ? null : <KindIcon kind={kind} />;
  return (
    <Menu
      label={words.kind}
      value={
        <>
          {icon}
          {text}
        </>
      }
      valueText={text}
      isSet={kind !== null}
    >
      {(close) => (
        <MenuList
          label={words.kind}
          options={[
            { value: null, text: words.allKinds },
            ...KINDS_SHOWN.map((value) => ({ value, text: words.kinds[value], icon: <KindIcon kind={value} /> })),
          ]}
          value={kind}
          onChoose={(value) => {
            setChoices({ kind: value });
            close();
          }}
        />
      )}
    </Menu>
  );
}
