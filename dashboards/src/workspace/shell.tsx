/** The frame of the page: the way to all views, one header, and the view that the address names, loaded when it is first opened. */
import { lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import type { Me } from '#models/schema/person-view.ts';
import { useWords, ZoneProvider } from '../words/language.tsx';
import { Header } from './header.tsx';
import { type Kept, keptAfter, NOTHING_KEPT } from './kept.ts';
import { KnownProvider, useKnownSite } from './known.tsx';
import { BottomBar, Rail } from './rail.tsx';
import { startView } from './start-view.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import { useSearchKeys } from './use-search-keys.ts';
import { hrefOf, isBare, readPlace, useHash, type ViewName, type ViewPlace, type ViewProps } from './view.ts';
import { ViewGuard } from './view-guard.tsx';

const Workspace = lazy(async () => ({ default: (await import('./workspace.tsx')).Workspace }));
const WallPage = lazy(async () => ({ default: (await import('../live/wall-page.tsx')).WallPage }));
const CamerasPage = lazy(async () => ({ default: (await import('../onboarding/cameras-page.tsx')).CamerasPage }));
const GridsPage = lazy(async () => ({ default: (await import('../grids/grids-page.tsx')).GridsPage }));
const CoveragePage = lazy(async () => ({ default: (await import('../coverage/coverage-page.tsx')).CoveragePage }));
const AlertsPage = lazy(async () => ({ default: (await import('../alerts/alerts-page.tsx')).AlertsPage }));
const RulesPage = lazy(async () => ({ default: (await import('../rules/rules-page.tsx')).RulesPage }));
const ChannelsPage = lazy(async () => ({ default: (await import('../channels/channels-page.tsx')).ChannelsPage }));
const HealthPage = lazy(async () => ({ default: (await import('../health/health-page.tsx')).HealthPage }));
const OperationsPage = lazy(async () => ({
  default: (await import('../operations/operations-page.tsx')).OperationsPage,
}));
const DashboardPage = lazy(async () => ({ default: (await import('../dashboard/dashboard-page.tsx')).DashboardPage }));
const TablePage = lazy(async () => ({ default: (await import('../table/table-page.tsx')).TablePage }));
const KitPage = lazy(async () => ({ default: (await import('../kit/kit-page.tsx')).KitPage }));
const SearchPalette = lazy(async () => ({ default: (await import('./search-palette.tsx')).SearchPalette }));

type ShellProps = ViewProps & { signOut: () => void };

export function Shell(props: ShellProps) {
  return (
    <KnownProvider onSignedOut={props.onSignedOut}>
      <Frame {...props} />
    </KnownProvider>
  );
}

/** The view of the address; of a bare one the start page, whose address then stands there too, unless it is the map's. */
function useOpenPlace(me: Me): ViewPlace {
  const hash = useHash();
  const start = isBare(hash) ? startView(me) : null;
  useEffect(() => {
    if (start !== null && start !== 'map') location.replace(hrefOf(start));
  }, [start]);
  return start === null ? readPlace(hash) : { view: start, rest: '', query: '' };
}

function useKept(place: ViewPlace): Kept {
  const kept = useRef<Kept>(NOTHING_KEPT);
  kept.current = keptAfter(place, kept.current);
  return kept.current;
}

function Frame({ me, signOut, onSignedOut }: ShellProps) {
  const words = useWords();
  const isNarrow = useIsNarrow();
  const place = useOpenPlace(me);
  const kept = useKept(place);
  const { zone } = useKnownSite();
  const content = useRef<HTMLElement>(null);
  const [isSearching, setIsSearching] = useState(false);
  useSearchKeys(() => setIsSearching(true));
  useTitle(place.view);
  const { view } = place;
  return (
    <ZoneProvider zone={zone}>
      <div className="shell">
        <SkipButton to={content} />
        {!isNarrow && <Rail open={view} kept={kept} />}
        <Header view={view} me={me} zone={zone} signOut={signOut} onSearch={() => setIsSearching(true)} />
        <main ref={content} className="shell-content" data-view={view} tabIndex={-1} aria-label={words.views[view]}>
          <ViewGuard key={view} failed={() => <ViewFailed />}>
            <Suspense fallback={<Opening />}>
              <View view={view} me={me} onSignedOut={onSignedOut} />
            </Suspense>
          </ViewGuard>
        </main>
        {isNarrow && <BottomBar open={view} kept={kept} />}
        {isSearching && (
          <Suspense fallback={null}>
            <SearchPalette kept={kept} onSignedOut={onSignedOut} onClose={() => setIsSearching(false)} />
          </Suspense>
        )}
      </div>
    </ZoneProvider>
  );
}

/** What the browser's history and tabs call the page. */
function useTitle(view: ViewName): void {
  const words = useWords();
  useEffect(() => {
    document.title = `${words.views[view]} · ${words.name}`;
  }, [words, view]);
}

/** The first thing that the tab key reaches: past the rail and the header. */
function SkipButton({ to }: { to: RefObject<HTMLElement | null> }) {
  const words = useWords();
  return (
    <button type="button" className="skip-button" onClick={() => to.current?.focus()}>
      {words.shell.skip}
    </button>
  );
}

function ViewFailed() {
  const { shell } = useWords();
  return (
    <div className="shell-opening" role="alert">
      <p>{shell.failed}</p>
      <button type="button" className="button-primary" onClick={() => location.reload()}>
        {shell.reload}
      </button>
    </div>
  );
}

function Opening() {
  const words = useWords();
  return (
    <p className="shell-opening" role="status">
      <span className="spinner" aria-hidden="true" />
      {words.loading}
    </p>
  );
}

function View({ view, ...props }: ViewProps & { view: ViewName }) {
  switch (view) {
    case 'map':
      return <Workspace {...props} />;
    case 'alerts':
      return <AlertsPage {...props} />;
    case 'rules':
      return <RulesPage {...props} />;
    case 'channels':
      return <ChannelsPage {...props} />;
    case 'live':
      return <WallPage {...props} />;
    case 'cameras':
      return <CamerasPage {...props} />;
    case 'grids':
      return <GridsPage {...props} />;
    case 'coverage':
      return <CoveragePage {...props} />;
    case 'health':
      return <HealthPage {...props} />;
    case 'operations':
      return <OperationsPage {...props} />;
    case 'dashboard':
      return <DashboardPage {...props} />;
    case 'table':
      return <TablePage {...props} />;
    case 'kit':
      return <KitPage />;
  }
}
