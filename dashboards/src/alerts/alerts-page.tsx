/** Alerts as a command centre lives on them: the live queue of incidents, and the open one in full beside it. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { IncidentView } from '#models/schema/alert-view.ts';
import { api, UnreachableError } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { withRest } from '../workspace/kept.ts';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { useRange } from '../workspace/time-bar.tsx';
import { useArea } from '../workspace/use-area.ts';
import { hrefOf, readPlace, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { AlertFilters } from './alert-filters.tsx';
import { AlertRows } from './alert-rows.tsx';
import { alertSentence } from './alert-words.ts';
import { alertsApi, type IncidentFilter, MARKS, type OwnFilter, type WorkChange } from './alerts-api.ts';
import { useChime } from './chime.ts';
import { ordered, type QueueOrder, stateOf } from './queue.ts';
import { useAlertKeys } from './use-alert-keys.ts';
import { useQueue } from './use-queue.ts';
import { useShown } from './use-shown.ts';

/** Who may see pictures unblurred, for a reason. */
const UNBLURRERS = ['administrator', 'officer'];
const NAMES_EVERY_MS = 60_000;
const FIRST: OwnFilter = { state: 'open', severity: null, text: null };

/** Names of cameras and areas for ids. */
function useNames(onSignedOut: () => void) {
  const { areas, zone = 'UTC' } = useKnownSite();
  const cameras = usePolled('cameras', (signal) => api.readCameras({ signal }), {
    intervalMs: NAMES_EVERY_MS,
    onSignedOut,
  });
  const areaNames = useMemo(
    () => new Map(areas.data?.features.map(({ properties: { id, name } }) => [id, name])),
    [areas.data],
  );
  const cameraNames = useMemo(() => new Map(cameras.data?.map(({ id, name }) => [id, name])), [cameras.data]);
  const nameOf = ({ alert }: IncidentView) => {
    const area = alert.areaPath.findLast((id) => id !== '_');
    return {
      place: alert.camera === null ? '' : (cameraNames.get(alert.camera) ?? alert.camera),
      area: area === undefined ? '' : (areaNames.get(area) ?? area),
    };
  };
  return { areas: areas.data, nameOf, zone };
}

export function AlertsPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const { rest: openId } = usePlace();
  const [own, setOwn] = useState<OwnFilter>(FIRST);
  const [area] = useArea();
  const [range] = useRange('alerts');
  const filter: IncidentFilter = { ...own, area, range };
  const [order, setOrder] = useState<QueueOrder>('severity');
  const [isWhyOpen, setIsWhyOpen] = useState(false);
  const noteField = useRef<HTMLInputElement>(null);
  const { areas, nameOf, zone } = useNames(onSignedOut);
  const chime = useChime();
  const { queue, answer, isConnected } = useQueue(
    { ...filter, text: null },
    { zone, onSignedOut, onBegun: chime.ring },
  );
  const wanted = (filter.text ?? '').toLocaleLowerCase(words.locale);
  const isWanted = (view: IncidentView) => {
    const { place, area } = nameOf(view);
    const said = `${alertSentence(view.alert, words)} ${place} ${area} ${view.alert.ruleName} ${view.incident.id}`;
    return wanted === '' || said.toLocaleLowerCase(words.locale).includes(wanted);
  };
  const incidents = ordered(queue.incidents.values(), { state: filter.state, order, text: isWanted });
  const chosen = queue.incidents.get(openId);
  const shown = useShown(openId, {
    firstId: incidents[0]?.incident.id,
    isKnown: (id) => queue.incidents.has(id),
  });
  const opened = queue.incidents.get(shown.id);
  const open = useCallback((id: string) => {
    location.hash = withRest(readPlace(location.hash), id);
  }, []);
  const { failure, work } = useWork(opened);

  const step = (by: number) => {
    const at = incidents.findIndex(({ incident }) => incident.id === openId);
    const to = incidents[Math.min(Math.max(at + by, 0), incidents.length - 1)];
    if (to !== undefined) open(to.incident.id);
  };
  useAlertKeys((key) => {
    const mark = MARKS[Number(key) - 1];
    if (key === 'j' || key === 'ArrowDown') step(1);
    else if (key === 'k' || key === 'ArrowUp') step(-1);
    else if (key === 'm') chime.toggle();
    // A key is pressed without looking: it works on nothing that came there by itself.
    else if (chosen === undefined) return false;
    else if (key === 'a' && stateOf(chosen) === 'open') work({ state: 'acknowledged' });
    else if (key === 'c' && stateOf(chosen) !== 'closed') work({ state: 'closed' });
    else if (mark !== undefined) work({ mark });
    else if (key === 'n') noteField.current?.focus();
    else if (key === 'w') setIsWhyOpen((was) => !was);
    else if (key === 'Escape') open('');
    else return false;
    return true;
  });
  return (
    <ViewFrame name={`alerts${opened === undefined ? '' : ' has-detail'}`}>
      <h2 className="unseen">{words.alerts.title}</h2>
      <AlertFilters
        counts={answer.data?.counts}
        filter={own}
        order={order}
        isConnected={isConnected}
        isSoundOn={chime.isOn}
        onFilter={setOwn}
        onOrder={setOrder}
        onSound={chime.toggle}
      />
      {answer.problem !== undefined && (
        <div
          className={`notice ${answer.problem instanceof UnreachableError ? 'is-lost' : 'is-problem'}`}
          role="status"
        >
          <ProblemText error={answer.problem} />
        </div>
      )}
      {incidents.length === 0 && answer.data !== undefined ? (
        <div className="alert-none">
          <p>{words.alerts.none[filter.state]}</p>
          <p className="muted">
            {words.alerts.noneNote} <a href={hrefOf('rules')}>{words.alerts.toRules}</a>
          </p>
        </div>
      ) : (
        <AlertRows incidents={incidents} openId={shown.id} zone={zone} nameOf={nameOf} onOpen={open} />
      )}
      {opened !== undefined && (
        <AlertDetail
          key={opened.incident.id}
          view={opened}
          areas={areas}
          zone={zone}
          names={nameOf(opened)}
          mayUnblur={me.user.roles.some((role) => UNBLURRERS.includes(role))}
          isChosen={chosen !== undefined}
          hold={shown.hold}
          letGo={shown.letGo}
          isWhyOpen={isWhyOpen}
          failure={failure}
          noteField={noteField}
          onWork={work}
          onWhy={setIsWhyOpen}
          onClose={() => open('')}
          onSignedOut={onSignedOut}
        />
      )}
    </ViewFrame>
  );
}

/** Sends what a person does; the stream brings it back to this page as to every other. */
function useWork(opened: IncidentView | undefined) {
  const [failed, setFailed] = useState<{ incident: string; problem: unknown }>();
  const id = opened?.incident.id;
  const work = (change: WorkChange) => {
    if (id === undefined) return;
    setFailed(undefined);
    alertsApi.work(id, change).catch((problem: unknown) => setFailed({ incident: id, problem }));
  };
  return { work, failure: failed?.incident === id ? failed?.problem : undefined };
}
