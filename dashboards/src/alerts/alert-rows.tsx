/** The queue as a long list: only rows in view are drawn, and rows stay where they are while a pointer is over them. */
import { useEffect, useRef, useState } from 'react';
import type { IncidentView } from '#models/schema/alert-view.ts';
import { scrollTo, visibleRows } from '../health/visible-rows.ts';
import { formatDuration, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { useScrolled } from '../workspace/use-scrolled.ts';
import { alertSentence } from './alert-words.ts';
import { SeverityGlyph } from './severity-glyph.tsx';

type RowsProps = {
  incidents: readonly IncidentView[];
  openId: string;
  zone: string;
  nameOf: (view: IncidentView) => { place: string; area: string };
  onOpen: (id: string) => void;
};

const ROW_PX = 62;
const AGES_EVERY_MS = 5000;

/** The list as it was when the pointer came over it, so that nobody presses on what has just slipped in there. */
function useSteady(incidents: readonly IncidentView[]) {
  const [steady, setSteady] = useState<readonly string[] | null>(null);
  const byId = new Map(incidents.map((view) => [view.incident.id, view]));
  const shown = steady === null ? incidents : steady.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(steady);
  return {
    shown,
    fresh: steady === null ? 0 : incidents.filter(({ incident }) => !known.has(incident.id)).length,
    hold: () => setSteady((was) => was ?? incidents.map(({ incident }) => incident.id)),
    letGo: () => setSteady(null),
  };
}

function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

export function AlertRows({ incidents, openId, zone, nameOf, onOpen }: RowsProps) {
  const words = useWords();
  const list = useRef<HTMLUListElement>(null);
  const [view, goTo] = useScrolled(list);
  const { shown, fresh, hold, letGo } = useSteady(incidents);
  const rows = visibleRows(view, ROW_PX, shown.length);
  const nowMs = useNow(AGES_EVERY_MS);
  const openAt = shown.findIndex(({ incident }) => incident.id === openId);
  const place = useRef({ view, goTo });
  place.current = { view, goTo };
  useEffect(() => {
    if (openAt < 0) return;
    const top = scrollTo(openAt, place.current.view, ROW_PX);
    if (top !== place.current.view.top) place.current.goTo(top);
  }, [openAt]);
  return (
    <div className="alert-list" onPointerEnter={hold} onPointerLeave={letGo}>
      {fresh > 0 && (
        <button
          type="button"
          className="alert-fresh"
          onClick={() => {
            letGo();
            goTo(0);
          }}
        >
          {words.alerts.fresh(fresh)}
        </button>
      )}
      <ul className="alert-rows" ref={list} aria-label={words.alerts.title} aria-description={words.alerts.keys}>
        <li className="health-space" style={{ height: shown.length * ROW_PX }} aria-hidden="true" />
        {shown.slice(rows.first, rows.end).map((each, offset) => {
          const index = rows.first + offset;
          return (
            <li
              key={each.incident.id}
              className={`alert-item${each.incident.id === openId ? ' is-open' : ''}`}
              aria-posinset={index + 1}
              aria-setsize={shown.length}
              style={{ top: index * ROW_PX, height: ROW_PX }}
            >
              <button
                type="button"
                className="alert-row"
                aria-pressed={each.incident.id === openId}
                onClick={() => onOpen(each.incident.id)}
              >
                <Row view={each} nowMs={nowMs} zone={zone} names={nameOf(each)} />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

type RowProps = { view: IncidentView; nowMs: number; zone: string; names: { place: string; area: string } };

function Row({ view: { incident, alert }, nowMs, zone, names }: RowProps) {
  const words = useWords();
  const number = (value: number) => formatNumber(value, words);
  const where = incident.cameraCount > 1 ? words.alerts.cameras(number(incident.cameraCount)) : names.place;
  return (
    <>
      <span className="alert-glyph" title={words.alerts.severities[incident.severity]}>
        <SeverityGlyph severity={incident.severity} />
        <span className="unseen">{words.alerts.severities[incident.severity]}</span>
      </span>
      <span className="alert-said">
        <b>{alertSentence(alert, words)}</b>
        <span className="muted">{[where, names.area, alert.ruleName].filter(Boolean).join(' · ')}</span>
      </span>
      <span className="alert-side">
        <time
          dateTime={new Date(incident.lastAtMs).toISOString()}
          title={formatTime(incident.lastAtMs, words, { withSeconds: true, withDay: true, zone })}
        >
          {words.alerts.ago(formatDuration(Math.max(0, Math.round((nowMs - incident.lastAtMs) / 1000)), words))}
        </time>
        {incident.alerts + incident.held > 1 && (
          <span className="alert-times" title={words.alerts.timesTitle(number(incident.alerts), number(incident.held))}>
            {words.alerts.times(number(incident.alerts + incident.held))}
          </span>
        )}
      </span>
    </>
  );
}
