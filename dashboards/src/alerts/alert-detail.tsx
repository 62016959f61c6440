/** One incident in full: what, where, pictures, what to do with it, and why it fired. */
import { useEffect, useRef } from 'react';
import type { IncidentView } from '#models/schema/alert-view.ts';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import type { AreaCollection } from '../map/areas.ts';
import { usePolled } from '../polled.ts';
import { formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { focusOpened } from '../workspace/focus-opened.ts';
import { CloseIcon } from '../workspace/icons.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { AlertPictures } from './alert-pictures.tsx';
import { AlertPlace } from './alert-place.tsx';
import { AlertSnooze } from './alert-snooze.tsx';
import { AlertWhy } from './alert-why.tsx';
import { alertSentence } from './alert-words.ts';
import { AlertWork } from './alert-work.tsx';
import { alertsApi, type WorkChange } from './alerts-api.ts';
import { SeverityGlyph } from './severity-glyph.tsx';

type DetailProps = {
  view: IncidentView;
  areas: AreaCollection | undefined;
  zone: string;
  names: { place: string; area: string };
  mayUnblur: boolean;
  /** Else it stands there by itself: it takes no focus, and nobody need close it. */
  isChosen: boolean;
  hold: () => void;
  letGo: () => void;
  isWhyOpen: boolean;
  failure: unknown;
  noteField: React.RefObject<HTMLInputElement | null>;
  onWork: (change: WorkChange) => void;
  onWhy: (isOpen: boolean) => void;
  onClose: () => void;
  onSignedOut: () => void;
};

/** Deliveries come in for some seconds after the alert. */
const WHY_EVERY_MS = 10_000;

export function AlertDetail(props: DetailProps) {
  const { view, areas, zone, names, isChosen, hold, letGo, isWhyOpen, onWhy, onSignedOut } = props;
  const { alert, incident } = view;
  const words = useWords();
  const said = words.alerts;
  const heading = useRef<HTMLHeadingElement>(null);
  const why = usePolled(alert.id, (signal) => alertsApi.readWhy(alert.id, { signal }), {
    intervalMs: WHY_EVERY_MS,
    onSignedOut,
  });
  useEffect(() => {
    if (isChosen) focusOpened(heading.current);
  }, [isChosen]);
  const area = alert.areaPath.findLast((id) => id !== '_');
  const isWhyKnown = why.data !== undefined && !why.isStale;
  return (
    <aside
      className="alert-detail"
      aria-label={alertSentence(alert, words)}
      onPointerEnter={hold}
      onPointerMove={hold}
      onFocus={hold}
      onPointerLeave={({ currentTarget }) => !currentTarget.contains(document.activeElement) && letGo()}
      // No second pointerenter comes for a pointer that never left: a click on plain text ends the focus alone.
      onBlur={({ currentTarget, relatedTarget }) =>
        !currentTarget.contains(relatedTarget) && !currentTarget.matches(':hover') && letGo()
      }
    >
      <header className="alert-head">
        <SeverityGlyph severity={incident.severity} size={18} />
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {alertSentence(alert, words)}
          </h2>
          <p className="muted">{[names.place, names.area].filter(Boolean).join(' · ')}</p>
          <p className="muted">
            {said.severities[incident.severity]} · {formatTime(alert.atMs, words, { withSeconds: true, zone })} ·{' '}
            {incident.endedAtMs === undefined
              ? said.ongoing
              : said.over(formatTime(incident.endedAtMs, words, { withSeconds: true, zone }))}
            {incident.alerts + incident.held > 1 &&
              ` · ${said.timesTitle(formatNumber(incident.alerts, words), formatNumber(incident.held, words))}`}
          </p>
          {alert.isLate && <p className="alert-late">{said.late}</p>}
        </div>
        {isChosen && (
          <button
            type="button"
            className="button-quiet"
            aria-label={words.close}
            title={words.close}
            onClick={props.onClose}
          >
            <CloseIcon />
          </button>
        )}
      </header>
      <AlertWork view={view} zone={zone} failure={props.failure} onWork={props.onWork} noteField={props.noteField} />
      <AlertSnooze alert={alert} zone={zone} />
      <AlertPictures alert={alert} evidence={view.evidence} mayUnblur={props.mayUnblur} zone={zone} />
      <AlertPlace
        alert={alert}
        areas={areas}
        tracks={isWhyKnown && why.data !== undefined ? why.data.tracks : NO_TRACKS}
      />
      <details className="alert-why-box" open={isWhyOpen} onToggle={({ currentTarget }) => onWhy(currentTarget.open)}>
        <summary>{said.why}</summary>
        {why.problem !== undefined && <ProblemText error={why.problem} />}
        {isWhyKnown && why.data !== undefined && <AlertWhy why={why.data} zone={zone} />}
      </details>
      <p className="alert-dashboards">
        {alert.camera !== null && <DashboardLink to={{ type: 'camera', id: alert.camera }} name={names.place} />}
        {area !== undefined && <DashboardLink to={{ type: 'area', id: area }} name={names.area} />}
        <DashboardLink to={{ type: 'rule', id: alert.rule }} name={alert.ruleName} />
        <a className="dashboard-link" href={alertsApi.capUrl(alert.id)} title={said.capTitle} download>
          {said.cap}
        </a>
      </p>
    </aside>
  );
}

const NO_TRACKS: never[] = [];
