/** The map's drawing without any tile server: paper, hatching where nobody watched, cells, outlines of areas. */
import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, FilterSpecification, StyleSpecification } from 'maplibre-gl';
import type { AreaLevel } from '#models/schema/area.ts';
import type { Theme } from '../theme.tsx';
import { scaleColours } from './colour-scale.ts';
import type { Scale } from './heat-columns.ts';

export type MapColours = {
  ground: string;
  area: string;
  hatch: string;
  outline: string;
  outlineStrong: string;
  empty: string;
  emptyLine: string;
  /** A cell of which this measure knows nothing. */
  unknown: string;
  /** What hatches colours of the scale, in the middle of which it must be seen. */
  ink: string;
  hover: string;
  track: string;
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
    unknown: '#dfe3e6',
    ink: '#14181c',
    track: '#0b5f92',
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
    unknown: '#1b2229',
    ink: '#06090c',
    track: '#8fd0ff',
    hover: '#ffffff',
    sight: '#6fbdf0',
  },
};

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

const state = (name: string) => ['feature-state', name];

/** Colour of an area by its tone, on the same scale as cells: a tone of its own for "watched, empty". */
function areaColour(theme: Theme, { end, isDiverging, isRoot }: Scale): ExpressionSpecification {
  const colours = scaleColours(theme, isDiverging);
  const stops = colours.flatMap((colour, index) => [index / (colours.length - 1), colour]);
  const size = ['min', 1, ['/', ['abs', state('tone')], end]];
  const place = isRoot ? ['sqrt', size] : size;
  const sign = ['case', ['<', state('tone'), 0], -0.5, 0.5];
  const along = isDiverging ? ['+', 0.5, ['*', sign, place]] : place;
  return [
    'case',
    ['!=', ['typeof', state('tone')], 'number'],
    MAP_COLOURS[theme].unknown,
    ['boolean', state('isEmpty'), false],
    MAP_COLOURS[theme].empty,
    ['interpolate', ['linear'], along, ...stops],
  ] as unknown as ExpressionSpecification;
}

/** Nothing where nobody watched, less where it was watched seldom. */
const areaOpacity = ['case', ['boolean', state('isWatched'), false], 0.9, 0] as unknown as ExpressionSpecification;

const areaDoubt = ['case', ['boolean', state('isSeldom'), false], 0.7, 0] as unknown as ExpressionSpecification;

const byZoom = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

export type Look = { theme: Theme; level: AreaLevel | null; scale: Scale };

/** What is drawn where no area figures are: the layers stay, with nothing in them. */
const atLevel = (level: AreaLevel | null): FilterSpecification => ['==', ['get', 'level'], level ?? ''];

export function mapStyle({ theme, level, scale }: Look): StyleSpecification {
  const colours = MAP_COLOURS[theme];
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: EMPTY, tolerance: 0.2, promoteId: 'id' },
      tracks: { type: 'geojson', data: EMPTY, tolerance: 0 },
      pointed: { type: 'geojson', data: EMPTY, tolerance: 0 },
      sight: { type: 'geojson', data: EMPTY, tolerance: 0 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
      { id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': colours.area, 'fill-antialias': false } },
      { id: 'unwatched', type: 'background', paint: { 'background-pattern': `hatch-${theme}` } },
      {
        id: 'area-figures',
        type: 'fill',
        source: 'areas',
        filter: atLevel(level),
        paint: { 'fill-color': areaColour(theme, scale), 'fill-opacity': areaOpacity, 'fill-antialias': false },
      },
      {
        id: 'area-doubts',
        type: 'fill',
        source: 'areas',
        filter: atLevel(level),
        paint: { 'fill-pattern': `doubt-${theme}`, 'fill-opacity': areaDoubt },
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
        id: 'track-halos',
        type: 'line',
        source: 'tracks',
        filter: ['==', ['geometry-type'], 'LineString'],
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': colours.empty, 'line-width': 4.5, 'line-opacity': 0.75 },
      },
      {
        id: 'tracks',
        type: 'line',
        source: 'tracks',
        filter: ['==', ['geometry-type'], 'LineString'],
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': colours.track, 'line-width': 2 },
      },
      {
        id: 'track-ends',
        type: 'circle',
        source: 'tracks',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-radius': 3.5,
          'circle-color': colours.track,
          'circle-stroke-color': colours.empty,
          'circle-stroke-width': 1.5,
        },
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

type Pattern = { width: number; height: number; data: Uint8ClampedArray };

/** Diagonal lines that repeat without a seam, at two pixels per point. */
function diagonals(colour: string, { isFalling, opacity }: { isFalling: boolean; opacity: number }): Pattern {
  const bits = Number.parseInt(colour.slice(1), 16);
  const data = new Uint8ClampedArray(HATCH_PX * HATCH_PX * 4);
  for (let y = 0; y < HATCH_PX; y++) {
    for (let x = 0; x < HATCH_PX; x++) {
      const along = isFalling ? x - y + HATCH_PX : x + y;
      const alpha = Math.max(0, 1.3 - Math.abs((along % 12) - 6)) / 1.3;
      data.set([bits >> 16, (bits >> 8) & 255, bits & 255, Math.round(alpha * 255 * opacity)], (y * HATCH_PX + x) * 4);
    }
  }
  return { width: HATCH_PX, height: HATCH_PX, data };
}

/** The ground that nobody watched. */
export const hatch = (theme: Theme): Pattern => diagonals(MAP_COLOURS[theme].hatch, { isFalling: false, opacity: 1 });

/** A figure that rests on little: the other way, so that the two are told apart. */
export const doubt = (theme: Theme): Pattern => diagonals(MAP_COLOURS[theme].ink, { isFalling: true, opacity: 0.6 });
