/** One camera: its picture with boxes, how it is, and what it has done. */
import { useEffect, useRef } from 'react';
import type { CameraState } from '#models/schema/camera.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { DashboardLink } from '../dashboard/dashboard-link.tsx';
import type { Words } from '../words/english.ts';
import { formatBitrate, formatCompact, formatNumber, formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { focusOpened } from '../workspace/focus-opened.ts';
import { CloseIcon } from '../workspace/icons.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { codecName } from './codec-name.ts';
import { type Fact, FactList } from './fact-list.tsx';
import { LivePicture } from './live-picture.tsx';
import { PictureFindings } from './picture-findings.tsx';
import { StateGlyph, stateOf } from './state-glyph.tsx';

export function CameraPanel({ camera, onClose }: { camera: CameraView; onClose: () => void }) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    focusOpened(heading.current);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <section className="camera" aria-label={camera.name}>
      <header className="camera-head">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {camera.name}
          </h2>
          <StateLine camera={camera} />
          <DashboardLink to={{ type: 'camera', id: camera.id }} name={camera.name} />
        </div>
        <button type="button" className="button-quiet" aria-label={words.close} title={words.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <LivePicture camera={camera} />
      <Trouble camera={camera} />
      <PictureFindings camera={camera} />
      <Gate camera={camera} />
      {camera.state !== null && <StateFigures camera={camera} state={camera.state} />}
    </section>
  );
}

function StateLine({ camera }: { camera: CameraView }) {
  const words = useWords();
  const state = stateOf(camera);
  return (
    <p className="camera-state">
      <StateGlyph state={state} size={14} />
      <span className={`state-name is-${state}`}>{words.states[state]}</span>
      <span className="muted">
        {camera.state === null
          ? words.cameras.noState
          : words.cameras.since(formatTime(camera.state.downSinceMs ?? camera.state.sinceMs, words))}
      </span>
    </p>
  );
}

function Trouble({ camera }: { camera: CameraView }) {
  const words = useWords();
  const { state } = camera;
  const notes = [
    camera.position === undefined ? words.cameras.unplaced : null,
    camera.calibrationVersion === null ? words.cameras.uncalibrated : null,
    turnedWords(camera, words),
    state?.calibrationDoubtfulSinceMs === undefined
      ? null
      : words.cameras.calibrationDoubtful(formatTime(state.calibrationDoubtfulSinceMs, words)),
  ].filter((note) => note !== null);
  const said = faultWords({ code: state?.reason, detail: state?.message, cure: state?.cure }, words);
  return (
    <>
      {state?.reason !== undefined && (
        <div className={`trouble is-${stateOf(camera)}`} role="status">
          <p className="problem-title">{said.title}</p>
          {said.detail !== undefined && <p lang={said.detailLang}>{said.detail}</p>}
          {said.cure !== undefined && <p className="problem-cure">{said.cure}</p>}
        </div>
      )}
      {notes.map((note) => (
        <p className="camera-note" key={note}>
          {note}
        </p>
      ))}
    </>
  );
}

function turnedWords({ state, calibrationVersion: anyVersion }: CameraView, words: Words): string | null {
  if (state?.ptz === undefined || state.reason === 'no-worker' || anyVersion === null) return null;
  const { isMoving, preset, calibrationVersion } = state.ptz;
  if (isMoving) return words.cameras.turning;
  const name = preset?.name ?? null;
  return calibrationVersion === undefined ? words.cameras.turnedAway(name) : words.cameras.turnedPlaced(name);
}

function Gate({ camera }: { camera: CameraView }) {
  const words = useWords();
  const isOpen = camera.state?.isGateOpen;
  if (isOpen === undefined || !camera.isGated || stateOf(camera) !== 'live') return null;
  return (
    <div className={`gate ${isOpen ? 'is-open' : 'is-closed'}`}>
      <span className="gate-name">{isOpen ? words.cameras.watching : words.cameras.quiet}</span>
      <span className="gate-note">{isOpen ? words.cameras.watchingNote : words.cameras.quietNote}</span>
    </div>
  );
}

function streamFacts(camera: CameraView, state: CameraState, words: Words): Fact[] {
  const calibration = camera.calibrationVersion;
  return [
    [words.figures.fps, state.fps === undefined ? undefined : formatNumber(state.fps, words)],
    [words.figures.codec, codecName(state.codec) || undefined],
    [words.figures.size, state.width === undefined ? undefined : `${state.width} × ${state.height}`],
    [words.figures.bitrate, state.bitrateKbps === undefined ? undefined : formatBitrate(state.bitrateKbps, words)],
    [
      words.figures.lastPicture,
      state.lastPictureAtMs === undefined ? undefined : formatTime(state.lastPictureAtMs, words, { withSeconds: true }),
    ],
    [
      words.figures.calibration,
      calibration === null ? words.figures.none : calibrationText(calibration, camera.calibrationGrade, words),
    ],
    [words.figures.worker, state.worker],
  ];
}

function calibrationText(version: number, grade: string | undefined, words: Words): string {
  const told = words.figures.calibrationVersion(version);
  return grade === undefined ? told : `${told} · ${words.calibration.grade(grade)}`;
}

function workFacts(state: CameraState, words: Words): Fact[] {
  const count = (value: number) => formatCompact(value, words);
  return [
    [words.figures.packets, count(state.packets)],
    [words.figures.decoded, count(state.decoded)],
    [words.figures.skipped, count(state.skipped)],
    [words.figures.looked, count(state.looked)],
    [words.figures.dropped, count(state.dropped)],
    [words.figures.failed, count(state.failed)],
    [words.figures.reconnects, count(state.reconnects)],
    [words.figures.timeJumps, count(state.timeJumps)],
  ];
}

function StateFigures({ camera, state }: { camera: CameraView; state: CameraState }) {
  const words = useWords();
  return (
    <div className="camera-figures">
      <Facts title={words.figures.stream} facts={streamFacts(camera, state, words)} />
      <Facts title={words.figures.work} facts={workFacts(state, words)} />
    </div>
  );
}

function Facts({ title, facts }: { title: string; facts: Fact[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <FactList facts={facts} />
    </div>
  );
}
