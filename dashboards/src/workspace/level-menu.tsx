/** Where: cells that follow the zoom, or the areas of one level, as they were or as they are. */
import { useWords } from '../words/language.tsx';
import { Choice } from './choice.tsx';
import { LEVELS } from './choices.ts';
import { Menu, MenuList } from './menu.tsx';
import type { ChoiceState } from './use-choices.ts';

export function LevelMenu({ choices, setChoices }: Pick<ChoiceState, 'choices' | 'setChoices'>) {
  const words = useWords();
  const { level, division } = choices;
  const text = words.heat.levels[level];
  return (
    <Menu label={words.heat.level} value={text} valueText={text} isSet={level !== 'cell'}>
      {(close) => (
        <>
          <MenuList
            label={words.heat.level}
            options={LEVELS.map((value) => ({
              value,
              text: words.heat.levels[value],
              ...(value === 'cell' ? { note: words.heat.levelNote } : {}),
            }))}
            value={level}
            onChoose={(value) => {
              setChoices({ level: value });
              if (value === 'cell') close();
            }}
          />
          {level !== 'cell' && (
            <div className="menu-foot">
              <h3 className="menu-title">{words.heat.division}</h3>
              <Choice
                label={words.heat.division}
                options={[
                  { value: 'then', text: words.heat.divisionThen },
                  { value: 'now', text: words.heat.divisionNow },
                ]}
                value={division}
                onChoose={(value) => setChoices({ division: value })}
              />
            </div>
          )}
        </>
      )}
    </Menu>
  );
}
