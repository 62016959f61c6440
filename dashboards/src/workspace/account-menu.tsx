/** Who is signed in, which page opens first for them, and the way out. */
import { useId, useState } from 'react';
import type { Me } from '#models/schema/person-view.ts';
import { useWords } from '../words/language.tsx';
import { LeaveIcon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { chooseStart, startView } from './start-view.ts';
import { VIEWS } from './view.ts';
import { PersonIcon } from './view-icons.tsx';

type AccountProps = { me: Me; signOut: () => void };

export function AccountMenu({ me, signOut }: AccountProps) {
  const words = useWords();
  return (
    <Menu label={words.shell.account} className="button-quiet" value={<PersonIcon />} valueText={me.user.name}>
      {() => <Account me={me} signOut={signOut} />}
    </Menu>
  );
}

function Account({ me, signOut }: AccountProps) {
  const words = useWords();
  const [start, setStart] = useState(() => startView(me));
  const startId = useId();
  return (
    <div className="account">
      <p className="account-name">{me.user.name}</p>
      <label htmlFor={startId}>{words.shell.start}</label>
      <select
        id={startId}
        value={start}
        onChange={({ target }) => {
          const view = VIEWS.find((each) => each === target.value) ?? 'map';
          chooseStart(me, view);
          setStart(view);
        }}
      >
        {VIEWS.map((view) => (
          <option key={view} value={view}>
            {words.views[view]}
          </option>
        ))}
      </select>
      <p className="menu-note">{words.shell.startNote}</p>
      <button type="button" className="button-plain" onClick={signOut}>
        <LeaveIcon />
        {words.signIn.signOut}
      </button>
    </div>
  );
}
