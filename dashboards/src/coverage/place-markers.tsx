/** Key places on the map: a square for a checkpoint, a diamond for a key area; filled as far as they are seen. */
import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { PlaceCoverage } from '#models/schema/coverage.ts';
import type { CityMap } from '../map/city-map.ts';
import { useWords } from '../words/language.tsx';
import type { Light } from './coverage-api.ts';
import { PlaceGlyph } from './place-glyph.tsx';

type PlaceMarkersProps = {
  map: CityMap;
  places: readonly PlaceCoverage[];
  light: Light;
  chosenId: string | null;
  onChoose: (id: string) => void;
};

export function PlaceMarkers({ map, places, light, chosenId, onChoose }: PlaceMarkersProps) {
  return places.map((place) => (
    <PlaceMarker
      key={place.id}
      map={map}
      place={place}
      light={light}
      isChosen={place.id === chosenId}
      onChoose={onChoose}
    />
  ));
}

type MarkerProps = Omit<PlaceMarkersProps, 'places' | 'chosenId'> & { place: PlaceCoverage; isChosen: boolean };

function PlaceMarker({ map, place, light, isChosen, onChoose }: MarkerProps) {
  const words = useWords();
  const element = useRef<HTMLDivElement>(null);
  element.current ??= document.createElement('div');
  const { id, name, kind, lon, lat, state } = place;
  useEffect(() => map.place(element.current!, lon, lat).remove, [map, lon, lat]);
  const title = `${words.coverage.kinds[kind]}: ${name}. ${words.coverage.states[state[light]]}`;
  return createPortal(
    <button
      type="button"
      className={`place-marker${isChosen ? ' is-chosen' : ''}`}
      title={title}
      aria-label={title}
      onClick={() => onChoose(id)}
    >
      <PlaceGlyph kind={kind} state={state[light]} />
    </button>,
    element.current,
  );
}
