/** The map's drawing without any tile server: paper, hatching where nobody watched, cells, outlines of areas. */
import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import type { Theme } from '../theme.tsx';
import { heatColours } from './colour-scale.ts';

export type MapColours = {
  ground: string;
  area: string;
  hatch: string;
  outline: string;
  outlineStrong: string;
  empty: string;
  emptyLine: string;
  hover: string;
  sight: string;
};

export const MAP_COLOURS: Record<Theme, MapColours> = {
  light: {
    ground: '#e9ebec',
    area: '#f4f4f2',
    hatch: '#dfe2e3',
    outline: '#a9b1b7',
    outlineStrong: '#75808a',
    empty: '#ffffff',
    emptyLine: '#c9d0d4',
    hover: '#14181c',
    sight: '#0b5f92',
  },
  dark: {
    ground: '#0a0d10',
    area: '#10151a',
    hatch: '#1a2026',
    outline: '#46515b',
    outlineStrong: '#76838e',
    empty: '#28313a',
    emptyLine: '#3a4650',
    hover: '#ffffff',
    sight: '#6fbdf0',
  },
};

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Colour of a cell by its value: a tone of its own for "watched, empty", the scale above that. */
export function cellColour(theme: Theme, end: number): ExpressionSpecification {
  const colours = heatColours(theme);
  const stops = colours.flatMap((colour, index) => [index / (colours.length - 1), colour]);
  return [
    'case',
    ['<=', ['get', 'value'], 0],
    MAP_COLOURS[theme].empty,
    ['interpolate', ['linear'], ['sqrt', ['min', 1, ['/', ['get', 'value'], end]]], ...stops],
  ] as unknown as ExpressionSpecification;
}

const byZoom = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

export function mapStyle(theme: Theme, end: number): StyleSpecification {
  const colours = MAP_COLOURS[theme];
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: EMPTY, tolerance: 0.2 },
      cells: { type: 'geojson', data: EMPTY, tolerance: 0, buffer: 8, maxzoom: 18 },
      pointed: { type: 'geojson', data: EMPTY, tolerance: 0 },
      sight: { type: 'geojson', data: EMPTY, tolerance: 0 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
      { id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': colours.area, 'fill-antialias': false } },
      { id: 'unwatched', type: 'background', paint: { 'background-pattern': `hatch-${theme}` } },
      {
        id: 'cells',
        type: 'fill',
        source: 'cells',
        paint: { 'fill-color': cellColour(theme, end), 'fill-opacity': 0.94, 'fill-antialias': false },
      },
      {
        id: 'cell-lines',
        type: 'line',
        source: 'cells',
        paint: {
          'line-color': ['case', ['<=', ['get', 'value'], 0], colours.emptyLine, colours.area],
          'line-width': byZoom(12, 0.3, 16, 0.7, 20, 1.2),
          'line-opacity': 0.8,
        },
      },
      {
        id: 'grid-lines',
        type: 'line',
        source: 'areas',
        filter: ['==', ['get', 'level'], 'grid'],
        paint: { 'line-color': colours.outline, 'line-width': byZoom(11, 0.5, 17, 1.4) },
      },
      {
        id: 'area-lines',
        type: 'line',
        source: 'areas',
        filter: ['!=', ['get', 'level'], 'grid'],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': colours.outlineStrong,
          'line-width': ['match', ['get', 'level'], 'city', 2.4, 'district', 2, 'street', 1.6, 1.3],
        },
      },
      {
        id: 'sight',
        type: 'fill',
        source: 'sight',
        paint: { 'fill-color': colours.sight, 'fill-opacity': ['case', ['get', 'isMeasured'], 0.3, 0.16] },
      },
      {
        id: 'sight-lines',
        type: 'line',
        source: 'sight',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': colours.sight, 'line-width': 1.5 },
      },
      {
        id: 'pointed',
        type: 'line',
        source: 'pointed',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': colours.hover, 'line-width': 2 },
      },
    ],
  };
}

const HATCH_PX = 24;

/** Diagonal hatching that repeats without a seam, at two pixels per point. */
export function hatch(theme: Theme): { width: number; height: number; data: Uint8ClampedArray } {
  const colour = Number.parseInt(MAP_COLOURS[theme].hatch.slice(1), 16);
  const data = new Uint8ClampedArray(HATCH_PX * HATCH_PX * 4);
  for (let y = 0; y < HATCH_PX; y++) {
    for (let x = 0; x < HATCH_PX; x++) {
      const fromLine = Math.abs(((((x + y) % 12) + 12) % 12) - 6);
      const alpha = Math.max(0, 1.3 - fromLine) / 1.3;
      data.set([colour >> 16, (colour >> 8) & 255, colour & 255, Math.round(alpha * 255)], (y * HATCH_PX + x) * 4);
    }
  }
  return { width: HATCH_PX, height: HATCH_PX, data };
}
