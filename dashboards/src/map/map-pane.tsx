/** The map in the page: opens it once, and hands it what changed. */
import { useEffect, useMemo, useRef } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { HeatMap } from '#models/schema/heat-map.ts';
import type { Polled } from '../polled.ts';
import { useWords } from '../words/language.tsx';
import { AreaLabels } from './area-labels.tsx';
import { type AreaCollection, areaBounds, atLeast, type Bounds, boundsOf } from './areas.ts';
import { CameraMarkers } from './camera-markers.tsx';
import type { MapView, Padding, PointedCell } from './city-map.ts';
import { MapButtons } from './map-buttons.tsx';
import { useCityMap } from './use-city-map.ts';

type MapPaneProps = {
  areas: Polled<AreaCollection>;
  cameras: CameraView[] | undefined;
  chosenId: string | null;
  heatMap: HeatMap | undefined;
  end: number;
  pointed: PointedCell | null;
  isNarrow: boolean;
  onChoose: (camera: string | null) => void;
  onView: (view: MapView) => void;
  onPoint: (pointed: PointedCell | null) => void;
};

const SPAN_MIN_M = 260;

/** What lies over the map's edges, so that what is shown is shown between them. */
function paddingFor(isNarrow: boolean, hasCamera: boolean): Padding {
  if (isNarrow) return { top: 160, right: 36, bottom: hasCamera ? innerHeight * 0.58 : 210, left: 36 };
  return { top: 90, right: hasCamera ? 620 : 180, bottom: 165, left: 420 };
}

/** The cameras and the areas they belong to; without cameras on the map, all areas. */
function homeOf(cameras: CameraView[] | undefined, areas: AreaCollection | undefined): Bounds | null {
  const placed = (cameras ?? []).flatMap(({ position }) =>
    position === undefined ? [] : [[position.lon, position.lat]],
  );
  const watched = new Set(cameras?.filter(({ position }) => position !== undefined).map(({ area }) => area));
  const around = areas?.features.filter(({ properties }) => placed.length === 0 || watched.has(properties.id)) ?? [];
  const bounds = boundsOf([...placed, ...cornersOf(areaBounds(around))]);
  return bounds === null ? null : atLeast(bounds, SPAN_MIN_M);
}

const cornersOf = (bounds: Bounds | null) => (bounds === null ? [] : [bounds.slice(0, 2), bounds.slice(2)]);

export function MapPane(props: MapPaneProps) {
  const words = useWords();
  const container = useRef<HTMLDivElement>(null);
  const { map, hasFailed } = useCityMap(container, props);
  const { cameras, areas, heatMap, end, pointed, chosenId, isNarrow } = props;

  useEffect(() => {
    if (map !== undefined && areas.data !== undefined) map.setAreas(areas.data);
  }, [map, areas.data]);
  useEffect(() => map?.setHeat(heatMap, end), [map, heatMap, end]);
  useEffect(() => map?.outlineCell(pointed?.cell ?? null), [map, pointed?.cell]);

  const isReady =
    map !== undefined && cameras !== undefined && (areas.data !== undefined || areas.problem !== undefined);
  const home = useMemo(() => homeOf(cameras, areas.data), [cameras, areas.data]);
  const wasShown = useRef(false);
  useEffect(() => {
    if (!isReady || home === null || wasShown.current) return;
    wasShown.current = true;
    map.show(home, paddingFor(isNarrow, false), { isInstant: true });
  }, [map, isReady, home, isNarrow]);

  const position = cameras?.find((camera) => camera.id === chosenId)?.position;
  const [lon, lat] = [position?.lon, position?.lat];
  useEffect(() => {
    if (map !== undefined && lon !== undefined && lat !== undefined) map.reveal(lon, lat, paddingFor(isNarrow, true));
  }, [map, lon, lat, isNarrow]);

  return (
    <>
      <div
        ref={container}
        className="map"
        data-testid="map"
        data-ready={map !== undefined}
        data-cells={heatMap?.cells.length}
      />
      {map !== undefined && (
        <>
          <CameraMarkers map={map} cameras={cameras ?? []} chosenId={chosenId} onChoose={props.onChoose} />
          <AreaLabels map={map} areas={areas.data} cameras={cameras} />
          <MapButtons
            map={map}
            onFit={() => home !== null && map.show(home, paddingFor(isNarrow, chosenId !== null))}
          />
        </>
      )}
      {isReady && home === null && (
        <div className="map-empty">
          <p>{words.map.empty}</p>
          <p>{words.map.emptyCure}</p>
        </div>
      )}
      {hasFailed && (
        <div className="map-failed" role="alert">
          <p className="problem-title">{words.map.failed}</p>
          <p>{words.map.failedCure}</p>
        </div>
      )}
    </>
  );
}
