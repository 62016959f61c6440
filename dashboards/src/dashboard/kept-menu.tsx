/** Views that were kept under a name: one's own and those that others share; a link each, and a form for this one. */
import { type FormEvent, useId, useState } from 'react';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { CloseIcon, StarIcon } from '../workspace/icons.tsx';
import { Menu } from '../workspace/menu.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { type Asked, dashboardAddress, type SubjectRef } from './asked.ts';
import { dashboardApi } from './dashboard-api.ts';

type KeptProps = { subject: SubjectRef; name: string; asked: Asked; onSignedOut: () => void };

const EVERY_MS = 60_000;

export function KeptMenu(props: KeptProps) {
  const words = useWords();
  return (
    <Menu
      label={words.dashboard.kept}
      value={
        <>
          <StarIcon />
          {words.dashboard.keep}
        </>
      }
      valueText={words.dashboard.keep}
    >
      {(close) => <KeptList {...props} close={close} />}
    </Menu>
  );
}

function KeptList({ subject, name, asked, onSignedOut, close }: KeptProps & { close: () => void }) {
  const words = useWords();
  const said = words.dashboard;
  const kept = usePolled('kept', (signal) => dashboardApi.readKept({ signal }), { intervalMs: EVERY_MS, onSignedOut });
  const [problem, setProblem] = useState<unknown>();
  const nameId = useId();
  const act = async (done: () => Promise<unknown>) => {
    try {
      await done();
      setProblem(undefined);
      kept.refresh();
    } catch (error) {
      setProblem(error);
    }
  };
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const view = { name: String(form.get('name')).trim(), isShared: form.get('shared') !== null };
    void act(() => dashboardApi.keep({ ...view, address: dashboardAddress(subject, asked) }));
  };
  return (
    <div className="kept">
      <ul className="menu-list">
        {kept.data?.map((view) => (
          <li key={view.id} className="kept-view">
            <a href={`#${view.address}`} onClick={close}>
              <span>{view.name}</span>
              <span className="menu-note">{said.keptBy(view.owner)}</span>
            </a>
            <button
              type="button"
              className="button-quiet"
              aria-label={said.forget(view.name)}
              title={said.forget(view.name)}
              onClick={() => void act(() => dashboardApi.forget(view.id))}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
        {kept.data?.length === 0 && <li className="menu-note is-foot">{said.keptNone}</li>}
      </ul>
      <form className="span-form" onSubmit={keep}>
        <label htmlFor={nameId}>{said.keepName}</label>
        <input id={nameId} name="name" defaultValue={name} maxLength={120} required />
        <label className="kept-shared">
          <input type="checkbox" name="shared" />
          {said.keepShared}
        </label>
        <button type="submit" className="button-primary">
          {said.keepDo}
        </button>
      </form>
      {problem !== undefined && <ProblemText error={problem} />}
      {kept.problem !== undefined && <ProblemText error={kept.problem} />}
    </div>
  );
}
