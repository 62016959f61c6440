/** What was unlike normal in the last seven days: where, when, how much; and how many cameras did not watch. Leads to the dashboards. */
import type { Dashboard, PanelAnswer } from '#models/schema/dashboard.ts';
import { dashboardHref, periodOf } from '../dashboard/asked.ts';
import { dashboardApi } from '../dashboard/dashboard-api.ts';
import { asNumber, asTimeMs } from '../dashboard/value-text.ts';
import { usePolled } from '../polled.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { useKnownSite } from './known.tsx';
import { topArea } from './top-area.ts';

const EVERY_MS = 600_000;
const SHOWN_MAX = 3;
/** A camera that watched less of the time than this is named as one that did not watch. */
const WATCHED_MIN = 0.99;

type Unusual = { camera: string; atMs: number; atOnce: number; normal: number };

/** The rows of a panel by the names of its columns. */
function recordsOf(panel: PanelAnswer | undefined): Record<string, PanelAnswer['rows'][number][number]>[] {
  if (panel === undefined || panel.empty !== null) return [];
  return panel.rows.map((row) =>
    Object.fromEntries(panel.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

const panelOf = ({ panels }: Dashboard, id: string) => panels.find((panel) => panel.id === id);

/** The farthest from normal first, each camera once. */
export function unusualOf(dashboard: Dashboard): Unusual[] {
  const rows = recordsOf(panelOf(dashboard, 'unusual-places')).flatMap(({ camera, at, at_once, normal }): Unusual[] => {
    const [atMs, atOnce, usual] = [asTimeMs(at), asNumber(at_once), asNumber(normal)];
    return typeof camera !== 'string' || atMs === null || atOnce === null || usual === null
      ? []
      : [{ camera, atMs, atOnce, normal: usual }];
  });
  return rows.filter(({ camera }, index) => rows.findIndex((other) => other.camera === camera) === index);
}

export function watchedOf(dashboard: Dashboard): { seldom: number; all: number } {
  const shares = recordsOf(panelOf(dashboard, 'cameras-watched')).map(
    ({ observed_share }) => asNumber(observed_share) ?? 0,
  );
  return { seldom: shares.filter((share) => share < WATCHED_MIN).length, all: shares.length };
}

type StoodOutProps = {
  /** The store answers what is on the map first. */
  isReady: boolean;
  nameOf: (camera: string) => string;
  onSignedOut: () => void;
};

export function StoodOut({ isReady, nameOf, onSignedOut }: StoodOutProps) {
  const words = useWords();
  const { areas, zone } = useKnownSite();
  const first = topArea(areas.data);
  const period = zone === undefined ? null : periodOf({ name: 'week' }, zone);
  const { data } = usePolled(
    isReady && first !== undefined && period !== null ? `${first} ${period.toMs}` : null,
    async (signal) => {
      const question = {
        type: 'area',
        id: first ?? '',
        ...period!,
        zone: zone ?? '',
        compare: null,
        kind: null,
      } as const;
      return (await dashboardApi.read(question, { signal, onAnswer: () => {} }))?.dashboard;
    },
    { intervalMs: EVERY_MS, onSignedOut },
  );
  if (data === undefined || zone === undefined) return null;
  return <Told dashboard={data} zone={zone} nameOf={nameOf} title={words.stoodOut.title} />;
}

function Told({
  dashboard,
  zone,
  nameOf,
  title,
}: Pick<StoodOutProps, 'nameOf'> & { dashboard: Dashboard; zone: string; title: string }) {
  const words = useWords();
  const said = words.stoodOut;
  const unusual = unusualOf(dashboard);
  const { seldom, all } = watchedOf(dashboard);
  const panel = panelOf(dashboard, 'unusual-places');
  // Where nothing was watched, say, nobody can tell either.
  const isNormalKnown = panel !== undefined && (panel.empty?.code ?? 'nothing-unusual') === 'nothing-unusual';
  const href = dashboardHref({ type: 'area', id: dashboard.subject.id });
  return (
    <section className="stood-out" aria-label={title}>
      <header className="section-head">
        <h2>{title}</h2>
        <a href={href}>{words.dashboard.open}</a>
      </header>
      {unusual.length === 0 && <p className="muted">{isNormalKnown ? said.nothing : said.noNormal}</p>}
      {unusual.length > 0 && (
        <ol>
          {unusual.slice(0, SHOWN_MAX).map(({ camera, atMs, atOnce, normal }) => (
            <li key={camera}>
              <a href={dashboardHref({ type: 'camera', id: camera })}>
                <b>{nameOf(camera)}</b>
                <span>{formatTime(atMs, words, { zone, withDay: true })}</span>
                <span className={atOnce > normal ? 'stood-out-figure is-more' : 'stood-out-figure is-less'}>
                  {said.against(formatNumber(atOnce, words), formatNumber(normal, words))}
                </span>
              </a>
            </li>
          ))}
        </ol>
      )}
      {all > 0 && (
        <p className="stood-out-watched">{seldom === 0 ? said.allWatched(all) : said.seldomWatched(seldom, all)}</p>
      )}
    </section>
  );
}
