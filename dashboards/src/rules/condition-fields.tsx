/** A condition's numbers and choices, from the tables of `drafts.ts`. */
import type { Kind } from '#models/schema/kind.ts';
import type { Condition } from '#models/schema/rule-condition.ts';
import { useWords } from '../words/language.tsx';
import { CHOICE_FIELDS, NUMBER_FIELDS } from './drafts.ts';

type FieldsProps = { condition: Condition; onChange: (condition: Condition) => void };

/** Fields are reached by their names, which the tables share with the schema. */
type Loose = Record<string, unknown>;

const TROUBLES = ['down', 'tampered', 'moved', 'frozen', 'dark', 'device-tamper', 'device-input'] as const;

function without(condition: Condition, name: string): Condition {
  const { [name]: _left, ...rest } = condition as Loose;
  return rest as Condition;
}

export function ConditionFields({ condition, onChange }: FieldsProps) {
  const words = useWords();
  const said = words.rules;
  const values = condition as Loose;
  const set = (name: string, value: unknown) => onChange({ ...condition, [name]: value } as Condition);
  const choice = CHOICE_FIELDS[condition.type];
  const shown = NUMBER_FIELDS[condition.type].filter(
    ({ name }) => condition.type !== 'zone' || name !== 'overS' || condition.event === 'presence',
  );
  return (
    <>
      {choice !== undefined && (
        <label className="rule-field">
          <span>{said.fields[choice.name]}</span>
          <select
            value={String(values[choice.name] ?? choice.values[0])}
            onChange={({ target }) => set(choice.name, target.value)}
          >
            {choice.values.map((value) => (
              <option key={value} value={value}>
                {(said[choice.words] as Record<string, string>)[value]}
              </option>
            ))}
          </select>
        </label>
      )}
      {shown.map(({ name, unit, min, max, step, isOptional }) => (
        <label key={name} className="rule-field">
          <span>{said.fields[name]}</span>
          <span>
            <input
              type="number"
              {...{ min, max, step: 'any' }}
              data-step={step}
              required={isOptional !== true}
              value={String(values[name] ?? '')}
              onChange={({ target }) =>
                target.value === '' ? onChange(without(condition, name)) : set(name, Number(target.value))
              }
            />
            <i>{said.units[unit]}</i>
          </span>
        </label>
      ))}
      {condition.type === 'camera' && (
        <Several
          label={said.fields.troubles}
          values={TROUBLES}
          chosen={condition.troubles}
          nameOf={(each) => words.alerts.troubles[each]}
          onChange={(troubles) => troubles.length > 0 && set('troubles', troubles)}
        />
      )}
    </>
  );
}

type SeveralProps<Value extends string> = {
  label: string;
  values: readonly Value[];
  chosen: readonly Value[];
  nameOf: (value: Value) => string;
  onChange: (chosen: Value[]) => void;
};

/** Several of a few, as buttons that are pressed or not. */
export function Several<Value extends string>({ label, values, chosen, nameOf, onChange }: SeveralProps<Value>) {
  return (
    <fieldset className="choice rule-several">
      <legend className="unseen">{label}</legend>
      {values.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={chosen.includes(each)}
          onClick={() =>
            onChange(values.filter((value) => (value === each ? !chosen.includes(value) : chosen.includes(value))))
          }
        >
          {nameOf(each)}
        </button>
      ))}
    </fieldset>
  );
}

export const KINDS: readonly Kind[] = ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'];
