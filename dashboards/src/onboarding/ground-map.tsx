/** The map to work on: areas, the other cameras, and what the step that uses it places on it. */

import type { FeatureCollection } from 'geojson';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import { AreaLabels } from '../map/area-labels.tsx';
import { type AreaCollection, areaBounds, atLeast, boundsOf } from '../map/areas.ts';
import { CameraMarkers } from '../map/camera-markers.tsx';
import type { CityMap, MapView } from '../map/city-map.ts';
import { MapButtons } from '../map/map-buttons.tsx';
import { useCityMap } from '../map/use-city-map.ts';
import { useWords } from '../words/language.tsx';
import { NOTHING, type Place } from './sight.ts';

type GroundMapProps = {
  areas: AreaCollection | undefined;
  cameras: readonly CameraView[];
  /** What is looked at once it is there; everything before that. */
  focus: readonly Place[];
  sight: FeatureCollection;
  hint: string;
  onPlace: (lon: number, lat: number) => void;
  children: (map: CityMap) => ReactNode;
};

const FOCUS_SPAN_M = 140;
const PADDING = { top: 56, right: 56, bottom: 56, left: 56 };
const ignore = () => {};

/** West, south, east, north of what is shown, for whoever has to find a place on the screen. */
function useShownBounds(container: React.RefObject<HTMLDivElement | null>) {
  return useCallback(
    ({ bounds }: MapView) => void container.current?.setAttribute('data-bounds', bounds.join(' ')),
    [container],
  );
}

export function GroundMap({ areas, cameras, focus, sight, hint, onPlace, children }: GroundMapProps) {
  const words = useWords();
  const container = useRef<HTMLDivElement>(null);
  const { map, hasFailed } = useCityMap(container, { onView: useShownBounds(container), onPoint: ignore });
  const latest = useRef({ onPlace, focus });
  latest.current = { onPlace, focus };

  useEffect(() => map?.onClicked((lon, lat) => latest.current.onPlace(lon, lat)), [map]);
  useEffect(() => {
    if (map !== undefined && areas !== undefined) map.setAreas(areas);
  }, [map, areas]);
  useEffect(() => map?.setSight(sight), [map, sight]);
  useEffect(() => () => map?.setSight(NOTHING), [map]);

  const show = useCallback(
    (isInstant: boolean) => {
      const places = latest.current.focus.map(({ lon, lat }) => [lon, lat]);
      const bounds = places.length === 0 ? areaBounds(areas?.features ?? []) : boundsOf(places);
      if (bounds !== null) map?.show(atLeast(bounds, FOCUS_SPAN_M), PADDING, { isInstant });
    },
    [map, areas],
  );
  const shown = useRef<'nothing' | 'everything' | 'focus'>('nothing');
  const wanted = focus.length === 0 ? 'everything' : 'focus';
  useEffect(() => {
    if (map === undefined || areas === undefined || shown.current === 'focus' || shown.current === wanted) return;
    show(shown.current === 'nothing');
    shown.current = wanted;
  }, [map, areas, show, wanted]);

  const placeCentre = (event: React.KeyboardEvent) => {
    if (event.key !== 'Enter' || map === undefined || !(event.target as HTMLElement).matches('canvas')) return;
    event.preventDefault();
    const { lon, lat } = map.centre();
    onPlace(lon, lat);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the canvas inside takes the focus; its Enter is heard here.
    <div className="ground-map" onKeyDown={placeCentre}>
      <div ref={container} className="map" data-testid="ground-map" data-ready={map !== undefined} />
      <span className="ground-map-cross" aria-hidden="true" />
      {hint !== '' && <p className="ground-map-hint">{hint}</p>}
      {map !== undefined && (
        <>
          <CameraMarkers map={map} cameras={[...cameras]} chosenId={null} onChoose={ignore} />
          <AreaLabels map={map} areas={areas} cameras={undefined} />
          <MapButtons map={map} onFit={() => show(false)} />
          {children(map)}
        </>
      )}
      {hasFailed && (
        <div className="map-failed" role="alert">
          <p className="problem-title">{words.map.failed}</p>
          <p>{words.map.failedCure}</p>
        </div>
      )}
    </div>
  );
}
