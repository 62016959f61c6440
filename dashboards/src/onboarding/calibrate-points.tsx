/** Calibrating by points: the same ones shown in the picture and on the map, tried at once, kept when it fits. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CalibrationTrial } from '#models/schema/calibration.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { CalibrateWayProps } from './calibrate-step.tsx';
import { CalibrationVerdict } from './calibration-verdict.tsx';
import { GroundMap } from './ground-map.tsx';
import { MapHandle } from './map-handle.tsx';
import { PictureBoard, type PicturePoint } from './picture-board.tsx';
import { metres } from './place-step.tsx';
import { measured, NOTHING, type Place } from './sight.ts';
import { useKeep, useTrial } from './use-trial.ts';

type Pair = PicturePoint & Place;
type Pending = { picture?: PicturePoint; ground?: Place };

const PAIRS_MIN = 4;
/** A point that misses by more than this in the picture, and by more than twice the mean, is shown as a doubtful one. */
const POOR_MISS = 0.008;
const POOR_FACTOR = 2;

export function CalibratePoints({ camera, areas, picture, onRefresh, onDone, methods }: CalibrateWayProps) {
  const words = useWords();
  const { pairs, setPairs, pending, point, undo } = usePairs(camera);
  const input = useMemo(() => (pairs.length < PAIRS_MIN ? undefined : { points: pairs.map(asPoint) }), [pairs]);
  const { trial, error } = useTrial(camera.id, input);
  const isPoor = doubtful(trial?.misses ?? []);
  const sight = useMemo(() => (trial === undefined ? NOTHING : measured(trial.seen, trial.ellipses)), [trial]);
  const move = (index: number, to: Partial<Pair>) =>
    setPairs((was) => was.map((pair, each) => (each === index ? { ...pair, ...to } : pair)));
  const next = pairs.length + 1;
  return (
    <div className="calibrate-step">
      <PictureBoard
        picture={picture}
        label={words.onboarding.pointInPicture}
        hint={pending.picture === undefined ? words.onboarding.nextInPicture(next) : words.onboarding.nowOnMap(next)}
        points={pairs}
        isPoor={isPoor}
        pending={pending.picture}
        trial={trial}
        onPoint={(at) => point({ picture: at })}
        onMove={(index, to) => move(index, to)}
      />
      <GroundMap
        areas={areas}
        cameras={[camera]}
        focus={pairs.length > 0 && camera.position !== undefined ? [camera.position, ...pairs] : placesOf(camera)}
        sight={sight}
        hint={pending.ground === undefined ? words.onboarding.nextOnMap(next) : words.onboarding.nowInPicture(next)}
        onPlace={(lon, lat) => point({ ground: { lon, lat } })}
      >
        {(map) => (
          <>
            {pairs.map((pair, index) => (
              <MapHandle
                // biome-ignore lint/suspicious/noArrayIndexKey: the number is what a point is called by.
                key={index}
                map={map}
                at={pair}
                label={words.onboarding.point(index + 1)}
                className={`map-point${isPoor[index] === true ? ' is-poor' : ''}`}
                onMove={(to) => move(index, to)}
              >
                {index + 1}
              </MapHandle>
            ))}
            {pending.ground !== undefined && (
              <MapHandle
                map={map}
                at={pending.ground}
                label={words.onboarding.point(next)}
                className="map-point is-pending"
                onMove={(ground) => point({ ground })}
              >
                {next}
              </MapHandle>
            )}
          </>
        )}
      </GroundMap>
      <CalibrationSide
        camera={camera}
        methods={methods}
        pairs={pairs}
        trial={trial}
        isPoor={isPoor}
        error={error}
        onRemove={(index) => setPairs((was) => was.filter((_, each) => each !== index))}
        onUndo={undo}
        onRefresh={onRefresh}
        onDone={onDone}
      />
    </div>
  );
}

const placesOf = ({ position }: CameraView) => (position === undefined ? [] : [position]);

function doubtful(misses: readonly number[]): boolean[] {
  const mean = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
  return misses.map((miss) => miss > POOR_MISS && miss > POOR_FACTOR * mean);
}

/** Pairs of the calibration that is there, to go on from; a click in the picture and one on the map make a new one. */
function usePairs({ id, calibrationVersion }: CameraView) {
  const [pairs, setPairs] = useState<Pair[]>([]);
  const [pending, setPending] = useState<Pending>({});
  const first = useRef(calibrationVersion);
  useEffect(() => {
    if (first.current === null) return;
    const leaving = new AbortController();
    api
      .readCalibration(id, { signal: leaving.signal })
      .then(({ points, method = 'points' }) => {
        if (method === 'points') setPairs((was) => (was.length > 0 ? was : [...points]));
      })
      .catch(() => {});
    return () => leaving.abort();
  }, [id]);
  const point = (said: Pending) => {
    const { picture, ground } = { ...pending, ...said };
    if (picture === undefined || ground === undefined) return setPending({ ...pending, ...said });
    setPairs([...pairs, { ...picture, ...ground }]);
    setPending({});
  };
  const undo = useCallback(() => {
    setPending((was) => {
      if (was.picture === undefined && was.ground === undefined) setPairs((all) => all.slice(0, -1));
      return {};
    });
  }, []);
  return { pairs, setPairs, pending, point, undo };
}

const asPoint = ({ x, y, lon, lat }: Pair): Pair => ({ x, y, lon, lat });

type SideProps = {
  camera: CameraView;
  methods: ReactNode;
  pairs: readonly Pair[];
  trial: CalibrationTrial | undefined;
  isPoor: readonly boolean[];
  error: unknown;
  onRemove: (index: number) => void;
  onUndo: () => void;
  onRefresh: () => void;
  onDone: () => void;
};

function CalibrationSide({ camera, methods, pairs, trial, isPoor, error, ...acts }: SideProps) {
  const words = useWords();
  const { isBusy, failure, keep } = useKeep(camera.id, acts.onDone);
  const missing = Math.max(0, PAIRS_MIN - pairs.length);
  const shown = failure ?? error;
  return (
    <div className="step-side is-wide">
      <div className="calibrate-head">
        {methods}
        <CalibrationVerdict trial={trial} />
      </div>
      <ol className="pairs" aria-label={words.onboarding.pairs}>
        {pairs.map((pair, index) => (
          <li key={`${pair.x} ${pair.y} ${pair.lon} ${pair.lat}`} className={isPoor[index] === true ? 'is-poor' : ''}>
            <b>{index + 1}</b>
            <span>
              {trial?.missesM[index] === undefined
                ? words.onboarding.untried
                : words.onboarding.misses(metres(trial.missesM[index], words))}
            </span>
            <button type="button" className="button-quiet" onClick={() => acts.onRemove(index)}>
              {words.onboarding.removePair}
            </button>
          </li>
        ))}
      </ol>
      <p className="step-note" aria-live="polite">
        {missing > 0 && words.onboarding.pairsMissing(missing)}
        {trial !== undefined && words.onboarding.fits(metres(trial.residualM, words), metres(trial.netM, words))}
      </p>
      {shown !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={shown} />
        </div>
      )}
      <div className="step-buttons">
        <button type="button" className="button-plain" onClick={acts.onUndo}>
          {words.onboarding.undo}
        </button>
        <button type="button" className="button-plain" onClick={acts.onRefresh}>
          {words.onboarding.newPicture}
        </button>
        <button type="button" className="button-plain" onClick={acts.onDone}>
          {words.onboarding.later}
        </button>
        <button
          type="button"
          className="button-primary"
          disabled={isBusy || trial === undefined}
          onClick={() => void keep({ points: pairs.map(asPoint) })}
        >
          {isBusy ? words.onboarding.working : words.onboarding.keep}
        </button>
      </div>
    </div>
  );
}
