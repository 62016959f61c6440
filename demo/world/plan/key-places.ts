/** What the city wants watched as a whole: what its cameras look at, and checkpoints where its roads lead in and out. */
import type { Feature, FeatureCollection } from 'geojson';
import { toLonLat } from '../origin.ts';
import type { View } from '../view.ts';
import { crossing } from './lattice.ts';
import { placeMap } from './map.ts';

/** Kinds of places that matter more or less than others. */
const IMPORTANCE: Readonly<Record<string, 'low' | 'high'>> = {
  school: 'high',
  square: 'high',
  crossing: 'high',
  yard: 'low',
  lane: 'low',
};

/** By the crossing of the street net, column and row. */
const CHECKPOINTS = [
  { id: 'west-gate', name: '西环路卡口 West Ring Checkpoint', node: [0, 2], importance: 'high' },
  { id: 'east-gate', name: '东环路卡口 East Ring Checkpoint', node: [8, 2], importance: 'high' },
  { id: 'bridge-head', name: '桥头卡口 Bridge Checkpoint', node: [4, 0], importance: 'high' },
  { id: 'north-gate', name: '北环路卡口 North Ring Checkpoint', node: [4, 5], importance: 'normal' },
  { id: 'ferry-road', name: '渡口路卡口 Ferry Road Checkpoint', node: [6, 0], importance: 'normal' },
  { id: 'market-street', name: '菜市街卡口 Market Street Checkpoint', node: [3, 1], importance: 'low' },
] as const;

export function keyPlaceMap(views: readonly View[]): FeatureCollection {
  const areas = placeMap(views).features.map(({ properties, geometry }): Feature => {
    const { camera, name, kind } = properties as { camera: string; name: string; kind: string };
    const importance = IMPORTANCE[kind] ?? 'normal';
    return { type: 'Feature', properties: { id: `${kind}-${camera}`, name, kind: 'key-area', importance }, geometry };
  });
  const checkpoints = CHECKPOINTS.map(({ id, name, node: [column, row], importance }): Feature => {
    const geometry = { type: 'Point' as const, coordinates: toLonLat(crossing(column, row)) };
    return { type: 'Feature', properties: { id, name, kind: 'checkpoint', importance }, geometry };
  });
  return { type: 'FeatureCollection', features: [...areas, ...checkpoints] };
}
