/** The name, the way to the other views, who is signed in, language and theme. */
import type { Me } from '#models/schema/person-view.ts';
import { Mark } from '../sign-in/mark.tsx';
import { useWords } from '../words/language.tsx';
import { LeaveIcon } from './icons.tsx';
import { Navigation } from './navigation.tsx';
import { LanguageButton, ThemeButton } from './preference-buttons.tsx';

export function Brand({ me, signOut }: { me: Me; signOut: () => void }) {
  const words = useWords();
  const leave = `${words.signIn.signOut}: ${me.user.name}`;
  return (
    <header className="brand">
      <Mark size={26} />
      <h1>{words.name}</h1>
      <Navigation />
      <div className="brand-buttons">
        <LanguageButton />
        <ThemeButton />
        <button type="button" className="button-quiet" title={leave} aria-label={leave} onClick={signOut}>
          <LeaveIcon />
        </button>
      </div>
    </header>
  );
}
