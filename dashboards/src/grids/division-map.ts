/** The map of the division: outlines by level, grids coloured by their figures, faults and chosen ground over them. */
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  Map as MapLibreMap,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { AreaLevel } from '#models/schema/area.ts';
import type { Bounds } from '../map/areas.ts';
import { MAP_COLOURS } from '../map/base-style.ts';
import { tellDrawn } from '../map/tell-drawn.ts';
import type { Theme } from '../theme.tsx';
import type { Tone } from './division.ts';

setWorkerUrl(workerUrl);

export type DrawnArea = { id: string; name: string; level: AreaLevel; tone: Tone };
export type DrawnAreas = FeatureCollection<Polygon | MultiPolygon, DrawnArea>;
/** `kind` decides the colour: something missing, something double, or a mark. */
export type Mark = Feature & { properties: { kind: 'missing' | 'double' | 'place'; isChosen: boolean } };

export type DivisionMap = {
  setTheme: (theme: Theme) => void;
  /** What a reader of the screen hears of it. */
  setLabel: (label: string) => void;
  setAreas: (areas: DrawnAreas) => void;
  /** Areas of this level are filled and can be pointed at; those above are outlines. */
  setLevel: (level: AreaLevel) => void;
  setMarks: (marks: readonly Mark[]) => void;
  chooseArea: (id: string | null) => void;
  show: (bounds: Bounds, options?: { isInstant?: boolean }) => void;
  zoomBy: (steps: number) => void;
  project: (lon: number, lat: number) => { x: number; y: number };
  onMoved: (told: () => void) => () => void;
  remove: () => void;
};

type ToneColours = Record<Tone, string>;
const TONE_COLOURS: Record<Theme, ToneColours> = {
  light: { none: '#f4f4f2', low: '#e9a23b', good: '#9ccbb0', high: '#7fa9d8' },
  dark: { none: '#171d23', low: '#8a5a12', good: '#23513b', high: '#2b4b73' },
};
const FAULT_COLOURS: Record<Theme, { missing: string; double: string; place: string }> = {
  light: { missing: '#b3261e', double: '#7a2fa0', place: '#b3261e' },
  dark: { missing: '#ff7a70', double: '#d59bf0', place: '#ff7a70' },
};

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };
const LEVELS: readonly AreaLevel[] = ['city', 'district', 'street', 'village', 'grid'];
const WIDTHS_PX = [2.6, 2.2, 1.8, 1.4, 0.8];
/** Above stand the buttons. */
const PADDING_PX = { top: 72, right: 56, bottom: 48, left: 48 };

const by = (property: string, values: Record<string, string | number>, fallback: string | number) =>
  ['match', ['get', property], ...Object.entries(values).flat(), fallback] as unknown as ExpressionSpecification;

function styleOf(theme: Theme): StyleSpecification {
  const [colours, tones, faults] = [MAP_COLOURS[theme], TONE_COLOURS[theme], FAULT_COLOURS[theme]];
  const kind = by('kind', faults, faults.place);
  const widths = Object.fromEntries(LEVELS.map((level, index) => [level, WIDTHS_PX[index]!]));
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: EMPTY, tolerance: 0.2, promoteId: 'id' },
      marks: { type: 'geojson', data: EMPTY, tolerance: 0 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
      {
        id: 'fills',
        type: 'fill',
        source: 'areas',
        paint: { 'fill-color': by('tone', tones, tones.none), 'fill-antialias': false },
      },
      {
        id: 'lines',
        type: 'line',
        source: 'areas',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': ['case', ['==', ['get', 'level'], 'grid'], colours.outline, colours.outlineStrong],
          'line-width': by('level', widths, 1),
        },
      },
      {
        id: 'chosen',
        type: 'line',
        source: 'areas',
        layout: { 'line-join': 'round' },
        filter: ['==', ['get', 'id'], ''],
        paint: { 'line-color': colours.hover, 'line-width': 3 },
      },
      {
        id: 'mark-fills',
        type: 'fill',
        source: 'marks',
        filter: ['!=', ['geometry-type'], 'Point'],
        paint: { 'fill-color': kind, 'fill-opacity': ['case', ['get', 'isChosen'], 0.6, 0.35] },
      },
      {
        id: 'mark-lines',
        type: 'line',
        source: 'marks',
        layout: { 'line-join': 'round' },
        filter: ['!=', ['geometry-type'], 'Point'],
        paint: { 'line-color': kind, 'line-width': ['case', ['get', 'isChosen'], 3.5, 2] },
      },
      {
        id: 'mark-points',
        type: 'circle',
        source: 'marks',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-color': kind,
          'circle-radius': ['case', ['get', 'isChosen'], 9, 4],
          'circle-opacity': ['case', ['get', 'isChosen'], 0.45, 0.8],
          'circle-stroke-color': colours.area,
          'circle-stroke-width': 1.5,
        },
      },
    ],
  };
}

type Options = { theme: Theme; label: string; onPoint: (area: string | null) => void };

const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

export async function openDivisionMap(container: HTMLElement, options: Options): Promise<DivisionMap> {
  const map = new MapLibreMap({
    container,
    style: styleOf(options.theme),
    center: [117.02, 36.66],
    zoom: 11,
    minZoom: 3,
    maxZoom: 21,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: { 'Map.Title': options.label },
  });
  tellDrawn(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 88, unit: 'metric' }), 'bottom-right');
  await new Promise<void>((done) => map.once('style.load', () => done()));
  map.on('click', ({ point }) => {
    const found = map.queryRenderedFeatures(point, { layers: ['fills'] })[0]?.properties.id as string | undefined;
    options.onPoint(found ?? null);
  });
  const source = (id: string) => map.getSource<GeoJSONSource>(id);
  return {
    setTheme: (theme) => {
      for (const layer of styleOf(theme).layers)
        for (const [name, value] of Object.entries(layer.paint ?? {}))
          map.setPaintProperty(layer.id, name as 'fill-color', value);
    },
    setLabel: (label) => map.getCanvas().setAttribute('aria-label', label),
    setAreas: (areas) => void source('areas')?.setData(areas),
    setLevel: (level) => {
      const shown = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
      map.setFilter('fills', ['==', ['get', 'level'], level]);
      map.setFilter('lines', ['in', ['get', 'level'], ['literal', shown]]);
    },
    setMarks: (marks) => void source('marks')?.setData({ type: 'FeatureCollection', features: [...marks] }),
    chooseArea: (id) => void map.setFilter('chosen', ['==', ['get', 'id'], id ?? '']),
    show: (bounds, { isInstant = false } = {}) =>
      void map.fitBounds(bounds, {
        padding: PADDING_PX,
        maxZoom: 19,
        duration: isInstant || isCalm.matches ? 0 : 500,
      }),
    zoomBy: (steps) => void map.zoomTo(map.getZoom() + steps, { duration: isCalm.matches ? 0 : 250 }),
    project: (lon, lat) => map.project([lon, lat]),
    onMoved: (told) => {
      map.on('moveend', told);
      return () => void map.off('moveend', told);
    },
    remove: () => map.remove(),
  };
}
