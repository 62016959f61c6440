/** Shapefiles (ESRI, 1998) by shpjs, with their texts in whatever encoding and their projection. */
import { existsSync, readFileSync } from 'node:fs';
import { parseDbf, parseShp } from 'shpjs';
import { FaultError } from '#models/schema/fault.ts';
import { byWkt, type ToLonLat } from './projection.ts';
import type { AreaFile, Feature, ReadOptions } from './read-area-file.ts';

type Parts = {
  name: string;
  shp: Buffer;
  dbf?: Buffer | undefined;
  prj?: string | undefined;
  cpg?: string | undefined;
};

/** The place of the language driver in the header of dBASE, and the one that stands for GBK. */
const LANGUAGE_AT = 29;
const LANGUAGE_GBK = 0x4d;

/** `path` names the .shp; the others lie beside it. */
export function readShapefile(path: string, shp: Buffer, options: ReadOptions): AreaFile {
  const beside = (extension: string) => {
    const found = [extension, extension.toUpperCase()]
      .map((each) => path.slice(0, -3) + each)
      .find((each) => existsSync(each));
    return found === undefined ? undefined : readFileSync(found);
  };
  const [prj, cpg] = [beside('prj')?.toString('utf8'), beside('cpg')?.toString('utf8')];
  return readParts({ name: path, shp, dbf: beside('dbf'), prj, cpg }, options);
}

/** One shapefile in an archive; several are several levels, which are imported one by one. */
export function readZippedShapefile(files: ReadonlyMap<string, Buffer>, options: ReadOptions): AreaFile {
  const byName = new Map([...files].map(([name, content]) => [name.toLowerCase(), { name, content }]));
  const shapes = [...byName.values()].filter(({ name }) => name.toLowerCase().endsWith('.shp'));
  const wanted =
    options.layer === undefined ? shapes : shapes.filter(({ name }) => name.slice(0, -4).endsWith(options.layer!));
  const [found] = wanted;
  if (found === undefined || wanted.length > 1) {
    const names = shapes.map(({ name }) => name).join(', ');
    const message =
      found === undefined
        ? `the archive holds no shapefile${options.layer === undefined ? '' : ` "${options.layer}"; there are ${names}`}`
        : `the archive holds ${wanted.length} shapefiles: name one with --layer (${names})`;
    throw new FaultError('area-file-unreadable', message);
  }
  const beside = (extension: string) => byName.get(found.name.toLowerCase().slice(0, -3) + extension)?.content;
  const [prj, cpg] = [beside('prj')?.toString('utf8'), beside('cpg')?.toString('utf8')];
  return readParts({ name: found.name, shp: found.content, dbf: beside('dbf'), prj, cpg }, options);
}

function readParts({ name, shp, dbf, prj, cpg }: Parts, { encoding }: ReadOptions): AreaFile {
  if (dbf === undefined) throw broken(name, 'the .dbf with ids and names is missing beside it');
  const geometries = attempt(name, () => parseShp(shp));
  const rows = attempt(name, () => parseDbf(dbf, encoding ?? cpg?.trim() ?? encodingOf(dbf)));
  if (geometries.length !== rows.length)
    throw broken(name, `it has ${geometries.length} shapes but ${rows.length} rows`);
  const all = geometries.map(
    (geometry, index): Feature => ({ type: 'Feature', properties: present(rows[index]!), geometry }),
  );
  const features = all.filter(({ geometry }) => isArea(geometry as { type?: string } | null));
  return { features, skipped: all.length - features.length, toLonLat: projectionOf(prj, name) };
}

/** An empty shape is kept: which area has none is for the import to say. */
const isArea = (geometry: { type?: string } | null) =>
  geometry?.type === undefined || geometry.type.endsWith('Polygon');

const projectionOf = (prj: string | undefined, name: string): ToLonLat | null =>
  prj === undefined || prj.trim() === '' ? null : byWkt(prj, `the .prj of ${name}`);

/** Blank numbers come as NaN. */
const present = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && !Number.isNaN(value)));

/** What its header says, else UTF-8 where all of it is that, else GBK (GB 18030). */
function encodingOf(dbf: Buffer): string {
  if (dbf[LANGUAGE_AT] === LANGUAGE_GBK) return 'gb18030';
  const headerBytes = dbf.readUInt16LE(8);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(dbf.subarray(headerBytes));
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}

function attempt<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw broken(name, (cause as Error).message);
  }
}

const broken = (name: string, why: string) => new FaultError('area-file-unreadable', `${name} cannot be read: ${why}`);
