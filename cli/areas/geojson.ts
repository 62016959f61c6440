/** GeoJSON (RFC 7946, and its forerunner's `crs`): a FeatureCollection or a single Feature. */
import { FaultError } from '#models/schema/fault.ts';
import { jsonFaultPlace } from './json-fault.ts';
import { byEpsg, type ToLonLat } from './projection.ts';
import type { AreaFile, Feature } from './read-area-file.ts';

type Loose = { type?: unknown; features?: unknown; crs?: { properties?: { name?: unknown } } | null };

export function readGeoJson(bytes: Buffer, path: string): AreaFile {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const value = parse(text, path);
  const { type, features } = value ?? {};
  const projected = { skipped: 0, toLonLat: projectionOf(value) };
  if (type === 'FeatureCollection' && Array.isArray(features)) return { features: features as Feature[], ...projected };
  if (type === 'Feature') return { features: [value as Feature], ...projected };
  const came = type === undefined ? 'no "type"' : `"type": ${JSON.stringify(type)}`;
  throw new FaultError('area-file-unreadable', `${path} should be a GeoJSON FeatureCollection, but has ${came}`);
}

function parse(text: string, path: string): Loose | null {
  try {
    return JSON.parse(text) as Loose | null;
  } catch (cause) {
    const { line, column } = jsonFaultPlace(text);
    // V8 quotes the text around the fault, which may be anybody's data, and sometimes says a position of its own.
    const why = (cause as Error).message.replace(/,? \.{3}.*$|,? ".*$| in JSON at position.*$/s, '');
    throw new FaultError('area-file-unreadable', `${path} is no JSON: ${why} (line ${line}, column ${column})`, {
      cause,
    });
  }
}

/** `urn:ogc:def:crs:EPSG::4547`; CRS84 and nothing are degrees. */
function projectionOf(value: Loose | null): ToLonLat | null {
  const name = value?.crs?.properties?.name;
  const code = typeof name === 'string' ? /EPSG:+(?:[\d.]*:)?(\d+)$/i.exec(name)?.[1] : undefined;
  return code === undefined ? null : byEpsg(Number(code));
}
