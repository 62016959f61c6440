/** KML (OGC 2.3) by @tmcw/togeojson: polygons of placemarks with their name and extended data. */
import { kml } from '@tmcw/togeojson';
import { DOMParser, ParseError } from '@xmldom/xmldom';
import { FaultError } from '#models/schema/fault.ts';
import type { AreaFile, Feature } from './read-area-file.ts';

type Shape = { type: string; coordinates?: unknown; geometries?: Shape[] } | null;

export function readKml(text: string): AreaFile {
  const read = kml(parseXml(text) as unknown as Parameters<typeof kml>[0]);
  const features = read.features.flatMap((feature): Feature[] => {
    const geometry = polygonsOf(feature.geometry as Shape);
    return geometry === null ? [] : [{ type: 'Feature', properties: feature.properties ?? {}, geometry }];
  });
  return { features, skipped: read.features.length - features.length, toLonLat: null };
}

function parseXml(text: string) {
  try {
    const onError = (level: string, message: string) => {
      if (level !== 'warning') throw new ParseError(message);
    };
    return new DOMParser({ onError }).parseFromString(text, 'text/xml');
  } catch (cause) {
    throw new FaultError('area-file-unreadable', `the KML is broken: ${(cause as Error).message}`, { cause });
  }
}

/** A MultiGeometry of polygons is one area of several parts. */
function polygonsOf(shape: Shape): unknown {
  if (shape === null) return null;
  if (shape.type === 'Polygon' || shape.type === 'MultiPolygon') return shape;
  const parts = (shape.geometries ?? []).flatMap((part) =>
    part?.type === 'Polygon'
      ? [part.coordinates]
      : part?.type === 'MultiPolygon'
        ? (part.coordinates as unknown[])
        : [],
  );
  if (parts.length === 0) return null;
  return parts.length === 1 ? { type: 'Polygon', coordinates: parts[0] } : { type: 'MultiPolygon', coordinates: parts };
}
