/** The map in the page: opens it once, and hands it what changed. */

import type { FeatureCollection } from 'geojson';
import { useEffect, useMemo, useRef } from 'react';
import type { CameraView } from '#models/schema/camera-view.ts';
import type { Polled } from '../polled.ts';
import type { Words } from '../words/english.ts';
import { useWords } from '../words/language.tsx';
import type { Chosen } from '../workspace/choices.ts';
import { AreaLabels } from './area-labels.tsx';
import { type AreaCollection, areaBounds, atLeast, type Bounds, labelsOf, watchedBounds } from './areas.ts';
import { CameraMarkers } from './camera-markers.tsx';
import type { CityMap, MapView, Padding, PointedPlace } from './city-map.ts';
import { cellMiddle, cellRing } from './heat-cells.ts';
import type { Scale } from './heat-columns.ts';
import { MapButtons } from './map-buttons.tsx';
import { figuresAt, type MapFigures } from './map-figures.ts';
import { toneText } from './measure.ts';
import { useCityMap } from './use-city-map.ts';

type MapPaneProps = {
  areas: Polled<AreaCollection>;
  cameras: CameraView[] | undefined;
  chosen: Chosen | null;
  figures: MapFigures | undefined;
  /** Of all steps, while time is played. */
  fixedScale: Scale | undefined;
  tracks: FeatureCollection;
  pointed: PointedPlace | null;
  /** Where the address says the map stands: "lon,lat,zoom". */
  at: string | null;
  isNarrow: boolean;
  /** Whether somebody chose it on this map, where they look already; else the map goes there. */
  isPicked: (chosen: Chosen | null) => boolean;
  onChoose: (chosen: Chosen | null) => void;
  onView: (view: MapView) => void;
  onPoint: (pointed: PointedPlace | null) => void;
  onPick: (picked: PointedPlace) => void;
  onMap: (map: CityMap) => void;
};

const SPAN_MIN_M = 260;

/** What lies over the map's edges, so that what is shown is shown between them. */
function paddingFor(isNarrow: boolean, hasPanel: boolean): Padding {
  if (isNarrow) return { top: 160, right: 60, bottom: hasPanel ? innerHeight * 0.58 : 210, left: 36 };
  return { top: 90, right: hasPanel ? 620 : 180, bottom: 165, left: 420 };
}

/** What is watched; without cameras on the map, all areas. */
function homeOf(cameras: CameraView[] | undefined, areas: AreaCollection | undefined): Bounds | null {
  const bounds = watchedBounds(cameras ?? [], areas) ?? areaBounds(areas?.features ?? []);
  return bounds === null ? null : atLeast(bounds, SPAN_MIN_M);
}

function readAt(at: string | null): [number, number, number] | null {
  const [lon, lat, zoom] = (at ?? '').split(',').map(Number);
  const isPlace = Math.abs(lon ?? 999) <= 180 && Math.abs(lat ?? 999) <= 85 && (zoom ?? -1) >= 0;
  return isPlace ? [lon!, lat!, zoom!] : null;
}

/** The outlines of a cell or an area; of one that nobody knows none. */
function outlineOf(
  one: { what: string; id: string } | null | undefined,
  areas: AreaCollection | undefined,
): FeatureCollection['features'] {
  if (one?.what === 'cell')
    return [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [cellRing(one.id)] } }];
  if (one?.what === 'area') return areas?.features.filter(({ properties }) => properties.id === one.id) ?? [];
  return [];
}

const NO_VALUES: ReadonlyMap<string, string> = new Map();

/** What is written below the name of each area that was watched. */
function areaValues(figures: MapFigures | undefined, words: Words): ReadonlyMap<string, string> {
  if (figures?.of !== 'areas') return NO_VALUES;
  const watched = figures.areas.areas.filter(({ isWatched }) => isWatched);
  return new Map(watched.map(({ id, tone }) => [id, toneText(tone, figures, words)]));
}

function useDrawing(map: CityMap | undefined, props: MapPaneProps): void {
  const { areas, figures, fixedScale, tracks, pointed, chosen } = props;
  useEffect(() => {
    if (map !== undefined && areas.data !== undefined) map.setAreas(areas.data);
  }, [map, areas.data]);
  useEffect(() => {
    if (map === undefined) return;
    const isAreas = figures?.of === 'areas';
    map.setHeat(figures?.of === 'cells' ? figures.heat : null, fixedScale);
    const scale = fixedScale ?? figures?.scale;
    map.setAreaTones(
      isAreas && scale !== undefined ? { level: figures.answer.level, scale, areas: figures.areas.areas } : null,
    );
  }, [map, figures, fixedScale]);
  useEffect(() => map?.setTracks(tracks), [map, tracks]);
  const under = pointed === null || figures === undefined ? undefined : figuresAt(figures, pointed);
  const underKey = under === undefined ? '' : `${under.what} ${under.id}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same cell under another pixel has the same outline
  useEffect(() => {
    const features = [...outlineOf(chosen, areas.data), ...outlineOf(under, areas.data)];
    map?.setOutlines({ type: 'FeatureCollection', features });
  }, [map, underKey, chosen, areas.data]);
}

type Known = { cameras: CameraView[] | undefined; areas: AreaCollection | undefined };

/** Where what is chosen stands, so that it is not left under the panel that tells of it. */
function placeOfChosen(chosen: Chosen | null, { cameras, areas }: Known): readonly [number, number] | undefined {
  if (chosen === null) return undefined;
  if (chosen.what === 'cell') return cellMiddle(chosen.id);
  if (chosen.what === 'camera') {
    const position = cameras?.find(({ id }) => id === chosen.id)?.position;
    return position === undefined ? undefined : [position.lon, position.lat];
  }
  const [label] = labelsOf({ type: 'FeatureCollection', features: featuresOf(chosen.id, areas) });
  return label === undefined ? undefined : [label.lon, label.lat];
}

const featuresOf = (id: string, areas: AreaCollection | undefined) =>
  areas?.features.filter(({ properties }) => properties.id === id) ?? [];

/** Shows home when it is first known, or the place of the address, also when "back" brings another one. */
function useStanding(map: CityMap | undefined, props: MapPaneProps, home: Bounds | null): void {
  const { at, isNarrow, cameras, areas, chosen, isPicked } = props;
  const isReady = cameras !== undefined && (areas.data !== undefined || areas.problem !== undefined);
  const wasShown = useRef(false);
  useEffect(() => {
    const place = readAt(at);
    if (map === undefined || place === null) return;
    wasShown.current = true;
    map.jump(...place);
  }, [map, at]);
  const area = chosen?.what === 'area' ? chosen.id : null;
  const isOfArea = chosen === null || area !== null;
  const shownArea = useRef<string | null>(null);
  const wasBeside = useRef(false);
  useEffect(() => {
    if (map === undefined || !isReady || home === null) return;
    const isSame = shownArea.current === area;
    if (isOfArea) shownArea.current = area;
    const isFirst = !wasShown.current;
    // It was shown small beside a panel that is gone now, and nobody has moved it since.
    const hasRoom = wasBeside.current && chosen === null && at === null;
    if (!isFirst && !hasRoom && (isSame || !isOfArea || at !== null || isPicked(chosen))) return;
    wasShown.current = true;
    wasBeside.current = chosen !== null;
    const own = area === null ? null : areaBounds(featuresOf(area, areas.data));
    map.show(own ?? home, paddingFor(isNarrow, chosen !== null), { isInstant: isFirst });
  }, [map, isReady, home, isNarrow, areas.data, chosen, area, isOfArea, at, isPicked]);
  const [lon, lat] =
    (isPicked(chosen) || area === null ? placeOfChosen(chosen, { cameras, areas: areas.data }) : []) ?? [];
  useEffect(() => {
    if (map !== undefined && lon !== undefined && lat !== undefined) map.reveal(lon, lat, paddingFor(isNarrow, true));
  }, [map, lon, lat, isNarrow]);
}

export function MapPane(props: MapPaneProps) {
  const words = useWords();
  const container = useRef<HTMLDivElement>(null);
  const { map, hasFailed } = useCityMap(container, props);
  const { cameras, areas, figures, chosen, isNarrow, onChoose, onMap } = props;
  useEffect(() => {
    if (map !== undefined) onMap(map);
  }, [map, onMap]);
  useDrawing(map, props);
  const home = useMemo(() => homeOf(cameras, areas.data), [cameras, areas.data]);
  useStanding(map, props, home);
  const isReady = cameras !== undefined && (areas.data !== undefined || areas.problem !== undefined);
  const values = useMemo(() => areaValues(figures, words), [figures, words]);
  const cameraId = chosen?.what === 'camera' ? chosen.id : null;
  return (
    <>
      <div
        ref={container}
        className="map"
        data-testid="map"
        data-ready={map !== undefined}
        data-cells={figures?.count}
        data-shown={figures === undefined ? '' : `${figures.of} ${figures.measure} ${figures.shown}`}
      />
      {map !== undefined && (
        <>
          <CameraMarkers
            map={map}
            cameras={cameras ?? []}
            chosenId={cameraId}
            onChoose={(id) => onChoose(id === null ? null : { what: 'camera', id })}
          />
          <AreaLabels map={map} areas={areas.data} cameras={cameras} values={values} />
          <MapButtons map={map} onFit={() => home !== null && map.show(home, paddingFor(isNarrow, chosen !== null))} />
        </>
      )}
      {isReady && map !== undefined && home === null && (
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
