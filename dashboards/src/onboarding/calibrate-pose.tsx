/** Calibrating by a pose: the net is dragged over the picture, and sliders do the rest, until it lies on the ground. */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Viewpoint } from '#models/schema/calibration.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { CalibrateWayProps } from './calibrate-step.tsx';
import { CalibrationVerdict } from './calibration-verdict.tsx';
import { GroundMap } from './ground-map.tsx';
import { MapHandle } from './map-handle.tsx';
import { NetBoard } from './net-board.tsx';
import { metres } from './place-step.tsx';
import { measured, NOTHING } from './sight.ts';
import { useKeep, useTrial } from './use-trial.ts';

const SLIDERS = {
  heightM: { min: 2, max: 40, step: 0.1 },
  headingDeg: { min: 0, max: 360, step: 0.5 },
  tiltDeg: { min: -10, max: 90, step: 0.25 },
  rollDeg: { min: -20, max: 20, step: 0.25 },
  fieldOfViewDeg: { min: 10, max: 150, step: 0.5 },
  k1: { min: -0.6, max: 0.4, step: 0.01 },
} as const;
type Slid = keyof typeof SLIDERS;
const NAMES = Object.keys(SLIDERS) as Slid[];
const START = { heightM: 6, headingDeg: 0, tiltDeg: 20, rollDeg: 0, fieldOfViewDeg: 80 };

export function CalibratePose({ camera, areas, picture, onRefresh, onDone, methods }: CalibrateWayProps) {
  const words = useWords();
  const { view, isReading, unread, change } = usePose(camera);
  const input = useMemo(() => (view === undefined ? undefined : { viewpoint: view }), [view]);
  const { trial, error } = useTrial(camera.id, input);
  const { isBusy, failure, keep } = useKeep(camera.id, onDone);
  const sight = useMemo(() => (trial === undefined ? NOTHING : measured(trial.seen, trial.ellipses)), [trial]);
  const shown = failure ?? error ?? unread;
  return (
    <div className="calibrate-step">
      <NetBoard
        picture={picture}
        hint={words.calibration.poseHint}
        trial={trial}
        onDrag={(x, y) => change((was) => dragged(was, x, y))}
      />
      <GroundMap
        areas={areas}
        cameras={[camera]}
        focus={view === undefined ? [] : [view]}
        sight={sight}
        hint={words.calibration.poseMapHint}
        onPlace={(lon, lat) => change((was) => ({ ...was, lon, lat }))}
      >
        {(map) =>
          view !== undefined && (
            <MapHandle
              map={map}
              at={view}
              label={words.calibration.posePin}
              className="sight-pin"
              onMove={({ lon, lat }) => change((was) => ({ ...was, lon, lat }))}
            />
          )
        }
      </GroundMap>
      <div className="step-side is-wide">
        <div className="calibrate-head">
          {methods}
          <CalibrationVerdict trial={trial} />
        </div>
        {view !== undefined && (
          <div className="sliders">
            {NAMES.map((name) => (
              <Slider
                key={name}
                name={name}
                label={words.calibration.pose[name]}
                value={view[name] ?? 0}
                onChange={(value) => change((was) => ({ ...was, [name]: value }))}
              />
            ))}
          </div>
        )}
        <p className="step-note">
          {view === undefined && !isReading ? words.calibration.unplaced : ''}
          {trial !== undefined && words.calibration.netEvery(metres(trial.netM, words))}
        </p>
        {shown !== undefined && (
          <div role="alert" className="step-problem">
            <ProblemText error={shown} />
          </div>
        )}
        <div className="step-buttons">
          <button type="button" className="button-plain" onClick={onRefresh}>
            {words.onboarding.newPicture}
          </button>
          <button type="button" className="button-plain" onClick={onDone}>
            {words.onboarding.later}
          </button>
          <button
            type="button"
            className="button-primary"
            disabled={isBusy || trial === undefined || input === undefined}
            onClick={() => input !== undefined && void keep(input)}
          >
            {isBusy ? words.onboarding.working : words.onboarding.keep}
          </button>
        </div>
      </div>
    </div>
  );
}

const clamp = (name: Slid, value: number) => Math.min(SLIDERS[name].max, Math.max(SLIDERS[name].min, value));

const dragged = (view: Viewpoint, x: number, y: number): Viewpoint => ({
  ...view,
  headingDeg: (view.headingDeg - x * view.fieldOfViewDeg + 360) % 360,
  tiltDeg: clamp('tiltDeg', view.tiltDeg - y * (view.fieldOfViewDeg / view.aspect)),
});

/**
 * Begins with the calibration that is there, whatever it was made of; else with where the camera is registered. Nothing is
 * shown while it is read, and what a hand has changed is not replaced by an answer that comes later.
 */
function usePose(camera: CameraView) {
  const { id, calibrationVersion } = camera;
  const isKept = calibrationVersion !== null;
  const [view, setView] = useState<Viewpoint | undefined>(() => (isKept ? undefined : registered(camera)));
  const [isReading, setIsReading] = useState(isKept);
  const [unread, setUnread] = useState<unknown>();
  const isTouched = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is registered is only where it begins.
  useEffect(() => {
    if (!isKept || isTouched.current) return;
    const leaving = new AbortController();
    const begin = (from: Viewpoint | undefined, problem?: unknown) => {
      if (leaving.signal.aborted || isTouched.current) return;
      setView(from);
      setUnread(problem);
      setIsReading(false);
    };
    api.readGround(id, { signal: leaving.signal }).then(
      ({ viewpoint }) => begin(viewpoint ?? registered(camera)),
      (problem: unknown) => begin(registered(camera), problem),
    );
    return () => leaving.abort();
  }, [id, isKept, calibrationVersion]);
  const change = (to: (was: Viewpoint) => Viewpoint) => {
    if (view === undefined) return;
    isTouched.current = true;
    setView((was) => (was === undefined ? was : to(was)));
  };
  return { view, isReading, unread, change };
}

function registered({ position, placement, state }: CameraView): Viewpoint | undefined {
  if (position === undefined) return undefined;
  const { width, height } = state ?? {};
  const aspect = width === undefined || height === undefined ? 16 / 9 : width / height;
  const told = Object.entries(placement ?? {}).map(([name, value]) => [name, clamp(name as Slid, value)]);
  return { ...START, aspect, ...position, ...Object.fromEntries(told) };
}

type SliderProps = { name: Slid; label: string; value: number; onChange: (value: number) => void };

function Slider({ name, label, value, onChange }: SliderProps) {
  const id = useId();
  const { min, max, step } = SLIDERS[name];
  const take = (wanted: number) => {
    if (Number.isFinite(wanted)) onChange(clamp(name, wanted));
  };
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        {...{ min, max, step }}
        value={value}
        onChange={({ target }) => take(target.valueAsNumber)}
      />
      <input
        type="number"
        aria-label={label}
        {...{ min, max }}
        step="any"
        value={Math.round(value * 100) / 100}
        onChange={({ target }) => take(target.valueAsNumber)}
      />
    </div>
  );
}
