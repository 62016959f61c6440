/** "Why this number": of a cell or an area all figures, its time line and week, who watched it, sample tracks, and the SQL. */

import type { FeatureCollection } from 'geojson';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Why, WhyCamera } from '#models/schema/why.ts';
import { api, type FigureQuery } from '../api-client.ts';
import { FactList } from '../cameras/fact-list.tsx';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import { copyText } from '../health/copy-button.tsx';
import { type Polled, usePolled } from '../polled.ts';
import type { Words } from '../words/english.ts';
import { formatDuration, formatNumber, formatSpan, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { focusOpened } from '../workspace/focus-opened.ts';
import { CloseIcon, KindIcon } from '../workspace/icons.tsx';
import { isMenuOpen } from '../workspace/menu.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { Span } from '../workspace/time-range.ts';
import { cellSizeM } from './heat-cells.ts';
import { MEASURE_NAMES, measureText } from './measure.ts';
import { NO_TRACKS, trackShapes } from './sample-tracks.ts';
import { WeekCarpet } from './week-carpet.tsx';
import { weekFigures } from './week-figures.ts';
import { WhyLine } from './why-line.tsx';

type WhyPanelProps = {
  what: 'cell' | 'area';
  id: string;
  /** Of an area, as the map knows it. */
  name: string | undefined;
  /** Names the question: another one is asked at once. */
  questionKey: string;
  /** The question of this moment, since spans move with the clock. */
  queryNow: () => FigureQuery;
  zone: string;
  cameras: CameraView[] | undefined;
  onTracks: (tracks: FeatureCollection) => void;
  onCamera: (camera: string) => void;
  onClose: () => void;
  onSignedOut: () => void;
};

const HOUR_MS = 3_600_000;
const WEEKS_MS = 28 * 24 * HOUR_MS;
/** Who asks what single things did stands in the audit log: once when it is opened, not every few seconds. */
const EVERY_MS = 900_000;

/** Full hours, so that the answer comes from what is rolled up. */
function lastWeeks(): Span {
  const toMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  return { fromMs: toMs - WEEKS_MS, toMs };
}

function useWhy(props: WhyPanelProps) {
  const { what, id, questionKey, queryNow, onSignedOut } = props;
  const where = what === 'cell' ? 'cells' : 'areas';
  const why = usePolled(`${what} ${id} ${questionKey}`, (signal) => api.readWhy(where, id, queryNow(), { signal }), {
    intervalMs: EVERY_MS,
    onSignedOut,
  });
  const kind = queryNow().kind;
  const weeks = usePolled(
    `${what} ${id} ${kind}`,
    (signal) => api.readWhy(where, id, { ...queryNow(), ...lastWeeks(), hours: '', step: 'hour' }, { signal }),
    { intervalMs: EVERY_MS, onSignedOut },
  );
  return { why, weeks };
}

export function WhyPanel(props: WhyPanelProps) {
  const words = useWords();
  const { what, id, name, zone, onTracks, onClose } = props;
  const { why, weeks } = useWhy(props);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    focusOpened(heading.current);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !isMenuOpen()) onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);
  const tracks = useMemo(() => trackShapes(why.data?.samples ?? []), [why.data?.samples]);
  useEffect(() => {
    onTracks(tracks);
    return () => onTracks(NO_TRACKS);
  }, [onTracks, tracks]);
  const title = what === 'area' ? (name ?? why.data?.name ?? id) : words.heat.why.cell;
  return (
    <section className="camera why" aria-label={title} data-testid="why">
      <header className="camera-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {title}
            {what === 'cell' && <span className="muted"> {words.cell.size(cellText(id, words))}</span>}
          </h2>
          {why.data !== undefined && <p className="muted">{formatSpan(why.data, words, zone)}</p>}
          {what === 'area' && <DashboardLink to={{ type: 'area', id }} name={title} />}
        </div>
        <button type="button" className="button-quiet" aria-label={words.close} title={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {why.data === undefined && why.problem === undefined && (
        <div className="placeholders is-chart" role="status" aria-label={words.heat.why.loading} />
      )}
      {why.problem !== undefined && (
        <Part title="">
          <ProblemText error={why.problem} />
        </Part>
      )}
      {why.data !== undefined && <Parts why={why.data} weeks={weeks} {...props} />}
    </section>
  );
}

/** The resolution stands in bits 52 to 55 of the index. */
const cellText = (cell: string, words: Words): string =>
  `${cellSizeM(Number((BigInt(`0x${cell}`) >> 52n) & 15n))} ${words.units.metre}`;

function Part({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="why-part">
      {title !== '' && (
        <header className="section-head">
          <h3>{title}</h3>
          {note !== undefined && <span>{note}</span>}
        </header>
      )}
      {children}
    </div>
  );
}

type PartsProps = WhyPanelProps & { why: Why; weeks: Polled<Why> };

function Parts({ why, weeks, zone, cameras, onCamera }: PartsProps) {
  const words = useWords();
  const said = words.heat.why;
  return (
    <>
      <Part title={said.figures} note={why.kind === null ? words.allKinds : words.kinds[why.kind]}>
        <FactList facts={factsOf(why, words)} />
      </Part>
      <Part title={said.line}>
        <WhyLine why={why} zone={zone} />
      </Part>
      <Part title={said.week} note={zone}>
        <Week weeks={weeks} zone={zone} />
      </Part>
      <Part title={said.cameras}>
        {why.cameras.length === 0 && <p className="muted">{said.noCameras}</p>}
        <ul className="why-cameras">
          {why.cameras.map((one) => (
            <li key={`${one.camera} ${one.calibrationVersion}`}>
              <CameraLine
                one={one}
                camera={cameras?.find(({ id }) => id === one.camera)}
                zone={zone}
                onCamera={onCamera}
              />
            </li>
          ))}
        </ul>
      </Part>
      <Part title={said.tracks} note={why.samples.length === 0 ? undefined : said.tracksNote(why.samples.length)}>
        {why.samples.length === 0 ? (
          <p className="muted">{why.figures.tracks === 0 ? words.cell.empty : said.noTracks}</p>
        ) : (
          <Tracks why={why} zone={zone} />
        )}
      </Part>
      <Part title={said.sql} note={<CopySql sql={why.sql} />}>
        <pre className="why-sql">{why.sql}</pre>
      </Part>
    </>
  );
}

function CopySql({ sql }: { sql: string }) {
  const words = useWords();
  const [copied, setCopied] = useState('');
  return (
    <button type="button" className="button-plain" onClick={() => copyText(sql).then(() => setCopied(sql))}>
      <span aria-live="polite">{copied === sql ? words.heat.why.copied : words.heat.why.copy}</span>
    </button>
  );
}

function factsOf({ figures }: Why, words: Words) {
  const measures = MEASURE_NAMES.map(
    (measure) => [words.heat.measures[measure], textOf(figures[measure], measure, words)] as const,
  );
  const { observedS, errorM } = figures;
  return [
    ...measures,
    [words.heat.why.watched, formatDuration(observedS, words)] as const,
    [
      words.heat.why.error,
      errorM === null ? undefined : `${formatNumber(errorM, words)} ${words.units.metre}`,
    ] as const,
  ];
}

const textOf = (value: number | null, measure: (typeof MEASURE_NAMES)[number], words: Words) =>
  value === null ? '–' : measureText(value, measure, words);

const WEEK_SHOWN = ['usual', 'departure'] as const;

function Week({ weeks, zone }: { weeks: Polled<Why>; zone: string }) {
  const words = useWords();
  const said = words.heat.why;
  const [shown, setShown] = useState<(typeof WEEK_SHOWN)[number]>('usual');
  const { data } = weeks;
  const figures = useMemo(
    () => (data === undefined ? undefined : weekFigures(data.series, data.toMs, zone)),
    [data, zone],
  );
  if (weeks.problem !== undefined) return <ProblemText error={weeks.problem} />;
  if (figures === undefined) return <div className="placeholders is-chart" role="status" aria-label={words.loading} />;
  if (!figures.usual.some((value) => !Number.isNaN(value))) return <p className="muted">{said.weekMissing}</p>;
  const isUsual = shown === 'usual';
  return (
    <>
      <Choice
        label={said.week}
        options={WEEK_SHOWN.map((value) => ({ value, text: value === 'usual' ? said.usually : said.lastWeek }))}
        value={shown}
        onChoose={setShown}
      />
      <WeekCarpet
        label={isUsual ? said.weekNote : `${words.heat.lessUsual} − … + ${words.heat.moreUsual}`}
        carpet={figures[shown]}
        scale={
          isUsual
            ? { end: figures.end || 1, isDiverging: false, isRoot: true }
            : { end: 4, isDiverging: true, isRoot: false }
        }
      />
    </>
  );
}

type CameraLineProps = {
  one: WhyCamera;
  camera: CameraView | undefined;
  zone: string;
  onCamera: (camera: string) => void;
};

function CameraLine({ one, camera, zone, onCamera }: CameraLineProps) {
  const words = useWords();
  const said = words.heat.why;
  const doubtfulMs = camera?.state?.calibrationDoubtfulSinceMs;
  return (
    <button type="button" className="why-camera" disabled={camera === undefined} onClick={() => onCamera(one.camera)}>
      <span className="why-camera-name">{one.name}</span>
      <span>{formatDuration(one.observedS, words)}</span>
      <span className="muted">
        {said.calibration(one.calibrationVersion)} · {one.grade === null ? said.noGrade : said.grade(one.grade)}
      </span>
      <span className="muted">{said.trackCount(measureText(one.tracks, 'tracks', words))}</span>
      {doubtfulMs !== undefined && (
        <span className="why-camera-doubt">{said.doubtful(formatTime(doubtfulMs, words, { zone }))}</span>
      )}
      {camera === undefined && <span className="why-camera-doubt">{said.gone}</span>}
    </button>
  );
}

function Tracks({ why, zone }: { why: Why; zone: string }) {
  const words = useWords();
  return (
    <ul className="why-tracks">
      {why.samples.map(({ id, kind, fromMs, toMs }) => (
        <li key={id}>
          <KindIcon kind={kind} />
          <span>{words.kindOfOne[kind]}</span>
          <span>{formatTime(fromMs, words, { withSeconds: true, zone })}</span>
          <span className="muted">{formatDuration((toMs - fromMs) / 1000, words)}</span>
        </li>
      ))}
    </ul>
  );
}
