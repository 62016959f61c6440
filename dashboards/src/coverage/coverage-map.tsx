/** The map of coverage: cells by their state, key places by shape, and the suggestion that was chosen. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { CoverageCell, PlaceCoverage, Suggestion } from '#models/schema/coverage.ts';
import { AreaLabels } from '../map/area-labels.tsx';
import { type AreaCollection, areaBounds, atLeast, boundsOf, cornersOf, watchedBounds } from '../map/areas.ts';
import { CameraMarkers } from '../map/camera-markers.tsx';
import type { MapView } from '../map/city-map.ts';
import { MapButtons } from '../map/map-buttons.tsx';
import { useCityMap } from '../map/use-city-map.ts';
import { useTheme } from '../theme.tsx';
import { useWords } from '../words/language.tsx';
import { useIsNarrow } from '../workspace/use-is-narrow.ts';
import { coverageShapes, gainedShapes, wedge } from './cell-shapes.ts';
import type { Light } from './coverage-api.ts';
import { addCoverageLayers, type CoverageLayers } from './coverage-layers.ts';
import { PlaceMarkers } from './place-markers.tsx';

type CoverageMapProps = {
  areas: AreaCollection | undefined;
  area: string | null;
  cameras: readonly CameraView[];
  cells: readonly CoverageCell[];
  places: readonly PlaceCoverage[];
  light: Light;
  suggestion: Suggestion | null;
  /** Shown and zoomed to. */
  chosenPlace: string | null;
  onView: (view: MapView) => void;
  onPlace: (id: string) => void;
};

const PADDING = { top: 48, right: 56, bottom: 72, left: 48 };
/** Cameras are named to their right where there is room for names. */
const PADDING_NAMED = { ...PADDING, right: 200 };
const FOCUS_SPAN_M = 260;
const WEDGE_M = 32;
const ignore = () => {};
const NOTHING = { type: 'FeatureCollection' as const, features: [] };

export function CoverageMap(props: CoverageMapProps) {
  const { areas, area, cameras, cells, places, light, suggestion, chosenPlace, onPlace } = props;
  const words = useWords();
  const { theme } = useTheme();
  const container = useRef<HTMLDivElement>(null);
  const { map, hasFailed } = useCityMap(container, { onView: props.onView, onPoint: ignore });
  const [layers, setLayers] = useState<CoverageLayers>();
  const firstTheme = useRef(theme);
  useEffect(() => {
    if (map !== undefined) setLayers(map.draw((library) => addCoverageLayers(library, firstTheme.current)));
  }, [map]);
  useEffect(() => layers?.setTheme(theme), [layers, theme]);
  useEffect(() => {
    if (map !== undefined && areas !== undefined) map.setAreas(areas);
  }, [map, areas]);
  const shapes = useMemo(() => coverageShapes(cells, light), [cells, light]);
  useEffect(() => layers?.setCells(shapes), [layers, shapes]);
  useEffect(() => {
    if (suggestion === null) layers?.setGain(NOTHING, NOTHING);
    else layers?.setGain(gainedShapes(suggestion.gained), wedge(suggestion, WEDGE_M));
  }, [layers, suggestion]);

  const home = useMemo(() => homeOf(areas, { area, cameras, places }), [areas, area, cameras, places]);
  const key = home === null ? '' : `${area} ${home.join(' ')}`;
  const shown = useRef('');
  const padding = useIsNarrow() ? PADDING : PADDING_NAMED;
  const show = useCallback(() => home !== null && map?.show(home, padding), [map, home, padding]);
  useEffect(() => {
    if (map === undefined || home === null || shown.current === key) return;
    map.show(home, padding, { isInstant: shown.current === '' });
    shown.current = key;
  }, [map, home, key, padding]);
  const focus = suggestion ?? places.find(({ id }) => id === chosenPlace);
  const [lon, lat] = [focus?.lon, focus?.lat];
  useEffect(() => {
    if (lon === undefined || lat === undefined) return;
    map?.show(atLeast([lon, lat, lon, lat], FOCUS_SPAN_M), PADDING);
  }, [map, lon, lat]);

  return (
    <div className="coverage-map">
      <div
        ref={container}
        className="map"
        data-testid="coverage-map"
        data-ready={layers !== undefined}
        data-cells={shapes.features.length}
      />
      {map !== undefined && (
        <>
          <CameraMarkers map={map} cameras={[...cameras]} chosenId={null} onChoose={ignore} />
          <AreaLabels map={map} areas={areas} cameras={[...cameras]} />
          <PlaceMarkers map={map} places={places} light={light} chosenId={chosenPlace} onChoose={onPlace} />
          <MapButtons map={map} onFit={show} />
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

type Known = Pick<CoverageMapProps, 'area' | 'cameras' | 'places'>;

/** The chosen area; else cameras with their grids and key places, else everything. */
function homeOf(areas: AreaCollection | undefined, { area, cameras, places }: Known) {
  if (areas === undefined) return null;
  const chosen = areas.features.filter(({ properties }) => properties.id === area);
  if (chosen.length > 0) return areaBounds(chosen);
  const wanted = places.map(({ lon, lat }) => [lon, lat]);
  return boundsOf([...cornersOf(watchedBounds(cameras, areas)), ...wanted]) ?? areaBounds(areas.features);
}
