/** Rules: the list of them, and the chosen or new one as a form. */
import { useMemo } from 'react';
import { api } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { hrefOf, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { newDraft } from './drafts.ts';
import { QuietList } from './quiet-list.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { RuleRows } from './rule-list.tsx';
import { draftOf, rulesApi } from './rules-api.ts';

const RULES_EVERY_MS = 4000;
const NAMES_EVERY_MS = 30_000;
const CHANGERS = ['administrator', 'officer', 'engineer'];
/** No id of a rule has a colon. */
const NEW = ':new';

export function RulesPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const said = words.rules;
  const { rest } = usePlace();
  const rules = usePolled('rules', (signal) => rulesApi.readRules({ signal }), {
    intervalMs: RULES_EVERY_MS,
    onSignedOut,
  });
  const cameras = usePolled('cameras', (signal) => api.readCameras({ signal }), {
    intervalMs: NAMES_EVERY_MS,
    onSignedOut,
  });
  const areas = usePolled('areas', (signal) => api.readAreas({ signal }), { intervalMs: NAMES_EVERY_MS, onSignedOut });
  const site = usePolled('site', (signal) => api.readSite({ signal }), { intervalMs: NAMES_EVERY_MS, onSignedOut });
  const all = rules.data?.rules ?? [];
  const view = all.find(({ id }) => id === rest);
  const taken = useMemo(() => new Set(rules.data?.rules.map(({ id }) => id)), [rules.data]);
  const mayChange = me.user.roles.some((role) => CHANGERS.includes(role));
  const [camera] = cameras.data ?? [];
  const first =
    view !== undefined
      ? draftOf(view)
      : rest === NEW && camera !== undefined
        ? newDraft('rule', { name: '', where: { cameras: [camera.id] } })
        : undefined;
  return (
    <ViewFrame name={first === undefined ? 'rules' : 'rules has-detail'}>
      <h2 className="unseen">{said.title}</h2>
      <section className="rule-list">
        {mayChange && (
          <a className="button-primary rule-new" href={hrefOf('rules', NEW)}>
            {said.new}
          </a>
        )}
        {rules.problem !== undefined && <ProblemText error={rules.problem} />}
        {rules.data !== undefined && all.length === 0 && <p className="rule-none">{said.none}</p>}
        <RuleRows rules={all} chosen={rest} />
        <QuietList mayChange={mayChange} zone={site.data?.timeZone ?? 'UTC'} onSignedOut={onSignedOut} />
      </section>
      <section className="rule-work">
        <a className="button-plain rule-back" href={hrefOf('rules')}>
          ‹ {said.title}
        </a>
        {first === undefined ? (
          <p className="rule-none muted">{said.choose}</p>
        ) : (
          <RuleEditor
            key={view?.id ?? NEW}
            first={first}
            view={view}
            taken={taken}
            cameras={cameras.data ?? []}
            areas={areas.data}
            zone={site.data?.timeZone ?? 'UTC'}
            mayChange={mayChange}
            onChanged={rules.refresh}
          />
        )}
      </section>
    </ViewFrame>
  );
}
