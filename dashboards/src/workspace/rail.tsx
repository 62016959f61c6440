/** The way to every view: a rail at the side, in groups; on a phone a bar below with the rest behind "more". */
import { useWords } from '../words/language.tsx';
import { hrefWith, type Kept } from './kept.ts';
import { Menu } from './menu.tsx';
import { GROUP_NAMES, VIEW_GROUPS, type ViewName } from './view.ts';
import { AllIcon, ViewIcon } from './view-icons.tsx';

type RailProps = { open: ViewName; kept: Kept };

export function Rail({ open, kept }: RailProps) {
  const words = useWords();
  return (
    <nav className="rail" aria-label={words.views.title}>
      {GROUP_NAMES.map((group) => (
        <ul key={group} className="rail-group" aria-label={words.shell.groups[group]}>
          <li className="rail-title" aria-hidden="true">
            {words.shell.groups[group]}
          </li>
          {VIEW_GROUPS[group].map((view) => (
            <li key={view}>
              <ViewLink view={view} open={open} kept={kept} />
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

function ViewLink({ view, open, kept, onOpen }: RailProps & { view: ViewName; onOpen?: () => void }) {
  const words = useWords();
  return (
    <a
      className="rail-link"
      href={hrefWith(view, kept)}
      aria-current={view === open ? 'page' : undefined}
      onClick={onOpen}
    >
      <ViewIcon view={view} />
      <span>{words.views[view]}</span>
    </a>
  );
}

/** What somebody with a phone in the hand opens most. */
const AT_HAND: readonly ViewName[] = ['map', 'alerts', 'live', 'dashboard'];

export function BottomBar({ open, kept }: RailProps) {
  const words = useWords();
  const isElsewhere = !AT_HAND.includes(open);
  return (
    <nav className="bottom-bar" aria-label={words.views.title}>
      {AT_HAND.map((view) => (
        <ViewLink key={view} view={view} open={open} kept={kept} />
      ))}
      <Menu
        label={words.shell.more}
        className={`rail-link${isElsewhere ? ' is-open' : ''}`}
        value={
          <>
            <AllIcon />
            <span>{isElsewhere ? words.views[open] : words.shell.more}</span>
          </>
        }
        valueText={words.views[open]}
      >
        {(close) => (
          <div className="bottom-more">
            {GROUP_NAMES.map((group) => (
              <ul key={group} aria-label={words.shell.groups[group]}>
                <li className="rail-title" aria-hidden="true">
                  {words.shell.groups[group]}
                </li>
                {VIEW_GROUPS[group].map((view) => (
                  <li key={view}>
                    <ViewLink view={view} open={open} kept={kept} onOpen={close} />
                  </li>
                ))}
              </ul>
            ))}
          </div>
        )}
      </Menu>
    </nav>
  );
}
