/** One of a few: a row of buttons of which one is pressed. */
import type { ReactNode } from 'react';

type ChoiceProps<Value> = {
  label: string;
  options: readonly { value: Value; text: string; icon?: ReactNode; title?: string }[];
  value: Value;
  onChoose: (value: Value) => void;
};

export function Choice<Value extends string | null>({ label, options, value, onChoose }: ChoiceProps<Value>) {
  return (
    <fieldset className="choice">
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          title={option.title}
          onClick={() => onChoose(option.value)}
        >
          {option.icon}
          <span>{option.text}</span>
        </button>
      ))}
    </fieldset>
  );
}
