/** How tall people come out by the calibration, near and far, as a plot with a verdict. */
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { HeightCheck } from '#models/schema/calibration-check.ts';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import type { Words } from '../words/english.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { Choice } from '../workspace/choice.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { HeightPlot } from './height-plot.tsx';
import { metres } from './place-step.tsx';

type PaneProps = { camera: CameraView; ways: ReactNode; onPose: () => void; onDone: () => void };
const SPANS = ['1', '24', '168'] as const;
type Span = (typeof SPANS)[number];

export function HeightCheckPane({ camera, ways, onPose, onDone }: PaneProps) {
  const words = useWords();
  const [span, setSpan] = useState<Span>('24');
  const { check, failure, isBusy, look } = useHeights(camera.id, Number(span));
  return (
    <div className="check-step">
      <div className="check-plot">
        {check === undefined || check.bins.length === 0 ? (
          <p className="muted">{isBusy ? words.calibration.looking : words.calibration.heightsNote}</p>
        ) : (
          <HeightPlot check={check} />
        )}
      </div>
      <div className="step-side">
        {ways}
        <Choice
          label={words.calibration.span}
          options={SPANS.map((value) => ({ value, text: words.calibration.spans[value] }))}
          value={span}
          onChoose={setSpan}
        />
        {check !== undefined && <Verdict check={check} words={words} />}
        {failure !== undefined && (
          <div role="alert" className="step-problem">
            <ProblemText error={failure} />
          </div>
        )}
        <div className="step-buttons">
          <button type="button" className="button-plain" disabled={isBusy} onClick={look}>
            {isBusy ? words.calibration.looking : words.calibration.look}
          </button>
          {check?.suggestion !== undefined && (
            <button type="button" className="button-plain" onClick={onPose}>
              {words.calibration.useSuggestion}
            </button>
          )}
          <button type="button" className="button-primary" onClick={onDone}>
            {words.onboarding.steps.done}
          </button>
        </div>
      </div>
    </div>
  );
}

function useHeights(camera: string, hours: number) {
  const [found, setFound] = useState<{ check?: HeightCheck; failure?: unknown }>({});
  const [isBusy, setIsBusy] = useState(true);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again.
  useEffect(() => {
    const leaving = new AbortController();
    setIsBusy(true);
    api
      .checkHeights(camera, hours, { signal: leaving.signal })
      .then(
        (check) => setFound({ check }),
        (failure: unknown) => {
          if (!leaving.signal.aborted) setFound({ failure });
        },
      )
      .finally(() => {
        if (!leaving.signal.aborted) setIsBusy(false);
      });
    return () => leaving.abort();
  }, [camera, hours, turn]);
  return { ...found, isBusy, look: useCallback(() => setTurn((was) => was + 1), []) };
}

function Verdict({ check, words }: { check: HeightCheck; words: Words }) {
  const { verdict, samples, tracks, medianM, expectedM, change, suggestion } = check;
  const share = `${formatNumber(Math.round(Math.abs(change ?? 0) * 100), words)} %`;
  const sign = (value: number) => (value < 0 ? '−' : '+');
  return (
    <div className={`check-verdict is-${verdict}`} role="status">
      <p className="problem-title">{words.calibration.verdicts[verdict]}</p>
      {medianM !== null && <p>{words.calibration.median(metres(medianM, words), metres(expectedM, words))}</p>}
      {change !== null && Math.abs(change) >= 0.03 && (
        <p>{change < 0 ? words.calibration.smaller(share) : words.calibration.taller(share)}</p>
      )}
      {suggestion !== undefined && (
        <p>
          {words.calibration.suggestion(
            `${sign(suggestion.tiltDeg)}${formatNumber(Math.abs(suggestion.tiltDeg), words)}°`,
            `${sign(suggestion.heightM)}${metres(Math.abs(suggestion.heightM), words)}`,
          )}
        </p>
      )}
      <p className="muted">{words.calibration.samples(samples, tracks)}</p>
    </div>
  );
}
