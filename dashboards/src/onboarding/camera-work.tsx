/** A registered camera on its way: placed, calibrated, live; each step can be gone back to. */
import { useEffect, useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import { LivePicture } from '../cameras/live-picture.tsx';
import { StateGlyph, stateOf } from '../cameras/state-glyph.tsx';
import { usePicture } from '../cameras/use-picture.ts';
import type { AreaCollection } from '../map/areas.ts';
import { useWords } from '../words/language.tsx';
import { faultWords } from '../workspace/problem-text.tsx';
import { type CalibrateMethod, CalibrateStep } from './calibrate-step.tsx';
import { CheckStep } from './check-step.tsx';
import { MasksStep } from './masks-step.tsx';
import { type Draft, NEW_DRAFT, PlaceStep } from './place-step.tsx';
import { StepBar, type StepName } from './step-bar.tsx';

type CameraWorkProps = {
  camera: CameraView;
  cameras: readonly CameraView[];
  areas: AreaCollection | undefined;
  onChanged: () => void;
  /** Leads to the next channel or device; absent where there is none. */
  onNext: (() => void) | undefined;
};

const STEPS: readonly StepName[] = ['place', 'calibrate', 'masks', 'check', 'done'];

export function CameraWork({ camera, cameras, areas, onChanged, onNext }: CameraWorkProps) {
  const [step, setStep] = useState<StepName>(() => firstStep(camera));
  const [method, setMethod] = useState<CalibrateMethod>();
  const { picture, refresh } = usePicture(camera.id, ['live', 'degraded'].includes(stateOf(camera)));
  const go = (to: StepName) => {
    setMethod(undefined);
    setStep(to);
  };
  return (
    <>
      <StepBar title={camera.name} steps={STEPS} step={step} onStep={go} />
      {step === 'place' && (
        <PlaceAgain
          camera={camera}
          others={cameras.filter(({ id }) => id !== camera.id)}
          areas={areas}
          picture={picture}
          onPlaced={() => {
            onChanged();
            setStep('calibrate');
          }}
        />
      )}
      {step === 'calibrate' && (
        <CalibrateStep
          camera={camera}
          areas={areas}
          picture={picture}
          first={method}
          onRefresh={refresh}
          onDone={() => {
            onChanged();
            setStep('done');
          }}
        />
      )}
      {step === 'masks' && (
        <MasksStep
          camera={camera}
          picture={picture}
          onRefresh={refresh}
          onChanged={onChanged}
          onDone={() => setStep('done')}
        />
      )}
      {step === 'check' && (
        <CheckStep
          camera={camera}
          areas={areas}
          onPose={() => {
            setMethod('pose');
            setStep('calibrate');
          }}
          onDone={() => setStep('done')}
        />
      )}
      {step === 'done' && <DoneStep camera={camera} onStep={setStep} onNext={onNext} />}
    </>
  );
}

type PlaceAgainProps = {
  camera: CameraView;
  others: readonly CameraView[];
  areas: AreaCollection | undefined;
  picture: string | undefined;
  onPlaced: () => void;
};

/** Begins with what is registered; by the revision of then it is noticed that somebody else was faster. */
function PlaceAgain({ camera, others, areas, picture, onPlaced }: PlaceAgainProps) {
  const words = useWords();
  const [revision] = useState(camera.revision);
  return (
    <PlaceStep
      first={draftOf(camera)}
      areas={areas}
      others={others}
      picture={picture}
      submitText={words.onboarding.savePlace}
      onSubmit={async (fields) => {
        await api.editCamera(camera.id, fields, revision);
        onPlaced();
      }}
    />
  );
}

function firstStep({ position, calibrationVersion }: CameraView): StepName {
  if (position === undefined) return 'place';
  return calibrationVersion === null ? 'calibrate' : 'done';
}

function draftOf({ name, position, placement }: CameraView): Draft {
  return {
    name,
    position,
    headingDeg: placement?.headingDeg ?? NEW_DRAFT.headingDeg,
    fieldOfViewDeg: placement?.fieldOfViewDeg ?? NEW_DRAFT.fieldOfViewDeg,
    heightM: placement?.heightM ?? null,
    tiltDeg: placement?.tiltDeg ?? null,
  };
}

type DoneStepProps = { camera: CameraView; onStep: (step: StepName) => void; onNext: (() => void) | undefined };

function DoneStep({ camera, onStep, onNext }: DoneStepProps) {
  const words = useWords();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), []);
  const state = stateOf(camera);
  const isComplete = state === 'live' && camera.position !== undefined && camera.calibrationVersion !== null;
  const said = faultWords(
    { code: camera.state?.reason, detail: camera.state?.message, cure: camera.state?.cure },
    words,
  );
  return (
    <div className="done-step">
      <div className="done-picture">
        <LivePicture camera={camera} />
      </div>
      <div className="step-side">
        <p className="done-state">
          <StateGlyph state={state} size={18} />
          <b>{words.states[state]}</b>
        </p>
        {camera.state?.reason !== undefined && (
          <div className="step-problem">
            <p className="problem-title">{said.title}</p>
            {said.detail !== undefined && <p lang={said.detailLang}>{said.detail}</p>}
            {said.cure !== undefined && <p className="problem-cure">{said.cure}</p>}
          </div>
        )}
        <p>{isComplete ? words.onboarding.done : words.onboarding.doneUnplaced}</p>
        <div className="step-buttons">
          {camera.position === undefined && (
            <button type="button" className="button-plain" onClick={() => onStep('place')}>
              {words.onboarding.toPlace}
            </button>
          )}
          {camera.calibrationVersion === null && (
            <button type="button" className="button-plain" onClick={() => onStep('calibrate')}>
              {words.onboarding.toCalibrate}
            </button>
          )}
          {onNext !== undefined && (
            <button type="button" ref={next} className="button-primary" onClick={onNext}>
              {words.onboarding.next}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
