/** How good a calibration is: its letter, and the error at 10, 30 and 60 m. */
import type { CalibrationTrial } from '#models/schema/calibration.ts';
import { useWords } from '../words/language.tsx';
import { metres } from './place-step.tsx';

export function CalibrationVerdict({
  trial,
}: {
  trial: Pick<CalibrationTrial, 'grade' | 'errors' | 'lens'> | undefined;
}) {
  const words = useWords();
  if (trial === undefined) return null;
  const { grade, errors, lens } = trial;
  const isBent = lens !== null && [lens.k1, lens.k2, lens.k3].some((each) => each !== 0);
  return (
    <p className="calibration-verdict" title={words.calibration.gradeNote} aria-live="polite">
      <b className={`grade is-${grade}`}>{words.calibration.grade(grade)}</b>
      {errors.length === 0 && <span>{words.calibration.noGround}</span>}
      {errors.map(({ distanceM, errorM }) => (
        <span key={distanceM}>
          {words.calibration.errorAt(metres(errorM, words), `${distanceM} ${words.units.metre}`)}
        </span>
      ))}
      {isBent && <span className="muted">{words.calibration.bent}</span>}
    </p>
  );
}
