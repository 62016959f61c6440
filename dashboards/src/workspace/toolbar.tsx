/** What the map shows: time range and kind. */
import type { Kind } from '#models/schema/kind.ts';
import { KINDS_SHOWN } from '../kinds.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from './choice.tsx';
import { KindIcon } from './icons.tsx';
import { RangeChoice } from './range-choice.tsx';
import type { Choices } from './workspace.tsx';

export function Toolbar({ choices, onChoices }: { choices: Choices; onChoices: (choices: Choices) => void }) {
  const words = useWords();
  const kinds: { value: Kind | null; text: string; icon?: React.ReactNode }[] = [
    { value: null, text: words.allKinds },
    ...KINDS_SHOWN.map((kind) => ({ value: kind, text: words.kinds[kind], icon: <KindIcon kind={kind} /> })),
  ];
  return (
    <div className="toolbar">
      <div className="toolbar-row">
        <RangeChoice range={choices.range} onRange={(range) => onChoices({ ...choices, range })} />
      </div>
      <div className="toolbar-row">
        <Choice
          label={words.kind}
          options={kinds}
          value={choices.kind}
          onChoose={(kind) => onChoices({ ...choices, kind })}
        />
      </div>
    </div>
  );
}
