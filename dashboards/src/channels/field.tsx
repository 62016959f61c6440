/** A field of a form with what the API said about it, beside it and tied to it for screen readers. */
import { cloneElement, type ReactElement, useId } from 'react';

type FieldProps = {
  label: string;
  note?: string;
  problem: string | undefined;
  isWide?: boolean;
  children: ReactElement<{ id?: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string }>;
};

export function Field({ label, note, problem, isWide = true, children }: FieldProps) {
  const id = useId();
  const about = problem !== undefined ? `${id}-problem` : note !== undefined ? `${id}-note` : undefined;
  return (
    <div className={`rule-field outlet-field${isWide ? ' is-wide' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, {
        id,
        'aria-invalid': problem !== undefined,
        ...(about === undefined ? {} : { 'aria-describedby': about }),
      })}
      {problem === undefined && note !== undefined && (
        <small id={`${id}-note`} className="muted">
          {note}
        </small>
      )}
      {problem !== undefined && (
        <small id={`${id}-problem`} className="outlet-problem" role="alert">
          {problem}
        </small>
      )}
    </div>
  );
}
