/** Import of key areas and checkpoints from GeoJSON, all of it or nothing; places that it does not name stay. */
import { area as squareMetres } from '@turf/area';
import { checkPolygon } from '#models/registry/polygon.ts';
import { checker, InvalidValueError } from '#models/schema/check.ts';
import { KEY_PLACE_KINDS, KeyPlace } from '#models/schema/key-place.ts';
import { nearest } from '#system/config.ts';
import type { ImportProblem } from './import-buildings.ts';

export type PlacesPlan = { places: KeyPlace[]; unchanged: number; problems: ImportProblem[] };

const checkPlace = checker('the feature', KeyPlace);
const PROPERTIES = ['id', 'name', 'kind', 'importance'];
/** Larger is a district and no place that a plan watches as a whole. */
const PLACE_MAX_M2 = 500_000;

export function planPlaces(features: readonly unknown[], former: ReadonlyMap<string, KeyPlace>): PlacesPlan {
  const problems: ImportProblem[] = [];
  const read = features.flatMap((feature, index) => readFeature(feature, index, problems));
  const seen = new Set<string>();
  for (const { id } of read) {
    if (seen.has(id)) problems.push({ id, code: 'already-exists', message: 'this id stands in more than one feature' });
    seen.add(id);
  }
  const places = read.filter((place) => JSON.stringify(former.get(place.id)) !== JSON.stringify(place));
  return { places, unchanged: read.length - places.length, problems };
}

function readFeature(feature: unknown, index: number, problems: ImportProblem[]): KeyPlace[] {
  const { properties, geometry } = (feature ?? {}) as {
    properties?: Record<string, unknown> | null;
    geometry?: unknown;
  };
  const given = properties ?? {};
  const id = typeof given.id === 'string' && given.id !== '' ? given.id : `feature ${index + 1}`;
  const before = problems.length;
  const say = (code: string, message: string) => problems.push({ id, code, message });
  for (const message of geometryFaults(geometry)) say('polygon-invalid', message);
  for (const name of ['id', 'name', 'kind']) {
    if (given[name] !== undefined) continue;
    const others = Object.keys(given).filter((key) => !PROPERTIES.includes(key));
    const meant = nearest(name, others);
    say('invalid-value', `"${name}" is missing${meant === undefined ? '' : `; did you mean it by "${meant}"?`}`);
  }
  if (given.kind !== undefined && !KEY_PLACE_KINDS.some((kind) => kind === given.kind))
    say('invalid-value', `the kind "${String(given.kind)}" is none of ${KEY_PLACE_KINDS.join(', ')}`);
  if (problems.length > before) return [];
  const { type, coordinates } = geometry as { type: string; coordinates: unknown };
  const { name, kind, importance = 'normal' } = given;
  try {
    return [checkPlace({ id: given.id, name, kind, importance, geometry: { type, coordinates } })];
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    for (const fault of error.faults) say('invalid-value', fault.replace(/^\//, ''));
    return [];
  }
}

function geometryFaults(geometry: unknown): string[] {
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
  if (type === 'Polygon') {
    const faults = checkPolygon(geometry).map(({ message }) => message);
    if (faults.length > 0) return faults;
    const m2 = squareMetres(geometry as never);
    return m2 <= PLACE_MAX_M2
      ? []
      : [
          `it covers ${Math.round(m2 / 1e4)} hectares, more than ${PLACE_MAX_M2 / 1e4}: draw what must be watched as a whole`,
        ];
  }
  if (type !== 'Point') return [`a Point or a Polygon is needed, ${JSON.stringify(type) ?? 'none'} came`];
  const [lon, lat] = Array.isArray(coordinates) ? (coordinates as unknown[]) : [];
  const isPlace = (value: unknown, most: number) => typeof value === 'number' && Math.abs(value) <= most;
  if (isPlace(lon, 180) && isPlace(lat, 90)) return [];
  const isSwapped = isPlace(lon, 90) && isPlace(lat, 180);
  return [
    `${String(lon)}, ${String(lat)} is no longitude and latitude${isSwapped ? '; they seem to be exchanged' : ''}`,
  ];
}
