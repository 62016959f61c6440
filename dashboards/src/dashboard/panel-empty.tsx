/** A panel without figures: small, says why in words and leads to what helps. */
import type { EmptyReason } from '#models/schema/dashboard.ts';
import { useWords } from '../words/language.tsx';
import { hrefOf, type ViewName } from '../workspace/view.ts';
import { type Asked, dashboardHref, type SubjectRef } from './asked.ts';
import { languageOf } from './panel-rows.ts';

type EmptyProps = { reason: EmptyReason; subject: SubjectRef; asked: Asked };

type Cure = { view: ViewName; said: 'calibrate' | 'coverage' | 'health' | 'rules' | 'grids' };

const CURES: Partial<Record<EmptyReason['code'], readonly Cure[]>> = {
  'not-observed': [
    { view: 'health', said: 'health' },
    { view: 'coverage', said: 'coverage' },
  ],
  'not-calibrated': [{ view: 'cameras', said: 'calibrate' }],
  'no-rules': [{ view: 'rules', said: 'rules' }],
  'no-children': [{ view: 'grids', said: 'grids' }],
};
/** More time is what helps. */
const LONGER: readonly EmptyReason['code'][] = ['nothing-seen', 'too-few', 'no-normal-yet'];

export function PanelEmpty({ reason, subject, asked }: EmptyProps) {
  const words = useWords();
  const { cures } = words.dashboard;
  const rest = subject.type === 'camera' ? subject.id : '';
  return (
    <div className="panel-empty">
      <p>{words.dashboard.empty[reason.code]}</p>
      <p className="muted">{reason.cure[languageOf(words)]}</p>
      <p className="panel-cures">
        {(CURES[reason.code] ?? []).map(({ view, said }) => (
          <a key={view} href={hrefOf(view, view === 'cameras' || view === 'health' ? rest : '')}>
            {cures[said]}
          </a>
        ))}
        {LONGER.includes(reason.code) && asked.range.name !== 'month' && (
          <a href={dashboardHref(subject, { ...asked, range: { name: 'month' } })}>{cures.period}</a>
        )}
      </p>
    </div>
  );
}
