/** From a file of areas in any of the formats that are read to features as GeoJSON has them, still under their own names. */
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { mapPositions } from '#models/registry/division/crs.ts';
import { FaultError } from '#models/schema/fault.ts';
import { readGeoJson } from './geojson.ts';
import { readGeoPackage } from './geopackage.ts';
import { readKml } from './kml.ts';
import { byEpsg, type ToLonLat } from './projection.ts';
import { readShapefile, readZippedShapefile } from './shapefile.ts';
import { unzip } from './unzip.ts';

export type Feature = { type: 'Feature'; properties: Record<string, unknown>; geometry: unknown };

/** `skipped` counts what is no area, such as points and lines. `toLonLat` is null where the numbers are degrees. */
export type AreaFile = { features: Feature[]; skipped: number; toLonLat: ToLonLat | null };

export type ReadOptions = {
  /** Of the texts of a shapefile; else its .cpg, its header, or what fits. */
  encoding?: string | undefined;
  /** Overrides what the file says of its projection. */
  epsg?: number | undefined;
  /** Of a GeoPackage with several. */
  layer?: string | undefined;
};

/** The API takes 64 MiB at once, and a text of several times that would not fit into the memory of small machines. */
const FILE_MAX_BYTES = 128 * 1024 * 1024;
const SENT_MAX_BYTES = 64 * 1024 * 1024;

/** Throws FaultError `area-file-unreadable`, with line or place, or `area-file-large`. */
export function readAreaFile(path: string, options: ReadOptions = {}): { features: Feature[]; skipped: number } {
  const file = readByFormat(path, options);
  const toLonLat = options.epsg === undefined ? file.toLonLat : byEpsg(options.epsg);
  if (toLonLat !== null) for (const feature of file.features) project(feature, toLonLat);
  if (file.features.length === 0) {
    const also = file.skipped > 0 ? `; ${file.skipped} points and lines are no areas` : '';
    throw new FaultError('area-file-unreadable', `${path} holds no areas${also}`);
  }
  return { features: file.features, skipped: file.skipped };
}

function project(feature: Feature, toLonLat: ToLonLat): void {
  const geometry = feature.geometry as { type: unknown; coordinates: unknown } | null;
  if (geometry === null) return;
  feature.geometry = { type: geometry.type, coordinates: mapPositions(geometry.coordinates, toLonLat) };
}

function readByFormat(path: string, options: ReadOptions): AreaFile {
  const bytes = sized(path);
  switch (extname(path).toLowerCase()) {
    case '.zip':
      return readZippedShapefile(unzip(bytes, { maxBytes: FILE_MAX_BYTES }), options);
    case '.shp':
      return readShapefile(path, bytes, options);
    case '.kmz':
      return readKmz(bytes);
    case '.kml':
      return readKml(bytes.toString('utf8'));
    case '.gpkg':
      return readGeoPackage(path, options);
    default:
      return readGeoJson(bytes, path);
  }
}

function readKmz(bytes: Buffer): AreaFile {
  const files = unzip(bytes, { maxBytes: FILE_MAX_BYTES });
  const name = [...files.keys()].find((each) => each.toLowerCase().endsWith('.kml'));
  if (name === undefined) throw new FaultError('area-file-unreadable', 'the KMZ archive holds no .kml');
  return readKml(files.get(name)!.toString('utf8'));
}

function sized(path: string): Buffer {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes === undefined)
    throw new FaultError('not-found', `there is no file ${path}`, { cure: 'See that the path is right.' });
  if (bytes > FILE_MAX_BYTES) throw tooLarge(path, bytes, FILE_MAX_BYTES);
  return readFileSync(path);
}

/** What is sent, or a clear refusal before it is. */
export function asBody(
  features: readonly Feature[],
  path: string,
): { type: 'FeatureCollection'; features: readonly Feature[] } {
  let bytes = 0;
  for (const feature of features) bytes += Buffer.byteLength(JSON.stringify(feature)) + 1;
  if (bytes > SENT_MAX_BYTES) throw tooLarge(path, bytes, SENT_MAX_BYTES);
  return { type: 'FeatureCollection', features };
}

function tooLarge(path: string, bytes: number, maxBytes: number): FaultError {
  const [has, max] = [bytes, maxBytes].map((each) => Math.ceil(each / 2 ** 20));
  return new FaultError('area-file-large', `${path} has ${has} MiB, more than the ${max} MiB that are taken at once`);
}
