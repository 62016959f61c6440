/** GeoPackage (OGC 1.3): an SQLite file with one table of areas, its geometry as WKB behind a small header. */
import { DatabaseSync } from 'node:sqlite';
import wkx from 'wkx';
import { FaultError } from '#models/schema/fault.ts';
import { byEpsg, byWkt, type ToLonLat } from './projection.ts';
import type { AreaFile, Feature, ReadOptions } from './read-area-file.ts';

type Layer = { table: string; column: string; srs: number };

const HEADER_BYTES = 8;
/** Bytes of the envelope by its code in the header's flags. */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64];
const AREAS_MAX = 200_000;

export function readGeoPackage(path: string, { layer }: ReadOptions): AreaFile {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const chosen = chooseLayer(database, layer);
    const rows = database.prepare(`SELECT * FROM ${quoted(chosen.table)} LIMIT ${AREAS_MAX}`).all();
    const features = rows.map((row) => asFeature(row, chosen));
    const areas = features.filter(
      ({ geometry }) => geometry === null || /Polygon$/.test((geometry as { type: string }).type),
    );
    return { features: areas, skipped: features.length - areas.length, toLonLat: projectionOf(database, chosen) };
  } catch (cause) {
    if (cause instanceof FaultError) throw cause;
    throw new FaultError('area-file-unreadable', `${path} is no readable GeoPackage: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    database?.close();
  }
}

function chooseLayer(database: DatabaseSync, wanted: string | undefined): Layer {
  const found = database
    .prepare('SELECT table_name AS "table", column_name AS "column", srs_id AS srs FROM gpkg_geometry_columns')
    .all() as Layer[];
  const fitting = wanted === undefined ? found : found.filter(({ table }) => table === wanted);
  if (fitting.length === 1) return fitting[0]!;
  const names = found.map(({ table }) => table).join(', ');
  throw new FaultError(
    'area-file-unreadable',
    fitting.length === 0
      ? `the GeoPackage has no such layer; it has: ${names || 'none'}`
      : `the GeoPackage has ${found.length} layers: name one with --layer (${names})`,
  );
}

function asFeature(row: Record<string, unknown>, { column }: Layer): Feature {
  const { [column]: blob, ...rest } = row;
  const properties = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return { type: 'Feature', properties, geometry: blob === null ? null : geometryOf(Buffer.from(blob as Uint8Array)) };
}

function geometryOf(blob: Buffer): unknown {
  if (blob.toString('latin1', 0, 2) !== 'GP') throw new Error('a geometry does not begin with "GP"');
  const flags = blob[3]!;
  if ((flags & 0b10000) !== 0) return null; // empty
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 0b111];
  if (envelope === undefined) throw new Error('a geometry has an unknown envelope');
  return wkx.Geometry.parse(blob.subarray(HEADER_BYTES + envelope)).toGeoJSON();
}

function projectionOf(database: DatabaseSync, { srs }: Layer): ToLonLat | null {
  const row = database
    .prepare(
      'SELECT organization AS authority, organization_coordsys_id AS code, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?',
    )
    .get(srs) as { authority: string; code: number; definition: string } | undefined;
  if (row === undefined || srs <= 0) return null;
  const isDescribed = !/^undefined$/i.test(row.definition.trim());
  return isDescribed ? byWkt(row.definition, 'the GeoPackage') : byEpsg(row.code);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
