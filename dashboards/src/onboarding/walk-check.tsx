/** A path drawn on the map, and how far beside it a person who walked it is placed. */
import { type ReactNode, useMemo, useState } from 'react';
import type { WalkCheck } from '#models/schema/calibration-check.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { formatTime } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { GroundMap } from './ground-map.tsx';
import { MapHandle } from './map-handle.tsx';
import { metres } from './place-step.tsx';
import { type Place, walked } from './sight.ts';

type PaneProps = { camera: CameraView; areas: AreaCollection | undefined; ways: ReactNode; onDone: () => void };
const SPANS = ['2', '10', '60'] as const;

export function WalkCheckPane({ camera, areas, ways, onDone }: PaneProps) {
  const words = useWords();
  const [span, setSpan] = useState<(typeof SPANS)[number]>('2');
  const [path, setPath] = useState<Place[]>([]);
  const { check, failure, isBusy, ask, forget } = useWalk(camera.id);
  const sight = useMemo(() => walked(path, check?.points ?? []), [path, check]);
  return (
    <div className="check-step">
      <GroundMap
        areas={areas}
        cameras={[camera]}
        focus={camera.position === undefined ? [] : [camera.position]}
        sight={sight}
        hint={words.calibration.walkHint}
        onPlace={(lon, lat) => setPath([...path, { lon, lat }])}
      >
        {(map) =>
          path.map((corner, index) => (
            <MapHandle
              // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place in the path.
              key={index}
              map={map}
              at={corner}
              label={words.calibration.walkCorner(index + 1)}
              className="map-point"
              onMove={(to) => setPath(path.map((was, each) => (each === index ? to : was)))}
            >
              {index + 1}
            </MapHandle>
          ))
        }
      </GroundMap>
      <div className="step-side">
        {ways}
        <Choice
          label={words.calibration.span}
          options={SPANS.map((value) => ({ value, text: words.calibration.walkSpans[value] }))}
          value={span}
          onChoose={setSpan}
        />
        <p className="step-note">{words.calibration.walkNote}</p>
        {check !== undefined && <Found check={check} onTrack={(track) => ask(path, Number(span), track)} />}
        {failure !== undefined && (
          <div role="alert" className="step-problem">
            <ProblemText error={failure} />
          </div>
        )}
        <div className="step-buttons">
          <button
            type="button"
            className="button-plain"
            disabled={path.length === 0}
            onClick={() => {
              setPath([]);
              forget();
            }}
          >
            {words.calibration.clearPath}
          </button>
          <button type="button" className="button-plain" onClick={onDone}>
            {words.onboarding.steps.done}
          </button>
          <button
            type="button"
            className="button-primary"
            disabled={isBusy || path.length < 2}
            onClick={() => ask(path, Number(span))}
          >
            {isBusy ? words.calibration.looking : words.calibration.check}
          </button>
        </div>
      </div>
    </div>
  );
}

function Found({ check, onTrack }: { check: WalkCheck; onTrack: (track: string) => void }) {
  const words = useWords();
  const { track, tracks, medianM, worstM } = check;
  if (track === null || medianM === null || worstM === null) return <p role="status">{words.calibration.nobody}</p>;
  return (
    <>
      <p role="status" className="check-verdict">
        {words.calibration.walked(metres(medianM, words), metres(worstM, words))}
      </p>
      <label className="field">
        {words.calibration.walkedBy}
        <select value={track} onChange={({ target }) => onTrack(target.value)}>
          {tracks.map(({ track: each, fromMs, lengthM }) => (
            <option key={each} value={each}>
              {formatTime(fromMs, words, { withSeconds: true })} · {metres(lengthM, words)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function useWalk(camera: string) {
  const [found, setFound] = useState<{ check?: WalkCheck; failure?: unknown }>({});
  const [isBusy, setIsBusy] = useState(false);
  const ask = (path: readonly Place[], minutes: number, track?: string) => {
    setIsBusy(true);
    api
      .checkWalk(camera, {
        path: path.map(({ lon, lat }) => [lon, lat]),
        from: String(Date.now() - minutes * 60_000),
        ...(track === undefined ? {} : { track }),
      })
      .then(
        (check) => setFound({ check }),
        (failure: unknown) => setFound({ failure }),
      )
      .finally(() => setIsBusy(false));
  };
  return { ...found, isBusy, ask, forget: () => setFound({}) };
}
