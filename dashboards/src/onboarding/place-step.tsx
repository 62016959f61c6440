/** Where the camera hangs and where it looks: a pin and a handle on the map, the same in figures beside it. */
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { api } from '../api-client.ts';
import type { AreaCollection } from '../map/areas.ts';
import { formatNumber } from '../words/figures.ts';
import { useWords } from '../words/language.tsx';
import { ProblemText } from '../workspace/problem-text.tsx';
import { GroundMap } from './ground-map.tsx';
import { MapHandle } from './map-handle.tsx';
import { headingTo, NOTHING, type Place, placeAt, WEDGE_M, wedge } from './sight.ts';

/** What a person says of a camera's place; figures as they are typed. */
export type Draft = {
  name: string;
  position: Place | undefined;
  headingDeg: number;
  fieldOfViewDeg: number;
  heightM: number | null;
  tiltDeg: number | null;
};

export const NEW_DRAFT: Draft = {
  name: '',
  position: undefined,
  headingDeg: 0,
  fieldOfViewDeg: 80,
  heightM: null,
  tiltDeg: null,
};

/** The draft as the API takes it, with the area that holds the place. */
export function placeFields(draft: Draft, area: string | null) {
  const { name, position, headingDeg, fieldOfViewDeg, heightM, tiltDeg } = draft;
  return {
    name: name.trim(),
    ...(position === undefined ? {} : { position, area }),
    placement: {
      ...(position === undefined ? {} : { headingDeg: Math.round(headingDeg) % 360, fieldOfViewDeg }),
      ...(heightM === null ? {} : { heightM }),
      ...(tiltDeg === null ? {} : { tiltDeg }),
    },
  };
}

type PlaceStepProps = {
  first: Draft;
  areas: AreaCollection | undefined;
  others: readonly CameraView[];
  picture: string | undefined;
  submitText: string;
  onSubmit: (fields: ReturnType<typeof placeFields>) => Promise<void>;
};

export function PlaceStep({ first, areas, others, picture, submitText, onSubmit }: PlaceStepProps) {
  const words = useWords();
  const [draft, setDraft] = useState(first);
  const change = (changed: Partial<Draft>) => setDraft((was) => ({ ...was, ...changed }));
  const { position, headingDeg, fieldOfViewDeg } = draft;
  const sight = useMemo(
    () => (position === undefined ? NOTHING : wedge(position, { headingDeg, fieldOfViewDeg })),
    [position, headingDeg, fieldOfViewDeg],
  );
  return (
    <div className="place-step">
      <GroundMap
        areas={areas}
        cameras={others}
        focus={position === undefined ? [] : [position]}
        sight={sight}
        hint={position === undefined ? words.onboarding.placeHint : words.onboarding.turnHint}
        onPlace={(lon, lat) => change({ position: { lon, lat } })}
      >
        {(map) =>
          position !== undefined && (
            <>
              <MapHandle
                map={map}
                at={placeAt(position, headingDeg, WEDGE_M)}
                label={words.onboarding.turn}
                className="sight-handle"
                onMove={(to) => change({ headingDeg: headingTo(position, to) })}
              />
              <MapHandle
                map={map}
                at={position}
                label={words.onboarding.movePin}
                className="sight-pin"
                onMove={(to) => change({ position: to })}
              />
            </>
          )
        }
      </GroundMap>
      <PlaceForm
        draft={draft}
        onChange={change}
        areas={areas}
        picture={picture}
        submitText={submitText}
        onSubmit={onSubmit}
      />
    </div>
  );
}

type PlaceFormProps = Pick<PlaceStepProps, 'areas' | 'picture' | 'submitText' | 'onSubmit'> & {
  draft: Draft;
  onChange: (changed: Partial<Draft>) => void;
};

function PlaceForm({ draft, onChange, areas, picture, submitText, onSubmit }: PlaceFormProps) {
  const words = useWords();
  const nameId = useId();
  const name = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const area = useAreaAt(draft.position);
  const areaName = areas?.features.find(({ properties }) => properties.id === area)?.properties.name;
  useEffect(() => name.current?.focus({ preventScroll: true }), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    setError(undefined);
    try {
      await onSubmit(placeFields(draft, area ?? null));
    } catch (failure) {
      setError(failure);
    }
    setIsBusy(false);
  };
  const figure = (field: 'heightM' | 'tiltDeg' | 'headingDeg' | 'fieldOfViewDeg', min: number, max: number) => (
    <FigureField
      label={words.onboarding.fields[field]}
      unit={field === 'heightM' ? words.units.metre : '°'}
      value={draft[field]}
      min={min}
      max={max}
      isOptional={field === 'heightM' || field === 'tiltDeg'}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
  return (
    <form className="step-side" onSubmit={submit}>
      {picture !== undefined && <img className="step-picture" src={picture} alt={words.onboarding.picture} />}
      <div className="field">
        <label htmlFor={nameId}>{words.onboarding.fields.name}</label>
        <input
          id={nameId}
          ref={name}
          value={draft.name}
          required
          maxLength={200}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </div>
      <div className="field-row">
        {figure('heightM', 0, 1000)}
        {figure('tiltDeg', -90, 90)}
        {figure('headingDeg', 0, 360)}
        {figure('fieldOfViewDeg', 1, 360)}
      </div>
      <p className="step-note" aria-live="polite">
        {draft.position === undefined
          ? words.onboarding.notPlaced
          : words.onboarding.standsIn(areaName ?? words.onboarding.noArea)}
      </p>
      {error !== undefined && (
        <div role="alert" className="step-problem">
          <ProblemText error={error} />
        </div>
      )}
      <button type="submit" className="button-primary" disabled={isBusy}>
        {isBusy ? words.onboarding.working : submitText}
      </button>
    </form>
  );
}

type FigureFieldProps = {
  label: string;
  unit: string;
  value: number | null;
  min: number;
  max: number;
  isOptional: boolean;
  onChange: (value: number | null) => void;
};

function FigureField({ label, unit, value, min, max, isOptional, onChange }: FigureFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} <span className="muted">{unit}</span>
      </label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        step="any"
        min={min}
        max={max}
        required={!isOptional}
        value={value === null ? '' : Math.round(value * 10) / 10}
        onChange={({ target }) => {
          if (target.value === '') onChange(isOptional ? null : 0);
          else if (Number.isFinite(target.valueAsNumber)) onChange(target.valueAsNumber);
        }}
      />
    </div>
  );
}

/** Undefined while nobody knows; null where no area holds the place. */
function useAreaAt(position: Place | undefined): string | null | undefined {
  const [area, setArea] = useState<string | null>();
  const [lon, lat] = [position?.lon, position?.lat];
  useEffect(() => {
    if (lon === undefined || lat === undefined) return setArea(undefined);
    const leaving = new AbortController();
    // A drag passes through many places; the one where it rests is asked for.
    const timer = setTimeout(() => {
      api.locateArea({ lon, lat }, { signal: leaving.signal }).then(setArea, () => {});
    }, 150);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [lon, lat]);
  return area;
}

export const metres = (value: number, words: ReturnType<typeof useWords>) =>
  `${formatNumber(Math.round(value * 100) / 100, words)} ${words.units.metre}`;
