/** Where one is on the way from a found device to a live camera. */
import { useWords } from '../words/language.tsx';

export type StepName = 'login' | 'place' | 'calibrate' | 'masks' | 'check' | 'done';

type StepBarProps = {
  title: string;
  steps: readonly StepName[];
  step: StepName;
  /** Absent where the order is fixed. */
  onStep?: (step: StepName) => void;
};

export function StepBar({ title, steps, step, onStep }: StepBarProps) {
  const words = useWords();
  return (
    <header className="step-bar">
      <h2>{title}</h2>
      <ol>
        {steps.map((name, index) => (
          <li key={name} aria-current={name === step ? 'step' : undefined}>
            <button type="button" disabled={onStep === undefined} onClick={() => onStep?.(name)}>
              <span>{index + 1}</span>
              {words.onboarding.steps[name]}
            </button>
          </li>
        ))}
      </ol>
    </header>
  );
}
