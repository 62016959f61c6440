/** One camera of the wall in full: its last picture, the reason, what was measured, and what happened in the span. */
import { useEffect, useRef } from 'react';
import type { CameraHealth, HistoryInterval } from '#models/schema/camera-health.ts';
import { codecName } from '../cameras/codec-name.ts';
import { type Fact, FactList } from '../cameras/fact-list.tsx';
import { StateGlyph } from '../cameras/state-glyph.tsx';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import { usePolled } from '../polled.ts';
import { formatBitrate, formatDuration, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { focusOpened } from '../workspace/focus-opened.ts';
import { CloseIcon } from '../workspace/icons.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { CopyButton } from './copy-button.tsx';
import { healthApi, type SpanName } from './health-api.ts';
import { fpsText, percentText } from './report.ts';
import type { RowPicture } from './row-extras.ts';

type DetailProps = {
  camera: CameraHealth;
  picture: RowPicture | undefined;
  span: SpanName;
  report: () => string;
  onClose: () => void;
  onSignedOut: () => void;
};

const EVERY_MS = 15_000;
const INTERVALS_MAX = 60;

export function HealthDetail({ camera, picture, span, report, onClose, onSignedOut }: DetailProps) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const history = usePolled(
    `${camera.camera} ${span}`,
    (signal) => healthApi.readHistory([camera.camera], { span, isDetailed: true }, { signal }),
    { intervalMs: EVERY_MS, onSignedOut },
  );
  useEffect(() => {
    focusOpened(heading.current);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);
  const was = history.data?.cameras[0];
  return (
    <aside className="health-detail" aria-label={camera.name}>
      <header className="camera-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {camera.name}
          </h2>
          <p className="camera-state">
            <StateGlyph state={camera.state} size={14} />
            <span className={`state-name is-${camera.state}`}>{words.states[camera.state]}</span>
            <span className="muted">{words.cameras.since(formatTime(camera.sinceMs, words))}</span>
          </p>
        </div>
        <button type="button" className="button-quiet" aria-label={words.close} title={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {picture !== undefined && (
        <figure className="health-detail-picture">
          <img src={picture.url} alt={words.health.picture} />
          <figcaption>{words.health.seen(formatTime(picture.capturedAtMs, words, { withSeconds: true }))}</figcaption>
        </figure>
      )}
      <Trouble camera={camera} />
      <div className="health-detail-actions">
        <CopyButton text={report} />
        <DashboardLink to={{ type: 'camera', id: camera.camera }} name={camera.name} />
      </div>
      <Measured camera={camera} availability={was?.availability} />
      {was?.intervals !== undefined && <Intervals intervals={was.intervals} />}
    </aside>
  );
}

function Trouble({ camera }: { camera: CameraHealth }) {
  const words = useWords();
  if (camera.reason === undefined) return null;
  const { title, detail, detailLang, cure } = faultWords(
    { code: camera.reason, title: camera.reasonTitle ?? camera.reason, detail: camera.message, cure: camera.cure },
    words,
  );
  return (
    <div className={`trouble is-${camera.state}`} role="status">
      <p className="problem-title">{title}</p>
      {detail !== undefined && <p lang={detailLang}>{detail}</p>}
      {cure !== undefined && <p className="problem-cure">{cure}</p>}
      {camera.nextTryAtMs !== undefined && (
        <p className="muted">{words.health.nextTry(formatTime(camera.nextTryAtMs, words, { withSeconds: true }))}</p>
      )}
    </div>
  );
}

function Measured({ camera, availability }: { camera: CameraHealth; availability: number | null | undefined }) {
  const words = useWords();
  const { fps, fpsPromised, bitrateKbps, decodeCostMs, codec, width, height, lastPictureAtMs } = camera;
  const facts: Fact[] = [
    [words.health.available, percentText(availability, words)],
    [words.health.fps, fps === undefined ? undefined : fpsText(fps, fpsPromised, words)],
    [words.health.bitrate, bitrateKbps === undefined ? undefined : formatBitrate(bitrateKbps, words)],
    [words.figures.codec, codecName(codec) || undefined],
    [words.figures.size, width === undefined ? undefined : `${width} × ${height}`],
    [
      words.health.decode,
      decodeCostMs === undefined ? undefined : words.health.decodeCost(formatNumber(decodeCostMs, words)),
    ],
    [words.health.reconnects, formatNumber(camera.reconnects, words)],
    [words.health.picture, lastPictureAtMs === undefined ? undefined : formatTime(lastPictureAtMs, words)],
    [words.health.reportWords.address, camera.address || undefined],
    [words.health.reportWords.device, [camera.make, camera.model].filter(Boolean).join(' ') || undefined],
    [
      words.figures.calibration,
      camera.calibrationGrade === undefined ? undefined : words.calibration.grade(camera.calibrationGrade),
    ],
    [words.figures.worker, camera.worker || undefined],
  ];
  return <FactList facts={facts} className="health-facts" />;
}

/** Newest first. */
function Intervals({ intervals }: { intervals: readonly HistoryInterval[] }) {
  const words = useWords();
  return (
    <div className="health-intervals">
      <h3>{words.health.intervals}</h3>
      <ul>
        {intervals
          .toReversed()
          .slice(0, INTERVALS_MAX)
          .map(({ condition, reason, title = reason, fromMs, toMs }) => (
            <li key={fromMs}>
              <i className={`strip-run is-${condition}`} />
              <span>{formatTime(fromMs, words)}</span>
              <span>{formatDuration((toMs - fromMs) / 1000, words)}</span>
              <span>
                {words.health.conditions[condition]}
                {reason !== '' && ` · ${faultWords({ code: reason, title }, words).title}`}
              </span>
            </li>
          ))}
      </ul>
    </div>
  );
}
