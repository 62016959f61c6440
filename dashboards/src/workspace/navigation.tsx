/** The way between the views of the page: one link each, the open one marked. A new view: `VIEWS`, its word, a case in the shell. */
import { useWords } from '../words/language.tsx';
import { hrefOf, usePlace, VIEWS } from './view.ts';

export function Navigation() {
  const words = useWords();
  const { view: open } = usePlace();
  return (
    <nav className="navigation" aria-label={words.views.title}>
      {VIEWS.map((view) => (
        <a key={view} href={hrefOf(view)} aria-current={view === open ? 'page' : undefined}>
          {words.views[view]}
        </a>
      ))}
    </nav>
  );
}
