/** The map itself: MapLibre with our drawing. Loaded after signing in, since MapLibre is the bulk of the page. */
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import {
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  Marker,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { AreaLevel } from '#models/schema/area.ts';
import type { Theme } from '../theme.tsx';
import type { AreaTone } from './area-tones.ts';
import type { AreaCollection, Bounds } from './areas.ts';
import { doubt, hatch, type Look, mapStyle } from './base-style.ts';
import { createCellsLayer } from './cells-layer.ts';
import type { Scale } from './heat-columns.ts';
import type { Heat } from './heat-reader.ts';
import { listen, type MapListeners, placeOf } from './map-events.ts';
import { tellDrawn } from './tell-drawn.ts';

setWorkerUrl(workerUrl);

export type { MapView, PointedPlace } from './map-events.ts';
export type Padding = { top: number; right: number; bottom: number; left: number };

export type CityMapOptions = MapListeners & { theme: Theme; label: string };

export type PlacedElement = { move: (lon: number, lat: number) => void; remove: () => void };

export type CityMap = {
  setTheme: (theme: Theme) => void;
  setAreas: (areas: AreaCollection) => void;
  /** `scale` instead of the heat map's own where frames of a time play share one. */
  setHeat: (heat: Heat | null, scale?: Scale) => void;
  /** Figures of the areas of one level, in the place of cells; null takes them away. */
  setAreaTones: (tones: { level: AreaLevel; scale: Scale; areas: readonly AreaTone[] } | null) => void;
  /** Outlines what is pointed at or chosen, over everything. */
  setOutlines: (outlines: FeatureCollection) => void;
  setTracks: (tracks: FeatureCollection) => void;
  /** `pinPx` from the element's left edge is the place itself; otherwise its middle is. */
  place: (element: HTMLElement, lon: number, lat: number, options?: { pinPx?: number }) => PlacedElement;
  show: (bounds: Bounds, padding: Padding, options?: { isInstant?: boolean }) => void;
  /** What a reader of the screen hears of it. */
  setLabel: (label: string) => void;
  jump: (lon: number, lat: number, zoom: number) => void;
  reveal: (lon: number, lat: number, padding: Padding) => void;
  /** Ground that a camera sees, or would: drawn over the cells. */
  setSight: (sight: FeatureCollection) => void;
  zoomBy: (steps: number) => void;
  /** Hands MapLibre itself to a view that draws layers of its own. */
  draw: <Layers>(add: (map: MapLibreMap) => Layers) => Layers;
  centre: () => { lon: number; lat: number };
  unproject: (x: number, y: number) => { lon: number; lat: number };
  /** Calls back with the place of every click until the returned function is called. */
  onClicked: (told: (lon: number, lat: number) => void) => () => void;
  project: (lon: number, lat: number) => { x: number; y: number };
  /** In pixels. */
  width: () => number;
  /** Calls back after every move until the returned function is called. */
  onMoved: (told: () => void) => () => void;
  /** Draws once more and hands over the canvas while its picture is in it. */
  picture: () => Promise<ImageBitmap>;
  remove: () => void;
};

const isCalm = matchMedia('(prefers-reduced-motion: reduce)');
const NO_SCALE: Scale = { end: 1, isDiverging: false, isRoot: true };

async function openMap(container: HTMLElement, look: Look, label: string): Promise<MapLibreMap> {
  const map = new MapLibreMap({
    container,
    style: mapStyle(look),
    center: [117.02, 36.66],
    zoom: 12,
    minZoom: 3,
    maxZoom: 21,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: { 'Map.Title': label },
  });
  tellDrawn(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 88, unit: 'metric' }), 'bottom-right');
  for (const each of ['light', 'dark'] as const) {
    map.addImage(`hatch-${each}`, hatch(each), { pixelRatio: 2 });
    map.addImage(`doubt-${each}`, doubt(each), { pixelRatio: 2 });
  }
  await new Promise<void>((done) => map.once('style.load', () => done()));
  return map;
}

export async function openCityMap(container: HTMLElement, options: CityMapOptions): Promise<CityMap> {
  let look: Look = { theme: options.theme, level: null, scale: NO_SCALE };
  const map = await openMap(container, look, options.label);
  const cells = createCellsLayer(() => map, look.theme);
  map.addLayer(cells, 'area-figures');
  listen(map, options);

  const source = (id: string) => map.getSource<GeoJSONSource>(id);
  const paint = (next: Look) => {
    look = next;
    for (const layer of mapStyle(look).layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        map.setPaintProperty(layer.id, name as 'fill-color', value);
      if (layer.id.startsWith('area-figures') || layer.id === 'area-doubts')
        map.setFilter(layer.id, (layer as { filter?: never }).filter);
    }
  };
  return {
    setTheme: (theme) => {
      paint({ ...look, theme });
      cells.setTheme(theme);
    },
    setAreas: (areas) => void source('areas')?.setData(areas),
    setHeat: cells.setHeat,
    setAreaTones: (tones) => {
      map.removeFeatureState({ source: 'areas' });
      if (tones === null && look.level === null) return;
      paint({ ...look, level: tones?.level ?? null, scale: tones?.scale ?? NO_SCALE });
      for (const { id, tone, ...marks } of tones?.areas ?? [])
        map.setFeatureState({ source: 'areas', id }, { ...marks, ...(Number.isNaN(tone) ? {} : { tone }) });
    },
    setOutlines: (outlines) => void source('pointed')?.setData(outlines),
    setTracks: (tracks) => void source('tracks')?.setData(tracks),
    place: (element, lon, lat, { pinPx } = {}) => {
      const how = pinPx === undefined ? {} : { anchor: 'left' as const, offset: [-pinPx, 0] as [number, number] };
      const marker = new Marker({ element, ...how }).setLngLat([lon, lat]).addTo(map);
      // MapLibre calls every marker "Map marker"; what is placed here has a name of its own, or none.
      for (const name of ['aria-label', 'role', 'tabindex']) element.removeAttribute(name);
      return { move: (toLon, toLat) => void marker.setLngLat([toLon, toLat]), remove: () => void marker.remove() };
    },
    show: (bounds, padding, { isInstant = false } = {}) =>
      void map.fitBounds(bounds, { padding, maxZoom: 18.5, duration: isInstant || isCalm.matches ? 0 : 600 }),
    setLabel: (label) => map.getCanvas().setAttribute('aria-label', label),
    jump: (lon, lat, zoom) => void map.jumpTo({ center: [lon, lat], zoom }),
    reveal: (lon, lat, padding) => {
      const { x, y } = map.project([lon, lat]);
      const { clientWidth, clientHeight } = container;
      const isCovered =
        x < padding.left || y < padding.top || x > clientWidth - padding.right || y > clientHeight - padding.bottom;
      const offset: [number, number] = [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2];
      if (isCovered) map.easeTo({ center: [lon, lat], offset, duration: isCalm.matches ? 0 : 500 });
    },
    setSight: (sight) => void source('sight')?.setData(sight),
    centre: () => placeOf(map.getCenter()),
    unproject: (x, y) => placeOf(map.unproject([x, y])),
    onClicked: (told) => {
      const onClick = ({ lngLat }: MapMouseEvent) => told(lngLat.lng, lngLat.lat);
      map.on('click', onClick);
      return () => void map.off('click', onClick);
    },
    zoomBy: (steps) =>
      void map.zoomTo(map.getZoom() + steps, { duration: isCalm.matches ? 0 : 250 }, { originalEvent: 'a button' }),
    project: (lon, lat) => map.project([lon, lat]),
    width: () => container.clientWidth,
    onMoved: (told) => {
      map.on('moveend', told);
      return () => void map.off('moveend', told);
    },
    draw: (add) => add(map),
    picture: () =>
      new Promise((done, fail) => {
        map.once('render', () => createImageBitmap(map.getCanvas()).then(done, fail));
        map.triggerRepaint();
      }),
    remove: () => map.remove(),
  };
}
