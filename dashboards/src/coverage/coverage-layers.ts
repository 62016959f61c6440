/** What the coverage page draws over the map: cells by their state, key places, and what a suggestion would gain. */
import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Theme } from '../theme.tsx';

export type CoverageLayers = {
  setTheme: (theme: Theme) => void;
  setCells: (cells: FeatureCollection) => void;
  setPlaces: (places: FeatureCollection) => void;
  setGain: (gained: FeatureCollection, wedge: FeatureCollection) => void;
};

/**
 * Blue, orange and purple of Okabe and Ito, which people with any colour blindness tell apart; what is hardly watched is
 * hatched and what would be gained is dotted besides, so that they differ without colour too.
 */
const COLOURS = {
  light: { seen: '#0072b2', faint: '#5f7d93', unwatched: '#d98300', gained: '#a2458a', place: '#12171b' },
  dark: { seen: '#4aa8e8', faint: '#7c97ab', unwatched: '#f0a030', gained: '#e08cc8', place: '#edf1f4' },
} as const;

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };
const SOURCES = ['coverage-cells', 'coverage-places', 'coverage-gained', 'coverage-wedge'] as const;
/** Borders of areas stay above. */
const BELOW = 'grid-lines';

export function addCoverageLayers(map: MapLibreMap, theme: Theme): CoverageLayers {
  for (const each of ['light', 'dark'] as const) {
    map.addImage(`coverage-hatch-${each}`, hatched(COLOURS[each].unwatched), { pixelRatio: 2 });
    map.addImage(`coverage-dots-${each}`, dotted(COLOURS[each].gained), { pixelRatio: 2 });
  }
  for (const source of SOURCES) map.addSource(source, { type: 'geojson', data: EMPTY, tolerance: 0 });
  const cells = (id: string, state: string) =>
    map.addLayer(
      { id, type: 'fill', source: 'coverage-cells', filter: ['==', ['get', 'state'], state], paint: {} },
      BELOW,
    );
  for (const state of ['faint', 'seen', 'unwatched']) cells(`coverage-${state}`, state);
  cells('coverage-hatch', 'unwatched');
  map.addLayer({ id: 'coverage-gained', type: 'fill', source: 'coverage-gained', paint: {} }, BELOW);
  map.addLayer({ id: 'coverage-dots', type: 'fill', source: 'coverage-gained', paint: {} }, BELOW);
  map.addLayer({ id: 'coverage-places', type: 'line', source: 'coverage-places', paint: { 'line-width': 1.6 } });
  map.addLayer({ id: 'coverage-wedge', type: 'line', source: 'coverage-wedge', paint: { 'line-width': 2 } });
  map.setPaintProperty('coverage-places', 'line-dasharray', [2, 1.5]);
  const paint = (next: Theme) => {
    const colours = COLOURS[next];
    const fill = (id: string, colour: string, opacity: number | ExpressionSpecification) => {
      map.setPaintProperty(id, 'fill-color', colour);
      map.setPaintProperty(id, 'fill-opacity', opacity);
      map.setPaintProperty(id, 'fill-antialias', false);
    };
    fill('coverage-faint', colours.faint, 0.22);
    fill('coverage-seen', colours.seen, ['interpolate', ['linear'], ['get', 'recall'], 0.5, 0.5, 1, 0.85]);
    fill('coverage-unwatched', colours.unwatched, 0.28);
    fill('coverage-gained', colours.gained, 0.3);
    map.setPaintProperty('coverage-hatch', 'fill-pattern', `coverage-hatch-${next}`);
    map.setPaintProperty('coverage-dots', 'fill-pattern', `coverage-dots-${next}`);
    map.setPaintProperty('coverage-places', 'line-color', colours.place);
    map.setPaintProperty('coverage-wedge', 'line-color', colours.gained);
  };
  paint(theme);
  const set = (source: (typeof SOURCES)[number], data: FeatureCollection) =>
    void map.getSource<GeoJSONSource>(source)?.setData(data);
  return {
    setTheme: paint,
    setCells: (data) => set('coverage-cells', data),
    setPlaces: (data) => set('coverage-places', data),
    setGain: (gained, wedge) => {
      set('coverage-gained', gained);
      set('coverage-wedge', wedge);
    },
  };
}

const TILE_PX = 16;

/** A tile of `TILE_PX` pixels that repeats without a seam; `ink` says how much colour a pixel has, 0 to 1. */
function tile(colour: string, ink: (x: number, y: number) => number) {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const data = new Uint8ClampedArray(TILE_PX * TILE_PX * 4);
  for (let y = 0; y < TILE_PX; y++) {
    for (let x = 0; x < TILE_PX; x++)
      data.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, ink(x, y) * 255], (y * TILE_PX + x) * 4);
  }
  return { width: TILE_PX, height: TILE_PX, data };
}

const hatched = (colour: string) => tile(colour, (x, y) => Math.max(0, 1.6 - Math.abs(((x + y) % 8) - 4)) / 1.6);

const dotted = (colour: string) =>
  tile(colour, (x, y) => Math.max(0, Math.min(1, 2.6 - Math.hypot((x % 8) - 4, (y % 8) - 4))));
