/** Calibrating by a file that another program made: tried at once, kept when its net lies on the ground. */
import { useId, useMemo, useState } from 'react';
import type { CalibrationImport, CalibrationInput } from '#models/schema/calibration.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import type { CalibrateWayProps } from './calibrate-step.tsx';
import { CalibrationVerdict } from './calibration-verdict.tsx';
import { GroundMap } from './ground-map.tsx';
import { NetBoard } from './net-board.tsx';
import { metres } from './place-step.tsx';
import { measured, NOTHING } from './sight.ts';
import { useKeep, useTrial } from './use-trial.ts';

const UNITS_M = { m: 1, cm: 0.01, mm: 0.001, ft: 0.3048 } as const;
type Unit = keyof typeof UNITS_M;
type Format = CalibrationImport['format'];
const FORMATS: readonly Format[] = ['json', 'opencv', 'tsai'];

type Draft = { text: string; format: Format; lon: number; lat: number; headingDeg: number; unit: Unit };

export function CalibrateFile({ camera, areas, picture, onRefresh, onDone, methods }: CalibrateWayProps) {
  const words = useWords();
  const { lon, lat } = camera.position ?? { lon: 0, lat: 0 };
  const [draft, setDraft] = useState<Draft>({ text: '', format: 'json', lon, lat, headingDeg: 0, unit: 'm' });
  const input = useMemo(() => inputOf(draft), [draft]);
  const { trial, error } = useTrial(camera.id, input);
  const { isBusy, failure, keep } = useKeep(camera.id, onDone);
  const sight = useMemo(() => (trial === undefined ? NOTHING : measured(trial.seen, trial.ellipses)), [trial]);
  const change = (to: Partial<Draft>) => setDraft((was) => ({ ...was, ...to }));
  const shown = failure ?? error;
  return (
    <div className="calibrate-step">
      <NetBoard picture={picture} hint={words.calibration.fileNote} trial={trial} />
      <GroundMap
        areas={areas}
        cameras={[camera]}
        focus={camera.position === undefined ? [] : [camera.position]}
        sight={sight}
        hint=""
        onPlace={() => {}}
      >
        {() => null}
      </GroundMap>
      <div className="step-side is-wide">
        <div className="calibrate-head">
          {methods}
          <CalibrationVerdict trial={trial} />
        </div>
        <FileFields draft={draft} onChange={change} />
        <p className="step-note">{trial !== undefined && words.calibration.netEvery(metres(trial.netM, words))}</p>
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

function inputOf({ text, format, unit, ...frame }: Draft): CalibrationInput | undefined {
  if (text === '') return undefined;
  if (format === 'json') return { import: { format, text } };
  return { import: { format, text, frame: { ...frame, unitM: UNITS_M[unit] } } };
}

type FieldsProps = { draft: Draft; onChange: (to: Partial<Draft>) => void };

function FileFields({ draft, onChange }: FieldsProps) {
  const words = useWords();
  const [file, format, unit] = [useId(), useId(), useId()];
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const guessed = /\.xml$/i.test(chosen.name) ? 'tsai' : /\.ya?ml$/i.test(chosen.name) ? 'opencv' : undefined;
    onChange({ text: await chosen.text(), ...(guessed === undefined ? {} : { format: guessed }) });
  };
  return (
    <div className="file-fields">
      <div className="field">
        <label htmlFor={file}>{words.calibration.file}</label>
        <input
          id={file}
          type="file"
          accept=".json,.yml,.yaml,.xml"
          onChange={({ target }) => void read(target.files?.[0])}
        />
      </div>
      <div className="field">
        <label htmlFor={format}>{words.calibration.format}</label>
        <select
          id={format}
          value={draft.format}
          onChange={({ target }) => onChange({ format: target.value as Format })}
        >
          {FORMATS.map((each) => (
            <option key={each} value={each}>
              {words.calibration.formats[each]}
            </option>
          ))}
        </select>
      </div>
      {draft.format !== 'json' && (
        <>
          <NumberField label={words.calibration.originLon} value={draft.lon} onChange={(lon) => onChange({ lon })} />
          <NumberField label={words.calibration.originLat} value={draft.lat} onChange={(lat) => onChange({ lat })} />
          <NumberField
            label={words.calibration.frameHeading}
            value={draft.headingDeg}
            onChange={(headingDeg) => onChange({ headingDeg })}
          />
          <div className="field">
            <label htmlFor={unit}>{words.calibration.unit}</label>
            <select id={unit} value={draft.unit} onChange={({ target }) => onChange({ unit: target.value as Unit })}>
              {Object.keys(UNITS_M).map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </div>
        </>
      )}
    </div>
  );
}

function NumberField({ label, value, onChange }: { label: string; value: number; onChange: (to: number) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        step="any"
        value={value}
        onChange={({ target }) => {
          if (Number.isFinite(target.valueAsNumber)) onChange(target.valueAsNumber);
        }}
      />
    </div>
  );
}
