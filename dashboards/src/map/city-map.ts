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
import type { HeatMap } from '#models/schema/heat-map.ts';
import type { Theme } from '../theme.tsx';
import type { AreaCollection, Bounds } from './areas.ts';
import { cellColour, hatch, mapStyle } from './base-style.ts';
import { cellRing, cellShapes } from './heat-cells.ts';

setWorkerUrl(workerUrl);

export type MapView = { bounds: Bounds; zoom: number; latitude: number };
export type PointedCell = { cell: string; x: number; y: number; by: 'pointer' | 'touch' | 'keys' };
export type Padding = { top: number; right: number; bottom: number; left: number };

export type CityMapOptions = {
  theme: Theme;
  label: string;
  onView: (view: MapView) => void;
  onPoint: (pointed: PointedCell | null) => void;
};

export type PlacedElement = { move: (lon: number, lat: number) => void; remove: () => void };

export type CityMap = {
  setTheme: (theme: Theme) => void;
  setAreas: (areas: AreaCollection) => void;
  setHeat: (heatMap: HeatMap | undefined, end: number) => void;
  outlineCell: (cell: string | null) => void;
  /** `pinPx` from the element's left edge is the place itself; otherwise its middle is. */
  place: (element: HTMLElement, lon: number, lat: number, options?: { pinPx?: number }) => PlacedElement;
  show: (bounds: Bounds, padding: Padding, options?: { isInstant?: boolean }) => void;
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
  /** Calls back after every move until the returned function is called. */
  onMoved: (told: () => void) => () => void;
  remove: () => void;
};

const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

export async function openCityMap(container: HTMLElement, options: CityMapOptions): Promise<CityMap> {
  let { theme } = options;
  let end = 1;
  const map = new MapLibreMap({
    container,
    style: mapStyle(theme, end),
    center: [117.02, 36.66],
    zoom: 12,
    minZoom: 3,
    maxZoom: 21,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: { 'Map.Title': options.label },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 88, unit: 'metric' }), 'bottom-right');
  for (const each of ['light', 'dark'] as const) map.addImage(`hatch-${each}`, hatch(each), { pixelRatio: 2 });
  await new Promise<void>((done) => map.once('style.load', () => done()));
  listen(map, options);

  const source = (id: string) => map.getSource<GeoJSONSource>(id);
  const paint = () => {
    for (const layer of mapStyle(theme, end).layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        map.setPaintProperty(layer.id, name as 'fill-color', value);
    }
  };
  return {
    setTheme: (next) => {
      theme = next;
      paint();
    },
    setAreas: (areas) => void source('areas')?.setData(areas),
    setHeat: (heatMap, nextEnd) => {
      void source('cells')?.setData(cellShapes(heatMap));
      if (nextEnd === end) return;
      end = nextEnd;
      map.setPaintProperty('cells', 'fill-color', cellColour(theme, end));
    },
    outlineCell: (cell) =>
      void source('pointed')?.setData({
        type: 'FeatureCollection',
        features:
          cell === null
            ? []
            : [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [cellRing(cell)] } }],
      }),
    place: (element, lon, lat, { pinPx } = {}) => {
      const how = pinPx === undefined ? {} : { anchor: 'left' as const, offset: [-pinPx, 0] as [number, number] };
      const marker = new Marker({ element, ...how }).setLngLat([lon, lat]).addTo(map);
      // MapLibre calls every marker "Map marker"; what is placed here has a name of its own, or none.
      for (const name of ['aria-label', 'role', 'tabindex']) element.removeAttribute(name);
      return { move: (toLon, toLat) => void marker.setLngLat([toLon, toLat]), remove: () => void marker.remove() };
    },
    show: (bounds, padding, { isInstant = false } = {}) =>
      void map.fitBounds(bounds, { padding, maxZoom: 18.5, duration: isInstant || isCalm.matches ? 0 : 600 }),
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
    zoomBy: (steps) => void map.zoomTo(map.getZoom() + steps, { duration: isCalm.matches ? 0 : 250 }),
    project: (lon, lat) => map.project([lon, lat]),
    onMoved: (told) => {
      map.on('moveend', told);
      return () => void map.off('moveend', told);
    },
    draw: (add) => add(map),
    remove: () => map.remove(),
  };
}

const placeOf = ({ lng, lat }: { lng: number; lat: number }) => ({ lon: lng, lat });

function listen(map: MapLibreMap, { onView, onPoint }: CityMapOptions): void {
  const canvas = map.getCanvas();
  const tellView = () => {
    const bounds = map.getBounds();
    onView({
      bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      zoom: map.getZoom(),
      latitude: map.getCenter().lat,
    });
  };
  let pointed: Omit<PointedCell, 'cell'> | null = null;
  let told: string | undefined;
  const tell = () => {
    const cell = pointed === null ? undefined : cellAt(map, pointed);
    if (cell === undefined && told === undefined) return;
    told = cell;
    onPoint(cell === undefined || pointed === null ? null : { cell, ...pointed });
  };
  const point = (at: typeof pointed) => {
    pointed = at;
    tell();
  };
  const pointAtCentre = () => {
    if (canvas.matches(':focus-visible')) point({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2, by: 'keys' });
  };
  map.on('moveend', () => {
    tellView();
    pointAtCentre();
  });
  map.on('mousemove', ({ point: { x, y } }) => point({ x, y, by: 'pointer' }));
  map.on('click', ({ point: { x, y } }) => point({ x, y, by: 'touch' }));
  map.on('mouseout', () => point(null));
  map.on('movestart', () => point(null));
  // Under a pointer that rests, cells come and go with every refresh.
  map.on('idle', tell);
  canvas.addEventListener('focus', pointAtCentre);
  canvas.addEventListener('blur', () => point(null));
  tellView();
}

function cellAt(map: MapLibreMap, { x, y }: { x: number; y: number }): string | undefined {
  return map.queryRenderedFeatures([x, y], { layers: ['cells'] })[0]?.properties.cell as string | undefined;
}
