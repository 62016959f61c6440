/** The wall of health: how every camera is, worst first, and why; the open one in full beside it. */
import { useCallback, useMemo, useState } from 'react';
import type { CameraHealth } from '#models/schema/camera-health.ts';
import { UnreachableError } from '../api-client.ts';
import { usePolled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { withRest } from '../workspace/kept.ts';
import { useKnownSite } from '../workspace/known.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { useArea } from '../workspace/use-area.ts';
import { readPlace, usePlace, type ViewProps } from '../workspace/view.ts';
import { ViewFrame } from '../workspace/view-frame.tsx';
import { type HealthFilter, healthApi, NO_FILTER, type SpanName } from './health-api.ts';
import { HealthDetail } from './health-detail.tsx';
import { HealthFilters } from './health-filters.tsx';
import { HealthRows } from './health-rows.tsx';
import { percentText, reportOf } from './report.ts';
import { useRowExtras } from './row-extras.ts';
import { askedRows, type Rows } from './visible-rows.ts';

/** Who may see pictures; others get the wall without. */
const LOOKERS = ['administrator', 'engineer', 'officer'];
const WALL_EVERY_MS = 5000;

export function HealthPage({ me, onSignedOut }: ViewProps) {
  const words = useWords();
  const { rest: openId } = usePlace();
  const [own, setOwn] = useState<HealthFilter>(NO_FILTER);
  const [area] = useArea();
  const filter = useMemo(() => (area === null ? own : { ...own, area }), [own, area]);
  const [span, setSpan] = useState<SpanName>('day');
  const [rows, setRows] = useState<Rows>({ first: 0, end: 0 });
  const wall = usePolled(JSON.stringify(filter), (signal) => healthApi.readWall(filter, { signal }), {
    intervalMs: WALL_EVERY_MS,
    onSignedOut,
  });
  const { areas } = useKnownSite();
  const cameras = wall.data?.cameras ?? NOTHING;
  const asked = askedRows(rows, cameras.length);
  const extras = useRowExtras(
    cameras.slice(asked.first, asked.end).map(({ camera }) => camera),
    { span, mayLook: me.user.roles.some((role) => LOOKERS.includes(role)), onSignedOut },
  );
  const areaNames = useMemo(
    () => new Map(areas.data?.features.map(({ properties }) => [properties.id, properties.name])),
    [areas.data],
  );
  const areaNameOf = (area: string | null) => (area === null ? undefined : (areaNames.get(area) ?? area));
  const report = (camera: CameraHealth) => {
    const history = extras.historyOf(camera.camera);
    const availability =
      history === undefined ? undefined : `${percentText(history.availability, words)} (${words.health.spans[span]})`;
    return reportOf(camera, { words, nowMs: Date.now(), areaName: areaNameOf(camera.area), availability });
  };
  const open = useCallback((camera: string | null) => {
    location.hash = withRest(readPlace(location.hash), camera ?? '');
  }, []);
  const close = useCallback(() => open(null), [open]);
  const opened = cameras.find(({ camera }) => camera === openId);
  return (
    <ViewFrame name={`health${opened === undefined ? '' : ' has-detail'}`}>
      <h2 className="unseen">{words.health.title}</h2>
      <HealthFilters
        list={wall.data}
        filter={filter}
        span={span}
        onFilter={(next) => setOwn({ ...next, area: null })}
        onSpan={setSpan}
      />
      {wall.problem !== undefined && (
        <div className={`notice ${wall.problem instanceof UnreachableError ? 'is-lost' : 'is-problem'}`} role="status">
          <ProblemText error={wall.problem} />
        </div>
      )}
      <section className="health-list">
        <HealthHead />
        <HealthRows
          cameras={cameras}
          extras={extras}
          openId={openId === '' ? null : openId}
          areaNameOf={areaNameOf}
          reportOf={report}
          onOpen={open}
          onRows={setRows}
        />
        {wall.data !== undefined && cameras.length === 0 && (
          <p className="health-none">{filter === NO_FILTER ? words.health.noneAtAll : words.health.none}</p>
        )}
      </section>
      {opened !== undefined && (
        <HealthDetail
          key={opened.camera}
          camera={opened}
          picture={extras.pictureOf(opened.camera)}
          span={span}
          report={() => report(opened)}
          onClose={close}
          onSignedOut={onSignedOut}
        />
      )}
    </ViewFrame>
  );
}

function HealthHead() {
  const { health } = useWords();
  return (
    <div className="health-row health-head" aria-hidden="true">
      <span />
      <span>{health.camera}</span>
      <span>{health.state}</span>
      <span>{health.since}</span>
      <span>{health.strip}</span>
      <span title={health.availableNote}>{health.available}</span>
      <span>{health.fps}</span>
      <span>{health.bitrate}</span>
      <span>{health.decode}</span>
      <span>{health.reconnects}</span>
    </div>
  );
}

const NOTHING: readonly CameraHealth[] = [];
