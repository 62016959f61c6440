/** How the steps of a probe are written: with the time each took, and never with the password. */
import { FAULTS, FaultError, faultCodeOf } from '#models/schema/fault.ts';
import type { ProbeStep } from '#models/schema/probe.ts';

export type StepName = ProbeStep['step'];
type More = Partial<Omit<ProbeStep, 'step' | 'tookMs' | 'message'>>;

export type StepWriter = {
  step(name: StepName, message: string, more?: More): ProbeStep;
  /** Something is wrong; the code says what. */
  wrong(name: StepName, error: unknown): ProbeStep;
  /** Not as it should be, but the probe goes on. */
  warning(name: StepName, error: unknown): ProbeStep;
};

export function createStepWriter(password: string | undefined): StepWriter {
  let lastMs = performance.now();
  const took = () => {
    const nowMs = performance.now();
    const ms = Math.round(nowMs - lastMs);
    lastMs = nowMs;
    return ms;
  };
  const clean = (text: string) =>
    password === undefined || password.length < 3 ? text : text.replaceAll(password, '•••');
  const step = (name: StepName, message: string, more: More = {}): ProbeStep => ({
    step: name,
    verdict: 'good',
    message: clean(message),
    tookMs: took(),
    ...more,
  });
  const told = (name: StepName, error: unknown, verdict: ProbeStep['verdict']): ProbeStep => {
    const code = faultCodeOf(error);
    const cure = error instanceof FaultError ? error.cure : FAULTS[code].cure;
    return step(name, (error as Error).message, { verdict, code, cure });
  };
  return {
    step,
    wrong: (name, error) => told(name, error, 'wrong'),
    warning: (name, error) => told(name, error, 'warning'),
  };
}
