/** Cameras on the map: buttons whose shape and colour tell the state. */
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CameraView } from '#models/schema/camera-view.ts';
import { StateGlyph, stateOf } from '../cameras/state-glyph.tsx';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import type { CityMap } from './city-map.ts';
import { idsWithRoom, type Pin } from './name-room.ts';

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
const NAME_MAX_PX = 200;
const NAME_PADDING_PX = 14;

export function CameraMarkers({ map, cameras, chosenId, onChoose }: MarkersProps) {
  const isNarrow = useIsNarrow();
  const isNamed = cameras.length <= NAMES_MAX[isNarrow ? 'narrow' : 'wide'];
  useRoomForNames(map, isNamed ? cameras : NO_CAMERAS, chosenId);
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

const NO_CAMERAS: readonly CameraView[] = [];
const isTroubled = (camera: CameraView) => ['down', 'degraded'].includes(stateOf(camera));

/** Marks the places whose name has room, anew after every move: first the chosen one, then those in trouble. */
function useRoomForNames(map: CityMap, cameras: readonly CameraView[], chosenId: string | null): void {
  const rank = (camera: CameraView) => (camera.id === chosenId ? 0 : isTroubled(camera) ? 1 : 2);
  const sorted = cameras
    .filter(({ position }) => position !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const said = sorted.map(({ id, name, position }) => `${id} ${name} ${position?.lon} ${position?.lat}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read anew and says the same moves no name
  useEffect(() => {
    const measure = nameMeasure();
    const choose = () => {
      const pins = sorted.map(({ id, name, position }): Pin => {
        const { x, y } = map.project(position?.lon ?? 0, position?.lat ?? 0);
        return { id, x, y, nameWidthPx: measure(name) };
      });
      const withRoom = idsWithRoom(pins, map.width());
      for (const marker of document.querySelectorAll<HTMLElement>('.camera-marker'))
        marker.parentElement?.classList.toggle('has-room', withRoom.has(marker.dataset.camera ?? ''));
    };
    choose();
    return map.onMoved(choose);
  }, [map, said]);
}

/** As `.camera-marker-name` is drawn, its padding and longest width included. */
function nameMeasure(): (name: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return () => NAME_MAX_PX;
  context.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  return (name) => Math.min(NAME_MAX_PX, Math.ceil(context.measureText(name).width) + NAME_PADDING_PX);
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
