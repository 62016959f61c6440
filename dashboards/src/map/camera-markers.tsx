/** Cameras on the map: buttons whose shape and colour tell the state. */
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CameraView } from '#models/schema/camera-view.ts';
import { StateGlyph, stateOf } from '../cameras/state-glyph.tsx';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import type { CityMap } from './city-map.ts';

type MarkersProps = {
  map: CityMap;
  cameras: CameraView[];
  chosenId: string | null;
  onChoose: (camera: string | null) => void;
};

/** With more cameras than this, names show only for the chosen and the pointed one. */
const NAMES_MAX = { wide: 24, narrow: 5 };
/** The middle of the glyph inside the button. */
const PIN_PX = 14;

export function CameraMarkers({ map, cameras, chosenId, onChoose }: MarkersProps) {
  const isNarrow = useIsNarrow();
  const isNamed = cameras.length <= NAMES_MAX[isNarrow ? 'narrow' : 'wide'];
  return cameras.map(
    (camera) =>
      camera.position !== undefined && (
        <CameraMarker
          key={camera.id}
          map={map}
          camera={camera}
          lon={camera.position.lon}
          lat={camera.position.lat}
          isChosen={camera.id === chosenId}
          isNamed={isNamed}
          onChoose={onChoose}
        />
      ),
  );
}

type MarkerProps = Omit<MarkersProps, 'cameras' | 'chosenId'> & {
  camera: CameraView;
  lon: number;
  lat: number;
  isChosen: boolean;
  isNamed: boolean;
};

function CameraMarker({ map, camera, lon, lat, isChosen, isNamed, onChoose }: MarkerProps) {
  const words = useWords();
  const state = stateOf(camera);
  const [element] = useState(() => document.createElement('div'));
  useEffect(() => {
    return map.place(element, lon, lat, { pinPx: PIN_PX }).remove;
  }, [map, element, lon, lat]);
  useEffect(() => {
    element.style.zIndex = isChosen ? '3' : state === 'down' || state === 'degraded' ? '2' : '1';
  }, [element, isChosen, state]);
  return createPortal(
    <button
      type="button"
      className={`camera-marker is-${state}${isChosen ? ' is-chosen' : ''}${isNamed ? ' is-named' : ''}`}
      aria-label={words.cameras.show(camera.name, words.states[state])}
      aria-pressed={isChosen}
      data-camera={camera.id}
      onClick={(event) => {
        event.stopPropagation();
        onChoose(isChosen ? null : camera.id);
      }}
    >
      <StateGlyph state={state} size={20} />
      <span className="camera-marker-name">{camera.name}</span>
    </button>,
    element,
  );
}
