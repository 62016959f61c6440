/** The same on every page: which view it is, of which place and time; search, the site's clock, preferences, the account. */
import { useEffect, useState } from 'react';
import type { Me } from '#models/schema/person-view.ts';
import { Mark } from '../sign-in/mark.tsx';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { AccountMenu } from './account-menu.tsx';
import { isAreaView, isTimeView } from './kept.ts';
import { PlaceTrail } from './place-trail.tsx';
import { LanguageButton, ThemeButton } from './preference-buttons.tsx';
import { TimeBar } from './time-bar.tsx';
import { hrefOf, type ViewName } from './view.ts';
import { SearchIcon } from './view-icons.tsx';
import { offsetText } from './zone-time.ts';

type HeaderProps = { view: ViewName; me: Me; zone: string | undefined; signOut: () => void; onSearch: () => void };

export function Header({ view, me, zone, signOut, onSearch }: HeaderProps) {
  const words = useWords();
  return (
    <header className="shell-header">
      <a className="shell-home" href={hrefOf('map')} aria-label={words.name} title={words.name}>
        <Mark size={26} />
      </a>
      <h1>{words.views[view]}</h1>
      {isAreaView(view) && <PlaceTrail />}
      <span className="shell-gap" />
      {isTimeView(view) && zone !== undefined && <TimeBar view={view} zone={zone} />}
      <button type="button" className="shell-search" aria-keyshortcuts="/ Control+K" onClick={onSearch}>
        <SearchIcon />
        <span>{words.shell.search.short}</span>
        <kbd>/</kbd>
      </button>
      {zone !== undefined && <ZoneClock zone={zone} />}
      <div className="shell-buttons">
        <LanguageButton />
        <ThemeButton />
        <AccountMenu me={me} signOut={signOut} />
      </div>
    </header>
  );
}

const CLOCK_EVERY_MS = 10_000;

/** All times of the page are the site's, so its clock stands there with its offset. */
function ZoneClock({ zone }: { zone: string }) {
  const words = useWords();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), CLOCK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const offset = offsetText(nowMs, zone);
  return (
    <span className="shell-clock" title={words.shell.zone(zone, offset)}>
      <time>{formatTime(nowMs, words, { zone })}</time> <span className="shell-offset">{offset}</span>
    </span>
  );
}
